import type { LiveEvent, LiveLine, Site } from '../../contract/http-api.ts';
import { element } from './element.ts';
import { Formats } from './formats.ts';
import {
  fetchCounts,
  fetchHealth,
  fetchSites,
  fetchVisitor,
  followTotals,
  LoginNeeded,
  logOut,
  type Visitor,
} from './gateway-client.ts';
import { loginForm } from './login-form.ts';
import { notice } from './notice.ts';
import { rangePicker } from './range-picker.ts';
import { renewed } from './renewed.ts';
import { askedRange, hashOf, isToday, rangeOfHash, type ShownRange } from './shown-range.ts';
import { SiteSection } from './site-section.ts';
import type { Speech } from './speech.ts';
import { type Language, languages, preferredLanguage, rememberLanguage } from './texts.ts';
import { visitorParts } from './visitor-parts.ts';

/** New sites, lines and days, and lines that no totals announce, are looked for this often. */
const lookAroundMs = 10_000;
/** A chart is asked for again at most this often, however fast totals come. */
const chartEveryMs = 2_000;

type LinkState = 'connecting' | 'live' | 'offline' | 'alarm' | 'login';

/** The page: sites in the language of the reader, numbers as they come. */
class Page {
  #language: Language = preferredLanguage();
  #sites: readonly Site[] = [];
  #sections: readonly SiteSection[] = [];
  #range: ShownRange = rangeOfHash(location.hash);
  #compared = true;
  #link: LinkState = 'connecting';
  #visitor: Visitor | null = null;
  #unfollow: (() => void) | null = null;
  readonly #totals = new Map<string, LiveLine>();
  readonly #waiting = new Set<string>();

  async start(): Promise<void> {
    for (const button of document.querySelectorAll<HTMLButtonElement>('#languages button')) {
      button.addEventListener('click', () => this.#speak(button.dataset['language'] as Language));
    }
    addEventListener('hashchange', () => this.#turnTo(rangeOfHash(location.hash)));
    this.#render();
    await this.#lookAround();
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

  #turnTo(range: ShownRange): void {
    if (hashOf(range) === hashOf(this.#range)) return;
    this.#range = range;
    history.replaceState(null, '', hashOf(range));
    this.#render();
    this.#loadCharts();
  }

  #compare(compared: boolean): void {
    this.#compared = compared;
    this.#render();
    this.#loadCharts();
  }

  /** Renders anew only when something is there that was not. */
  async #lookAround(): Promise<void> {
    try {
      const [sites, health] = await Promise.all([fetchSites(), fetchHealth()]);
      await this.#enter();
      if (health.status === 'alarm') this.#linkIs('alarm');
      else if (this.#link === 'alarm') this.#linkIs('live');
      if (this.#visitor?.seesPage === false) return;
      if (JSON.stringify(sites) !== JSON.stringify(this.#sites)) {
        this.#sites = sites;
        this.#render();
      }
      this.#loadCharts();
    } catch (cause) {
      if (cause instanceof LoginNeeded) this.#askWho();
      else this.#linkIs('offline');
    }
  }

  /** Once the gateway answers: who we are to it, and its totals. */
  async #enter(): Promise<void> {
    if (this.#unfollow !== null) return;
    this.#visitor = await fetchVisitor();
    if (this.#visitor?.seesPage === false) {
      this.#unfollow = () => {};
      this.#link = 'live';
      return this.#render();
    }
    this.#link = 'connecting';
    this.#unfollow = followTotals({
      totals: (event) => this.#take(event),
      // Totals flow under an alarm too; only the gateway's health ends it.
      state: (state) => this.#linkIs(state === 'live' && this.#link === 'alarm' ? 'alarm' : state),
    });
    this.#render();
  }

  /** No session, or it is over: everything that was seen goes from the page. */
  #askWho(): void {
    if (this.#link === 'login') return;
    this.#unfollow?.();
    this.#unfollow = null;
    this.#visitor = null;
    this.#sites = [];
    this.#totals.clear();
    this.#link = 'login';
    this.#render();
  }

  async #leave(visitor: Visitor): Promise<void> {
    await logOut(visitor).catch(() => {});
    this.#unfollow?.();
    this.#unfollow = null;
    await this.#lookAround();
  }

  #take(event: LiveEvent): void {
    const known = new Set(this.#sites.flatMap((site) => site.lines.map(({ id }) => id)));
    if (event.lines.some(({ line }) => !known.has(line))) void this.#lookAround();
    for (const totals of event.lines) {
      const before = this.#totals.get(totals.line);
      this.#totals.set(totals.line, totals);
      this.#showTotals(totals);
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
    const { site } = section;
    try {
      const compared = this.#compared && this.#range.span !== 'month';
      const [counts, before] = await Promise.all([
        fetchCounts(line, askedRange(this.#range, site)),
        compared ? fetchCounts(line, askedRange(this.#range, site, 1)).catch(() => null) : null,
      ]);
      // Another range or language has been chosen meanwhile: its own answer is on the way.
      if (this.#sectionOf(line) !== section) return;
      section.showCounts(counts, before);
      // The series may be older than the totals that have come since it was asked for.
      const totals = this.#totals.get(line);
      if (totals) this.#showTotals(totals);
    } catch (cause) {
      // Else the next look around asks again; the state of the link says why nothing moves.
      if (cause instanceof LoginNeeded) this.#askWho();
    }
  }

  /** Totals are those of today; another range stands still. */
  #showTotals(totals: LiveLine): void {
    const section = this.#sectionOf(totals.line);
    if (section && isToday(this.#range, section.site)) section.showTotals(totals);
  }

  #sectionOf(line: string): SiteSection | undefined {
    return this.#sections.find(({ site }) => site.lines.some(({ id }) => id === line));
  }

  #render(): void {
    const speech = this.#speech;
    document.documentElement.lang = this.#language;
    this.#renderBar(speech);
    this.#sections = this.#sites.map((site) => new SiteSection(site, this.#range, speech));
    const main = document.querySelector('#sites')!;
    main.replaceChildren(
      ...(this.#sections.length > 0 ? this.#sections.map(({ root }) => root) : [this.#lone(speech)]),
    );
    for (const totals of this.#totals.values()) this.#showTotals(totals);
    const { texts } = speech;
    document
      .querySelector('#footer')!
      .replaceChildren(
        element('p', {}, `${texts.footer} ${texts.standardErrorHint}.`),
        element('p', {}, element('a', { href: '/docs' }, texts.interface)),
      );
    this.#linkIs(this.#link);
  }

  /** What stands where no site does. */
  #lone(speech: Speech): HTMLElement {
    if (this.#link === 'login') return loginForm(speech, () => this.#loggedIn());
    if (this.#visitor?.seesPage === false) return notice(speech.texts.sharedTitle, speech.texts.sharedText);
    // Before the first answer nobody knows whether there is nothing.
    return this.#unfollow === null
      ? element('p', { class: 'note' }, '')
      : notice(speech.texts.emptyTitle, speech.texts.emptyText);
  }

  #loggedIn(): void {
    this.#link = 'connecting';
    this.#render();
    void this.#lookAround();
  }

  #renderBar(speech: Speech): void {
    for (const button of document.querySelectorAll<HTMLButtonElement>('#languages button')) {
      button.setAttribute('aria-pressed', String(button.dataset['language'] === this.#language));
    }
    const parts = { speech, sites: this.#sites, range: this.#range, compared: this.#compared };
    renewed(
      document.querySelector('#range')!,
      rangePicker({
        ...parts,
        chosen: (range) => this.#turnTo(range),
        compare: (compared) => this.#compare(compared),
      }),
    );
    const visitor = this.#visitor;
    renewed(
      document.querySelector('#visitor')!,
      visitor === null ? [] : visitorParts(visitor, speech, () => void this.#leave(visitor)),
    );
  }

  #linkIs(state: LinkState): void {
    this.#link = state;
    const badge = document.querySelector<HTMLElement>('#link-state')!;
    badge.dataset['state'] = state;
    badge.textContent = this.#speech.texts[state];
  }
}

await new Page().start();
