import type { TownProfile } from '../../../contract/towns.ts';
import { numberText, percentText } from '../../../values/findings/finding-words.ts';

type Language = 'de' | 'en';

const texts = {
  de: {
    title: 'Attraktivitätsprofil',
    year: 'Jahr',
    all: 'Passanten im Jahr',
    lines: 'Straßen',
    street: 'Straße',
    passed: 'Passanten',
    looked: 'beobachtet',
    change: 'gegen Vorjahr',
    months: 'Monate',
    weekdays: 'Wochentage (Mittel je Tag)',
    hours: 'Tageszeit',
    strongest: 'Stärkste Tage',
    events: 'Veranstaltungen',
    effect: 'Wirkung',
    note: '± ist die Hälfte des 95-%-Intervalls. Unbeobachtete Zeit fehlt in den Summen.',
  },
  en: {
    title: 'Attractiveness profile',
    year: 'Year',
    all: 'Passers-by in the year',
    lines: 'Streets',
    street: 'Street',
    passed: 'Passers-by',
    looked: 'looked at',
    change: 'against last year',
    months: 'Months',
    weekdays: 'Weekdays (mean a day)',
    hours: 'Time of day',
    strongest: 'Busiest days',
    events: 'Events',
    effect: 'Effect',
    note: '± is half of the 95 % interval. Time not looked at is missing from the sums.',
  },
} as const;

const style = `body{font:11pt/1.4 system-ui,sans-serif;max-width:17cm;margin:1cm auto;color:#111}
h1{font-size:20pt;margin:0}h2{font-size:12pt;margin:6mm 0 2mm}p{margin:1mm 0}table{border-collapse:collapse;width:100%}
td,th{padding:1mm 2mm;text-align:right;border-bottom:.2mm solid #ccc}td:first-child,th:first-child{text-align:left}
.large{font-size:16pt}.note{color:#444;font-size:9pt}section{break-inside:avoid}rect{fill:#1f5f8b}text{font:7pt system-ui,sans-serif;fill:#111}
@page{size:A4;margin:15mm}@media print{body{margin:0;max-width:none}}`;

/** The profile as one page without scripts, black on white, that fits on A4 paper. */
export function profilePage(profile: TownProfile, language: Language): string {
  const words = texts[language];
  const locale = language === 'de' ? 'de-DE' : 'en-GB';
  const dayName = (weekday: number) =>
    new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2024, 0, weekday));
  const monthName = (month: number) =>
    new Intl.DateTimeFormat(locale, { month: 'short', timeZone: 'UTC' }).format(Date.UTC(2024, month - 1, 1));
  const dateText = (date: string) =>
    new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: 'UTC' }).format(Date.parse(date));
  const people = (estimate: TownProfile['passersBy']) =>
    estimate === null
      ? '–'
      : `${numberText(estimate.value, language)} ± ${numberText((estimate.interval95[1]! - estimate.interval95[0]!) / 2, language)}`;
  const percent = (estimate: TownProfile['passersBy']) =>
    estimate === null
      ? '–'
      : `${signed(estimate.value, language)} ± ${percentText((estimate.interval95[1]! - estimate.interval95[0]!) / 2, language)}`;
  const { town, year, lines, months, weekdays, hours, strongestDays, events } = profile;
  return `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${words.title} ${escaped(town)} ${year}</title><style>${style}</style>
<h1>${escaped(town)}</h1><p>${words.title} · ${words.year} ${year}</p>
<p class="large">${words.all}: ${people(profile.passersBy)}</p>
<section><h2>${words.lines}</h2><table><tr><th>${words.street}<th>${words.passed}<th>${words.change}<th>${words.looked}
${lines.map((line) => `<tr><td>${escaped(line.name)}<td>${people(line.passersBy)}<td>${percent(line.againstLastYear)}<td>${percentText(100 * line.coverage, language)}`).join('\n')}</table></section>
<section><h2>${words.months}</h2>${bars(months.map(({ month, passersBy }) => ({ label: monthName(month), value: passersBy?.value ?? null })))}</section>
<section><h2>${words.weekdays}</h2>${bars(weekdays.map(({ weekday, meanPerDay }) => ({ label: dayName(weekday), value: meanPerDay })))}</section>
<section><h2>${words.hours}</h2>${bars(hours.map(({ localHour, share }) => ({ label: String(localHour), value: share })))}</section>
<section><h2>${words.strongest}</h2><table>${strongestDays.map(({ date, passersBy, event }) => `<tr><td>${dateText(date)}${event === null ? '' : ` · ${escaped(event)}`}<td>${numberText(passersBy, language)}`).join('\n')}</table></section>
${events.length === 0 ? '' : `<section><h2>${words.events}</h2><table>${events.map(({ name, from, percent: effect, interval95 }) => `<tr><td>${escaped(name)}, ${dateText(from.slice(0, 10))}<td>${words.effect} ${signed(effect, language)} (${signed(interval95[0]!, language)} … ${signed(interval95[1]!, language)})`).join('\n')}</table></section>`}
<p class="note">${words.note}</p></html>
`;
}

function signed(percent: number, language: Language): string {
  return `${percent < 0 ? '−' : '+'}${percentText(Math.abs(percent), language)}`;
}

/** Bars from 0; what is not known has none. */
function bars(values: readonly { label: string; value: number | null }[]): string {
  const [width, height] = [640, 90];
  const highest = Math.max(1e-9, ...values.map(({ value }) => value ?? 0));
  const step = width / values.length;
  const marks = values.map(({ label, value }, at) => {
    const tall = (Math.max(0, value ?? 0) / highest) * (height - 14);
    const bar =
      value === null
        ? ''
        : `<rect x="${(at * step + 2).toFixed(1)}" y="${(height - 12 - tall).toFixed(1)}" width="${(step - 4).toFixed(1)}" height="${tall.toFixed(1)}"/>`;
    return `${bar}<text x="${(at * step + step / 2).toFixed(1)}" y="${height - 2}" text-anchor="middle">${escaped(label)}</text>`;
  });
  return `<svg viewBox="0 0 ${width} ${height}" width="100%" role="img">${marks.join('')}</svg>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
