import { join } from 'node:path';
import type { GatewayConfig } from '../config.ts';
import {
  type CertificateSource,
  openServerCertificate,
  type ServerCertificate,
} from './server-certificate.ts';

/** Where a configuration's certificate comes from: its files, or the data directory. */
export function certificateSource({ certificate, dataDirectory }: GatewayConfig): CertificateSource {
  const { certificateFile, keyFile, names } = certificate;
  if (certificateFile !== undefined && keyFile !== undefined)
    return { kind: 'files', certificateFile, keyFile };
  return { kind: 'self-made', folder: join(dataDirectory, 'tls'), names };
}

export function speaksTls({ http, broker }: GatewayConfig): boolean {
  return http.tls || (broker.kind === 'embedded' && broker.tls);
}

/** The certificate of a configuration, null where nothing speaks TLS. Rejects with a `CertificateError`. */
export async function openConfiguredCertificate(
  config: GatewayConfig,
  now: () => number,
): Promise<ServerCertificate | null> {
  return speaksTls(config) ? openServerCertificate(certificateSource(config), now) : null;
}
