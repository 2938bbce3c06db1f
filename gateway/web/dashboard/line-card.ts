import type { Line, LineCounts, LiveLine, Site } from '../../contract/http-api.ts';
import { DayChart } from './day-chart.ts';
import { coverageSoFar, type DayPoint, hasGap } from './day-points.ts';
import { rowsOf, tableOf } from './day-table.ts';
import { element } from './element.ts';
import { crossingFigures, figuresOf } from './figures.ts';
import type { Speech } from './speech.ts';
import { filled, type Texts } from './texts.ts';

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
      tableOf(line, this.#tableBody, texts),
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
    const past = Date.parse(counts.to) <= Date.now();
    const share = filled(past ? texts.coveragePast : texts.coverage, { share: formats.share(covered) });
    this.#coverage.textContent = hasGap(counts) ? `${share} · ${texts.gaps}` : share;
    this.#figures.replaceChildren(...figuresOf(counts, this.#speech));
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
