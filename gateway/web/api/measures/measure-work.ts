import type { Resolution } from '../../../contract/http-api.ts';
import type { MeasureAnswer, MeasureId, MeasureQuery } from '../../../contract/measures.ts';
import type { GatewayStore } from '../../../store/gateway-store.ts';
import { localDay, type Span } from '../../../values/local-time.ts';
import { measureDwell } from '../../../values/measures/measure-dwell.ts';
import { measureOccupancy } from '../../../values/measures/measure-occupancy.ts';
import { measurePeakHour } from '../../../values/measures/measure-peak-hour.ts';
import { measureWeekProfile } from '../../../values/measures/measure-week-profile.ts';
import {
  coverageOf,
  gatherInto,
  type MeasuredCell,
  type PeopleCell,
  peopleOf,
  sumOfSeen,
} from '../../../values/measures/people-cell.ts';
import type { SitePlan } from '../../../values/site-plan.ts';
import {
  type FactorErrors,
  measured,
  ratioOf,
  scaled,
  sumOf,
  type Uncertain,
} from '../../../values/uncertain.ts';
import type { CountsReader } from '../counts-reader.ts';
import type { PlannedLine, PlannedSite } from '../line-source.ts';
import { captureRateWork } from './capture-rate-work.ts';
import { changeWork, growthWork } from './change-work.ts';
import { fineSeries } from './fine-series.ts';
import type { PeopleSource } from './people-source.ts';
import { presenceIndexWork } from './presence-index-work.ts';
import { receiptsByHour } from './site-receipts.ts';
import { stoppedByHour } from './window-stops.ts';

/** What a measure is asked of: a line, its spans, and where numbers come from. */
export interface MeasureOf {
  readonly plan: SitePlan;
  readonly line: PlannedLine;
  readonly site: PlannedSite;
  readonly range: Span;
  readonly resolution: Resolution;
  readonly spans: readonly Span[];
  readonly query: MeasureQuery;
  readonly source: PeopleSource;
  readonly store: GatewayStore;
  readonly reader: CountsReader;
}

export interface MeasureResult extends Pick<MeasureAnswer, 'street' | 'lag'> {
  readonly cells: readonly MeasuredCell[];
  readonly total: MeasuredCell;
  readonly errors: FactorErrors;
  readonly methods?: readonly string[];
  /** Where it is not that of the source: a presence indicator is always observed. */
  readonly value?: 'observed';
}

/** How each measure is worked out. */
export const measureWork: Readonly<Record<MeasureId, (of: MeasureOf) => Promise<MeasureResult>>> = {
  entrances: peopleWork,
  'passers-by': peopleWork,
  occupancy: occupancyWork,
  'capture-rate': captureRateWork,
  conversion: conversionWork,
  dwell: dwellWork,
  'stopping-rate': stoppingRateWork,
  'peak-hour': peakHourWork,
  'week-profile': weekProfileWork,
  'against-last-week': (of) => changeWork(of, 1),
  'against-last-year': (of) => changeWork(of, 52),
  growth: growthWork,
  'presence-index': presenceIndexWork,
};

async function peopleWork(of: MeasureOf): Promise<MeasureResult> {
  const { source, line, range, spans, resolution } = of;
  const { cells, errors, methods } = await source.series(line.id, range, resolution === '15m' ? '15m' : '1h');
  return summed(of, { cells, errors, methods, spans });
}

function summed(
  { line, range }: MeasureOf,
  by: {
    cells: readonly PeopleCell[];
    errors: FactorErrors;
    methods: readonly string[];
    spans: readonly Span[];
  },
): MeasureResult {
  const cellOf = (span: Span, cells: readonly PeopleCell[]): MeasuredCell => ({
    span,
    coverage: coverageOf(cells, span),
    estimate: sumOfSeen(cells.map((cell) => peopleOf(cell, line.role))),
  });
  return {
    cells: gatherInto(by.spans, by.cells).map(({ span, cells }) => cellOf(span, cells)),
    total: cellOf(range, by.cells),
    errors: by.errors,
    methods: by.methods,
  };
}

/** The last cell of each span tells how many are inside at its end. */
async function occupancyWork(of: MeasureOf): Promise<MeasureResult> {
  const { source, line, site, range, spans } = of;
  // From the reset before the range, so that its first cell is known.
  const fromMs = localDay(range.fromMs, site.timeZone).fromMs - 86_400_000;
  const { cells, errors, methods } = await fineSeries(source, line.id, { fromMs, toMs: range.toMs });
  const { cells: inside, residuals } = measureOccupancy(cells, site.timeZone);
  const within = inside.filter(({ span }) => span.fromMs >= range.fromMs);
  const mean = residuals.length === 0 ? null : scaled(sumOf(residuals), 1 / residuals.length);
  return {
    cells: gatherInto(spans, within).map(({ span, cells: parts }) => ({
      span,
      coverage: parts.reduce((sum, { coverage }) => sum + coverage, 0) / Math.max(1, parts.length),
      estimate: parts.at(-1)?.estimate ?? null,
    })),
    total: {
      span: range,
      coverage: coverageOf(
        cells.filter(({ span }) => span.fromMs >= range.fromMs),
        range,
      ),
      estimate: mean,
      samples: residuals.length,
    },
    errors,
    methods,
  };
}

async function dwellWork({ source, line, range, spans }: MeasureOf): Promise<MeasureResult> {
  const { cells, errors, methods } = await fineSeries(source, line.id, range);
  const days = gatherInto(spans, cells).map(({ span, cells: parts }) => ({
    span,
    coverage: coverageOf(parts, span),
    estimate: measureDwell(parts),
    people: sumOfSeen(parts.map((cell) => cell.in)),
  }));
  const known = days.filter((day) => day.estimate !== null);
  const people = known.reduce((sum, day) => sum + (day.people?.value ?? 0), 0);
  // Days weigh as many people as entered.
  const weighed = known.map((day) => scaled(day.estimate!, (day.people?.value ?? 0) / people));
  return {
    cells: days.map(({ people: _, ...day }) => day),
    total: {
      span: range,
      coverage: coverageOf(cells, range),
      estimate: weighed.length === 0 ? null : sumOf(weighed),
      samples: known.length,
    },
    errors,
    methods,
  };
}

async function peakHourWork({ source, line, site, range, spans }: MeasureOf): Promise<MeasureResult> {
  const { cells, errors, methods } = await source.series(line.id, range, '1h');
  const at = { role: line.role, timeZone: site.timeZone };
  return {
    cells: gatherInto(spans, cells).map(({ span, cells: hours }) => measurePeakHour(span, hours, at)),
    total: measurePeakHour(range, cells, at),
    errors,
    methods,
  };
}

async function weekProfileWork({ source, line, site, range }: MeasureOf): Promise<MeasureResult> {
  const { cells, errors, methods } = await source.series(line.id, range, '1h');
  const slots = measureWeekProfile(range, cells, { role: line.role, timeZone: site.timeZone });
  const known = slots.filter((slot) => slot.estimate !== null);
  // The sum of a usual week, where all of it is known.
  const week = known.length === 168 ? sumOf(known.map((slot) => slot.estimate!)) : null;
  return {
    cells: slots,
    total: { span: range, coverage: coverageOf(cells, range), estimate: week },
    errors,
    methods,
  };
}

async function conversionWork(of: MeasureOf): Promise<MeasureResult> {
  const { source, line, site, range, store, spans } = of;
  const receipts = await receiptsByHour(store, { site: site.id, range });
  const { cells, errors, methods } = await source.series(line.id, range, '1h');
  const rateOf = (span: Span, hours: readonly PeopleCell[]): MeasuredCell => {
    // Hours count where both were known: a shop that has not uploaded yet has not sold nothing.
    const both = hours.filter((hour) => hour.in !== null && receipts.has(hour.span.fromMs));
    const sold = both.reduce((sum, hour) => sum + receipts.get(hour.span.fromMs)!, 0);
    const rate = both.length === 0 ? null : ratioOf(measured(sold), sumOf(both.map((hour) => hour.in!)));
    return {
      span,
      coverage: coverageOf(hours, span),
      estimate: rate === null ? null : scaled(rate, 100),
      samples: both.length,
    };
  };
  return {
    cells: gatherInto(spans, cells).map(({ span, cells: hours }) => rateOf(span, hours)),
    total: rateOf(range, cells),
    errors,
    methods,
  };
}

async function stoppingRateWork(of: MeasureOf): Promise<MeasureResult> {
  const { source, line, range, spans } = of;
  const stopped = await stoppedByHour(of);
  const { cells, errors, methods } = await source.series(line.id, range, '1h');
  const rateOf = (span: Span, hours: readonly PeopleCell[]): MeasuredCell => {
    const seen = hours.filter((hour) => hour.in !== null && hour.out !== null);
    const stops = seen.reduce((sum, hour) => sum + (stopped.get(hour.span.fromMs) ?? 0), 0);
    const passed: Uncertain | null = sumOfSeen(seen.map((hour) => peopleOf(hour, line.role)));
    const rate = passed === null ? null : ratioOf(measured(stops, stops), passed);
    return { span, coverage: coverageOf(hours, span), estimate: rate === null ? null : scaled(rate, 100) };
  };
  return {
    cells: gatherInto(spans, cells).map(({ span, cells: hours }) => rateOf(span, hours)),
    total: rateOf(range, cells),
    errors,
    methods,
  };
}
