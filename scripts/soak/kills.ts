import { judgeKills } from '../../tests/simulation/judge-kills.ts';
import { openKillBed, soakKills } from '../../tests/simulation/kill-bed.ts';

export interface KillsSoakOptions {
  /** Kills of agent and gateway together; a thousand by default. */
  readonly kills?: number;
  readonly seed?: number;
}

const settleSeconds = 120;

/** Real processes, a real broker, SIGKILL at random. False where the store is not what was closed. */
export async function run(options: KillsSoakOptions = {}): Promise<boolean> {
  const { kills = 1000, seed = 1 } = options;
  const bed = await openKillBed();
  try {
    const { times, settled } = await soakKills(bed, { kills, seed, settleSeconds });
    const { violations, ...sums } = await judgeKills(bed, times);
    for (const violation of violations.slice(0, 20)) console.log(violation);
    if (!settled) console.log(`not all is stored after ${settleSeconds} s`);
    console.log(
      `looked for ${sums.lookedSeconds.toFixed(1)} s, covered ${sums.coveredSeconds.toFixed(1)} s, ` +
        `${sums.people} people; the network was cut ${times.cuts} times, ` +
        `a disk was full ${times.fills} times`,
    );
    console.log(
      `${times.agent.length - 1} kills of the agent, ${times.gateway} of two gateways, ` +
        `${sums.closed} intervals closed, ${sums.lost} lost, ${sums.doubled} doubled`,
    );
    return settled && violations.length === 0;
  } finally {
    await bed.close();
  }
}
