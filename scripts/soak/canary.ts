import { killAgentAndSearch } from '../../tests/privacy/killed-agent.ts';

export interface CanarySoakOptions {
  readonly kills?: number;
  readonly seed?: number;
}

/** The capture has been played to its end by then. */
const aliveMillisecondsMax = 2000;

/** Kills the agent at random moments, fifty times by default, and searches the disk for addresses. */
export async function run(options: CanarySoakOptions = {}) {
  const { kills = 50, seed = 1 } = options;
  const rows: { aliveMs: number; files: number; bytes: number; findings: number }[] = [];
  let state = seed;
  for (let kill = 0; kill < kills; kill += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const aliveMs = (state >>> 8) % aliveMillisecondsMax;
    const { findings, filesWritten, bytesWritten } = await killAgentAndSearch(aliveMs);
    rows.push({ aliveMs, files: filesWritten, bytes: bytesWritten, findings: findings.length });
    if (findings.length > 0) throw new Error(`killed after ${aliveMs} ms: ${findings.join('; ')}`);
  }
  const most = Math.max(...rows.map((row) => row.bytes));
  console.log(`canary: ${kills} kills, up to ${most} bytes searched after each, no address found`);
  return rows;
}

if (import.meta.main) await run();
