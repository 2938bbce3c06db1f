/**
 * The closed catalogue of errors that the API answers, as problem+json (RFC 9457). `type` is
 * `/problems/<code>`; a code is never given another meaning.
 */
export const problems = {
  'invalid-request': { status: 400, title: 'A parameter is missing, unknown or malformed.' },
  'range-reversed': { status: 400, title: 'The range ends before it starts, or is empty.' },
  'range-unaligned': { status: 400, title: 'The range does not lie on boundaries of the resolution.' },
  'range-too-long': { status: 400, title: 'The range has too many cells for one answer.' },
  'no-longer-kept': { status: 400, title: 'Retention has deleted what this resolution needs.' },
  'as-of-too-fine': { status: 400, title: 'The past is answered in whole hours and longer cells only.' },
  'not-a-count': { status: 400, title: 'Only lines that count people are corrected, imputed and published.' },
  'finer-than-published': { status: 400, title: 'Cells as short as this are not sealed.' },
  'file-refused': { status: 422, title: 'A line of the file cannot be taken; nothing of it has been.' },
  'measure-not-possible': { status: 400, title: 'The line lacks what this measure needs.' },
  'would-disclose': { status: 409, title: 'The answer would tell about a single member of the group.' },
  'not-published': { status: 409, title: 'This is never sealed, so it is for the owner only.' },
  unauthenticated: { status: 401, title: 'A key or a session is needed.' },
  'https-needed': { status: 403, title: 'Secrets travel over HTTPS only.' },
  'code-unknown': { status: 403, title: 'There is no such enrolment code.' },
  'code-expired': { status: 403, title: 'The enrolment code has expired.' },
  'code-used': { status: 403, title: 'The enrolment code has been used.' },
  'device-taken': { status: 409, title: 'Another device has this name, or the code is for another one.' },
  'line-taken': { status: 409, title: 'Another device counts at this line.' },
  'not-replaceable': {
    status: 409,
    title: 'The device to be replaced does not count where the code is for.',
  },
  'sensor-unclear': { status: 409, title: 'It is not clear which sensor belongs to the line.' },
  'csrf-refused': { status: 403, title: 'A change by cookie needs the session’s token.' },
  'too-many-requests': { status: 429, title: 'More requests than this caller may send.' },
  'not-found': { status: 404, title: 'There is no such thing, or not for you.' },
  'too-many-listeners': { status: 503, title: 'As many live streams are open as the gateway serves.' },
  'storage-unavailable': { status: 503, title: 'The storage does not answer.' },
  'internal-error': { status: 500, title: 'A bug of ours; the log has the request id.' },
} as const;

export type ProblemCode = keyof typeof problems;

/** Thrown by a route; the error handler turns it into an answer. */
export class Problem extends Error {
  readonly code: ProblemCode;
  constructor(code: ProblemCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'Problem';
    this.code = code;
  }
}

/** The body of an answer. */
export function problemBody(code: ProblemCode, detail: string) {
  const { status, title } = problems[code];
  return { type: `/problems/${code}`, title, status, detail };
}
