import { expect, test } from 'vitest';
import { requirePrograms } from '../require-programs.ts';
import { judgeKills } from './judge-kills.ts';
import { openKillBed, soakKills } from './kill-bed.ts';

/** A thousand are in `npm run soak -- kills`. */
const kills = 20;
const secondsMax = 150;

test(
  'agent and gateway that are killed at random lose and double nothing that was closed',
  async (context) => {
    requirePrograms(context, 'mosquitto');
    const bed = await openKillBed();
    try {
      const { times, settled } = await soakKills(bed, { kills, seed: 1, settleSeconds: 40 });
      const verdict = await judgeKills(bed, times);
      expect(verdict.violations).toEqual([]);
      expect(settled).toBe(true);
      expect(verdict).toMatchObject({ lost: 0, doubled: 0, stored: verdict.closed });
      expect(verdict.closed).toBeGreaterThan(0);
      expect(verdict.coveredSeconds).toBeGreaterThan(0);
      expect(verdict.people).toBeGreaterThan(0);
    } finally {
      await bed.close();
    }
  },
  secondsMax * 1000,
);
