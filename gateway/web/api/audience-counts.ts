import type { CrossingCounts, Resolution } from '../../contract/http-api.ts';
import { type PublishedCounts, publishedResolutions } from '../../contract/published-api.ts';
import type { Span } from '../../values/local-time.ts';
import type { Sight } from '../access/sight.ts';
import type { CountsReader, Known } from './counts-reader.ts';
import { Problem } from './problems.ts';
import type { PublishedReader, PublishedResolution } from './published-reader.ts';

/**
 * People at a line as the caller may have them: observed for its owner, published for everybody else,
 * in the range and resolution that were shared. Every format that answers more than one audience asks
 * here and nowhere else. Throws a `Problem`, `not-found` where the question is not for the caller.
 */
export async function audienceCounts(
  by: { readonly sight: Sight; readonly reader: CountsReader; readonly published: PublishedReader },
  line: string,
  asked: { readonly range: Span; readonly resolution: Resolution; readonly known?: Known },
): Promise<CrossingCounts | PublishedCounts> {
  const { range, resolution, known } = asked;
  const within = by.sight.sharedSpan(line, range, resolution);
  if (within === null)
    throw new Problem('not-found', 'This range or resolution has not been shared with you.');
  if (!by.sight.seesObserved) {
    const query = { range, resolution: publishedResolution(resolution), within, forOwner: false };
    return by.published.counts(line, query, known);
  }
  const counts = await by.reader.counts(line, { range, resolution }, known);
  if (counts.kind !== 'crossing') throw new Problem('not-a-count', `"${line}" counts no people.`);
  return counts;
}

/** Throws where a resolution is finer than any sealed cell. */
export function publishedResolution(resolution: Resolution): PublishedResolution {
  const found = publishedResolutions.find((name) => name === resolution);
  if (found === undefined) throw new Problem('finer-than-published', `Nothing is sealed in ${resolution}.`);
  return found;
}
