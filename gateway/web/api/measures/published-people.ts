import { Problem } from '../problems.ts';
import type { PeopleSeries, PeopleSource } from './people-source.ts';

/** Published numbers, for partners and the public; nothing is sealed yet, so nothing is answered. */
export class PublishedPeople implements PeopleSource {
  readonly value = 'published';
  readonly finest = '1h';

  series(): Promise<PeopleSeries> {
    return Promise.reject(
      new Problem('not-published', 'Measures for this audience come from sealed cells; there are none yet.'),
    );
  }
}
