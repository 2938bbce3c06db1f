import { UsageError } from './command.ts';

/** A whole number from the command line, or its default. Throws `UsageError`. */
export function wholeNumberOption(
  given: string | undefined,
  wish: {
    readonly option: string;
    readonly initial: number;
    readonly minimum: number;
    readonly maximum: number;
    readonly language: 'de' | 'en';
  },
): number {
  if (given === undefined) return wish.initial;
  const value = Number(given);
  if (/^-?\d+$/.test(given) && value >= wish.minimum && value <= wish.maximum) return value;
  const limits =
    wish.language === 'de' ? `${wish.minimum} bis ${wish.maximum}` : `${wish.minimum} to ${wish.maximum}`;
  const must = wish.language === 'de' ? 'muss eine ganze Zahl sein' : 'must be a whole number';
  throw new UsageError(`${wish.option} ${given}: ${must}, ${limits}`);
}
