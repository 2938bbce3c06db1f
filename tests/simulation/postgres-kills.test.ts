import { expect, test } from 'vitest';
import { hasPostgres, startPostgres } from '../doubles/postgres-process.ts';
import { requirePrograms, requireThat } from '../require-programs.ts';
import { judgeKills } from './judge-kills.ts';
import { openKillBed, soakKills } from './kill-bed.ts';

const kills = 6;
const secondsMax = 150;

test(
  'gateways that share the work of one PostgreSQL and are killed lose and double nothing either',
  async (context) => {
    requirePrograms(context, 'mosquitto');
    requireThat(context, hasPostgres(), 'there is no PostgreSQL for this platform');
    const postgres = await startPostgres();
    const bed = await openKillBed(await postgres.createDatabase());
    try {
      const { times, settled } = await soakKills(bed, { kills, seed: 3, settleSeconds: 60 });
      const verdict = await judgeKills(bed, times);
      expect(times.gateway).toBeGreaterThan(0);
      expect(verdict.violations).toEqual([]);
      expect(settled).toBe(true);
      expect(verdict).toMatchObject({ lost: 0, doubled: 0, stored: verdict.closed });
      expect(verdict.closed).toBeGreaterThan(0);
    } finally {
      await bed.close();
      await postgres.stop();
    }
  },
  secondsMax * 1000,
);
