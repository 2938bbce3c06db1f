import { hostname, networkInterfaces } from 'node:os';
import type { GatewayConfig } from '../config.ts';

/** Where counters find this gateway, and the fingerprint of the key that answers there; null where nothing is pinned. */
export interface GatewayAddress {
  readonly url: string;
  readonly pin: string | null;
}

/**
 * The address that codes name: as configured, or this machine's own. `port` is the one that is really
 * listened on; `pin` our own key's, null without TLS.
 */
export function gatewayAddress(
  config: GatewayConfig,
  own: { port: number; pin: string | null },
): GatewayAddress {
  const { url, pin } = config.enrolment;
  if (url !== undefined) return { url, pin: url.startsWith('https:') ? (pin ?? own.pin) : null };
  const { host, tls } = config.http;
  const scheme = tls ? 'https' : 'http';
  return { url: `${scheme}://${hostText(host)}:${own.port}`, pin: tls ? own.pin : null };
}

/** An address that others can reach: of 0.0.0.0 the first of this machine's own. */
function hostText(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return host.includes(':') ? `[${host}]` : host;
  const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? hostname();
}
