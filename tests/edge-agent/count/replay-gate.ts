import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { matchCrossings } from '../../../calibration/audit/crossing-match.ts';
import { replayRecording } from '../../../edge-agent/replay.ts';
import type { TrueCrossing } from '../../../hardware/emulated/walks/truth.ts';

export const gateFolder = 'tests/recordings/walks';
export const expectedFile = join(gateFolder, 'expected.json');

/** What an engine made of one recording: true crossings it found, and crossings that never were. */
export interface GateScore {
  readonly found: number;
  readonly invented: number;
}

export const gateRecordings = (): string[] =>
  readdirSync(gateFolder)
    .filter((file) => file.endsWith('.ndjson'))
    .map((file) => file.slice(0, -'.ndjson'.length))
    .sort();

/** Plays one recording through the agent's own path and compares with its truth. */
export async function gateScore(name: string): Promise<GateScore & { readonly truth: number }> {
  const result = await replayRecording({ file: join(gateFolder, `${name}.ndjson`) });
  if (!('crossings' in result)) throw new Error(`${name}: no crossings counted`);
  const truth = readTruth(join(gateFolder, `${name}.truth.json`));
  const match = matchCrossings(truth, [...result.crossings]);
  return { found: match.pairs.length, invented: match.invented.length, truth: truth.length };
}

function readTruth(file: string): TrueCrossing[] {
  const { crossings } = JSON.parse(readFileSync(file, 'utf8')) as {
    crossings: { t: number; direction: 'in' | 'out'; until?: number }[];
  };
  return crossings.map(({ t, direction, until }) => ({
    atSeconds: t,
    direction,
    ...(until === undefined ? {} : { untilSeconds: until }),
  }));
}

/** Writes down what the present engine does. */
async function writeExpected(): Promise<void> {
  const scores: Record<string, GateScore> = {};
  for (const name of gateRecordings()) {
    const { found, invented, truth } = await gateScore(name);
    process.stdout.write(`${name}: ${found} of ${truth}, ${invented} invented\n`);
    scores[name] = { found, invented };
  }
  writeFileSync(expectedFile, `${JSON.stringify(scores, null, 2)}\n`);
}

if (import.meta.main) await writeExpected();
