import { existsSync, readFileSync } from 'node:fs';
import { type Static, Type } from 'typebox';
import Value from 'typebox/value';
import { writeFileWhole } from '../../edge-agent/config/write-file-whole.ts';
import { SensorName, UtcTime } from '../../gateway/contract/names.ts';
import { UsageError } from '../command.ts';
import { type PassageTap, passageKindNames, peopleOf } from './passage-tap.ts';
import { tapsMax } from './tap-book.ts';

/** What lies beside the recording of a walk test; times from the recording's start. */
const TapFile = Type.Object(
  {
    format: Type.Literal('passant-taps'),
    version: Type.Literal(1),
    sensor: SensorName,
    startedAt: UtcTime,
    taps: Type.Array(
      Type.Object(
        {
          t: Type.Number(),
          direction: Type.Union([Type.Enum(['in', 'out']), Type.Null()]),
          kind: Type.Enum([...passageKindNames]),
        },
        { additionalProperties: false },
      ),
      { maxItems: tapsMax },
    ),
  },
  { additionalProperties: false },
);
type TapFile = Static<typeof TapFile>;

const besides = (recording: string, ending: string): string =>
  `${recording.replace(/\.(nd)?jsonl?$/, '')}.${ending}.json`;

/** `visit.ndjson` → `visit.taps.json`. */
export const tapFileOf = (recording: string): string => besides(recording, 'taps');

/** Saves the taps beside the recording, whole at every tap, so that a killed program loses none. */
export function writeTapFile(
  recording: string,
  content: {
    readonly sensor: string;
    readonly startedAt: string;
    readonly startSeconds: number;
    readonly taps: readonly PassageTap[];
  },
): void {
  const { sensor, startedAt, startSeconds } = content;
  const taps = content.taps.map(({ atSeconds, direction, kind }) => ({
    t: rounded(atSeconds - startSeconds),
    direction,
    kind,
  }));
  const file: TapFile = { format: 'passant-taps', version: 1, sensor, startedAt, taps };
  writeFileWhole(tapFileOf(recording), `${JSON.stringify(file)}\n`);
}

/** The taps beside a recording, times from its start. Throws `UsageError` naming file and cause. */
export function readTapFile(recording: string): { readonly sensor: string; readonly taps: PassageTap[] } {
  const file = tapFileOf(recording);
  if (!existsSync(file)) throw new UsageError(`${file}: no such file`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new UsageError(`${file}: ${(cause as Error).message}`);
  }
  const [fault] = Value.Errors(TapFile, value);
  if (fault !== undefined)
    throw new UsageError(`${file}: ${fault.instancePath || 'the file'} ${fault.message}`);
  const { sensor, taps } = value as TapFile;
  return {
    sensor,
    taps: taps.map(({ t, direction, kind }, at) => ({ id: String(at), atSeconds: t, direction, kind })),
  };
}

/**
 * The observer's truth in the form that lies beside any recording, so that `verify` judges later
 * profiles and engines by it: taps less the time by which this observer taps late. A truth that is
 * known better, as that of a simulation, stays.
 */
export function writeObservedTruth(
  recording: string,
  observed: {
    readonly taps: readonly PassageTap[];
    readonly lagSeconds: number;
    readonly startSeconds: number;
  },
): void {
  const file = besides(recording, 'truth');
  if (existsSync(file) && !readFileSync(file, 'utf8').includes('"observer": true')) return;
  const at = (tap: PassageTap) =>
    rounded(Math.max(0, tap.atSeconds - observed.lagSeconds - observed.startSeconds));
  const crossings = observed.taps.flatMap((tap) =>
    Array.from({ length: peopleOf(tap) }, () => ({ t: at(tap), direction: tap.direction })),
  );
  const other = observed.taps
    .filter((tap) => peopleOf(tap) === 0)
    .map((tap) => ({ t: at(tap), kind: tap.kind === 'object' ? 'object' : 'uturn' }));
  writeFileWhole(file, `${JSON.stringify({ observer: true, crossings, other }, null, 1)}\n`);
}

const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;
