import type { Resolution } from '../../../contract/http-api.ts';
import type { Span } from '../../../values/local-time.ts';
import type { PeopleCell } from '../../../values/measures/people-cell.ts';
import type { FactorErrors } from '../../../values/uncertain.ts';
import type { PlannedLine, PlannedSite } from '../line-source.ts';

/** Which of the four values a series is. */
export type PeopleValue = 'corrected' | 'published';

export interface PeopleSeries {
  readonly line: PlannedLine;
  readonly site: PlannedSite;
  /** Ascending, without gaps: where nobody looked the numbers are null. */
  readonly cells: readonly PeopleCell[];
  readonly errors: FactorErrors;
  readonly methods: readonly string[];
}

/**
 * Where measures, findings, indexes and effects get their numbers: the owner's are corrected, those
 * of everybody else are published, that is sealed. One who computes from a source never asks who it
 * is for. `series` rejects with a `Problem` for an unknown line, one that counts no people, and what
 * the audience may not have; time that was not shared is time not looked at.
 */
export interface PeopleSource {
  /** Null where the line is none of the audience’s. */
  valueOf(line: string): Promise<PeopleValue | null>;
  series(line: string, range: Span, resolution: Resolution): Promise<PeopleSeries>;
}
