import type { Health, LineCounts, LiveEvent, Site, SiteList } from '../../contract/http-api.ts';
import type { AskedRange } from './shown-range.ts';

/** The gateway wants to know who asks. */
export class LoginNeeded extends Error {}

/** Who has logged in; null where nobody needs to. */
export interface Visitor {
  readonly name: string;
  readonly csrf: string;
  /** Partners and the public have sealed cells, which the interface answers; this page is the owner's. */
  readonly seesPage: boolean;
}

/** What the page asks the gateway. Each rejects where there is no answer. */
export async function fetchSites(): Promise<readonly Site[]> {
  const sites: Site[] = [];
  for (let path: string | null = '/v1/sites'; path !== null; ) {
    const page: SiteList = await fetchJson(path);
    sites.push(...page.sites);
    path = page.next === null ? null : `/v1/sites?cursor=${page.next}`;
  }
  return sites;
}

export function fetchHealth(): Promise<Health> {
  return fetchJson('/v1/health');
}

export async function fetchVisitor(): Promise<Visitor | null> {
  const { name, role, csrf } = await fetchJson<{ name: string; role: string; csrf: string | null }>(
    '/v1/session',
  );
  return csrf === null ? null : { name, csrf, seesPage: role !== 'partner' && role !== 'public' };
}

export function fetchCounts(line: string, range: AskedRange): Promise<LineCounts> {
  const query = new URLSearchParams({ ...range });
  return fetchJson(`/v1/lines/${encodeURIComponent(line)}/counts?${query}`);
}

export async function logIn(user: string, password: string): Promise<'open' | 'wrong' | 'too-many'> {
  const answer = await fetch('/v1/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user, password }),
  });
  if (answer.ok) return 'open';
  return answer.status === 429 ? 'too-many' : 'wrong';
}

export async function logOut({ csrf }: Visitor): Promise<void> {
  await fetch('/v1/session', { method: 'DELETE', headers: { 'x-csrf-token': csrf } });
}

/** Follows today's totals until it is stopped; the browser connects again by itself. */
export function followTotals(listener: {
  totals(event: LiveEvent): void;
  state(state: 'live' | 'offline'): void;
}): () => void {
  const source = new EventSource('/v1/live');
  source.addEventListener('totals', (event) => {
    listener.state('live');
    listener.totals(JSON.parse((event as MessageEvent<string>).data) as LiveEvent);
  });
  source.addEventListener('error', () => listener.state('offline'));
  return () => source.close();
}

async function fetchJson<T>(path: string): Promise<T> {
  const answer = await fetch(path, { headers: { accept: 'application/json' } });
  if (answer.status === 401) throw new LoginNeeded(path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return (await answer.json()) as T;
}
