/** A truth file that cannot be used; the message names file, line and cause. */
export class HeadCountError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'HeadCountError';
  }
}

interface Row {
  readonly atSeconds: number;
  readonly people: number;
}

/** Somebody who noted heads wrote at least once in this time; longer gaps are not bridged. */
const gapSecondsMax = 3600;
/** A window's truth is believed where this much of it is known. */
const knownShareMin = 0.8;

/** How many people were in the place, as a step function with gaps. */
export class HeadCountTruth {
  readonly #rows: readonly Row[];
  readonly #stepSeconds: number;

  constructor(rows: readonly Row[], stepSeconds: number) {
    this.#rows = rows;
    this.#stepSeconds = stepSeconds;
  }

  /** Mean number of people between two times (seconds since 1970), or null where too little is known. */
  mean(fromSeconds: number, toSeconds: number): number | null {
    let known = 0;
    let sum = 0;
    let steps = 0;
    const step = Math.min(this.#stepSeconds, 60);
    for (let at = fromSeconds + step / 2; at < toSeconds; at += step) {
      steps += 1;
      const people = this.#at(at);
      if (people === null) continue;
      known += 1;
      sum += people;
    }
    return known > 0 && known >= knownShareMin * steps ? sum / known : null;
  }

  /** A gap between two equal numbers had that number; between different ones nothing is known. */
  #at(atSeconds: number): number | null {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#rows[middle]!.atSeconds <= atSeconds) low = middle + 1;
      else high = middle;
    }
    const before = this.#rows[low - 1];
    const after = this.#rows[low];
    if (before === undefined) return null;
    if (atSeconds < before.atSeconds + this.#stepSeconds) return before.people;
    const bridged = after !== undefined && after.atSeconds - before.atSeconds <= gapSecondsMax;
    return bridged && after.people === before.people ? before.people : null;
  }
}

/**
 * Parses truth per minute or per interval: a column `utc_minute` (or `start`), and `people`, or
 * `occupancy_min` and `occupancy_max`, or the counts `in` and `out` of a line beginning with an
 * empty place. Throws `HeadCountError`.
 */
export function parseHeadCountTruth(text: string, file: string): HeadCountTruth {
  const lines = text.split(/\r?\n/);
  const header = (lines[0] ?? '').split(',').map((name) => name.trim());
  const timeColumn = header.findIndex((name) => name === 'utc_minute' || name === 'start');
  if (timeColumn < 0) throw new HeadCountError(`${file}: line 1: no column utc_minute`);
  const peopleOf = peopleReader(header, file);
  const rows: Row[] = [];
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue;
    const cells = line.split(',').map((cell) => cell.trim());
    const atSeconds = Date.parse(cells[timeColumn] ?? '') / 1000;
    if (Number.isNaN(atSeconds)) {
      throw new HeadCountError(`${file}: line ${index + 1}: "${cells[timeColumn] ?? ''}" is no UTC time`);
    }
    if (rows.length > 0 && atSeconds <= rows.at(-1)!.atSeconds) {
      throw new HeadCountError(`${file}: line ${index + 1}: times are not in order`);
    }
    const people = peopleOf(cells);
    if (!Number.isFinite(people)) {
      throw new HeadCountError(`${file}: line ${index + 1}: the number of people is no number`);
    }
    rows.push({ atSeconds, people });
  }
  if (rows.length < 2) throw new HeadCountError(`${file}: holds no truth`);
  return new HeadCountTruth(rows, usualStep(rows));
}

function peopleReader(header: readonly string[], file: string): (cells: readonly string[]) => number {
  const column = (name: string) => header.indexOf(name);
  const value = (cells: readonly string[], at: number) => (cells[at] === '' ? Number.NaN : Number(cells[at]));
  if (column('people') >= 0) return (cells) => value(cells, column('people'));
  if (column('occupancy_min') >= 0 && column('occupancy_max') >= 0) {
    return (cells) => (value(cells, column('occupancy_min')) + value(cells, column('occupancy_max'))) / 2;
  }
  if (column('in') >= 0 && column('out') >= 0) {
    let inside = 0;
    return (cells) => {
      // Nobody can be owed to the place: a missed entry must not make the rest of the day negative.
      inside = Math.max(0, inside + value(cells, column('in')) - value(cells, column('out')));
      return inside;
    };
  }
  throw new HeadCountError(
    `${file}: line 1: needs people, or occupancy_min and occupancy_max, or in and out`,
  );
}

/** The usual distance of rows: the lower median, so that gaps do not count. */
function usualStep(rows: readonly Row[]): number {
  const steps = rows.slice(1).map((row, index) => row.atSeconds - rows[index]!.atSeconds);
  return steps.sort((a, b) => a - b)[Math.floor((steps.length - 1) / 2)]!;
}
