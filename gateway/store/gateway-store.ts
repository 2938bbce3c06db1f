import type { CountStore } from './count-store.ts';
import type { RecordStore } from './record-store.ts';
import type { RejectionStore } from './rejection-store.ts';
import type { SealStore } from './seal-store.ts';
import type { StoreUpkeep } from './store-upkeep.ts';

/** Everything the gateway keeps, in one database: five ports that each caller takes its own of. */
export interface GatewayStore extends CountStore, RecordStore, RejectionStore, SealStore, StoreUpkeep {}
