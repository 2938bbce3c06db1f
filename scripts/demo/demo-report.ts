/** What the demo prints at its end, for people and for programs. */

/** One line of the demo, as the HTTP API answered; null where the kind has no such number. */
export interface DemoLine {
  readonly line: string;
  readonly kind: 'crossing' | 'motion' | 'presence';
  readonly in: number | null;
  readonly out: number | null;
  /** What really happened; null where nobody knows: the real passages do not tell their direction. */
  readonly truth: { readonly in: number | null; readonly out: number | null; readonly passages?: number };
}

/** `stored`, `lost` and `duplicated` are read back through the HTTP API; `sent` is the agents' own word. */
export interface DemoIntervals {
  readonly sent: number;
  readonly stored: number;
  readonly lost: number;
  readonly duplicated: number;
}

export interface DemoReport {
  readonly lines: readonly DemoLine[];
  readonly intervals: DemoIntervals;
  readonly seconds: number;
}

/** Whether every interval arrived exactly once. */
export function isExact(intervals: DemoIntervals): boolean {
  return (
    intervals.sent > 0 &&
    intervals.sent === intervals.stored &&
    intervals.lost === 0 &&
    intervals.duplicated === 0
  );
}

/** The report as a table for a terminal. */
export function reportTable(report: DemoReport): string {
  const rows = report.lines.map((line) => [
    line.line,
    line.kind,
    cell(line.in),
    cell(line.out),
    line.in === null || line.out === null ? '–' : cell(line.in - line.out),
    truthCell(line),
  ]);
  const { sent, stored, lost, duplicated } = report.intervals;
  return [
    ...aligned([['line', 'kind', 'in', 'out', 'present', 'truth'], ...rows]),
    '',
    ...aligned([
      ['intervals', 'sent', 'stored', 'lost', 'duplicated'],
      ['', cell(sent), cell(stored), cell(lost), cell(duplicated)],
    ]),
    '',
    isExact(report.intervals)
      ? `Every interval arrived exactly once (${report.seconds.toFixed(1)} s).`
      : 'NOT EXACT: sent and stored differ, or something was lost or stored twice.',
  ].join('\n');
}

function truthCell({ kind, truth }: DemoLine): string {
  if (truth.in !== null && truth.out !== null) return `${truth.in} in, ${truth.out} out`;
  if (truth.passages !== undefined) return `${truth.passages} passages, direction unknown`;
  return kind === 'presence' ? 'an indicator, not people' : '–';
}

const cell = (value: number | null): string => (value === null ? '–' : String(value));

/** Columns of equal width: the first two to the left, the rest to the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((text, column) => (column < 2 ? text.padEnd(widths[column]!) : text.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}
