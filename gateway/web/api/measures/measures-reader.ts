import type { MeasureAnswer, MeasureEstimate, MeasureQuery } from '../../../contract/measures.ts';
import type { GatewayStore } from '../../../store/gateway-store.ts';
import { cellsOf } from '../../../values/local-time.ts';
import { definitionOf } from '../../../values/measures/measure-definitions.ts';
import type { MeasuredCell } from '../../../values/measures/people-cell.ts';
import { type FactorErrors, interval95, standardErrorOf, type Uncertain } from '../../../values/uncertain.ts';
import type { CountsReader } from '../counts-reader.ts';
import { isoTime } from '../iso-time.ts';
import { checkRange, lineOfPlan } from '../line-source.ts';
import { Problem } from '../problems.ts';
import { momentOf } from '../request-range.ts';
import { measureWork } from './measure-work.ts';
import type { PeopleSource, PeopleValue } from './people-source.ts';

/** Answers the measures of lines, from whichever source the caller may have. */
export class MeasuresReader {
  readonly #store: GatewayStore;
  readonly #reader: CountsReader;

  constructor(store: GatewayStore, reader: CountsReader) {
    this.#store = store;
    this.#reader = reader;
  }

  /** Throws a `Problem` for a line, range or resolution that the measure does not have. */
  async measure(lineId: string, query: MeasureQuery, source: PeopleSource): Promise<MeasureAnswer> {
    const { plan } = await this.#reader.directory();
    const { line, site } = lineOfPlan(plan, lineId);
    const definition = definitionOf(query.measure);
    const isPresence = query.measure === 'presence-index';
    if (isPresence !== (line.kind === 'presence') || line.kind === 'motion') {
      throw new Problem('measure-not-possible', `"${lineId}" does not count what ${query.measure} is about.`);
    }
    if (!definition.roles.includes(line.role)) {
      throw new Problem(
        'measure-not-possible',
        `${query.measure} is for lines with the role ${definition.roles.join(' or ')}, not ${line.role}.`,
      );
    }
    const resolution = query.resolution ?? definition.resolutions[0]!;
    if (!definition.resolutions.includes(resolution)) {
      throw new Problem('invalid-request', `resolution is one of ${definition.resolutions.join(', ')}.`);
    }
    const range = { fromMs: momentOf('from', query.from), toMs: momentOf('to', query.to) };
    checkRange(range, resolution, site.timeZone);
    const spans = cellsOf(range, resolution, site.timeZone);
    const { store, reader } = { store: this.#store, reader: this.#reader };
    const of = { plan, line, site, range, resolution, spans, query, source, store, reader };
    const { cells, total, errors, methods = [], value, ...details } = await measureWork[query.measure](of);
    return {
      measure: query.measure,
      line: line.id,
      unit: definition.unit,
      simulated: line.simulated,
      value: value ?? (await valueShown(source, line.id)),
      methods: [...methods],
      timeZone: site.timeZone,
      resolution,
      from: isoTime(range.fromMs),
      to: isoTime(range.toMs),
      ...details,
      cells: cells.map((cell) => ({
        start: isoTime(cell.span.fromMs),
        seconds: (cell.span.toMs - cell.span.fromMs) / 1000,
        ...answeredCell(cell, errors),
      })),
      total: answeredCell(total, errors),
    };
  }
}

/** Which value a line shows to an audience. Throws a `Problem` where it shows none. */
export async function valueShown(source: PeopleSource, line: string): Promise<PeopleValue> {
  const value = await source.valueOf(line);
  if (value === null) throw new Problem('not-found', `There is no line "${line}", or not for you.`);
  return value;
}

function answeredCell({ span: _, coverage, estimate, base, ...details }: MeasuredCell, errors: FactorErrors) {
  return {
    coverage: rounded(coverage),
    estimate: answeredEstimate(estimate, errors),
    ...(base === undefined ? {} : { base: answeredEstimate(base, errors) }),
    ...details,
  };
}

/** A number with its error as the interface answers it. */
export function answeredEstimate(number: Uncertain | null, errors: FactorErrors): MeasureEstimate {
  if (number === null) return null;
  return {
    value: rounded(number.value),
    standardError: rounded(standardErrorOf(number, errors)),
    interval95: interval95(number, errors).map(rounded),
  };
}

/** A ten-thousandth is finer than any sensor and keeps answers short. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
