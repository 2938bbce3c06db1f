import type { Logger } from 'pino';
import type { Sealer } from './sealer.ts';

/** A sealed hour is there a minute or two after its last data. */
const everyMs = 60_000;

/** Seals while the gateway runs, at once and every minute. A failed round is logged and comes again. */
export function startSealing({ sealer, logger }: { sealer: Sealer; logger: Logger }): {
  close(): Promise<void>;
} {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let round = begin();
  async function begin(): Promise<void> {
    try {
      const { sealed, late } = await sealer.round();
      if (sealed + late > 0) logger.info({ sealed, late }, 'cells sealed');
    } catch (cause) {
      logger.error({ err: cause }, 'cells could not be sealed');
    }
    if (stopped) return;
    timer = setTimeout(() => {
      round = begin();
    }, everyMs);
  }
  return {
    close: async () => {
      stopped = true;
      clearTimeout(timer);
      await round;
    },
  };
}
