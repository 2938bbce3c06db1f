import type { IndexQuery, LineIndex } from '../../../contract/towns.ts';
import type { GatewayStore } from '../../../store/gateway-store.ts';
import { cellsOf, localClock, type Span } from '../../../values/local-time.ts';
import { gatherInto, peopleOf, sumOfSeen } from '../../../values/measures/people-cell.ts';
import type { SitePlan } from '../../../values/site-plan.ts';
import { groupFault, membersMin, shareMax, tellsByDifference } from '../../../values/town/disclosure.ts';
import { type FactorErrors, ratioOf, scaled, sumOf, type Uncertain } from '../../../values/uncertain.ts';
import type { Sight } from '../../access/sight.ts';
import type { CountsReader } from '../counts-reader.ts';
import { isoTime } from '../iso-time.ts';
import { checkRange, lineOfPlan, type PlannedLine, type PlannedSite } from '../line-source.ts';
import { answeredEstimate } from '../measures/measures-reader.ts';
import type { PeopleSource } from '../measures/people-source.ts';
import { Problem } from '../problems.ts';
import type { PublishedReader } from '../published-reader.ts';
import { momentOf } from '../request-range.ts';

/** Record `index-group`: the members of a group for one year, for all who ask in it. */
interface FrozenGroup {
  readonly year: number;
  readonly group: string;
  readonly members: readonly string[];
}

/** Record `peer-group`: lines that the operator compares with each other. */
export interface PeerGroup {
  readonly lines: readonly string[];
}

/** A town has some; every one more makes differences more telling. */
const groupsPerYearMax = 64;

const refusals = {
  'too-few-members': `An index needs ${membersMin} members besides your own lines.`,
  'one-dominates': `One member has more than ${shareMax * 100} % of the others' people.`,
};

/** Compares a line with its town or peer group without telling about any member. */
export class IndexReader {
  readonly #parts: {
    store: GatewayStore;
    reader: CountsReader;
    published: PublishedReader;
    now: () => number;
  };

  constructor(parts: {
    store: GatewayStore;
    reader: CountsReader;
    published: PublishedReader;
    now: () => number;
  }) {
    this.#parts = parts;
  }

  /** Throws a `Problem`, `would-disclose` where the index would tell about a member. */
  async index(
    lineId: string,
    query: IndexQuery,
    by: { source: PeopleSource; sight: Sight },
  ): Promise<LineIndex> {
    const { plan } = await this.#parts.reader.directory();
    const { line, site } = lineOfPlan(plan, lineId);
    if (line.kind !== 'crossing') throw new Problem('not-a-count', `"${lineId}" counts no people.`);
    const range = { fromMs: momentOf('from', query.from), toMs: momentOf('to', query.to) };
    checkRange(range, query.resolution, site.timeZone);
    const year = yearOf(range, site.timeZone);
    const { group, members } = await this.#membersOf(plan, { line, site, query, year });
    const siteOf = new Map(plan.lines.map((one) => [one.id, one.site]));
    const others = members.filter(
      (id) => id !== lineId && !(by.sight.seesObserved && by.sight.seesSite(siteOf.get(id) ?? '')),
    );
    const spans = cellsOf(range, query.resolution, site.timeZone);
    const own = await this.#ownOf(line, { range, spans, source: by.source });
    const rest = await this.#sealedOf(
      members.filter((id) => id !== lineId),
      { range, spans, plan },
    );
    const fault = groupFault(others.map((id) => totalOf(rest.get(id)!)));
    if (fault !== null) throw new Problem('would-disclose', refusals[fault]);
    const numbers = spans.map((_, at) =>
      indexAt(
        own.numbers[at] ?? null,
        [...rest.values()].map((cells) => cells[at] ?? null),
      ),
    );
    const whole = indexAt(
      own.numbers.every((number) => number !== null) ? sumOfSeen(own.numbers) : null,
      [...rest.values()].map((cells) => (cells.every((number) => number !== null) ? sumOfSeen(cells) : null)),
    );
    return {
      line: lineId,
      group,
      members: members.length,
      rules: { membersMin, shareMax },
      from: isoTime(range.fromMs),
      to: isoTime(range.toMs),
      cells: spans.map((span, at) => ({
        start: isoTime(span.fromMs),
        seconds: (span.toMs - span.fromMs) / 1000,
        index: answeredEstimate(numbers[at] ?? null, own.errors),
      })),
      total: answeredEstimate(whole, own.errors),
    };
  }

  /** The members of the year: frozen when they are first asked about, for everybody. */
  async #membersOf(
    plan: SitePlan,
    of: { line: PlannedLine; site: PlannedSite; query: IndexQuery; year: number },
  ): Promise<{ group: string; members: readonly string[] }> {
    const group = of.query.group ?? `town ${of.site.town} ${of.line.role}`;
    const all = (await this.#parts.store.readRecords('index-group')).map(({ body }) => body as FrozenGroup);
    const ofYear = all.filter(({ year }) => year === of.year);
    const frozen = ofYear.find((one) => one.group === group);
    const members = frozen?.members ?? (await this.#present(plan, of));
    if (!members.includes(of.line.id)) {
      throw new Problem(
        'measure-not-possible',
        `"${of.line.id}" is not in this group, or joins it next year.`,
      );
    }
    if (members.some((id) => !plan.lines.some((line) => line.id === id))) {
      throw new Problem('would-disclose', 'A member of the group of this year is gone.');
    }
    if (frozen) return { group, members };
    if (members.length <= membersMin) throw new Problem('would-disclose', refusals['too-few-members']);
    if (
      ofYear.length >= groupsPerYearMax ||
      tellsByDifference(
        ofYear.map((one) => one.members),
        members,
        owners(plan),
      )
    ) {
      throw new Problem(
        'would-disclose',
        'The difference to a group that was answered before would tell about a member.',
      );
    }
    const body: FrozenGroup = { year: of.year, group, members: [...members] };
    const id = `${of.year}-${Buffer.from(group).toString('hex').slice(0, 56)}`;
    await this.#parts.store.put([{ kind: 'index-group', id, body }], this.#parts.now());
    return { group, members };
  }

  async #present(
    plan: SitePlan,
    of: { line: PlannedLine; site: PlannedSite; query: IndexQuery },
  ): Promise<string[]> {
    if (of.query.group !== undefined) {
      const groups = await this.#parts.store.readRecords('peer-group');
      const found = groups.find(({ id }) => id === of.query.group);
      if (!found) throw new Problem('not-found', `There is no group "${of.query.group}".`);
      return [...(found.body as PeerGroup).lines].sort();
    }
    const sites = new Set(
      plan.sites.filter(({ town }) => town !== '' && town === of.site.town).map(({ id }) => id),
    );
    return plan.lines
      .filter(({ role, kind, site }) => role === of.line.role && kind === 'crossing' && sites.has(site))
      .map(({ id }) => id)
      .sort();
  }

  async #ownOf(
    line: PlannedLine,
    { range, spans, source }: { range: Span; spans: readonly Span[]; source: PeopleSource },
  ): Promise<{ numbers: (Uncertain | null)[]; errors: FactorErrors }> {
    const { cells, errors } = await source.series(line.id, range, '1d');
    return {
      numbers: inSpans(
        spans,
        cells.map((cell) => ({ span: cell.span, number: peopleOf(cell, line.role) })),
      ),
      errors,
    };
  }

  /** Sealed cells of the members, whether or not anybody shares them: none is ever shown alone. */
  async #sealedOf(
    members: readonly string[],
    { range, spans, plan }: { range: Span; spans: readonly Span[]; plan: SitePlan },
  ): Promise<Map<string, (Uncertain | null)[]>> {
    const numbers = new Map<string, (Uncertain | null)[]>();
    for (const id of members) {
      const { role } = lineOfPlan(plan, id).line;
      const { cells } = await this.#parts.published.series(id, { range, resolution: '1d' });
      const days = cells.map(({ span, in: ins, out, coverage, open }) => ({
        span,
        number: open > 0 ? null : peopleOf({ span, in: ins, out, coverage }, role),
      }));
      numbers.set(id, inSpans(spans, days));
    }
    return numbers;
  }
}

/** Null where any day of a span is unknown. */
function inSpans(
  spans: readonly Span[],
  days: readonly { span: Span; number: Uncertain | null }[],
): (Uncertain | null)[] {
  return gatherInto(spans, days).map(({ cells }) => {
    const numbers = cells.map(({ number }) => number);
    return numbers.length > 0 && numbers.every((number) => number !== null) ? sumOf(numbers) : null;
  });
}

function totalOf(numbers: readonly (Uncertain | null)[]): number {
  return numbers.reduce((sum, number) => sum + (number?.value ?? 0), 0);
}

/** The line in per cent of the mean of the whole group, itself counted in. */
function indexAt(own: Uncertain | null, rest: readonly (Uncertain | null)[]): Uncertain | null {
  const others = rest.filter((number) => number !== null);
  if (own === null || others.length < rest.length) return null;
  // 100 n own / (own + others) = 100 n / (1 + others / own): own stands in it once, so errors are right.
  const ratio = ratioOf(sumOf(others), own);
  if (ratio === null || ratio.value <= -1) return null;
  const value = (100 * (others.length + 1)) / (1 + ratio.value);
  return { ...scaled(ratio, -value / (1 + ratio.value)), value };
}

/** Lines by the organisation that owns them and so knows them. */
function owners(plan: SitePlan): string[][] {
  const organisationOf = new Map(plan.sites.map(({ id, organisation }) => [id, organisation]));
  return [...Map.groupBy(plan.lines, ({ site }) => organisationOf.get(site) || site).values()].map((lines) =>
    lines.map(({ id }) => id),
  );
}

function yearOf(range: Span, timeZone: string): number {
  // A week of the turn of the year belongs to the year in which it begins.
  const first = localClock(range.fromMs, timeZone).date.slice(0, 4);
  const last = localClock(Math.max(range.fromMs, range.toMs - 7 * 86_400_000), timeZone).date.slice(0, 4);
  if (first !== last)
    throw new Problem(
      'range-too-long',
      'An index is asked for within one year: its group may change with the year.',
    );
  return Number(first);
}
