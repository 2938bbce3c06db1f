import { paperNames } from '../../papers/paper-files.ts';
import type { Role } from './principal.ts';

/** How a route's `:id` is bound to the caller's sites; `everything` is for those who have all sites. */
type Scope = 'none' | 'line' | 'location' | 'site' | 'town' | 'device' | 'everything';

export interface RouteRule {
  /** `everyone` needs no credentials even where the gateway is closed. */
  readonly roles: readonly Role[] | 'everyone';
  /** An enrolled device may ask, too, but only about itself. */
  readonly device?: true;
  readonly scope: Scope;
}

const all = ['operator', 'technician', 'trader', 'adviser', 'partner', 'public'] as const;
const owners = ['operator', 'technician', 'trader', 'adviser'] as const;
const editors = ['operator', 'technician', 'trader'] as const;

const everyone: RouteRule = { roles: 'everyone', scope: 'none' };

/** Papers for the files of a site and for its door. */
const ownersPapers = Object.fromEntries(
  paperNames
    .flatMap((name) => [`${name}.html`, `${name}.pdf`])
    .filter((file) => file !== 'notice.html')
    .map((file) => [`GET /v1/sites/:id/papers/${file}`, { roles: owners, scope: 'site' } as const]),
);

/**
 * The audience of every route. A route that is not here does not start: the gateway refuses to build
 * an interface whose audience nobody has decided.
 */
export const routeAudiences: Readonly<Record<string, RouteRule>> = {
  'GET /v1/sites': { roles: all, scope: 'none' },
  'GET /v1/lines': { roles: all, scope: 'none' },
  'GET /v1/lines/:id/counts': { roles: all, scope: 'line' },
  'GET /v1/lines/:id/counts.csv': { roles: all, scope: 'line' },
  'GET /v1/lines/:id/counts.parquet': { roles: all, scope: 'line' },
  'GET /v1/lines/:id/counts.xlsx': { roles: all, scope: 'line' },
  'GET /v1/sites/:id/counts.xlsx': { roles: all, scope: 'site' },
  'GET /v1/lines/:id/epsilon-ledger': { roles: owners, scope: 'line' },
  'GET /v1/sites/:id/counts.csv': { roles: all, scope: 'site' },
  'GET /v1/sites/:id/counts.parquet': { roles: all, scope: 'site' },
  'GET /v1/sites/:id/calendar': { roles: all, scope: 'site' },
  'GET /v1/sites/:id/weather': { roles: all, scope: 'site' },
  'GET /v1/sites.geojson': { roles: all, scope: 'none' },
  'GET /ngsi-ld/v1/entities': { roles: all, scope: 'none' },
  'GET /hystreet/locations': { roles: all, scope: 'none' },
  'GET /hystreet/locations/:id': { roles: all, scope: 'location' },
  'GET /sensorthings/v1.1': { roles: all, scope: 'none' },
  'GET /sensorthings/v1.1/*': { roles: all, scope: 'none' },
  'GET /catalog': everyone,
  'GET /v1/measures': everyone,
  'GET /v1/lines/:id/measures': { roles: all, scope: 'line' },
  'GET /v1/lines/:id/measures.csv': { roles: all, scope: 'line' },
  'GET /v1/lines/:id/findings': { roles: all, scope: 'line' },
  'GET /v1/lines/:id/index': { roles: all, scope: 'line' },
  'GET /v1/towns/:id/calendar': { roles: all, scope: 'town' },
  'GET /v1/towns/:id/profile': { roles: all, scope: 'town' },
  'GET /v1/towns/:id/profile.html': { roles: all, scope: 'town' },
  'POST /v1/sites/:id/receipts': { roles: ['operator', 'trader'], scope: 'site' },
  'GET /v1/lines/:id/effect': { roles: all, scope: 'line' },
  'GET /v1/lines/:id/report.html': { roles: all, scope: 'line' },
  'GET /v1/lines/:id/report.pdf': { roles: all, scope: 'line' },
  'GET /v1/town-report.html': { roles: all, scope: 'none' },
  'GET /v1/town-report.pdf': { roles: all, scope: 'none' },
  'GET /v1/sites/:id/papers': { roles: owners, scope: 'site' },
  // What hangs at the door is for whoever stands before it; as PDF it costs work and is for the owner.
  'GET /v1/sites/:id/papers/notice.html': everyone,
  ...ownersPapers,
  // What the public may have anyway, for pages of others.
  'GET /widget.js': everyone,
  'GET /widget.html': everyone,
  'GET /v1/widget/:id': everyone,
  'GET /v1/live': { roles: owners, scope: 'none' },
  'GET /v1/devices': { roles: owners, scope: 'none' },
  'GET /v1/devices/:id/completeness': { roles: owners, scope: 'device' },
  // Whoever has a code may claim; the code is the credential.
  'POST /v1/enrolments': { roles: 'everyone', scope: 'none' },
  'GET /v1/enrolments': { roles: ['operator', 'technician'], scope: 'none' },
  'GET /v1/enrolments/:id': { roles: ['operator', 'technician'], device: true, scope: 'device' },
  'POST /v1/enrolments/:id/swap-direction': {
    roles: ['operator', 'technician'],
    device: true,
    scope: 'device',
  },
  'DELETE /v1/enrolments/:id': { roles: ['operator', 'technician'], device: true, scope: 'device' },
  'GET /v1/enrolment-codes': { roles: ['operator', 'technician'], scope: 'none' },
  'POST /v1/enrolment-codes': { roles: ['operator', 'technician'], scope: 'none' },
  'DELETE /v1/enrolment-codes/:id': { roles: ['operator', 'technician'], scope: 'none' },
  'GET /v1/devices/:id/settings': { roles: owners, scope: 'device' },
  'PUT /v1/devices/:id/settings': { roles: ['operator', 'technician'], scope: 'device' },
  'GET /v1/calibrations': { roles: owners, scope: 'none' },
  'PUT /v1/calibrations/:id': { roles: ['operator', 'technician'], scope: 'none' },
  'DELETE /v1/calibrations/:id': { roles: ['operator', 'technician'], scope: 'none' },
  'GET /v1/events': { roles: all, scope: 'none' },
  'PUT /v1/events/:id': { roles: editors, scope: 'none' },
  'DELETE /v1/events/:id': { roles: editors, scope: 'none' },
  'GET /v1/opening-hours': { roles: all, scope: 'none' },
  'PUT /v1/opening-hours/:id': { roles: editors, scope: 'none' },
  'DELETE /v1/opening-hours/:id': { roles: editors, scope: 'none' },
  'GET /v1/grants': { roles: [...owners, 'partner'], scope: 'none' },
  'PUT /v1/grants/:id': { roles: ['trader', 'operator'], scope: 'none' },
  'DELETE /v1/grants/:id': { roles: ['trader', 'operator'], scope: 'none' },
  'GET /v1/keys': { roles: ['operator'], scope: 'none' },
  'DELETE /v1/keys/:id': { roles: ['operator'], scope: 'none' },
  'GET /v1/audit': { roles: ['operator'], scope: 'everything' },
  'GET /v1/health': everyone,
  'GET /metrics': { roles: ['operator', 'technician'], scope: 'none' },
  'GET /v1/problems': everyone,
  'GET /v1/session': everyone,
  'POST /v1/session': everyone,
  'DELETE /v1/session': everyone,
  'GET /openapi.json': everyone,
  'GET /docs': everyone,
};

/** The page's own files hold no numbers. */
const pageFiles = /^GET \/($|dashboard\/|assets\/|favicon)/;

/** The rule of a route, as `GET /v1/sites`; null where nobody has decided. */
export function ruleOf(route: string): RouteRule | null {
  return routeAudiences[route] ?? (pageFiles.test(route) ? everyone : null);
}
