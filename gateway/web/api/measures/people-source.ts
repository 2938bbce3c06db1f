import type { Span } from '../../../values/local-time.ts';
import type { PeopleCell } from '../../../values/measures/people-cell.ts';
import type { FactorErrors } from '../../../values/uncertain.ts';
import type { PlannedLine, PlannedSite } from '../line-source.ts';

/** Lengths of cells that measures are made of. */
export type PeopleResolution = '5m' | '15m' | '1h';

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
 * of a protected audience are published, that is sealed. One who computes from a source never asks
 * who it is for. Rejects with a `Problem` for an unknown line, one that counts no people, and what
 * the audience may not have.
 */
export interface PeopleSource {
  readonly value: 'corrected' | 'published';
  /** The shortest cells it has. */
  readonly finest: PeopleResolution;
  series(line: string, range: Span, resolution: PeopleResolution): Promise<PeopleSeries>;
}
