import type {
  CrossingCounts,
  Line,
  LineCounts,
  MotionCounts,
  PresenceCounts,
} from '../../contract/http-api.ts';
import { element } from './element.ts';
import type { Formats } from './formats.ts';
import type { Speech } from './speech.ts';
import type { Texts } from './texts.ts';

/** The same numbers as the chart's, for those who read rather than look. */
export function tableOf(line: Line, body: HTMLElement, texts: Texts): HTMLElement {
  const columns = {
    crossing: [texts.in, texts.standardError, texts.out, texts.standardError],
    motion: [texts.activations, texts.activeTime],
    presence: [texts.indicator, texts.standardError, texts.frames],
  }[line.kind];
  const heads = [texts.time, ...columns, texts.coverageColumn];
  const head = element('tr', {}, ...heads.map((text) => element('th', { scope: 'col' }, text)));
  const region = {
    class: 'scroll',
    tabindex: '0',
    role: 'region',
    'aria-label': `${line.name}: ${texts.asTable}`,
  };
  const table = element('table', {}, element('thead', {}, head), body);
  return element('details', {}, element('summary', {}, texts.asTable), element('div', region, table));
}

/** One row for each cell in which anybody looked, newest first. */
export function rowsOf(counts: LineCounts, { formats }: Speech): HTMLElement[] {
  const rows = counts.cells.map((cell) => ({ cell, texts: columnsOf(counts.kind, cell, formats) }));
  return rows
    .filter(({ cell }) => cell.coverage > 0)
    .reverse()
    .map(({ cell, texts }) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, timeOf(counts, cell, formats)),
        ...texts.map((text) => element('td', {}, text)),
        element('td', {}, formats.share(cell.coverage)),
      ),
    );
}

function timeOf(
  { resolution, timeZone }: LineCounts,
  { start }: { start: string },
  formats: Formats,
): string {
  const at = new Date(start);
  if (resolution === '1d') return formats.weekday(at, timeZone);
  return resolution === '1h' ? formats.weekdayAndTime(at, timeZone) : formats.time(at, timeZone);
}

function columnsOf(kind: LineCounts['kind'], cell: LineCounts['cells'][number], formats: Formats): string[] {
  switch (kind) {
    case 'crossing': {
      const { in: into, out, standardErrorIn, standardErrorOut } = cell as CrossingCounts['cells'][number];
      return [
        formats.whole(into),
        formats.error(standardErrorIn),
        formats.whole(out),
        formats.error(standardErrorOut),
      ];
    }
    case 'motion': {
      const { activations, activeSeconds } = cell as MotionCounts['cells'][number];
      return [formats.whole(activations), formats.minutes(activeSeconds)];
    }
    case 'presence': {
      const { indicator, standardError, frames } = cell as PresenceCounts['cells'][number];
      return [formats.tenth(indicator), formats.error(standardError), formats.whole(frames)];
    }
  }
}
