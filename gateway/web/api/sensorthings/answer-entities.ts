import { Problem } from '../problems.ts';
import type { Entity, EntitySource } from './entity.ts';
import { passes, propertyOf, timeBounds } from './evaluate-filter.ts';
import type { Expansion, QueryOptions } from './query-options.ts';

/** Entities that are looked at for one answer: two years of hours in both directions. */
const scannedMax = 40_000;

/** Where links begin and what was looked at so far. */
export interface AnswerContext {
  /** As `https://counts.example.org/sensorthings/v1.1`. */
  readonly root: string;
  scanned: number;
}

export interface CollectionAnswer {
  '@iot.count'?: number;
  '@iot.nextLink'?: string;
  value: object[];
}

/** A page of a set, with the link to the next one where there is more. `nextLink` is given the `$skip` of it. */
export async function answerCollection(
  source: EntitySource,
  options: QueryOptions,
  at: { context: AnswerContext; nextLink: (skip: number) => string },
): Promise<CollectionAnswer> {
  const { context, nextLink } = at;
  const { top, skip, count } = options;
  const page: Entity[] = [];
  let matched = 0;
  for await (const entity of ordered(source, options, context)) {
    matched += 1;
    if (matched > skip && page.length < top) page.push(entity);
    else if (matched > skip + top && !count) break;
  }
  const value: object[] = [];
  for (const entity of page) value.push(await answerEntity(entity, options, context));
  return {
    ...(count ? { '@iot.count': matched } : {}),
    ...(matched > skip + top && top > 0 ? { '@iot.nextLink': nextLink(skip + top) } : {}),
    value,
  };
}

/** Those that pass, in order. Time comes in order from the source; everything else is sorted here. */
async function* ordered(
  source: EntitySource,
  { filter, orderby }: QueryOptions,
  context: AnswerContext,
): AsyncGenerator<Entity> {
  const [first, ...others] = orderby;
  const byTime = source.inTime && others.length === 0 && first?.names.join('/') === 'phenomenonTime';
  const asked = { ...timeBounds(source.inTime ? filter : null), descending: byTime && first!.descending };
  const kept: Entity[] = [];
  for await (const entity of source.read(asked)) {
    context.scanned += 1;
    if (context.scanned > scannedMax) {
      throw new Problem(
        'range-too-long',
        `More than ${scannedMax} entities to look at; narrow phenomenonTime.`,
      );
    }
    if (filter !== null && !(await passes(entity, filter))) continue;
    if (first === undefined || byTime) yield entity;
    else kept.push(entity);
  }
  if (kept.length > 0) yield* await sorted(kept, orderby);
}

async function sorted(entities: readonly Entity[], orderby: QueryOptions['orderby']): Promise<Entity[]> {
  const keyed: { entity: Entity; keys: unknown[] }[] = [];
  for (const entity of entities) {
    const keys: unknown[] = [];
    for (const { names } of orderby) keys.push(await propertyOf(entity, names));
    keyed.push({ entity, keys });
  }
  return keyed
    .sort((left, right) => {
      for (const [index, { descending }] of orderby.entries()) {
        const order = compared(left.keys[index], right.keys[index]);
        if (order !== 0) return descending ? -order : order;
      }
      return 0;
    })
    .map(({ entity }) => entity);
}

/** What is missing comes first. */
function compared(one: unknown, other: unknown): number {
  if (one === other) return 0;
  if (one === null || one === undefined) return -1;
  if (other === null || other === undefined) return 1;
  return (one as number | string) < (other as number | string) ? -1 : 1;
}

/** An entity with its links, cut down by `$select` and filled by `$expand`. */
export async function answerEntity(
  entity: Entity,
  { select, expand }: Pick<QueryOptions, 'select' | 'expand'>,
  context: AnswerContext,
): Promise<Record<string, unknown>> {
  const { type, id } = entity;
  const self = selfLink(entity, context);
  const properties = await entity.json();
  const whole: Record<string, unknown> = { '@iot.id': id, '@iot.selfLink': self, ...properties };
  const links = Object.keys(type.relations);
  const names = select ?? ['@iot.id', '@iot.selfLink', ...Object.keys(properties), ...links];
  const answer: Record<string, unknown> = {};
  for (const asked of names) {
    const name = asked === 'id' ? '@iot.id' : asked;
    if (links.includes(name)) answer[`${name}@iot.navigationLink`] = `${self}/${name}`;
    else if (name in whole) answer[name] = whole[name];
    else throw new Problem('invalid-request', `${type.name} has no property "${name}".`);
  }
  for (const expansion of expand) Object.assign(answer, await expanded(entity, expansion, context));
  return answer;
}

async function expanded(
  entity: Entity,
  { name, options, written }: Expansion,
  context: AnswerContext,
): Promise<object> {
  const [single, several] = [entity.one[name], entity.many[name]];
  if (single !== undefined) {
    const other = await single();
    return { [name]: other === null ? null : await answerEntity(other, options, context) };
  }
  if (several === undefined) {
    throw new Problem('invalid-request', `${entity.type.name} is not related to any "${name}".`);
  }
  const link = `${selfLink(entity, context)}/${name}`;
  const nextLink = (skip: number) => nextPage(link, written, skip);
  const answer = await answerCollection(several(), options, { context, nextLink });
  return {
    [name]: answer.value,
    ...(answer['@iot.count'] === undefined ? {} : { [`${name}@iot.count`]: answer['@iot.count'] }),
    ...(answer['@iot.nextLink'] === undefined ? {} : { [`${name}@iot.nextLink`]: answer['@iot.nextLink'] }),
  };
}

/** The same question from another place on. */
export function nextPage(link: string, options: Readonly<Record<string, string>>, skip: number): string {
  const query = Object.entries({ ...options, $skip: String(skip) });
  return `${link}?${query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
}

export function selfLink({ type, id }: Entity, { root }: AnswerContext): string {
  return `${root}/${type.set}('${encodeURIComponent(id)}')`;
}
