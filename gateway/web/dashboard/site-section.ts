import type { LineCounts, LiveLine, Site } from '../../contract/http-api.ts';
import { element } from './element.ts';
import { crossingFigures, LineCard, type Speech } from './line-card.ts';

/** The site of sensors that no line has; its name is the gateway's, its words are ours. */
const unassignedSite = 'unassigned';

/** A site with the sum of its entrances and a card for each line. */
export class SiteSection {
  readonly root: HTMLElement;
  readonly site: Site;
  readonly cards: readonly LineCard[];
  readonly #speech: Speech;
  readonly #sums = element('dl', { class: 'figures sums' });
  readonly #totals = new Map<string, LiveLine>();

  constructor(site: Site, speech: Speech) {
    this.site = site;
    this.#speech = speech;
    this.cards = site.lines.map((line) => new LineCard(site, line, speech));
    const { texts, formats } = speech;
    const loose = site.id === unassignedSite;
    const place = [site.organisation, site.town].filter((text) => text !== '').join(' · ');
    const title = `site-${site.id}`;
    this.root = element(
      'section',
      { class: 'site', 'aria-labelledby': title, 'data-site': site.id },
      element(
        'div',
        { class: 'site-head' },
        element(
          'div',
          {},
          element('h2', { id: title }, loose ? texts.unassignedSite : site.name),
          element('p', { class: 'place' }, loose ? texts.unassignedNote : place),
          element('p', { class: 'day' }, `${texts.today}, ${formats.day(new Date(), site.timeZone)}`),
        ),
        this.#entrances().length > 1
          ? element('div', { class: 'site-sum' }, element('h3', {}, texts.siteTotal), this.#sums)
          : null,
      ),
      element('div', { class: 'cards' }, ...this.cards.map((card) => card.root)),
    );
  }

  showCounts(counts: LineCounts): void {
    this.cards.find((card) => card.line.id === counts.line)?.showCounts(counts);
  }

  showTotals(totals: LiveLine): void {
    this.#totals.set(totals.line, totals);
    this.cards.find((card) => card.line.id === totals.line)?.showTotals(totals);
    this.#sums.replaceChildren(...crossingFigures(this.#sum(), this.#speech));
  }

  /** Lines through which people come in; the street outside is not added to them. */
  #entrances() {
    return this.site.lines.filter(({ role, kind }) => role === 'entrance' && kind === 'crossing');
  }

  /** Null, not too small, where any entrance has no number yet. */
  #sum(): Pick<LiveLine, 'in' | 'out' | 'standardErrorIn' | 'standardErrorOut'> {
    const totals = this.#entrances().map(({ id }) => this.#totals.get(id));
    const over = (value: (line: LiveLine) => number | null, add: (sum: number, next: number) => number) => {
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
