import type { Language } from './texts.ts';

const locales = { de: 'de-DE', en: 'en-GB' } as const;

/** How a language writes numbers and times. */
export class Formats {
  readonly locale: string;
  readonly #whole: Intl.NumberFormat;
  readonly #tenth: Intl.NumberFormat;
  readonly #share: Intl.NumberFormat;
  readonly #change: Intl.NumberFormat;

  constructor(language: Language) {
    this.locale = locales[language];
    const signDisplay = 'auto';
    this.#whole = new Intl.NumberFormat(this.locale, { maximumFractionDigits: 0, signDisplay });
    this.#tenth = new Intl.NumberFormat(this.locale, { maximumFractionDigits: 1, signDisplay });
    this.#change = new Intl.NumberFormat(this.locale, {
      style: 'percent',
      maximumFractionDigits: 0,
      signDisplay: 'exceptZero',
    });
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

  /** A local date, as 2026-03-02. */
  date(date: string): string {
    return this.#written(date, { weekday: 'long', day: 'numeric', month: 'long' });
  }

  dates(first: string, last: string): string {
    const format = this.#ofDates({ day: 'numeric', month: 'long', year: 'numeric' });
    return format.formatRange(utc(first), utc(last));
  }

  month(date: string): string {
    return this.#written(date, { month: 'long', year: 'numeric' });
  }

  /** A moment within a longer range. */
  weekdayAndTime(at: Date, timeZone: string): string {
    return `${this.weekday(at, timeZone)} ${this.time(at, timeZone)}`;
  }

  weekday(at: Date, timeZone: string): string {
    return at.toLocaleDateString(this.locale, {
      timeZone,
      weekday: 'short',
      day: 'numeric',
      month: 'numeric',
    });
  }

  /** +12 %, with its sign. */
  change(value: number): string {
    return this.#change.format(value).replace('-', '−');
  }

  percentage(value: number): string {
    return this.#share.format(value);
  }

  #written(date: string, options: Intl.DateTimeFormatOptions): string {
    return this.#ofDates(options).format(utc(date));
  }

  #ofDates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    return new Intl.DateTimeFormat(this.locale, { ...options, timeZone: 'UTC' });
  }
}

function utc(date: string): Date {
  return new Date(`${date}T00:00:00Z`);
}
