import type { ReplayResult } from './replay.ts';

/** So many findings are listed one by one; all of them come with --json. */
const listedMax = 40;

/** A replay's result for people. */
export function replayTable(file: string, result: ReplayResult): string {
  const coverage = result.durationSeconds === 0 ? 0 : result.coverageSeconds / result.durationSeconds;
  const rows: [string, string][] = [
    ['recording', file],
    ['sensor', result.sensor],
    ['duration', `${result.durationSeconds.toFixed(1)} s`],
    ['readings', String(result.readings)],
    ['coverage', `${result.coverageSeconds.toFixed(1)} s (${(coverage * 100).toFixed(1)} %)`],
    ['flags', result.flags.join(', ') || 'none'],
    ...Object.entries('totals' in result ? result.totals : {}).map(([name, total]): [string, string] => [
      name,
      String(total),
    ]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const head = rows.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join('');
  if ('windows' in result) return `${head}${windows(result)}`;
  return 'crossings' in result ? `${head}${findings(result)}` : head;
}

function windows(result: Extract<ReplayResult, { windows: unknown }>): string {
  const lines = result.windows.map(({ start, durationSeconds, frames, estimate, standardError }) =>
    [start, `${durationSeconds} s`, frames, `${estimate.toFixed(1)} ± ${standardError.toFixed(1)}`].join(
      '\t',
    ),
  );
  return `\nstart\t\t\tduration\tframes\testimate\n${lines.join('\n')}\n`;
}

function findings(result: Extract<ReplayResult, { crossings: unknown }>): string {
  const lines = [
    ...result.crossings.map(({ atSeconds, direction, confidence }) => ({
      atSeconds,
      text: `${direction.padEnd(4)} ${(confidence * 100).toFixed(0)} %`,
    })),
    ...result.rejected.map(({ atSeconds, reason }) => ({ atSeconds, text: `-    ${reason}` })),
  ].sort((left, right) => left.atSeconds - right.atSeconds);
  if (lines.length === 0) return '';
  const listed = lines
    .slice(0, listedMax)
    .map(({ atSeconds, text }) => `${atSeconds.toFixed(2).padStart(10)} s  ${text}\n`);
  const rest = lines.length - listedMax;
  return `\n${listed.join('')}${rest > 0 ? `            and ${rest} more: see --json\n` : ''}`;
}
