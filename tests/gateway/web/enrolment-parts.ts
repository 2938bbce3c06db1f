import { parseGatewayConfig } from '../../../gateway/config.ts';
import { openEnrolment } from '../../../gateway/enrolment/open-enrolment.ts';
import type { GatewayStore } from '../../../gateway/store/gateway-store.ts';
import { EnrolmentReader } from '../../../gateway/web/api/enrolment-reader.ts';

/** What enrols, over a store, for an interface that does not listen. */
export async function openEnrolmentParts(store: GatewayStore, now: () => number) {
  const enrolment = await openEnrolment(parseGatewayConfig({}, 'test'), store, now);
  const broker = { url: null, tls: false, port: 1883, pin: null, passwords: 'in-force' as const };
  const parts = { store, ...enrolment, configured: new Set<string>(), broker: () => broker };
  const address = { url: 'http://127.0.0.1:8080', pin: null };
  return { ...enrolment, enrolmentReader: new EnrolmentReader(parts), address: () => address };
}
