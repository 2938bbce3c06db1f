import type { Health, LineCounts, LiveEvent, Site, SiteList } from '../../contract/http-api.ts';

/** What the page asks the gateway. Each rejects where there is no answer. */
export async function fetchSites(): Promise<readonly Site[]> {
  return (await fetchJson<SiteList>('/v1/sites')).sites;
}

export function fetchHealth(): Promise<Health> {
  return fetchJson('/v1/health');
}

/** Quarters of a local day of a site. */
export function fetchDay(line: string, day: Site['today']): Promise<LineCounts> {
  const query = new URLSearchParams({ from: day.from, to: day.to, resolution: '15m' });
  return fetchJson(`/v1/lines/${encodeURIComponent(line)}/counts?${query}`);
}

/** Follows today's totals; the browser connects again by itself. */
export function followTotals(listener: {
  totals(event: LiveEvent): void;
  state(state: 'live' | 'offline'): void;
}): void {
  const source = new EventSource('/v1/live');
  source.addEventListener('totals', (event) => {
    listener.state('live');
    listener.totals(JSON.parse((event as MessageEvent<string>).data) as LiveEvent);
  });
  source.addEventListener('error', () => listener.state('offline'));
}

async function fetchJson<T>(path: string): Promise<T> {
  const answer = await fetch(path, { headers: { accept: 'application/json' } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return (await answer.json()) as T;
}
