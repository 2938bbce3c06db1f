import type { SensorConfig } from '../../hardware/open-sensor.ts';

/** `good`: as it should be. `hint`: works, or is not needed. `bad`: something is missing or wrong. */
export type FindingState = 'good' | 'hint' | 'bad';

type Details = Readonly<Record<string, string | number | null>>;

/**
 * One thing that was looked at: what it is goes by `code`, words come from the messages. `mend` is the
 * command that puts it right, and `source` how the agent's configuration would name it as a sensor.
 */
export interface Finding<Code extends string = string> {
  readonly code: Code;
  readonly state: FindingState;
  readonly details: Details;
  readonly mend?: string;
  readonly source?: SensorConfig;
}

/** Makes findings of one table of codes. */
export function finding<Code extends string>(
  code: Code,
  state: FindingState,
  more: { readonly details?: Details; readonly mend?: string; readonly source?: SensorConfig } = {},
): Finding<Code> {
  const { details = {}, ...rest } = more;
  return { code, state, details, ...rest };
}

/** Sentences by code. */
export type FindingSentences<Code extends string> = Readonly<Record<Code, (details: Details) => string>>;
