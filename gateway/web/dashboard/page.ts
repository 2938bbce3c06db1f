import type { LiveEvent, LiveLine, Site } from '../../contract/http-api.ts';
import { element } from './element.ts';
import { Formats } from './formats.ts';
import { fetchDay, fetchHealth, fetchSites, followTotals } from './gateway-client.ts';
import { type ShownDay, SiteSection } from './site-section.ts';
import type { Speech } from './speech.ts';
import { type Language, languages, preferredLanguage, rememberLanguage } from './texts.ts';

/** New sites, lines and days, and lines that no totals announce, are looked for this often. */
const lookAroundMs = 10_000;
/** A chart is asked for again at most this often, however fast totals come. */
const chartEveryMs = 2_000;

type LinkState = 'connecting' | 'live' | 'offline' | 'alarm';

/** The page: sites in the language of the reader, numbers as they come. */
class Page {
  #language: Language = preferredLanguage();
  #sites: readonly Site[] = [];
  #sections: readonly SiteSection[] = [];
  #day: ShownDay = 'today';
  #link: LinkState = 'connecting';
  readonly #totals = new Map<string, LiveLine>();
  readonly #waiting = new Set<string>();

  async start(): Promise<void> {
    for (const button of document.querySelectorAll<HTMLButtonElement>('#languages button')) {
      button.addEventListener('click', () => this.#speak(button.dataset['language'] as Language));
    }
    for (const button of document.querySelectorAll<HTMLButtonElement>('#days button')) {
      button.addEventListener('click', () => this.#turnTo(button.dataset['day'] as ShownDay));
    }
    this.#render();
    await this.#lookAround();
    followTotals({
      totals: (event) => this.#take(event),
      // Totals flow under an alarm too; only the gateway's health ends it.
      state: (state) => this.#linkIs(state === 'live' && this.#link === 'alarm' ? 'alarm' : state),
    });
    setInterval(() => void this.#lookAround(), lookAroundMs);
  }

  get #speech(): Speech {
    return { texts: languages[this.#language], formats: new Formats(this.#language) };
  }

  #speak(language: Language): void {
    this.#language = language;
    rememberLanguage(language);
    this.#render();
    this.#loadCharts();
  }

  #turnTo(day: ShownDay): void {
    this.#day = day;
    this.#render();
    this.#loadCharts();
  }

  /** Renders anew only when something is there that was not. */
  async #lookAround(): Promise<void> {
    try {
      const [sites, health] = await Promise.all([fetchSites(), fetchHealth()]);
      if (health.status === 'alarm') this.#linkIs('alarm');
      else if (this.#link === 'alarm') this.#linkIs('live');
      if (JSON.stringify(sites) !== JSON.stringify(this.#sites)) {
        this.#sites = sites;
        this.#render();
      }
      this.#loadCharts();
    } catch {
      this.#linkIs('offline');
    }
  }

  #take(event: LiveEvent): void {
    const known = new Set(this.#sites.flatMap((site) => site.lines.map(({ id }) => id)));
    if (event.lines.some(({ line }) => !known.has(line))) void this.#lookAround();
    for (const totals of event.lines) {
      const before = this.#totals.get(totals.line);
      this.#totals.set(totals.line, totals);
      this.#sectionOf(totals.line)?.showTotals(totals);
      if (
        before &&
        (before.in !== totals.in || before.out !== totals.out || before.coverage !== totals.coverage)
      ) {
        this.#chartLater(totals.line);
      }
    }
  }

  #chartLater(line: string): void {
    if (this.#waiting.has(line)) return;
    this.#waiting.add(line);
    setTimeout(() => {
      this.#waiting.delete(line);
      void this.#loadChart(line);
    }, chartEveryMs);
  }

  #loadCharts(): void {
    for (const { lines } of this.#sites) for (const { id } of lines) void this.#loadChart(id);
  }

  async #loadChart(line: string): Promise<void> {
    const section = this.#sectionOf(line);
    if (section === undefined) return;
    try {
      const counts = await fetchDay(line, section.site[this.#day]);
      section.showCounts(counts);
      // The series may be older than the totals that have come since it was asked for.
      const totals = this.#totals.get(line);
      if (totals) this.#showTotals(totals);
    } catch {
      // The next look around asks again; the state of the link says why nothing moves.
    }
  }

  /** Totals are those of today; another day stands still. */
  #showTotals(totals: LiveLine): void {
    if (this.#day === 'today') this.#sectionOf(totals.line)?.showTotals(totals);
  }

  #sectionOf(line: string): SiteSection | undefined {
    return this.#sections.find(({ site }) => site.lines.some(({ id }) => id === line));
  }

  #render(): void {
    const speech = this.#speech;
    document.documentElement.lang = this.#language;
    this.#renderSwitches(speech);
    this.#sections = this.#sites.map((site) => new SiteSection(site, this.#day, speech));
    const main = document.querySelector('#sites')!;
    main.replaceChildren(
      ...(this.#sections.length > 0 ? this.#sections.map(({ root }) => root) : [empty(speech)]),
    );
    for (const totals of this.#totals.values()) this.#showTotals(totals);
    const { texts } = speech;
    document
      .querySelector('#footer')!
      .replaceChildren(
        element('p', {}, `${texts.footer} ${texts.standardErrorHint}.`),
        element('p', {}, element('a', { href: '/openapi.json' }, texts.interface)),
      );
    this.#linkIs(this.#link);
  }

  #renderSwitches({ texts }: Speech): void {
    for (const button of document.querySelectorAll<HTMLButtonElement>('#languages button')) {
      button.setAttribute('aria-pressed', String(button.dataset['language'] === this.#language));
    }
    for (const button of document.querySelectorAll<HTMLButtonElement>('#days button')) {
      const day = button.dataset['day'] as ShownDay;
      button.textContent = texts[day];
      button.setAttribute('aria-pressed', String(day === this.#day));
    }
    document.querySelector<HTMLElement>('#days')!.hidden = this.#sites.length === 0;
  }

  #linkIs(state: LinkState): void {
    this.#link = state;
    const badge = document.querySelector<HTMLElement>('#link-state')!;
    badge.dataset['state'] = state;
    badge.textContent = this.#speech.texts[state];
  }
}

function empty({ texts }: Speech): HTMLElement {
  return element(
    'section',
    { class: 'empty' },
    element('img', { src: '/dashboard/mark.svg', alt: '', width: '56', height: '56' }),
    element('h2', {}, texts.emptyTitle),
    element('p', {}, texts.emptyText),
  );
}

await new Page().start();
