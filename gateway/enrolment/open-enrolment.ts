import type { GatewayConfig } from '../config.ts';
import { setupOf } from '../setup.ts';
import type { GatewayStore } from '../store/gateway-store.ts';
import { type DeviceCredentials, openDeviceCredentials } from './device-credentials.ts';
import { EnrolmentCodes } from './enrolment-codes.ts';
import { Enrolments } from './enrolments.ts';
import { SetupKeeper } from './setup-keeper.ts';

/** Everything that takes devices in, over one store: the running gateway and each command have their own. */
export interface Enrolment {
  readonly keeper: SetupKeeper;
  readonly credentials: DeviceCredentials;
  readonly codes: EnrolmentCodes;
  readonly enrolments: Enrolments;
}

/** Opens what enrols; puts nothing in force. Rejects with a `StoreError`. */
export async function openEnrolment(
  config: GatewayConfig,
  store: GatewayStore,
  now: () => number,
): Promise<Enrolment> {
  const keeper = new SetupKeeper(store);
  const configured = config.broker.kind === 'embedded' ? config.broker.credentials : [];
  const credentials = await openDeviceCredentials(store, configured);
  const codes = new EnrolmentCodes({ store, keeper, now });
  return {
    keeper,
    credentials,
    codes,
    enrolments: new Enrolments({ store, keeper, codes, credentials, now }),
  };
}

/** Puts the sites of the configuration in force, with what was decided by enrolling. */
export async function configureSites(
  config: GatewayConfig,
  { keeper }: Enrolment,
  atMs: number,
): Promise<void> {
  await keeper.configure(config.sites === undefined ? null : setupOf(config.sites), atMs);
}
