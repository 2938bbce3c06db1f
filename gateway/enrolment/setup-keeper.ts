import type { Conflict } from '../contract/enrolment.ts';
import type { Setup } from '../store/count-store.ts';
import type { GatewayStore } from '../store/gateway-store.ts';
import { type AssignmentBody, effectiveSetup } from './effective-setup.ts';

/** The one record of its kind. */
const configuredId = 'sites';
/** Two processes that enrol at the same moment meet; a third time in a row is a bug. */
const attemptsMax = 5;

/** What is configured, what was decided on site, and what is in force of both. */
export interface SetupState {
  readonly configured: Setup;
  readonly decided: readonly AssignmentBody[];
  readonly setup: Setup;
  readonly conflicts: readonly Conflict[];
}

/**
 * Keeps the setup in force. Its sources are records: what the configuration said last, and what
 * enrolments decided; the store's own tables are what follows from both and can be made again at any
 * time.
 */
export class SetupKeeper {
  readonly #store: GatewayStore;

  constructor(store: GatewayStore) {
    this.#store = store;
  }

  /** Takes the sites of a configuration, or leaves what was configured before where it names none. */
  async configure(configured: Setup | null, atMs: number): Promise<void> {
    const [record] = await this.#store.readRecords('configured-setup');
    const next = configured ?? (record === undefined ? await this.#firstSetup() : null);
    if (next !== null && JSON.stringify(record?.body) !== JSON.stringify(next)) {
      await this.#store.put([{ kind: 'configured-setup', id: configuredId, body: next }], atMs);
    }
    await this.apply();
  }

  async read(): Promise<SetupState> {
    const [record] = await this.#store.readRecords('configured-setup');
    const configured = (record?.body as Setup | undefined) ?? (await this.#firstSetup());
    const decided = (await this.#store.readRecords('assignment')).map(({ body }) => body as AssignmentBody);
    return { configured, decided, ...effectiveSetup(configured, decided) };
  }

  /** Puts in force what follows from the records; once more where another process has decided meanwhile. */
  async apply(): Promise<void> {
    let applied = '';
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const { setup } = await this.read();
      const wanted = JSON.stringify(setup);
      if (wanted === applied) return;
      await this.#store.applySetup(setup);
      applied = wanted;
    }
  }

  /** Before enrolments were records, the tables held what was configured. */
  async #firstSetup(): Promise<Setup> {
    const { sites, lines, assignments } = await this.#store.readDirectory();
    return { sites, lines, assignments };
  }
}
