import type { LineRole } from '../../contract/http-api.ts';
import type { Span } from '../local-time.ts';
import { type FactorErrors, standardErrorOf, type Uncertain } from '../uncertain.ts';

/** A sentence in both languages. */
export interface Words {
  readonly de: string;
  readonly en: string;
}

type Language = keyof Words;
const languages = ['de', 'en'] as const;
const locales = { de: 'de-DE', en: 'en-GB' } as const;
const normal95 = 1.959964;

/** Makes a sentence in each language. */
export function inBoth(say: (language: Language) => string): Words {
  const [de, en] = languages.map(say) as [string, string];
  return { de, en };
}

const nouns: Readonly<Record<Language, Record<'entered' | 'passed', readonly [one: string, many: string]>>> =
  {
    de: { entered: ['Eintritt', 'Eintritte'], passed: ['Passant', 'Passanten'] },
    en: { entered: ['entrance', 'entrances'], passed: ['passer-by', 'passers-by'] },
  };

function nounOf(role: LineRole): 'entered' | 'passed' {
  return role === 'entrance' || role === 'inside' ? 'entered' : 'passed';
}

/** As "Eintritte" or "passers-by". */
export function peopleNoun(role: LineRole, language: Language): string {
  return nouns[language][nounOf(role)][1];
}

/** As "1 Eintritt" or "1,234 passers-by". After "mit" German wants the dative. */
export function peopleText(value: number, role: LineRole, language: Language, dative = false): string {
  const whole = Math.round(value);
  const [one, many] = nouns[language][nounOf(role)];
  if (Math.abs(whole) === 1) {
    const isDative = language === 'de' && dative;
    return `${whole} ${isDative && one === 'Passant' ? 'Passanten' : one}`;
  }
  const ending = language === 'de' && dative && many === 'Eintritte' ? 'Eintritten' : many;
  return `${numberText(whole, language)} ${ending}`;
}

export function numberText(value: number, language: Language, digits = 0): string {
  return new Intl.NumberFormat(locales[language], {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** A share in the language's own spelling: "18 %" and "18%". Below ten with one digit after the comma. */
export function percentText(percent: number, language: Language): string {
  const digits = Math.abs(percent) < 9.95 && percent !== 0 ? 1 : 0;
  return new Intl.NumberFormat(locales[language], {
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(percent / 100);
}

/** As "18 % mehr Eintritte" or "18% fewer passers-by". */
export function moreOrFewer(percent: number, role: LineRole, language: Language): string {
  const words = { de: ['mehr', 'weniger'], en: ['more', 'fewer'] } as const;
  const word = words[language][percent < 0 ? 1 : 0];
  return `${percentText(Math.abs(percent), language)} ${word} ${peopleNoun(role, language)}`;
}

/** As "± 6 %": half of the 95 % interval. */
export function plusMinusPercent(change: Uncertain, errors: FactorErrors, language: Language): string {
  return `± ${percentText(normal95 * standardErrorOf(change, errors), language)}`;
}

export function plusMinusPeople(number: Uncertain, errors: FactorErrors, language: Language): string {
  return `± ${numberText(Math.ceil(normal95 * standardErrorOf(number, errors)), language)}`;
}

/** As "Samstag" where the week is known, "Samstag, 7. März" or "Saturday 7 March" where it is not. */
export function dayText(
  atMs: number,
  at: { timeZone: string; withDate: boolean },
  language: Language,
): string {
  const date = at.withDate ? ({ day: 'numeric', month: 'long' } as const) : {};
  return new Intl.DateTimeFormat(locales[language], {
    weekday: 'long',
    ...date,
    timeZone: at.timeZone,
  }).format(atMs);
}

/** As "14–16 Uhr" or "14:00–16:00"; the end is the hour in which the span ends, 24 at midnight. */
export function hoursText(fromHour: number, toHour: number, language: Language): string {
  const clock = (hour: number) => `${String(hour).padStart(2, '0')}:00`;
  return language === 'de' ? `${fromHour}–${toHour} Uhr` : `${clock(fromHour)}–${clock(toHour)}`;
}

/** As "2.–8. März 2026" or "2–8 March 2026"; the last day is that before the end. */
export function rangeText({ fromMs, toMs }: Span, timeZone: string, language: Language): string {
  const format = new Intl.DateTimeFormat(locales[language], {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone,
  });
  return format.formatRange(fromMs, toMs - 1);
}
