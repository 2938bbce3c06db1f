import type { Span } from '../../../values/local-time.ts';
import type { EstimatesReader } from '../estimates-reader.ts';
import type { PeopleResolution, PeopleSeries, PeopleSource } from './people-source.ts';

/** Corrected numbers, for those whose lines they are. */
export class OwnerPeople implements PeopleSource {
  readonly value = 'corrected';
  readonly finest = '5m';
  readonly #estimates: EstimatesReader;

  constructor(estimates: EstimatesReader) {
    this.#estimates = estimates;
  }

  series(line: string, range: Span, resolution: PeopleResolution): Promise<PeopleSeries> {
    return this.#estimates.series(line, { range, resolution, value: 'corrected' });
  }
}
