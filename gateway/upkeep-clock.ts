import type { Logger } from 'pino';
import type { GatewayConfig } from './config.ts';
import { compactAfterDays, type StoreUpkeep } from './store/store-upkeep.ts';

/** Days become old once a day; an hour keeps restarts from putting it off for ever. */
const everyMs = 3_600_000;
/** Ingest gets its turn between two steps of a long upkeep. */
const breakMs = 5_000;

/** Keeps the store within its retention while the gateway runs. A failed turn is logged and comes again. */
export function startUpkeep(parts: {
  store: StoreUpkeep;
  config: GatewayConfig;
  logger: Logger;
  now: () => number;
}): { close(): Promise<void> } {
  const { store, config, logger, now } = parts;
  const { minutesDays, quartersDays, hoursDays, daysDays } = config.retention;
  const keepDays = { minutes: minutesDays, quarters: quartersDays, hours: hoursDays, days: daysDays };
  let turn: Promise<void> = Promise.resolve();
  let timer = setTimeout(begin, breakMs);
  function begin(): void {
    turn = store.upkeep({ nowMs: now(), keepDays, compactAfterDays }).then(
      ({ compactedDays, deletedRows, finished }) => {
        if (compactedDays + deletedRows > 0)
          logger.info({ compactedDays, deletedRows }, 'old minutes put away');
        timer = setTimeout(begin, finished ? everyMs : breakMs);
      },
      (cause) => {
        logger.error({ err: cause }, 'old minutes could not be put away');
        timer = setTimeout(begin, everyMs);
      },
    );
  }
  return {
    close: async () => {
      clearTimeout(timer);
      await turn;
      clearTimeout(timer);
    },
  };
}
