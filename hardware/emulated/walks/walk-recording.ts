import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Truth } from './truth.ts';
import type { WalkSimulation } from './walk-simulation.ts';

const round = (value: number, digits: number) => Number(value.toFixed(digits));

/** Lines of the NDJSON recording of a simulation, header first, without line ends. */
export function* recordingLines(simulation: WalkSimulation, startedAt: string): Generator<string> {
  yield JSON.stringify({
    format: 'passant-recording',
    version: 1,
    sensor: simulation.sensor,
    mountingHeightMm: simulation.mountingHeightMm,
    startedAt,
    geometry: simulation.geometry,
    simulated: true,
    zones: simulation.zones,
  });
  const { readings } = simulation;
  for (let at = 0; at < readings.length; at++) {
    yield JSON.stringify({
      t: round(readings.atSeconds[at]!, 4),
      zone: readings.zone[at],
      mm: readings.distanceMm[at],
      status: readings.status[at],
      signalKcps: readings.signalKcps?.[at],
      ambientKcps: readings.ambientKcps?.[at],
      sigmaMm: readings.sigmaMm === undefined ? undefined : round(readings.sigmaMm[at]!, 1),
      spads: readings.spads?.[at],
    });
  }
}

/** The truth in the form that lies beside a recording. `until` is there for who stood on the line. */
function truthDocument(truth: Truth): object {
  return {
    crossings: truth.crossings.map(({ atSeconds, direction, untilSeconds }) => ({
      t: round(atSeconds, 2),
      direction,
      ...(untilSeconds === undefined ? {} : { until: round(untilSeconds, 2) }),
    })),
    other: truth.other.map(({ atSeconds, kind }) => ({ t: round(atSeconds, 2), kind })),
  };
}

/** `visit.ndjson` → `visit.truth.json`. */
export const truthFileOf = (file: string): string => `${file.replace(/\.(nd)?jsonl?$/, '')}.truth.json`;

/** Writes the recording to `file` and the truth beside it; gives back the truth's file. */
export async function writeWalkRecording(
  simulation: WalkSimulation,
  target: { file: string; startedAt: string },
): Promise<string> {
  const stream = createWriteStream(target.file);
  const failed = once(stream, 'error').then(([error]) => Promise.reject(error));
  failed.catch(() => {});
  let block: string[] = [];
  const flush = async () => {
    const text = `${block.join('\n')}\n`;
    block = [];
    if (!stream.write(text)) await Promise.race([once(stream, 'drain'), failed]);
  };
  for (const line of recordingLines(simulation, target.startedAt)) {
    block.push(line);
    if (block.length === 2000) await flush();
  }
  if (block.length > 0) await flush();
  stream.end();
  await Promise.race([once(stream, 'finish'), failed]);
  const truthFile = truthFileOf(target.file);
  await writeFile(truthFile, `${JSON.stringify(truthDocument(simulation.truth), null, 1)}\n`);
  return truthFile;
}
