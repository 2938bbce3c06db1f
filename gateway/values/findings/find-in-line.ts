import type { LineRole } from '../../contract/http-api.ts';
import { cellsOf, localClock, type Span } from '../local-time.ts';
import { changeOf, type Pair } from '../measures/measure-change.ts';
import { measurePeakHour } from '../measures/measure-peak-hour.ts';
import {
  comparableFrom,
  coverageOf,
  gatherInto,
  type PeopleCell,
  peopleOf,
  sumOfSeen,
} from '../measures/people-cell.ts';
import { type FactorErrors, interval95, sumOf, type Uncertain } from '../uncertain.ts';
import type { FoundWords } from './finding.ts';
import { findingThresholds as thresholds } from './finding-thresholds.ts';
import {
  dayText,
  hoursText,
  inBoth,
  moreOrFewer,
  numberText,
  peopleNoun,
  peopleText,
  percentText,
  plusMinusPeople,
  plusMinusPercent,
  rangeText,
} from './finding-words.ts';
import { findUnusual, type UnusualWindow } from './unusual-windows.ts';

/** What findings of a line are made of. */
export interface LineOfFindings {
  readonly role: LineRole;
  readonly timeZone: string;
  readonly range: Span;
  /** Hours of the range and of the eight weeks before it. */
  readonly hours: readonly PeopleCell[];
  readonly againstLastWeek: readonly Pair[];
  readonly againstLastYear: readonly Pair[];
  /** Capture rate of the range in per cent of that of the weeks before, minus 100; null where there is none. */
  readonly captureRateChange: Uncertain | null;
  readonly errors: FactorErrors;
}

const dayMs = 86_400_000;

/** Every rule in turn, the most remarkable first. */
export function findInLine(line: LineOfFindings): FoundWords[] {
  const days = findUnusual(line.range, 'day', line);
  const isInDay = ({ span }: UnusualWindow) =>
    days.some((day) => day.span.fromMs <= span.fromMs && span.toMs <= day.span.toMs);
  const windows = findUnusual(line.range, 'hours', line)
    .filter((window) => !isInDay(window))
    .slice(0, thresholds.windowsMax);
  return [
    ...days.map((day) => unusualDay(day, line)),
    ...windows.map((window) => unusualHours(window, line)),
    ...changed('against-last-week', line.againstLastWeek, line),
    ...changed('against-last-year', line.againstLastYear, line),
    ...captureRate(line),
    ...busiestDay(line),
    ...peakHour(line),
    ...littleLooked(line),
  ];
}

function isWeekOrLess({ range }: LineOfFindings): boolean {
  // A week in which the clock is set back has an hour more.
  return range.toMs - range.fromMs <= 7 * dayMs + 3_600_000;
}

const usual = () =>
  inBoth((language) =>
    language === 'de'
      ? `mindestens ${thresholds.usualWeeksMin} der ${thresholds.usualWeeks} Wochen davor beobachtet, mindestens ${thresholds.windowPeopleMin} Personen, Abweichung ab ${percentText(thresholds.changePercentMin, language)}, nach Holm auf dem Niveau ${percentText(100 * thresholds.familyError, language)} außerhalb der Streuung; ± ist der Zählfehler und der Fehler des üblichen Mittels`
      : `at least ${thresholds.usualWeeksMin} of the ${thresholds.usualWeeks} weeks before looked at, at least ${thresholds.windowPeopleMin} people, ${percentText(thresholds.changePercentMin, language)} or more away, outside the scatter at level ${percentText(100 * thresholds.familyError, language)} after Holm; ± is the counting error and the error of the usual mean`,
  );

function unusualDay({ span, change }: UnusualWindow, line: LineOfFindings): FoundWords {
  const at = { timeZone: line.timeZone, withDate: !isWeekOrLess(line) };
  const text = inBoth((language) => {
    const than = language === 'de' ? 'als üblich' : 'than usual';
    return `${dayText(span.fromMs, at, language)}: ${moreOrFewer(change.value, line.role, language)} ${than} (${plusMinusPercent(change, line.errors, language)})`;
  });
  return { rule: 'unusual-day', span, change, text, threshold: usual() };
}

function unusualHours({ span, change }: UnusualWindow, line: LineOfFindings): FoundWords {
  const withDate = !isWeekOrLess(line);
  const fromHour = localClock(span.fromMs, line.timeZone).minuteOfDay / 60;
  const text = inBoth((language) => {
    const day = dayText(span.fromMs, { timeZone: line.timeZone, withDate }, language);
    const when = `${day}${withDate ? ',' : ''} ${hoursText(fromHour, fromHour + 2, language)}`;
    const than = language === 'de' ? 'als üblich' : 'than usual';
    return `${when}: ${moreOrFewer(change.value, line.role, language)} ${than} (${plusMinusPercent(change, line.errors, language)})`;
  });
  return { rule: 'unusual-hours', span, change, text, threshold: usual() };
}

function changed(
  rule: 'against-last-week' | 'against-last-year',
  pairs: readonly Pair[],
  line: LineOfFindings,
): FoundWords[] {
  const change = changeOf(pairs);
  if (change === null || sumOf(pairs.map(({ base }) => base)).value < thresholds.rangePeopleMin) return [];
  const [low, high] = interval95(change, line.errors);
  if (Math.abs(change.value) < thresholds.rangeChangePercentMin || (low <= 0 && high >= 0)) return [];
  const than = {
    'against-last-week': { de: 'als eine Woche zuvor', en: 'than one week earlier' },
    'against-last-year': {
      de: 'als in denselben Wochen des Vorjahres',
      en: 'than in the same weeks of last year',
    },
  }[rule];
  const text = inBoth(
    (language) =>
      `${rangeText(line.range, line.timeZone, language)}: ${moreOrFewer(change.value, line.role, language)} ${than[language]} (${plusMinusPercent(change, line.errors, language)})`,
  );
  const threshold = inBoth((language) =>
    language === 'de'
      ? `mindestens ${thresholds.rangePeopleMin} Personen, Veränderung ab ${percentText(thresholds.rangeChangePercentMin, language)} und größer als der Zählfehler`
      : `at least ${thresholds.rangePeopleMin} people, a change of ${percentText(thresholds.rangeChangePercentMin, language)} or more and larger than the counting error`,
  );
  return [{ rule, span: line.range, change, text, threshold }];
}

function captureRate(line: LineOfFindings): FoundWords[] {
  const change = line.captureRateChange;
  if (change === null) return [];
  const [low, high] = interval95(change, line.errors);
  if (Math.abs(change.value) < thresholds.changePercentMin || (low <= 0 && high >= 0)) return [];
  const text = inBoth((language) => {
    const [higher, lower] = language === 'de' ? ['höher', 'niedriger'] : ['higher', 'lower'];
    const amount = percentText(Math.abs(change.value), language);
    const word = change.value > 0 ? higher : lower;
    return language === 'de'
      ? `${rangeText(line.range, line.timeZone, language)}: Abschöpfungsquote um ${amount} ${word} als in den vier Wochen davor (${plusMinusPercent(change, line.errors, language)})`
      : `${rangeText(line.range, line.timeZone, language)}: capture rate ${amount} ${word} than in the four weeks before (${plusMinusPercent(change, line.errors, language)})`;
  });
  const threshold = inBoth((language) =>
    language === 'de'
      ? `Veränderung ab ${percentText(thresholds.changePercentMin, language)} und größer als der Zählfehler`
      : `a change of ${percentText(thresholds.changePercentMin, language)} or more and larger than the counting error`,
  );
  return [{ rule: 'capture-rate', span: line.range, change, text, threshold }];
}

/** The day with most people, where the range has at least three whole days to choose from. */
function busiestDay(line: LineOfFindings): FoundWords[] {
  const within = line.hours.filter(({ span }) => span.fromMs >= line.range.fromMs);
  const days = gatherInto(cellsOf(line.range, '1d', line.timeZone), within)
    .filter(({ span, cells }) => coverageOf(cells, span) >= comparableFrom)
    .map(({ span, cells }) => ({ span, people: sumOfSeen(cells.map((cell) => peopleOf(cell, line.role))) }))
    .filter(({ people }) => people !== null && people.value >= thresholds.windowPeopleMin)
    .sort((left, right) => right.people!.value - left.people!.value);
  const [best] = days;
  if (best === undefined || days.length < 3) return [];
  const { span, people } = best;
  const text = inBoth((language) => {
    const day = dayText(span.fromMs, { timeZone: line.timeZone, withDate: true }, language);
    const number = peopleText(people!.value, line.role, language, true);
    const error = plusMinusPeople(people!, line.errors, language);
    return language === 'de'
      ? `Stärkster Tag: ${day}, mit ${number} (${error})`
      : `Busiest day: ${day}, with ${number} (${error})`;
  });
  const threshold = {
    de: 'mindestens drei ganz beobachtete Tage',
    en: 'at least three days looked at as a whole',
  };
  return [{ rule: 'busiest-day', span, change: people, text, threshold }];
}

function peakHour(line: LineOfFindings): FoundWords[] {
  const within = line.hours.filter(({ span }) => span.fromMs >= line.range.fromMs);
  const peak = measurePeakHour(line.range, within, line);
  const { estimate, localHour, certain } = peak;
  if (estimate === null || localHour === undefined || !certain || estimate.value < thresholds.windowPeopleMin)
    return [];
  const text = inBoth((language) => {
    const hours = hoursText(localHour, localHour + 1, language);
    const number = numberText(estimate.value, language);
    const error = plusMinusPeople(estimate, line.errors, language);
    return language === 'de'
      ? `Spitzenstunde: ${hours}, im Mittel ${number} ${peopleNoun(line.role, language)} (${error})`
      : `Peak hour: ${hours}, ${number} ${peopleNoun(line.role, language)} on average (${error})`;
  });
  const threshold = inBoth((language) =>
    language === 'de'
      ? `mindestens ${thresholds.windowPeopleMin} Personen und weiter vor der nächsten Stunde als der Zählfehler`
      : `at least ${thresholds.windowPeopleMin} people and further ahead of the next hour than the counting error`,
  );
  return [{ rule: 'peak-hour', span: line.range, change: estimate, text, threshold }];
}

function littleLooked(line: LineOfFindings): FoundWords[] {
  const coverage = coverageOf(
    line.hours.filter(({ span }) => span.fromMs >= line.range.fromMs),
    line.range,
  );
  if (coverage >= thresholds.coverageMin) return [];
  const text = inBoth((language) => {
    const share = percentText(Math.floor(coverage * 100), language);
    return language === 'de'
      ? `${rangeText(line.range, line.timeZone, language)}: Nur ${share} der Zeit wurden beobachtet`
      : `${rangeText(line.range, line.timeZone, language)}: only ${share} of the time was looked at`;
  });
  const threshold = inBoth((language) => {
    const share = percentText(100 * thresholds.coverageMin, language);
    return language === 'de'
      ? `weniger als ${share} der Zeit beobachtet`
      : `less than ${share} of the time looked at`;
  });
  return [{ rule: 'little-looked', span: line.range, change: null, text, threshold }];
}
