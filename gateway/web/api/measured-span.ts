import type { GatewayStore } from '../../store/gateway-store.ts';
import { localDay, type Span, startOfDate } from '../../values/local-time.ts';
import type { Sight } from '../access/sight.ts';
import type { Known } from './counts-reader.ts';
import { lineOfPlan, readContributions } from './line-source.ts';

/** Before anything could have been counted, and after everything: all that there is, in whole local days. */
function always(timeZone: string): Span {
  return { fromMs: startOfDate('1990-01-01', timeZone), toMs: startOfDate('2100-01-01', timeZone) };
}

/**
 * From the first to the end of the last cell of a line that holds anything the caller may know of: local days of
 * observations for the owner, sealed cells within what was shared for everybody else; null where there is none.
 */
export async function measuredSpan(
  { store }: { readonly store: GatewayStore },
  lineId: string,
  { sight, known }: { readonly sight: Sight; readonly known: Known },
): Promise<Span | null> {
  const { line, site } = lineOfPlan(known.plan, lineId);
  const range = always(site.timeZone);
  if (!sight.seesObserved) {
    const seals = await store.readSeals(lineId, range);
    const mine = seals.filter((seal) => seal.in !== null && sight.sharedSpan(lineId, seal, '1mo') !== null);
    return mine.length === 0 ? null : { fromMs: mine[0]!.fromMs, toMs: mine.at(-1)!.toMs };
  }
  const query = { range, resolution: '1d' as const, cells: [range], timeZone: site.timeZone };
  const contributions = await readContributions(store, { plan: known.plan, line }, query);
  const starts = contributions.flatMap(({ sums }) =>
    sums.filter(({ coverageSeconds }) => coverageSeconds > 0).map(({ startMs }) => startMs),
  );
  if (starts.length === 0) return null;
  const last = starts.reduce((most, start) => Math.max(most, start));
  return {
    fromMs: starts.reduce((least, start) => Math.min(least, start)),
    toMs: localDay(last, site.timeZone).toMs,
  };
}
