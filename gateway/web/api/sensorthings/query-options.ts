import { Problem } from '../problems.ts';
import { type Filter, parseFilter } from './filter-expression.ts';

/** How an answer is cut, ordered and filled (18-088, 9.3). */
export interface QueryOptions {
  readonly top: number;
  readonly skip: number;
  readonly count: boolean;
  readonly orderby: readonly { readonly names: readonly string[]; readonly descending: boolean }[];
  readonly select: readonly string[] | null;
  readonly expand: readonly Expansion[];
  readonly filter: Filter | null;
}

export interface Expansion {
  readonly name: string;
  readonly options: QueryOptions;
  /** The options as they were written, for the link to the next page. */
  readonly written: Readonly<Record<string, string>>;
}

const topByDefault = 100;
/** A page of a thousand observations is some 400 kB. */
const topMax = 1_000;
const expansionsMax = 20;

const known = ['$top', '$skip', '$count', '$orderby', '$select', '$expand', '$filter'];

/** Throws a `Problem` for an option that is unknown or malformed. */
export function readOptions(given: Readonly<Record<string, unknown>>): QueryOptions {
  for (const [name, value] of Object.entries(given)) {
    if (!known.includes(name)) throw refused(`"${name}" is no option; there are ${known.join(', ')}`);
    if (typeof value !== 'string') throw refused(`${name} is there twice`);
  }
  const options = given as Record<string, string>;
  const { $orderby = '', $select, $expand, $filter, $count = 'false' } = options;
  if ($count !== 'true' && $count !== 'false') throw refused('$count is true or false');
  return {
    top: Math.min(topMax, wholeOf('$top', options['$top'], topByDefault)),
    skip: wholeOf('$skip', options['$skip'], 0),
    count: $count === 'true',
    orderby: listOf($orderby).map(orderOf),
    select: $select === undefined ? null : listOf($select),
    expand: $expand === undefined ? [] : expansionsOf($expand),
    filter: $filter === undefined ? null : parseFilter($filter),
  };
}

function wholeOf(name: string, text: string | undefined, byDefault: number): number {
  if (text === undefined) return byDefault;
  if (!/^\d{1,9}$/.test(text)) throw refused(`${name} is no whole number`);
  return Number(text);
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function orderOf(text: string): QueryOptions['orderby'][number] {
  const [, path, direction = 'asc'] = /^([\w@./-]+)(?:\s+(asc|desc))?$/.exec(text) ?? [];
  if (path === undefined) throw refused(`"${text}" is nothing to order by`);
  return { names: path.split('/'), descending: direction === 'desc' };
}

/** `Datastreams($top=5;$expand=Sensor),Locations` and `Datastreams/Sensor`, in any depth. */
function expansionsOf(text: string): Expansion[] {
  const parts = split(text, ',');
  if (parts.length > expansionsMax) throw refused(`$expand has more than ${expansionsMax} parts`);
  return parts.map((part) => {
    const [, path, inner = ''] = /^\s*([A-Za-z/]+)\s*(?:\((.*)\))?\s*$/s.exec(part) ?? [];
    if (path === undefined) throw refused(`"${part.trim()}" is nothing to expand`);
    const [name, ...rest] = path.split('/') as [string, ...string[]];
    const nested = inner === '' ? rest.join('/') : `${rest.join('/')}(${inner})`;
    const written = rest.length === 0 ? optionsIn(inner) : { $expand: nested };
    return { name, options: readOptions(written), written };
  });
}

function optionsIn(text: string): Record<string, string> {
  const pairs = split(text, ';').map((option): [string, string] => {
    const at = option.indexOf('=');
    if (at < 0) throw refused(`"${option.trim()}" is no option`);
    return [option.slice(0, at).trim(), option.slice(at + 1).trim()];
  });
  return Object.fromEntries(pairs);
}

/** Cuts at a sign that stands in no brackets and in no quotes. */
function split(text: string, sign: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let part = '';
  for (const character of text) {
    if (character === "'") quoted = !quoted;
    if (!quoted && character === '(') depth += 1;
    if (!quoted && character === ')') depth -= 1;
    if (character === sign && depth === 0 && !quoted) {
      parts.push(part);
      part = '';
    } else part += character;
  }
  if (depth !== 0 || quoted) throw refused('a bracket or a quote is not closed');
  return [...parts, part].filter((one) => one.trim() !== '');
}

function refused(why: string): Problem {
  return new Problem('invalid-request', `${why}.`);
}
