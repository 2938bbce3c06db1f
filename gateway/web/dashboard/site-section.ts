import type { LineCounts, LiveLine, Site } from '../../contract/http-api.ts';
import { element } from './element.ts';
import { type CrossingTotals, crossingFigures } from './figures.ts';
import { LineCard } from './line-card.ts';
import { type ShownRange, titleOf } from './shown-range.ts';
import type { Speech } from './speech.ts';

/** The site of sensors that no line has; its name is the gateway's, its words are ours. */
const unassignedSite = 'unassigned';

/** A site with the sum of its entrances and a card for each line. */
export class SiteSection {
  readonly root: HTMLElement;
  readonly site: Site;
  readonly cards: readonly LineCard[];
  readonly #range: ShownRange;
  readonly #speech: Speech;
  readonly #sums = element('dl', { class: 'figures sums' });
  readonly #totals = new Map<string, CrossingTotals>();

  constructor(site: Site, range: ShownRange, speech: Speech) {
    this.site = site;
    this.#range = range;
    this.#speech = speech;
    this.cards = site.lines.map((line) => new LineCard({ site, line, range, speech }));
    const { texts } = speech;
    const loose = site.id === unassignedSite;
    const place = [site.organisation, site.town].filter((text) => text !== '').join(' · ');
    const title = `site-${site.id}`;
    this.root = element(
      'section',
      { class: this.cards.length > 1 ? 'site wide' : 'site', 'aria-labelledby': title, 'data-site': site.id },
      element(
        'div',
        { class: 'site-head' },
        element(
          'div',
          {},
          element('h2', { id: title }, loose ? texts.unassignedSite : site.name),
          element('p', { class: 'place' }, loose ? texts.unassignedNote : place),
          element('p', { class: 'day' }, titleOf(range, site, speech)),
        ),
        this.#entrances().length > 1
          ? element('div', { class: 'site-sum' }, element('h3', {}, texts.siteTotal), this.#sums)
          : null,
      ),
      element('div', { class: 'cards' }, ...this.cards.map((card) => card.root)),
    );
  }

  /** `before` is what was counted a week before, where it is compared with. */
  showCounts(counts: LineCounts, before: LineCounts | null): void {
    this.cards.find((card) => card.line.id === counts.line)?.showCounts(counts, before);
    if (counts.kind === 'crossing') this.#add(counts.line, counts.total);
  }

  showTotals(totals: LiveLine): void {
    this.cards.find((card) => card.line.id === totals.line)?.showTotals(totals);
    this.#add(totals.line, totals);
  }

  #add(line: string, totals: CrossingTotals): void {
    this.#totals.set(line, totals);
    this.#sums.replaceChildren(...crossingFigures(this.#sum(), this.#range.span === 'day', this.#speech));
  }

  /** Lines through which people come in; the street outside is not added to them. */
  #entrances() {
    return this.site.lines.filter(({ role, kind }) => role === 'entrance' && kind === 'crossing');
  }

  /** Null, not too small, where any entrance has no number yet. */
  #sum(): CrossingTotals {
    const totals = this.#entrances().map(({ id }) => this.#totals.get(id));
    const over = (
      value: (line: CrossingTotals) => number | null,
      add: (sum: number, next: number) => number,
    ) => {
      let sum: number | null = 0;
      for (const line of totals) {
        const next = line === undefined ? null : value(line);
        sum = sum === null || next === null ? null : add(sum, next);
      }
      return sum;
    };
    const plus = (sum: number, next: number) => sum + next;
    return {
      in: over((line) => line.in, plus),
      out: over((line) => line.out, plus),
      standardErrorIn: over((line) => line.standardErrorIn, Math.hypot),
      standardErrorOut: over((line) => line.standardErrorOut, Math.hypot),
    };
  }
}
