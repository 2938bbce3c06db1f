/** Why a claim, a code or a change of an enrolment is refused; the web answers them as problems of the same name. */
export type RefusalCode =
  | 'code-unknown'
  | 'code-expired'
  | 'code-used'
  | 'device-taken'
  | 'line-taken'
  | 'not-replaceable'
  | 'sensor-unclear'
  | 'not-found'
  | 'invalid-request';

/** A refusal; `message` is one sentence for people. Nothing has been changed. */
export class EnrolmentRefusal extends Error {
  readonly code: RefusalCode;
  constructor(code: RefusalCode, message: string) {
    super(message);
    this.name = 'EnrolmentRefusal';
    this.code = code;
  }
}
