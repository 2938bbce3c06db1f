import type { Logger } from 'pino';
import type { IngestObserver } from './ingest/ingest.ts';
import type { IntakeAlarm } from './ingest/intake.ts';
import type { SettingsPushes } from './ingest/settings-pushes.ts';
import type { LiveBoard } from './web/live-board.ts';

/** A broken device may send poison every second; one line a minute for each reason is enough. */
const poisonLogEveryMs = 60_000;
/** Two devices under one name say so every minute. */
const overlapLogEveryMs = 86_400_000;

/** Passes what ingest does on to the log and the live page. No payload ever reaches either. */
export function ingestObserver(logger: Logger, board: LiveBoard, pushes: SettingsPushes): IngestObserver {
  const lastLoggedMs = new Map<string, number>();
  const isDue = (what: string, everyMs: number) => {
    const now = Date.now();
    if (now - (lastLoggedMs.get(what) ?? 0) < everyMs) return false;
    lastLoggedMs.set(what, now);
    return true;
  };
  return {
    committed: () => board.changed(),
    totalsRan: () => board.changed(),
    statusTaken: (device, status) => {
      pushes.heard(device, status).catch((cause: unknown) => pushFailed(logger)(device, cause));
    },
    overlapping: (device, intervals) => {
      if (!isDue(`overlapping ${device}`, overlapLogEveryMs)) return;
      logger.warn(
        { device, intervals },
        'intervals share their time: a clock went back, or two devices have one name',
      );
    },
    poison: (entry) => {
      if (!isDue(entry.reason, poisonLogEveryMs)) return;
      logger.warn(entry, 'a message was refused and put into quarantine');
    },
    receiptFailed: (device, cause) => logger.warn({ device, err: cause }, 'a receipt could not be published'),
  };
}

/** A push that the broker did not take, or that could not be read. */
export function pushFailed(logger: Logger): (device: string, cause: unknown) => void {
  return (device, cause) => logger.warn({ device, err: cause }, 'settings could not be sent to a device');
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
