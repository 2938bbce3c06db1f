import { existsSync, readFileSync } from 'node:fs';
import { type Static, Type } from 'typebox';
import Value from 'typebox/value';
import type { TrueCrossing } from '../../hardware/emulated/walks/truth.ts';
import { SensorError } from '../../hardware/sensor.ts';

/** Truth beside a recording; fields it does not know are left alone. */
const TruthFile = Type.Object({
  crossings: Type.Array(
    Type.Object({
      t: Type.Number(),
      direction: Type.Enum(['in', 'out']),
      until: Type.Optional(Type.Number()),
    }),
    { maxItems: 1_000_000 },
  ),
});

/** The crossings that are known to be true, or null where no truth lies beside. Throws `SensorError`. */
export function readRecordingTruth(recording: string): TrueCrossing[] | null {
  const file = `${recording.replace(/\.(nd)?jsonl?$/, '')}.truth.json`;
  if (!existsSync(file)) return null;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new SensorError('recording-invalid', `${file}: ${(cause as Error).message}`);
  }
  const [fault] = Value.Errors(TruthFile, value);
  if (fault !== undefined) {
    throw new SensorError(
      'recording-invalid',
      `${file}: ${fault.instancePath || 'the file'} ${fault.message}`,
    );
  }
  return (value as Static<typeof TruthFile>).crossings.map(({ t, direction, until }) => ({
    atSeconds: t,
    direction,
    ...(until === undefined ? {} : { untilSeconds: until }),
  }));
}
