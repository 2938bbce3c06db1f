import type { Resolution } from '../../../contract/http-api.ts';
import { cellsOf, type Span } from '../../../values/local-time.ts';
import type { Sight } from '../../access/sight.ts';
import { publishedResolution } from '../audience-counts.ts';
import type { CountsReader } from '../counts-reader.ts';
import type { EstimatesReader } from '../estimates-reader.ts';
import { lineOfPlan } from '../line-source.ts';
import { Problem } from '../problems.ts';
import type { PublishedReader } from '../published-reader.ts';
import type { PeopleSeries, PeopleSource, PeopleValue } from './people-source.ts';
import { publishedHours } from './published-hours.ts';

export interface AudienceParts {
  readonly sight: Sight;
  readonly reader: CountsReader;
  readonly estimates: EstimatesReader;
  readonly published: PublishedReader;
}

/** What a reader of published cells answers at once. */
const chunkMs = 365 * 86_400_000;
const dayMs = 86_400_000;

/**
 * The numbers one caller may compute with: corrected ones of their own lines, sealed ones of lines
 * that others have shared with them, and none of any other line.
 */
export class AudiencePeople implements PeopleSource {
  readonly #parts: AudienceParts;

  constructor(parts: AudienceParts) {
    this.#parts = parts;
  }

  async valueOf(line: string): Promise<PeopleValue | null> {
    const { sight, reader } = this.#parts;
    const { plan } = await reader.directory();
    const found = plan.lines.find(({ id }) => id === line);
    if (!found) return null;
    if (sight.seesObserved && sight.seesSite(found.site)) return 'corrected';
    const inScope = sight.seesObserved || sight.seesSite(found.site);
    return inScope && sight.isGranted(line) ? 'published' : null;
  }

  async series(line: string, range: Span, resolution: Resolution): Promise<PeopleSeries> {
    const value = await this.valueOf(line);
    if (value === null) throw new Problem('not-found', `There is no line "${line}", or not for you.`);
    if (value === 'corrected') {
      return this.#parts.estimates.series(line, { range, resolution, value: 'corrected' });
    }
    return this.#published(line, range, resolution);
  }

  async #published(lineId: string, range: Span, resolution: Resolution): Promise<PeopleSeries> {
    const { sight, reader, published } = this.#parts;
    const within = sharedWithin(sight, lineId, { range, resolution });
    const known = await reader.directory();
    const { line, site } = lineOfPlan(known.plan, lineId);
    // A night that began before the range still covers its first hours.
    const fromMs = resolution === '1h' ? range.fromMs - dayMs : range.fromMs;
    const cells = [];
    for (const part of chunks({ fromMs, toMs: range.toMs }, { resolution, timeZone: site.timeZone })) {
      const query = { range: part, resolution: publishedResolution(resolution), within };
      cells.push(...(await published.series(lineId, query, known)).cells);
    }
    const spans = cellsOf(range, resolution, site.timeZone);
    const laid =
      resolution === '1h'
        ? publishedHours(spans, cells)
        : // Of a cell that is sealed in part only, people are missing.
          cells.map(({ span, in: ins, out, coverage, open }) =>
            open > 0 ? { span, in: null, out: null, coverage: 0 } : { span, in: ins, out, coverage },
          );
    return { line, site, cells: laid, errors: {}, methods: [`sealed cells of ${lineId}`] };
  }
}

/** What has been shared at the end of a range: history before it is time not looked at. */
function sharedWithin(
  sight: Sight,
  line: string,
  { range, resolution }: { range: Span; resolution: Resolution },
): Span {
  const end = { fromMs: range.toMs, toMs: range.toMs };
  const within = sight.grantedSpan(line, range, resolution) ?? sight.grantedSpan(line, end, resolution);
  if (within === null) {
    throw new Problem('not-found', `"${line}" has not been shared with you for this time in ${resolution}.`);
  }
  return within;
}

/** Parts of a range that begin and end with a cell of the resolution. */
function chunks(range: Span, of: { resolution: Resolution; timeZone: string }): Span[] {
  const cells = cellsOf(range, of.resolution, of.timeZone);
  const parts: Span[] = [];
  for (let first = 0; first < cells.length; ) {
    const endMs = cells[first]!.fromMs + chunkMs;
    let next = first;
    while (next < cells.length && cells[next]!.toMs <= endMs) next += 1;
    next = Math.max(next, first + 1);
    parts.push({ fromMs: cells[first]!.fromMs, toMs: cells[next - 1]!.toMs });
    first = next;
  }
  return parts;
}
