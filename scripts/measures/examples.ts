import type { MeasureAnswer, MeasureId } from '../../gateway/contract/measures.ts';
import { localClock } from '../../gateway/values/local-time.ts';
import { zone } from './example-town.ts';
import type { PlotPoint } from './plot.ts';

/** What the manual asks of each measure, and which cells it draws. */
export interface MeasureExample {
  readonly line: string;
  readonly query: string;
  /** The cell that is told in words; the total where it is not given. */
  readonly told?: (answer: MeasureAnswer) => MeasureAnswer['cells'][number] | undefined;
}

const saturday = 'from=2026-03-28T00:00:00%2B01:00&to=2026-03-29T00:00:00%2B01:00';
const week = 'from=2026-03-23T00:00:00%2B01:00&to=2026-03-30T00:00:00%2B02:00';
const weeks = 'from=2026-01-05T00:00:00%2B01:00&to=2026-03-30T00:00:00%2B02:00';
const atNoon = (answer: MeasureAnswer) =>
  answer.cells.find(({ start }) => localClock(Date.parse(start), zone).minuteOfDay === 12 * 60);

export const measureExamples: Readonly<Record<MeasureId, MeasureExample>> = {
  entrances: { line: 'buchhandlung-tuer', query: `resolution=1h&${saturday}` },
  'passers-by': { line: 'laarstrasse', query: `resolution=1h&${saturday}` },
  occupancy: { line: 'buchhandlung-tuer', query: `resolution=15m&${saturday}`, told: atNoon },
  'capture-rate': { line: 'buchhandlung-tuer', query: `resolution=1d&${week}` },
  conversion: { line: 'buchhandlung-tuer', query: `resolution=1d&${week}` },
  dwell: { line: 'buchhandlung-tuer', query: `resolution=1d&${week}` },
  'stopping-rate': { line: 'buchhandlung-fenster', query: `resolution=1d&${week}` },
  'peak-hour': { line: 'buchhandlung-tuer', query: `resolution=1d&${week}` },
  'week-profile': { line: 'buchhandlung-tuer', query: weeks },
  'against-last-week': { line: 'buchhandlung-tuer', query: `resolution=1d&${week}` },
  'against-last-year': { line: 'buchhandlung-tuer', query: `resolution=1w&${weeks}` },
  growth: { line: 'laarstrasse', query: weeks },
  'presence-index': { line: 'lesesaal-wlan', query: `resolution=1d&${week}` },
};

/** Points of a plot: one a cell, with what tells the cell from its neighbours. */
export function pointsOf(answer: MeasureAnswer): PlotPoint[] {
  return answer.cells.map((cell) => ({
    label: labelOf(answer, cell),
    value: cell.estimate?.value ?? null,
    low: cell.estimate?.interval95[0] ?? null,
    high: cell.estimate?.interval95[1] ?? null,
  }));
}

const weekdays = ['', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

function labelOf({ measure, resolution }: MeasureAnswer, cell: MeasureAnswer['cells'][number]): string {
  const { weekday, date, minuteOfDay } = localClock(Date.parse(cell.start), zone);
  if (measure === 'week-profile') return `${weekdays[cell.weekday!]} ${cell.localHour}`;
  if (resolution === '1d') return weekdays[weekday]!;
  return resolution === '1w'
    ? date.slice(5)
    : `${Math.floor(minuteOfDay / 60)}:${String(minuteOfDay % 60).padStart(2, '0')}`;
}

/** The walk through the interface: a sentence and a command, in order. */
export const walk: readonly { readonly say: string; readonly run: string }[] = [
  {
    say: 'Which lines are there, and what is each for?',
    run: 'curl -sf -H "$AUTH" "$GATEWAY/v1/lines?limit=2"',
  },
  {
    say: 'How many of the passers-by came in, day by day? The street is found by itself, and so is the time it takes to walk from its counter to the door.',
    run: `curl -sf -H "$AUTH" "$GATEWAY/v1/lines/buchhandlung-tuer/measures.csv?measure=capture-rate&${week}"`,
  },
  {
    say: 'The same for a spreadsheet in German:',
    run: `curl -sf -H "$AUTH" "$GATEWAY/v1/lines/buchhandlung-tuer/measures.csv?measure=capture-rate&dialect=semicolon&${week}"`,
  },
  {
    say: 'How long do people stay on a Saturday? In minutes; nobody was followed.',
    run: `curl -sf -H "$AUTH" "$GATEWAY/v1/lines/buchhandlung-tuer/measures?measure=dwell&${saturday}"`,
  },
  {
    say: 'What is worth saying about the week of the market?',
    run: 'curl -sf -H "$AUTH" "$GATEWAY/v1/lines/buchhandlung-tuer/findings?from=2026-03-16T00:00:00%2B01:00&to=2026-03-23T00:00:00%2B01:00"',
  },
  {
    say: 'What did the market bring to the street? It is shared by the whole town, so no other street is a control.',
    run: 'curl -sf -H "$AUTH" "$GATEWAY/v1/lines/laarstrasse/effect?event=fruehlingsmarkt&controls=none"',
  },
  {
    say: 'Receipts of an hour that was missing are added from a file; the answer says what was taken.',
    run: `printf 'hour,receipts\\n2026-02-28 11:00,9\\n2026-02-28 12:00,14\\n' | curl -sf -H "$AUTH" -H "content-type: text/csv" --data-binary @- "$GATEWAY/v1/sites/buchhandlung/receipts"`,
  },
  {
    say: 'A line that is wrong is named, and nothing of the file is taken (without -f, so that curl shows the problem):',
    run: `printf 'Stunde;Bons\\n28.02.2026 13:00;viele\\n' | curl -s -H "$AUTH" -H "content-type: text/csv" --data-binary @- "$GATEWAY/v1/sites/buchhandlung/receipts"`,
  },
];
