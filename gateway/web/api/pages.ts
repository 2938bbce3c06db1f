import { type PageQuery, pageEntriesMax } from '../../contract/pages-api.ts';
import { Problem } from './problems.ts';

/** Ids are names of ours: small letters, digits, dots and dashes. */
const idPattern = /^[\w.-]{1,150}$/;

/**
 * One page of entries that stand in a steady order. A cursor names the last entry of the page before;
 * where that one is gone the page goes on at the first with a later name, so that entries which come or
 * go between two pages do no harm to the others. Throws a `Problem` for a cursor that is none.
 */
export function pageOf<Entry>(
  entries: readonly Entry[],
  query: PageQuery,
  idOf: (entry: Entry) => string,
): { readonly entries: Entry[]; readonly next: string | null } {
  const limit = Math.min(pageEntriesMax, Number(query.limit ?? pageEntriesMax));
  const first = query.cursor === undefined ? 0 : startAfter(entries.map(idOf), idOfCursor(query.cursor));
  const page = entries.slice(first, first + limit);
  const last = page.at(-1);
  const isMore = first + limit < entries.length && last !== undefined;
  return { entries: page, next: isMore ? Buffer.from(idOf(last)).toString('base64url') : null };
}

function startAfter(ids: readonly string[], id: string): number {
  const known = ids.indexOf(id);
  if (known >= 0) return known + 1;
  const later = ids.findIndex((other) => other > id);
  return later < 0 ? ids.length : later;
}

function idOfCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!idPattern.test(id)) throw new Problem('invalid-request', 'cursor is not one that a page has given.');
  return id;
}
