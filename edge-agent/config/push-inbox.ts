import type { Logger } from 'pino';
import type { PushReport } from '../../gateway/contract/device-settings.ts';
import type { ProfileInForce } from './profile-in-force.ts';
import { judgePush } from './pushed-settings.ts';
import { writeSiteProfile } from './site-profile-file.ts';

export interface PushInboxParts {
  readonly profileFile: string;
  readonly profile: ProfileInForce;
  readonly logger: Logger;
  /** Another profile lies in the file now: the agent has to begin anew with it. */
  readonly outdated: () => void;
}

/** Takes what the gateway pushes, keeps what is adopted, and remembers what to tell of it. */
export class PushInbox {
  readonly #parts: PushInboxParts;
  #report: PushReport | null = null;

  constructor(parts: PushInboxParts) {
    this.#parts = parts;
  }

  /** What has become of the last push; null before the first. */
  get report(): PushReport | null {
    return this.#report;
  }

  /** Never throws: a push never stops counting. */
  take(payload: Uint8Array): void {
    const { profileFile, profile, logger, outdated } = this.#parts;
    const judged = judgePush(payload, profile);
    const { outcome, reason } = judged.report;
    this.#report = judged.report;
    if (judged.profile === null) {
      if (outcome !== 'adopted') logger.error({ outcome, reason }, 'a push is not adopted');
      return;
    }
    try {
      writeSiteProfile(profileFile, judged.profile, 'gateway');
    } catch (error) {
      logger.error({ err: error }, 'a pushed profile cannot be kept');
      this.#report = {
        ...judged.report,
        outcome: 'not-kept',
        reason: (error as Error).message.slice(0, 200),
      };
      return;
    }
    logger.info({ revision: judged.profile.revision }, 'a pushed profile is adopted');
    outdated();
  }
}
