import type {
  CrossingCounts,
  Line,
  LineCounts,
  LiveLine,
  MotionCounts,
  PresenceCounts,
  Site,
} from '../../contract/http-api.ts';
import { DayChart, type DayPoint, isGap, pointsOf } from './day-chart.ts';
import { element } from './element.ts';
import type { Formats } from './formats.ts';
import { filled, type Texts } from './texts.ts';

/** What every part of the page is told: words and formats of the language. */
export interface Speech {
  readonly texts: Texts;
  readonly formats: Formats;
}

const roleTexts = {
  entrance: 'roleEntrance',
  street: 'roleStreet',
  window: 'roleWindow',
  inside: 'roleInside',
} as const;
const chartTexts = {
  crossing: 'perQuarter',
  motion: 'motionPerQuarter',
  presence: 'presencePerQuarter',
} as const;

/** The card of one line: its totals of today, its chart, and the same numbers as a table. */
export class LineCard {
  readonly root: HTMLElement;
  readonly line: Line;
  readonly #speech: Speech;
  readonly #site: Site;
  readonly #figures = element('dl', { class: 'figures' });
  readonly #running = element('p', { class: 'running', hidden: true });
  readonly #readout = element('p', { class: 'readout', 'aria-hidden': 'true' });
  readonly #coverage = element('p', { class: 'coverage' });
  readonly #tableBody = element('tbody');
  readonly #chart: DayChart;
  #hint = '';

  constructor(site: Site, line: Line, speech: Speech) {
    this.#site = site;
    this.line = line;
    this.#speech = speech;
    const { texts, formats } = speech;
    const title = `line-${line.id}`;
    const canvas = element('div', {
      class: 'chart',
      role: 'img',
      'aria-label': texts[chartTexts[line.kind]],
    });
    this.#chart = new DayChart({
      host: canvas,
      formats,
      timeZone: site.timeZone,
      pointed: (point) => this.#pointed(point),
    });
    this.root = element(
      'article',
      { class: `card ${line.kind}`, 'aria-labelledby': title, 'data-line': line.id },
      element(
        'header',
        {},
        element('h3', { id: title }, line.name),
        element('span', { class: 'role' }, texts[roleTexts[line.role]]),
        ...badgesOf(line, texts),
      ),
      noteOf(line, texts),
      this.#figures,
      this.#running,
      canvas,
      this.#readout,
      this.#coverage,
      this.#tableOf(),
    );
  }

  /** Shows today's series. */
  showCounts(counts: LineCounts): void {
    const { texts, formats } = this.#speech;
    const covered = coverageSoFar(counts);
    const seen = counts.cells.some((cell) => cell.coverage > 0);
    this.#hint = seen ? texts[chartTexts[counts.kind]] : texts.nothingYet;
    this.#readout.textContent = this.#hint;
    this.root.classList.toggle('nothing', !seen);
    const share = filled(texts.coverage, { share: formats.share(covered) });
    this.#coverage.textContent = hasGap(counts) ? `${share} · ${texts.gaps}` : share;
    this.#showFigures(counts);
    this.#chart.show(counts);
    this.#tableBody.replaceChildren(...rowsOf(counts, this.#speech));
  }

  /** Shows newer totals than those of the series, and the running ones where there are any. */
  showTotals(totals: LiveLine): void {
    this.#figures.replaceChildren(...crossingFigures(totals, this.#speech));
    const { texts, formats } = this.#speech;
    const { running } = totals;
    this.#running.hidden = running === null;
    if (running === null) return;
    const numbers = { in: formats.whole(running.in), out: formats.whole(running.out) };
    this.#running.textContent = filled(texts.running, numbers);
  }

  #showFigures(counts: LineCounts): void {
    const { texts, formats } = this.#speech;
    switch (counts.kind) {
      case 'crossing':
        this.#figures.replaceChildren(...crossingFigures(counts.total, this.#speech));
        return;
      case 'motion':
        this.#figures.replaceChildren(
          figure(texts.activations, formats.whole(counts.total.activations), ''),
          figure(texts.activeTime, formats.minutes(counts.total.activeSeconds), ''),
        );
        return;
      case 'presence':
        this.#figures.replaceChildren(
          figure(
            texts.indicatorMean,
            formats.tenth(counts.total.indicator),
            formats.error(counts.total.standardError),
          ),
          figure(texts.frames, formats.whole(counts.total.frames), ''),
        );
        return;
    }
  }

  #pointed(point: DayPoint | null): void {
    const { formats } = this.#speech;
    if (point === null) {
      this.#readout.textContent = this.#hint;
      return;
    }
    const from = new Date(point.atSeconds * 1000);
    const to = new Date((point.atSeconds + point.seconds) * 1000);
    const span = `${formats.time(from, this.#site.timeZone)}–${formats.time(to, this.#site.timeZone)}`;
    this.#readout.textContent = `${span}: ${this.#valuesAt(point)}`;
  }

  #valuesAt(point: DayPoint): string {
    const { texts, formats } = this.#speech;
    const share = filled(texts.coverageShort, { share: formats.share(point.coverage) });
    if (point.above === null) return share;
    if (this.line.kind === 'crossing') {
      const out = formats.whole(Math.abs(point.below ?? 0));
      return `${texts.in} ${formats.whole(point.above)} · ${texts.out} ${out} · ${share}`;
    }
    return `${formats.tenth(point.above)} ${formats.error(point.error)} · ${share}`;
  }

  #tableOf(): HTMLElement {
    const { texts } = this.#speech;
    const columns = {
      crossing: [texts.in, texts.standardError, texts.out, texts.standardError],
      motion: [texts.activations, texts.activeTime],
      presence: [texts.indicator, texts.standardError, texts.frames],
    }[this.line.kind];
    const heads = [texts.time, ...columns, texts.coverageColumn];
    return element(
      'details',
      {},
      element('summary', {}, texts.asTable),
      element(
        'div',
        {
          class: 'scroll',
          tabindex: '0',
          role: 'region',
          'aria-label': `${this.line.name}: ${texts.asTable}`,
        },
        element(
          'table',
          {},
          element(
            'thead',
            {},
            element('tr', {}, ...heads.map((text) => element('th', { scope: 'col' }, text))),
          ),
          this.#tableBody,
        ),
      ),
    );
  }
}

/** In, out and how many are still there; below zero is shown as it is, for it tells of an error. */
export function crossingFigures(
  totals: Pick<LiveLine, 'in' | 'out' | 'standardErrorIn' | 'standardErrorOut'>,
  { texts, formats }: Speech,
): HTMLElement[] {
  const { standardErrorIn: errorIn, standardErrorOut: errorOut } = totals;
  const present = totals.in === null || totals.out === null ? null : totals.in - totals.out;
  const presentError = errorIn === null || errorOut === null ? null : Math.hypot(errorIn, errorOut);
  return [
    figure(texts.in, formats.whole(totals.in), formats.error(errorIn), 'in'),
    figure(texts.out, formats.whole(totals.out), formats.error(errorOut), 'out'),
    figure(texts.present, formats.whole(present), formats.error(presentError), 'present', texts.presentHint),
  ];
}

function figure(
  ...[label, value, error, name, hint]: [string, string, string, string?, string?]
): HTMLElement {
  return element(
    'div',
    { class: 'figure', 'data-figure': name },
    element('dt', hint === undefined ? {} : { title: hint }, label),
    element(
      'dd',
      {},
      element('span', { class: 'number' }, value),
      error === '' ? null : element('span', { class: 'error' }, error),
    ),
  );
}

function badgesOf(line: Line, texts: Texts): HTMLElement[] {
  const badges: HTMLElement[] = [];
  if (line.kind === 'presence') badges.push(element('span', { class: 'badge indicator' }, texts.presence));
  if (line.kind === 'motion') badges.push(element('span', { class: 'badge indicator' }, texts.motion));
  if (line.kind !== 'crossing') badges.push(element('span', { class: 'badge' }, texts.notPeople));
  if (line.simulated) {
    badges.push(element('span', { class: 'badge simulated', title: texts.simulatedHint }, texts.simulated));
  }
  return badges;
}

function noteOf(line: Line, texts: Texts): HTMLElement | null {
  if (line.kind === 'crossing') return null;
  return element('p', { class: 'note' }, line.kind === 'presence' ? texts.presenceNote : texts.motionNote);
}

/** Whether the chart hatches anything. */
function hasGap(counts: LineCounts): boolean {
  const now = Date.now() / 1000;
  return pointsOf(counts).some((point) => isGap(point, now));
}

/** The share of the time until now in which somebody looked. */
function coverageSoFar(counts: LineCounts): number {
  const now = Date.now();
  let elapsed = 0;
  let looked = 0;
  for (const { start, seconds, coverage } of counts.cells) {
    const past = Math.min(seconds, (now - Date.parse(start)) / 1000);
    if (past <= 0) break;
    elapsed += past;
    looked += Math.min(past, coverage * seconds);
  }
  return elapsed > 0 ? looked / elapsed : 0;
}

/** One row for each quarter in which anybody looked, newest first. */
function rowsOf(counts: LineCounts, { formats }: Speech): HTMLElement[] {
  const rows = counts.cells.map((cell) => ({ cell, texts: columnsOf(counts.kind, cell, formats) }));
  return rows
    .filter(({ cell }) => cell.coverage > 0)
    .reverse()
    .map(({ cell, texts }) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, formats.time(new Date(cell.start), counts.timeZone)),
        ...texts.map((text) => element('td', {}, text)),
        element('td', {}, formats.share(cell.coverage)),
      ),
    );
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
