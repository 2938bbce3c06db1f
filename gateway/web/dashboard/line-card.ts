import type { Line, LineCounts, LiveLine, Site } from '../../contract/http-api.ts';
import { rowsOf, tableOf } from './cell-table.ts';
import { type ChartPoint, coverageSoFar, hasGap } from './chart-points.ts';
import { growthOf, growthText } from './comparison.ts';
import { element } from './element.ts';
import { crossingFigures, figuresOf } from './figures.ts';
import { LineChart } from './line-chart.ts';
import type { ShownRange } from './shown-range.ts';
import type { Speech } from './speech.ts';
import { filled, type Texts } from './texts.ts';

const roleTexts = {
  entrance: 'roleEntrance',
  street: 'roleStreet',
  window: 'roleWindow',
  inside: 'roleInside',
} as const;
const chartTexts = {
  crossing: 'perCell',
  motion: 'motionPerCell',
  presence: 'presencePerCell',
} as const;
const cellTexts = { hours: 'quarter', day: 'quarter', week: 'hour', month: 'day' } as const;

/** The card of one line: its totals, its chart, and the same numbers as a table. */
export class LineCard {
  readonly root: HTMLElement;
  readonly line: Line;
  readonly #speech: Speech;
  readonly #site: Site;
  readonly #range: ShownRange;
  readonly #growth = element('p', { class: 'growth', hidden: true });
  readonly #figures = element('dl', { class: 'figures' });
  readonly #running = element('p', { class: 'running', hidden: true });
  readonly #readout = element('p', { class: 'readout', 'aria-hidden': 'true' });
  readonly #coverage = element('p', { class: 'coverage' });
  readonly #tableBody = element('tbody');
  readonly #chart: LineChart;
  #hint = '';

  constructor(parts: { site: Site; line: Line; range: ShownRange; speech: Speech }) {
    const { site, line, range, speech } = parts;
    this.#site = site;
    this.#range = range;
    this.line = line;
    this.#speech = speech;
    const { texts, formats } = speech;
    const title = `line-${line.id}`;
    const canvas = element('div', {
      class: 'chart',
      role: 'img',
      'aria-label': this.#chartText(),
    });
    this.#chart = new LineChart({
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
      this.#growth,
      canvas,
      this.#readout,
      this.#coverage,
      tableOf(line, this.#tableBody, texts),
    );
  }

  /** Nobody stays in a street, and a week does not begin with nobody there. */
  get #withPresent(): boolean {
    const { role } = this.line;
    return this.#range.span === 'day' && (role === 'entrance' || role === 'inside');
  }

  #chartText(): string {
    const { texts } = this.#speech;
    return filled(texts[chartTexts[this.line.kind]], { cell: texts[cellTexts[this.#range.span]] });
  }

  /** Shows a series, and beside it what was counted a week before. */
  showCounts(counts: LineCounts, before: LineCounts | null): void {
    const { texts, formats } = this.#speech;
    const covered = coverageSoFar(counts);
    const seen = counts.cells.some((cell) => cell.coverage > 0);
    this.#hint = seen ? this.#chartText() : texts.nothingYet;
    this.#readout.textContent = this.#hint;
    this.root.classList.toggle('nothing', !seen);
    const past = Date.parse(counts.to) <= Date.now();
    const share = filled(past ? texts.coveragePast : texts.coverage, { share: formats.share(covered) });
    const legend = hasGap(counts) ? [share, texts.strip, texts.gaps] : [share, texts.strip];
    this.#coverage.textContent = legend.join(' · ');
    this.#figures.replaceChildren(...figuresOf(counts, this.#withPresent, this.#speech));
    this.#chart.show(counts, before);
    this.#compare(counts, before);
    this.#tableBody.replaceChildren(...rowsOf(counts, this.#speech));
  }

  /** Shows newer totals than those of the series, and the running ones where there are any. */
  showTotals(totals: LiveLine): void {
    this.#figures.replaceChildren(...crossingFigures(totals, this.#withPresent, this.#speech));
    const { texts, formats } = this.#speech;
    const { running } = totals;
    this.#running.hidden = running === null;
    if (running === null) return;
    const numbers = { in: formats.whole(running.in), out: formats.whole(running.out) };
    this.#running.textContent = filled(texts.running, numbers);
  }

  #compare(counts: LineCounts, before: LineCounts | null): void {
    const both = counts.kind === 'crossing' && before?.kind === 'crossing';
    this.#growth.hidden = !both;
    if (!both) return;
    const { texts, formats } = this.#speech;
    this.#growth.textContent = growthText(growthOf(counts, before, Date.now()), texts, formats);
  }

  #pointed(point: ChartPoint | null): void {
    const { formats } = this.#speech;
    if (point === null) {
      this.#readout.textContent = this.#hint;
      return;
    }
    const { timeZone } = this.#site;
    const from = new Date(point.atSeconds * 1000);
    const to = new Date((point.atSeconds + point.seconds) * 1000);
    const long = this.#range.span === 'week';
    const begin = long ? formats.weekdayAndTime(from, timeZone) : formats.time(from, timeZone);
    const span =
      this.#range.span === 'month'
        ? formats.weekday(from, timeZone)
        : `${begin}–${formats.time(to, timeZone)}`;
    this.#readout.textContent = `${span}: ${this.#valuesAt(point)}`;
  }

  #valuesAt(point: ChartPoint): string {
    const { texts, formats } = this.#speech;
    const share = filled(texts.coverageShort, { share: formats.share(point.coverage) });
    if (point.above === null) return share;
    if (this.line.kind === 'crossing') {
      const out = formats.whole(Math.abs(point.below ?? 0));
      const into = `${texts.in} ${formats.whole(point.above)} ${formats.error(point.errorAbove)}`;
      const values = [into, `${texts.out} ${out} ${formats.error(point.errorBelow)}`, share];
      const { aboveBefore } = point;
      if (aboveBefore !== null) values.push(filled(texts.beforeShort, { in: formats.whole(aboveBefore) }));
      return values.join(' · ');
    }
    return `${formats.tenth(point.above)} ${formats.error(point.errorAbove)} · ${share}`;
  }
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
