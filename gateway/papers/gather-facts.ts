import type { GatewayConfig } from '../config.ts';
import { protectionRuleOf } from '../contract/protection.ts';
import type { GrantBody } from '../contract/records-api.ts';
import type { AssignmentRecord, DeviceRecord, Directory } from '../store/count-store.ts';
import type { GatewayStore } from '../store/gateway-store.ts';
import { planSites, type SitePlan } from '../values/site-plan.ts';
import type { ApiKeyBody, Role, UserBody } from '../web/access/principal.ts';
import { sitesOfScope } from '../web/access/scope.ts';
import {
  type DeviceFacts,
  type InsideRole,
  insideRoles,
  type PaperFacts,
  silentAfterMs,
} from './paper-facts.ts';

export interface FactsSource {
  readonly store: Pick<GatewayStore, 'readDirectory' | 'readRecords'>;
  readonly settings: Pick<GatewayConfig, 'retention' | 'publicUrl' | 'access' | 'timeZone'>;
  readonly software: string;
  readonly nowMs: number;
}

/** Devices whose numbers came from a file (import-series.ts): nothing of theirs hangs at the site. */
const importPrefix = 'import-';

/** What papers of a site say, from the running gateway; null where there is no such site. */
export async function gatherFacts(siteId: string, source: FactsSource): Promise<PaperFacts | null> {
  const { store, settings, software, nowMs } = source;
  const directory = await store.readDirectory();
  const plan = planSites(directory, settings.timeZone);
  const site = plan.sites.find(({ id }) => id === siteId);
  if (site === undefined) return null;
  const lines = plan.lines.filter((line) => line.site === siteId);
  const nameOf = new Map(lines.map(({ id, name }) => [id, name]));
  const here = plan.assignments.filter((one) => nameOf.has(one.line) && isInForce(one, nowMs));
  const names = [...new Set(here.map(({ device }) => device))].sort();
  const grants = (await store.readRecords('grant')).map(({ body }) => body as GrantBody);
  const { id, name, organisation, town, timeZone, details } = site;
  return {
    site: { id, name, organisation, town },
    timeZone,
    privacy: details?.privacy ?? {},
    lines: lines.map(({ name: line, role, kind }) => ({ name: line, role, kind })),
    devices: names
      .filter((device) => !device.startsWith(importPrefix))
      .map((device) => deviceFacts(device, directory, nowMs)),
    imports: names.filter((device) => device.startsWith(importPrefix)),
    retention: settings.retention,
    shares: grants
      .filter((grant) => nameOf.has(grant.line) && !isOver(grant, nowMs))
      .map(({ line, audience, partner, resolution, from, until }) => ({
        line: nameOf.get(line)!,
        audience,
        partner: partner ?? null,
        resolution,
        fromMs: Date.parse(from),
        untilMs: until === undefined ? null : Date.parse(until),
      })),
    readers: await readersOf(siteId, plan, source),
    protection: protectionRuleOf(site.protection),
    noticeUrl: details?.privacy?.noticeUrl ?? noticeAt(settings.publicUrl, siteId),
    generatedMs: nowMs,
    software,
  };
}

function noticeAt(publicUrl: string | undefined, site: string): string | null {
  return publicUrl === undefined ? null : `${publicUrl}/v1/sites/${site}/papers/notice.html`;
}

function isInForce(
  { fromMs, untilMs }: Pick<AssignmentRecord, 'fromMs' | 'untilMs'>,
  nowMs: number,
): boolean {
  return (fromMs ?? 0) <= nowMs && (untilMs ?? Number.POSITIVE_INFINITY) > nowMs;
}

function isOver({ until }: GrantBody, nowMs: number): boolean {
  return until !== undefined && Date.parse(until) <= nowMs;
}

function deviceFacts(device: string, { devices }: Directory, nowMs: number): DeviceFacts {
  const record = devices.find((one) => one.device === device);
  const status = record?.status ?? null;
  return {
    device,
    standing: standingOf(record, nowMs),
    lastHeardMs: record?.lastSeenMs ?? null,
    software: status?.software ?? null,
    wifiMode: status?.wifiMode ?? null,
    sensors: (status?.sensors ?? []).map(({ sensor, kind, simulated }) => ({ sensor, kind, simulated })),
  };
}

/** Counts without a birth do not tell what runs: such a device has never reported. */
function standingOf(record: DeviceRecord | undefined, nowMs: number): DeviceFacts['standing'] {
  if (record === undefined || record.status === null) return 'never';
  return nowMs - record.lastSeenMs > silentAfterMs ? 'silent' : 'verified';
}

/** The gateway is open as long as nobody has been given a user or a key (access.ts). */
async function readersOf(
  site: string,
  { sites: places }: SitePlan,
  { store, settings, nowMs }: FactsSource,
): Promise<PaperFacts['readers']> {
  const users = (await store.readRecords('user')).map(({ body }) => body as UserBody);
  const keys = (await store.readRecords('api-key')).map(({ body }) => body as ApiKeyBody);
  if (settings.access === 'auto' && users.length + keys.length === 0) return 'open';
  const count = { operator: 0, technician: 0, trader: 0, adviser: 0 };
  for (const reader of [...users, ...keys.filter(({ expiresMs }) => expiresMs > nowMs)]) {
    const sites = sitesOfScope(reader, places);
    if (isInside(reader.role) && (sites === 'all' || sites.includes(site))) count[reader.role] += 1;
  }
  return count;
}

function isInside(role: Role): role is InsideRole {
  return (insideRoles as readonly string[]).includes(role);
}
