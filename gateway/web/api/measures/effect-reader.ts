import type { EffectQuery, EventEffectAnswer } from '../../../contract/effects.ts';
import type { EventBody } from '../../../contract/records-api.ts';
import type { GatewayStore } from '../../../store/gateway-store.ts';
import { type EventEffect, effectModel, estimateEffect } from '../../../values/effects/event-effect.ts';
import { hourlyCourse } from '../../../values/effects/hourly-course.ts';
import type { WindowDay } from '../../../values/effects/window-day.ts';
import { type WindowSource, windowDays } from '../../../values/effects/window-days.ts';
import { cellsOf, localClock, localDay, type Span } from '../../../values/local-time.ts';
import { peopleOf, sumOfSeen } from '../../../values/measures/people-cell.ts';
import type { SitePlan } from '../../../values/site-plan.ts';
import { standardErrorOf } from '../../../values/uncertain.ts';
import type { CountsReader } from '../counts-reader.ts';
import { isoTime } from '../iso-time.ts';
import { lineOfPlan, type PlannedLine, type PlannedSite } from '../line-source.ts';
import { Problem } from '../problems.ts';
import { momentOf } from '../request-range.ts';
import { type EffectSurroundings, peopleByHour, readSurroundings } from './effect-source.ts';
import { answeredEstimate, valueShown } from './measures-reader.ts';
import type { PeopleSeries, PeopleSource, PeopleValue } from './people-source.ts';

/** Longer is a season. */
const eventDaysMax = 31;
/** Three years before the event. */
const historyDays = 1_097;
const controlsMax = 5;
const normal95 = 1.959964;

const refusals = {
  'event-not-looked-at': 'Part of the event was not looked at.',
  'too-little-history':
    'Too few quiet days before the event were looked at as a whole; some sixty are needed.',
  'too-few-people': 'So few people are expected then that an effect in per cent says nothing.',
} as const;

interface Asked {
  readonly line: PlannedLine;
  readonly site: PlannedSite;
  readonly event: { readonly id: string; readonly body: EventBody } | null;
  /** Whole local days where it lasts longer than one. */
  readonly span: Span;
  readonly days: readonly Span[];
  readonly window: WindowSource['window'];
}

/** What an event did to a line: observed against what the days before let one expect. */
export class EffectReader {
  readonly #store: GatewayStore;
  readonly #reader: CountsReader;

  constructor(store: GatewayStore, reader: CountsReader) {
    this.#store = store;
    this.#reader = reader;
  }

  /** Throws a `Problem` where the event cannot be judged. */
  async effect(lineId: string, query: EffectQuery, source: PeopleSource): Promise<EventEffectAnswer> {
    const { plan } = await this.#reader.directory();
    const asked = await this.#asked(plan, lineId, query);
    const range = {
      fromMs: localDay(asked.days[0]!.fromMs - historyDays * 86_400_000, asked.site.timeZone).fromMs,
      toMs: asked.days.at(-1)!.toMs,
    };
    const series = await source.series(lineId, range, '1h');
    const controls: PeopleSeries[] = [];
    for (const control of await controlsOf(plan, asked, { query, source }))
      controls.push(await source.series(control, range, '1h'));
    const surroundings = await readSurroundings(this.#store, { site: asked.site, range });
    const judge = (own: PeopleSeries, others: readonly PeopleSeries[]) =>
      judged(asked, range, { own, others, surroundings });
    const { days, effect } = judge(series, controls);
    if (typeof effect === 'string') throw new Problem('measure-not-possible', refusals[effect]);
    return {
      ...answerOf(asked, { series, effect, value: await valueShown(source, lineId) }),
      placebo: {
        origins: effect.origins,
        pValue: rounded(effect.placeboPValue),
        controls: controls.flatMap((control) => {
          const own = judge(control, []).effect;
          return typeof own === 'string' ? [] : [{ line: control.line.id, ...inPercent(own, 0) }];
        }),
      },
      learnedFrom: {
        days: effect.trainingDays,
        controls: effect.choices.controls.map((control) => controls[control]!.line.id),
        weather: effect.choices.weather,
        schoolHolidays: surroundings.hasSchoolHolidays,
        yearlyWaves: effect.choices.yearlyWaves,
      },
      course: courseOf(asked, { series, effect, days }),
    };
  }

  async #asked(plan: SitePlan, lineId: string, query: EffectQuery): Promise<Asked> {
    const { line, site } = lineOfPlan(plan, lineId);
    const { timeZone } = site;
    let event: Asked['event'] = null;
    if (query.event !== undefined) {
      const found = (await this.#store.readRecords('event')).find(({ id }) => id === query.event);
      const body = found?.body as EventBody | undefined;
      const town = plan.sites.find(({ id }) => id === body?.site)?.town;
      const concerns =
        body?.site === site.id || (site.town !== '' && town === site.town && body?.shared === true);
      if (!found || !body || !concerns)
        throw new Problem('not-found', `There is no event "${query.event}" here.`);
      event = { id: found.id, body };
    }
    const fromMs = momentOf('from', event?.body.from ?? query.from);
    const toMs = momentOf('to', event?.body.until ?? query.to);
    if (toMs <= fromMs) throw new Problem('range-reversed', 'to must be later than from.');
    const [first, last] = [localDay(fromMs, timeZone), localDay(toMs - 1, timeZone)];
    const days = cellsOf({ fromMs: first.fromMs, toMs: last.toMs }, '1d', timeZone);
    if (days.length > eventDaysMax)
      throw new Problem('range-too-long', `An event has at most ${eventDaysMax} days.`);
    if (days.length > 1) {
      return {
        line,
        site,
        event,
        days,
        span: { fromMs: first.fromMs, toMs: last.toMs },
        window: { fromHour: 0, toHour: 24 },
      };
    }
    const minuteOf = (atMs: number) => (atMs === first.toMs ? 1_440 : localClock(atMs, timeZone).minuteOfDay);
    const window = { fromHour: Math.floor(minuteOf(fromMs) / 60), toHour: Math.ceil(minuteOf(toMs) / 60) };
    const hourMs = 3_600_000;
    const span = { fromMs: fromMs - (fromMs % hourMs), toMs: Math.ceil(toMs / hourMs) * hourMs };
    return { line, site, event, days, span, window };
  }
}

/** Named lines, or those of the town’s other street lines that the caller may have; never the line itself. */
async function controlsOf(
  plan: SitePlan,
  { line, site }: Asked,
  { query, source }: { query: EffectQuery; source: PeopleSource },
): Promise<string[]> {
  if (query.controls === 'none') return [];
  if (query.controls !== undefined) {
    const named = query.controls.split(',').filter((id) => id !== line.id);
    for (const id of named) await valueShown(source, id);
    return named.slice(0, controlsMax);
  }
  const sites = new Set(
    plan.sites.filter(({ town }) => town !== '' && town === site.town).map(({ id }) => id),
  );
  const found: string[] = [];
  for (const other of [...plan.lines].sort((left, right) => (left.id < right.id ? -1 : 1))) {
    const fits = other.role === 'street' && other.kind === 'crossing' && sites.has(other.site);
    if (fits && other.id !== line.id && (await source.valueOf(other.id)) !== null) found.push(other.id);
  }
  return found.slice(0, controlsMax);
}

function judged(
  asked: Asked,
  range: Span,
  of: { own: PeopleSeries; others: readonly PeopleSeries[]; surroundings: EffectSurroundings },
): { days: WindowDay[]; effect: ReturnType<typeof estimateEffect> } {
  const days = windowDays(range, {
    ...of.surroundings,
    window: asked.window,
    people: peopleByHour(of.own, asked.window),
    controls: of.others.map((other) => peopleByHour(other, asked.window)),
  });
  const length = asked.days.length;
  return { days, effect: estimateEffect(days, { first: days.length - length, length }) };
}

function answerOf(
  asked: Asked,
  { series, effect, value }: { series: PeopleSeries; effect: EventEffect; value: PeopleValue },
): Omit<EventEffectAnswer, 'placebo' | 'learnedFrom' | 'course'> {
  const { line, event, span } = asked;
  const within = series.cells.filter(
    (cell) => cell.span.fromMs >= span.fromMs && cell.span.fromMs < span.toMs,
  );
  const observed = sumOfSeen(within.map((cell) => peopleOf(cell, line.role)));
  const error =
    observed === null || observed.value === 0 ? 0 : standardErrorOf(observed, series.errors) / observed.value;
  const half = Math.hypot(effect.logHalfWidth, normal95 * error);
  const expected = [effect.expected * Math.exp(-half), effect.expected * Math.exp(half)].map(rounded);
  return {
    line: line.id,
    simulated: line.simulated,
    value,
    model: effectModel,
    event: event?.id ?? null,
    from: isoTime(span.fromMs),
    to: isoTime(span.toMs),
    observed: answeredEstimate(observed, series.errors),
    expected: { value: rounded(effect.expected), interval95: expected },
    effectPeople: {
      value: rounded(effect.observed - effect.expected),
      interval95: [effect.observed - expected[1]!, effect.observed - expected[0]!].map(rounded),
    },
    ...inPercent(effect, normal95 * error),
  };
}

/** The effect in per cent; its interval is one of a ratio and so not symmetric. */
function inPercent(effect: EventEffect, countingHalfWidth: number) {
  const half = Math.hypot(effect.logHalfWidth, countingHalfWidth);
  const percent = (log: number) => rounded(100 * Math.expm1(log));
  return {
    effectPercent: {
      value: percent(effect.logEffect),
      interval95: [percent(effect.logEffect - half), percent(effect.logEffect + half)],
    },
    unusual: Math.abs(effect.logEffect) > half,
  };
}

function courseOf(
  asked: Asked,
  of: { series: PeopleSeries; effect: EventEffect; days: readonly WindowDay[] },
): EventEffectAnswer['course'] {
  const people = peopleByHour(of.series, asked.window);
  const { timeZone } = asked.site;
  return asked.days.flatMap((day, index) =>
    hourlyCourse(
      { day, expected: of.effect.days[index]!.expected, people, days: of.days },
      { window: asked.window, timeZone },
    ).map(({ startMs, expected }) => ({
      start: isoTime(startMs),
      observed: people.get(startMs) ?? null,
      expected: expected === null ? null : rounded(expected),
    })),
  );
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
