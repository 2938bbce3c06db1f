import type { PaperLanguage } from '../papers/paper.ts';
import type { Figure, LineReport, MonthReport } from './month-report.ts';

interface ReportTable {
  readonly title: string;
  readonly people: Readonly<Record<LineReport['role'], string>>;
  readonly perDay: string;
  readonly best: string;
  readonly seen: string;
  readonly before: string;
  readonly notSeen: string;
  readonly findings: string;
  readonly noFindings: string;
  readonly days: string;
  readonly daysNote: string;
  readonly week: string;
  readonly weekNote: string;
  readonly overview: string;
  readonly overviewHead: readonly string[];
  readonly simulated: string;
  readonly published: string;
  readonly tableHead: readonly string[];
  readonly table: string;
  readonly about: string;
  readonly weekdays: readonly string[];
  readonly page: (page: number, pages: number) => string;
  readonly footer: (moment: string, software: string) => string;
}

export const reportTables: Readonly<Record<PaperLanguage, ReportTable>> = {
  de: {
    title: 'Monatsbericht',
    people: { entrance: 'Eintritte', inside: 'Eintritte', street: 'Passanten', window: 'Passanten' },
    perDay: 'im Mittel je Tag',
    best: 'stärkster Tag',
    seen: 'beobachtet',
    before: 'gegen den Vormonat',
    notSeen: 'nicht beobachtet',
    findings: 'Was auffällt',
    noFindings: 'In diesem Monat hebt sich nichts deutlicher ab, als der Zufall es tut.',
    days: 'Tag für Tag',
    daysNote: 'Balken mit 95-%-Bereich; grau schraffiert, wo nicht beobachtet wurde; Wochenenden hinterlegt.',
    week: 'Wann es voll ist',
    weekNote: 'Mittlere Zahl je Stunde; je dunkler, desto mehr. Leer: keine vollständig beobachtete Stunde.',
    overview: 'Überblick',
    overviewHead: ['Ort', 'Linie', 'Zahl', '95-%-Bereich', 'beobachtet', 'Vormonat'],
    simulated: 'Simulierte Daten: Diese Zahlen haben keine Menschen gezählt.',
    published:
      'Veröffentlichte Zahlen: versiegelt und mit einmal gezogenem Rauschen, das im Bereich enthalten ist.',
    tableHead: ['Tag', 'Zahl', '95-%-Bereich', 'beobachtet'],
    table: 'Alle Tage',
    about:
      'Jede Zahl ist eine Schätzung. Ihr 95-%-Bereich enthält Zählfehler und Kalibrierung, nicht die Zeit, in der niemand hinsah: ' +
      'Was nicht beobachtet wurde, fehlt in der Summe und ist nicht hochgerechnet.',
    weekdays: ['Mo', 'Di', 'Mi', 'Do', 'Fr', 'Sa', 'So'],
    page: (page, pages) => `Seite ${page} von ${pages}`,
    footer: (moment, software) => `Passant ${software} · erzeugt am ${moment}`,
  },
  en: {
    title: 'Monthly report',
    people: { entrance: 'entries', inside: 'entries', street: 'passers-by', window: 'passers-by' },
    perDay: 'a day on average',
    best: 'busiest day',
    seen: 'observed',
    before: 'against the month before',
    notSeen: 'not observed',
    findings: 'What stands out',
    noFindings: 'Nothing in this month stands out more clearly than chance does.',
    days: 'Day by day',
    daysNote: 'Bars with their 95 % range; hatched grey where nobody looked; weekends shaded.',
    week: 'When it is busy',
    weekNote: 'Mean number per hour; the darker the more. Blank: no hour that was observed whole.',
    overview: 'Overview',
    overviewHead: ['Place', 'Line', 'Number', '95 % range', 'observed', 'month before'],
    simulated: 'Simulated data: these numbers have counted no people.',
    published: 'Published numbers: sealed, with noise drawn once, which the range contains.',
    tableHead: ['Day', 'Number', '95 % range', 'observed'],
    table: 'All days',
    about:
      'Every number is an estimate. Its 95 % range contains counting errors and calibration, but not the time in which nobody looked: what ' +
      'was not observed is missing from the sum and is not extrapolated.',
    weekdays: ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'],
    page: (page, pages) => `Page ${page} of ${pages}`,
    footer: (moment, software) => `Passant ${software} · made on ${moment}`,
  },
};

const localeOf = { de: 'de-DE', en: 'en-GB' } as const;

export function numberText(value: number, language: PaperLanguage): string {
  return Math.round(value).toLocaleString(localeOf[language]);
}

export function rangeText({ low, high }: Figure, language: PaperLanguage): string {
  return `${numberText(low, language)} – ${numberText(high, language)}`;
}

export function shareText(share: number, language: PaperLanguage): string {
  return `${(share * 100).toLocaleString(localeOf[language], { maximumFractionDigits: share > 0.995 && share < 1 ? 1 : 0 })} %`;
}

/** As `März 2026`. */
export function monthText({ month, language }: Pick<MonthReport, 'month' | 'language'>): string {
  return new Intl.DateTimeFormat(localeOf[language], {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(Date.parse(`${month}-15T00:00:00Z`));
}

/** As `Sa 14.03.`. */
export function dayText(
  { date, weekday }: { date: string; weekday: number },
  language: PaperLanguage,
): string {
  const [, month, day] = date.split('-');
  const name = reportTables[language].weekdays[weekday - 1];
  return language === 'de' ? `${name} ${day}.${month}.` : `${name} ${Number(day)}/${Number(month)}`;
}

export interface KeyFigure {
  readonly value: string;
  readonly label: string;
  readonly note: string;
}

/** The numbers at the head of a line's report. */
export function keyFigures(line: LineReport, language: PaperLanguage): KeyFigure[] {
  const table = reportTables[language];
  const { total, days, coverage, before } = line;
  const seen = days.filter((day) => day.people !== null);
  const whole = seen.filter((day) => day.coverage > 0.95);
  const best = whole.toSorted((left, right) => right.people!.value - left.people!.value)[0];
  const mean =
    whole.length === 0 ? null : whole.reduce((sum, day) => sum + day.people!.value, 0) / whole.length;
  const none = { value: '–', note: table.notSeen };
  return [
    {
      label: table.people[line.role],
      ...(total === null
        ? none
        : { value: numberText(total.value, language), note: rangeText(total, language) }),
    },
    {
      label: table.perDay,
      ...(mean === null
        ? none
        : { value: numberText(mean, language), note: `${whole.length} ${table.seen}` }),
    },
    {
      label: table.best,
      ...(best === undefined
        ? none
        : { value: numberText(best.people!.value, language), note: dayText(best, language) }),
    },
    { label: table.seen, value: shareText(coverage, language), note: `${seen.length}/${days.length}` },
    { label: table.before, ...changeOf(line, before, language) },
  ];
}

/** Two months are compared only where both were looked at nearly always: a gap is no fall. */
function changeOf({ total, coverage }: LineReport, before: LineReport['before'], language: PaperLanguage) {
  const comparable =
    total !== null &&
    before.total !== null &&
    before.total.value > 0 &&
    Math.min(coverage, before.coverage) > 0.9;
  if (!comparable) return { value: '–', note: reportTables[language].notSeen };
  const change = total.value / before.total.value - 1;
  return {
    value: `${change > 0 ? '+' : change < 0 ? '−' : ''}${shareText(Math.abs(change), language)}`,
    note: numberText(before.total.value, language),
  };
}
