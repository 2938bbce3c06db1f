import type { LineKind } from '../contract/http-api.ts';
import type { Span } from '../values/local-time.ts';
import type { CellSums } from './count-store.ts';

/**
 * Blocks: packed copies of the roll-up rows of one sensor over some weeks, from which a year is read
 * in a tenth of the time that its rows take. A block is derived and never the only copy: the commit
 * that adds to any of its cells drops it in the same transaction, and upkeep packs it again. So late
 * data, a second gateway process and a kill at any moment find either a true block or rows. What was
 * known as of a day is always answered from rows.
 */
export const blockLevels = ['hours', 'days'] as const;
export type BlockLevel = (typeof blockLevels)[number];

const dayMs = 86_400_000;
/** A year by hour reads 26 blocks of 336 hours, and the rows that no block has yet are few. */
const blockMs: Readonly<Record<BlockLevel, number>> = { hours: 14 * dayMs, days: 56 * dayMs };
/** What arrives later than this is rare, and only has its block packed again. */
const settledAfterMs = 3 * dayMs;

export function isBlockLevel(level: string): level is BlockLevel {
  return level === 'hours' || level === 'days';
}

/** The number of the block in which a cell starts. */
export function blockOf(level: BlockLevel, startMs: number): number {
  return Math.floor(startMs / blockMs[level]);
}

export function blockSpan(level: BlockLevel, block: number): Span {
  return { fromMs: block * blockMs[level], toMs: (block + 1) * blockMs[level] };
}

/** Blocks below this number are old enough to be packed. */
export function settledBefore(level: BlockLevel, nowMs: number): number {
  return blockOf(level, nowMs - settledAfterMs);
}

/** A stretch of a range: from a block, or (`body` null) from rows. */
export interface Stretch extends Span {
  readonly body: Uint8Array | null;
}

/** Lays a range out into blocks that there are and rows between them, ascending. */
export function stretchesOf(
  range: Span,
  level: BlockLevel,
  blocks: readonly { readonly block: number; readonly body: Uint8Array }[],
): Stretch[] {
  const stretches: Stretch[] = [];
  let atMs = range.fromMs;
  for (const { block, body } of blocks) {
    const { fromMs, toMs } = blockSpan(level, block);
    if (fromMs > atMs) stretches.push({ fromMs: atMs, toMs: fromMs, body: null });
    stretches.push({ fromMs: Math.max(fromMs, atMs), toMs: Math.min(toMs, range.toMs), body });
    atMs = toMs;
  }
  if (atMs < range.toMs) stretches.push({ fromMs: atMs, toMs: range.toMs, body: null });
  return stretches;
}

/** The columns of a block by kind; what is not among them is 0. Never reorder: blocks lie on disks. */
const columnsOf = {
  crossing: ['in', 'out', 'varianceIn', 'varianceOut'],
  motion: ['activations', 'activeSeconds', 'orderedIn', 'orderedOut'],
  presence: ['frames', 'indicator', 'variance'],
} as const satisfies Record<LineKind, readonly (keyof CellSums)[]>;
const columnsOfAll = ['startMs', 'measured', 'durationSeconds', 'coverageSeconds', 'flags'] as const;

function columnNames(kind: LineKind): readonly (keyof CellSums)[] {
  return [...columnsOfAll, ...columnsOf[kind]];
}

/** One column after the other as 64-bit floats of this machine's byte order (all that we run on is little-endian). */
export function packBlock(cells: readonly CellSums[], kind: LineKind): Uint8Array {
  const names = columnNames(kind);
  const numbers = new Float64Array(names.length * cells.length);
  for (const [column, name] of names.entries()) {
    for (const [index, cell] of cells.entries()) numbers[column * cells.length + index] = cell[name];
  }
  return new Uint8Array(numbers.buffer);
}

/** Appends the cells of a block that start within a stretch. */
export function unpackBlock(into: CellSums[], stretch: Stretch, kind: LineKind): void {
  const numbers = floatsOf(stretch.body!);
  const names = columnNames(kind);
  const length = numbers.length / names.length;
  const none = new Float64Array(length);
  const column = (name: keyof CellSums): Float64Array => {
    const index = names.indexOf(name);
    return index < 0 ? none : numbers.subarray(index * length, (index + 1) * length);
  };
  const [starts, measured, durations, coverages, flags] = columnsOfAll.map(column) as Five;
  const [ins, outs, varianceIns, varianceOuts] = columnsOf.crossing.map(column) as Five;
  const [activations, active, orderedIns, orderedOuts] = columnsOf.motion.map(column) as Five;
  const [frames, indicators, variances] = columnsOf.presence.map(column) as Five;
  for (let index = 0; index < length; index += 1) {
    const startMs = starts[index]!;
    if (startMs < stretch.fromMs || startMs >= stretch.toMs) continue;
    into.push({
      startMs,
      measured: measured[index]!,
      durationSeconds: durations[index]!,
      coverageSeconds: coverages[index]!,
      in: ins[index]!,
      out: outs[index]!,
      varianceIn: varianceIns[index]!,
      varianceOut: varianceOuts[index]!,
      activations: activations[index]!,
      activeSeconds: active[index]!,
      orderedIn: orderedIns[index]!,
      orderedOut: orderedOuts[index]!,
      frames: frames[index]!,
      indicator: indicators[index]!,
      variance: variances[index]!,
      flags: flags[index]!,
    });
  }
}

type Five = [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];

/** A view where the bytes happen to lie on a boundary of eight, else a copy. */
function floatsOf(bytes: Uint8Array): Float64Array {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : Uint8Array.from(bytes);
  return new Float64Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 8);
}
