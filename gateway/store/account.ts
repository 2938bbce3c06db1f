import { type Receipt, type RefusalReason, receiptVersion } from '../contract/receipt.ts';

/** What became of a sequence. */
export type Disposition = 'stored' | 'gone' | RefusalReason;

/** Sequences `from`..`to`, both included, that share one fate. */
export interface AccountedRange {
  readonly from: number;
  readonly to: number;
  readonly disposition: Disposition;
}

/**
 * The books of one epoch of one device. `ranges` are disjoint, ascending and never shrink: retention
 * deletes minutes, never the account. `reused` are sequences that came again with other contents;
 * they are in `ranges` too, with the fate of the first contents.
 */
export interface EpochAccount {
  readonly device: string;
  readonly epoch: string;
  /** Every sequence up to this one is stored, refused or gone; 0 where the first is missing. */
  readonly through: number;
  /** The newest sequence that was heard of. */
  readonly sent: number;
  readonly ranges: readonly AccountedRange[];
  readonly reused: readonly AccountedRange[];
}

/** A receipt has to stay small (contract): what does not fit is sent again, or was told before. */
const receiptRangesMax = 512;

export function emptyAccount(device: string, epoch: string): EpochAccount {
  return { device, epoch, through: 0, sent: 0, ranges: [], reused: [] };
}

/** The fate of a sequence, or null where it is not accounted for. */
export function dispositionOf(ranges: readonly AccountedRange[], sequence: number): Disposition | null {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle]!;
    if (sequence < range.from) high = middle - 1;
    else if (sequence > range.to) low = middle + 1;
    else return range.disposition;
  }
  return null;
}

/**
 * Enters a range. What is accounted for already keeps its fate, with one exception: sequences
 * declared gone that arrive after all (a reordered batch) become stored.
 */
export function enterRange(
  ranges: readonly AccountedRange[],
  entry: AccountedRange,
): readonly AccountedRange[] {
  const last = ranges.at(-1);
  // Nearly always the next sequence of a device that delivers in order.
  if (last && last.to + 1 === entry.from && last.disposition === entry.disposition) {
    return ranges.with(-1, { ...last, to: entry.to });
  }
  const kept: AccountedRange[] = [];
  let open: AccountedRange[] = [entry];
  for (const range of ranges) {
    if (range.to < entry.from || range.from > entry.to) kept.push(range);
    else if (range.disposition === 'gone' && entry.disposition === 'stored') {
      kept.push(...without(range, entry));
    } else {
      kept.push(range);
      open = open.flatMap((part) => without(part, range));
    }
  }
  return merged([...kept, ...open]);
}

/** The parts of a range that lie outside another. */
function without(range: AccountedRange, cut: AccountedRange): AccountedRange[] {
  if (cut.to < range.from || cut.from > range.to) return [range];
  const parts: AccountedRange[] = [];
  if (range.from < cut.from) parts.push({ ...range, to: cut.from - 1 });
  if (range.to > cut.to) parts.push({ ...range, from: cut.to + 1 });
  return parts;
}

/** Ascending, with neighbours of the same fate as one. */
function merged(ranges: AccountedRange[]): AccountedRange[] {
  ranges.sort((left, right) => left.from - right.from);
  const result: AccountedRange[] = [];
  for (const range of ranges) {
    const last = result.at(-1);
    if (last && last.to + 1 === range.from && last.disposition === range.disposition) {
      result[result.length - 1] = { ...last, to: range.to };
    } else result.push(range);
  }
  return result;
}

/** The sequence up to which everything is accounted for; never below `previous`. */
export function throughOf(ranges: readonly AccountedRange[], previous: number): number {
  let through = 0;
  for (const range of ranges) {
    if (range.from > through + 1) break;
    through = range.to;
  }
  return Math.max(through, previous);
}

/** Ranges up to `sent` that are not accounted for, first and last sequence. */
export function missingRanges(account: EpochAccount): [number, number][] {
  const missing: [number, number][] = [];
  let next = 1;
  for (const range of account.ranges) {
    if (range.from > next) missing.push([next, range.from - 1]);
    next = range.to + 1;
  }
  if (next <= account.sent) missing.push([next, account.sent]);
  return missing;
}

/** What a device is told: see the contract. Sequences gone are its own declaration and not repeated. */
export function receiptOf(store: string, account: EpochAccount, answers?: string): Receipt {
  const beyond = account.ranges
    .filter((range) => range.from > account.through && range.disposition === 'stored')
    .slice(0, receiptRangesMax)
    .map((range): [number, number] => [range.from, range.to]);
  const refused = [...account.ranges, ...account.reused]
    .flatMap((range) =>
      range.disposition === 'stored' || range.disposition === 'gone'
        ? []
        : [{ from: range.from, to: range.to, reason: range.disposition }],
    )
    .sort((left, right) => left.from - right.from)
    .slice(-receiptRangesMax);
  return {
    version: receiptVersion,
    store,
    epoch: account.epoch,
    through: account.through,
    beyond,
    refused,
    heard: account.sent,
    ...(answers === undefined ? {} : { answers }),
  };
}
