import type { Logger } from 'pino';
import type { IngestObserver } from './ingest/ingest.ts';
import type { IntakeAlarm } from './ingest/intake.ts';
import type { LiveBoard } from './web/live-board.ts';

/** A broken device may send poison every second; one line a minute for each reason is enough. */
const poisonLogEveryMs = 60_000;

/** Passes what ingest does on to the log and the live page. No payload ever reaches either. */
export function ingestObserver(logger: Logger, board: LiveBoard): IngestObserver {
  const lastLoggedMs = new Map<string, number>();
  return {
    committed: () => board.changed(),
    totalsRan: () => board.changed(),
    poison: (entry) => {
      const now = Date.now();
      if (now - (lastLoggedMs.get(entry.reason) ?? 0) < poisonLogEveryMs) return;
      lastLoggedMs.set(entry.reason, now);
      logger.warn(entry, 'a message was refused and put into quarantine');
    },
    receiptFailed: (device, cause) => logger.warn({ device, err: cause }, 'a receipt could not be published'),
  };
}

/** Logs the beginning and the end of a pause, not the attempts between. */
export function intakeAlarm(logger: Logger): IntakeAlarm {
  return {
    paused: (cause) =>
      logger.error({ err: cause }, 'the storage refuses: intake pauses, devices keep their counts'),
    resumed: (pausedMs) => logger.info({ pausedMs }, 'the storage takes again: intake resumes'),
    failed: (cause) => logger.error({ err: cause }, 'a message could not be stored and was not receipted'),
  };
}
