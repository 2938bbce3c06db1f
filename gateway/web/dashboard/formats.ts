import type { Language } from './texts.ts';

const locales = { de: 'de-DE', en: 'en-GB' } as const;

/** How a language writes numbers and times. */
export class Formats {
  readonly locale: string;
  readonly #whole: Intl.NumberFormat;
  readonly #tenth: Intl.NumberFormat;
  readonly #share: Intl.NumberFormat;

  constructor(language: Language) {
    this.locale = locales[language];
    const signDisplay = 'auto';
    this.#whole = new Intl.NumberFormat(this.locale, { maximumFractionDigits: 0, signDisplay });
    this.#tenth = new Intl.NumberFormat(this.locale, { maximumFractionDigits: 1, signDisplay });
    this.#share = new Intl.NumberFormat(this.locale, { style: 'percent', maximumFractionDigits: 0 });
  }

  /** A number of people; a dash where nobody looked. Below zero with a real minus. */
  whole(value: number | null): string {
    return value === null ? '–' : this.#whole.format(value).replace('-', '−');
  }

  tenth(value: number | null): string {
    return value === null ? '–' : this.#tenth.format(value).replace('-', '−');
  }

  /** A standard error: with a decimal only where it is small. */
  error(value: number | null): string {
    if (value === null) return '';
    return `± ${value < 10 ? this.#tenth.format(value) : this.#whole.format(value)}`;
  }

  /** 99.6 % looked at is not all of it. */
  share(value: number): string {
    return this.#share.format(value < 1 ? Math.min(value, 0.99) : 1);
  }

  minutes(seconds: number | null): string {
    return seconds === null ? '–' : `${this.#whole.format(seconds / 60)} min`;
  }

  time(at: Date, timeZone: string): string {
    return at.toLocaleTimeString(this.locale, { timeZone, hour: '2-digit', minute: '2-digit' });
  }

  day(at: Date, timeZone: string): string {
    return at.toLocaleDateString(this.locale, { timeZone, weekday: 'long', day: 'numeric', month: 'long' });
  }
}
