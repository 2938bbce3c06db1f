import { Problem } from '../problems.ts';
import type { Entity } from './entity.ts';
import { type Filter, type Operand, timeOf } from './filter-expression.ts';

type Value = string | number | boolean | null;
type Time = { readonly fromMs: number; readonly toMs: number };

/** Whether an entity passes. A comparison with something that is missing is true for `eq null` and for `ne` only. */
export async function passes(entity: Entity, filter: Filter): Promise<boolean> {
  if (filter.kind === 'not') return !(await passes(entity, filter.of));
  if (filter.kind === 'and') return (await passes(entity, filter.left)) && passes(entity, filter.right);
  if (filter.kind === 'or') return (await passes(entity, filter.left)) || passes(entity, filter.right);
  const { left, right, kind } = filter;
  const [one, other] = [await valueIn(entity, left), await valueIn(entity, right)];
  if (isTimed(filter)) return ofTimes(kind, timeIn(one), timeIn(other));
  if (kind === 'before' || kind === 'after' || kind === 'during') return false;
  return ofValues(kind, one as Value, other as Value);
}

/** The property of an entity or of one that it is related to. Throws a `Problem` for a name that is none. */
export async function propertyOf(entity: Entity, names: readonly string[]): Promise<unknown> {
  const [name, ...rest] = names as [string, ...string[]];
  if (name === 'id' || name === '@iot.id') return entity.id;
  const related = entity.one[name];
  if (related !== undefined) {
    const other = await related();
    return other === null || rest.length === 0 ? null : propertyOf(other, rest);
  }
  const properties = await entity.json();
  if (!(name in properties)) {
    throw new Problem('invalid-request', `${entity.type.name} has no property "${name}".`);
  }
  let value: unknown = properties[name];
  for (const part of rest) value = (value as Record<string, unknown> | null)?.[part] ?? null;
  return value;
}

async function valueIn(entity: Entity, operand: Operand): Promise<unknown> {
  if (operand.kind === 'path') return propertyOf(entity, operand.names);
  return operand.kind === 'time' ? operand : operand.value;
}

function isTimed({
  left,
  right,
  kind,
}: Exclude<Filter, { kind: 'and' } | { kind: 'or' } | { kind: 'not' }>): boolean {
  const temporal = kind === 'before' || kind === 'after' || kind === 'during';
  return temporal || left.kind === 'time' || right.kind === 'time';
}

function timeIn(value: unknown): Time | null {
  if (typeof value === 'string') return timeOf(value);
  return typeof value === 'object' ? (value as Time | null) : null;
}

/**
 * Intervals are half open, so one is before a moment when it ends at it, and after or at a moment when it starts at it:
 * `ge` the start and `lt` the end of a day are the cells of that day.
 */
function ofTimes(kind: string, one: Time | null, other: Time | null): boolean {
  if (one === null || other === null) return kind === 'ne' ? one !== other : kind === 'eq' && one === other;
  const same = one.fromMs === other.fromMs && one.toMs === other.toMs;
  const length = one.toMs - one.fromMs;
  const before = length > 0 ? one.toMs <= other.fromMs : one.fromMs < other.fromMs;
  const rules: Record<string, boolean> = {
    eq: same,
    ne: !same,
    lt: before,
    before,
    le: before || one.toMs <= other.toMs,
    gt: other.toMs > other.fromMs ? one.fromMs >= other.toMs : one.fromMs > other.toMs,
    ge: one.fromMs >= other.fromMs,
    after: other.toMs > other.fromMs ? one.fromMs >= other.toMs : one.fromMs > other.toMs,
    during: one.fromMs >= other.fromMs && one.toMs <= other.toMs,
  };
  return rules[kind] ?? false;
}

function ofValues(kind: string, one: Value, other: Value): boolean {
  if (kind === 'eq') return one === other;
  if (kind === 'ne') return one !== other;
  if (one === null || other === null || typeof one !== typeof other) return false;
  if (kind === 'gt') return one > other;
  if (kind === 'ge') return one >= other;
  if (kind === 'lt') return one < other;
  if (kind === 'le') return one <= other;
  const [text, part] = [String(one), String(other)];
  if (kind === 'startswith') return text.startsWith(part);
  return kind === 'endswith' ? text.endsWith(part) : text.includes(part);
}

/**
 * The time in which everything lies that can pass, as far as conditions on `phenomenonTime` say that are joined by
 * `and`: what is outside need not be read. Null is without a bound.
 */
export function timeBounds(filter: Filter | null): { fromMs: number | null; toMs: number | null } {
  if (filter === null) return { fromMs: null, toMs: null };
  if (filter.kind === 'and') {
    const [left, right] = [timeBounds(filter.left), timeBounds(filter.right)];
    return {
      fromMs: pick(left.fromMs, right.fromMs, Math.max),
      toMs: pick(left.toMs, right.toMs, Math.min),
    };
  }
  if (filter.kind === 'or' || filter.kind === 'not') return { fromMs: null, toMs: null };
  const { kind, left, right } = filter;
  const named = left.kind === 'path' && left.names.join('/') === 'phenomenonTime';
  if (!named || right.kind !== 'time') return { fromMs: null, toMs: null };
  const from = ['ge', 'gt', 'eq', 'after', 'during'].includes(kind) ? right.fromMs : null;
  const to = ['le', 'lt', 'eq', 'before', 'during'].includes(kind) ? right.toMs : null;
  return { fromMs: from, toMs: to };
}

function pick(one: number | null, other: number | null, choose: (a: number, b: number) => number) {
  return one === null || other === null ? (one ?? other) : choose(one, other);
}
