import { type Static, Type } from 'typebox';
import { Epoch, Origin, ProfileHash, SensorName, Sequence, UtcTime } from './names.ts';

export const countBatchVersion = 1;

/** A batch has to fit into a broker's usual 256 KiB packet; an interval is at most about 600 bytes. */
export const batchIntervalsMax = 360;

/** Five minutes: the longest time about which WiFi presence may say anything (privacy.md, section 3). */
export const intervalSecondsMax = 300;

/** More people than this in one interval through one line is not a count but a fault. */
const peopleMax = 100_000;

/** Why a path that was seen is no crossing. */
export const rejectionReasons = [
  'turned-back',
  'lingered',
  'object',
  'blocked',
  'too-short',
  'sensor-fault',
] as const;
export type RejectionReason = (typeof rejectionReasons)[number];

/** What was wrong with a sensor while an interval ran. */
export const sensorFlags = [
  'frozen-reading',
  'no-answer',
  'sunlight',
  'blocked-view',
  'drifted-floor',
  'occupied-start',
  'warming-up',
  'witness-disagrees',
  'saturated',
  'damaged',
  /** The gateway's: another interval of the sensor covers some of the same time. */
  'overlapping',
] as const;
export type SensorFlag = (typeof sensorFlags)[number];

const Count = (description: string) => Type.Integer({ minimum: 0, maximum: peopleMax, description });
const Seconds = (description: string, minimum: number) =>
  Type.Number({ minimum, maximum: intervalSecondsMax, description });
const StandardError = (description: string) => Type.Number({ minimum: 0, maximum: peopleMax, description });

const common = {
  sequence: Sequence,
  origin: Type.Optional(Origin),
  sensor: SensorName,
  start: UtcTime,
  durationSeconds: Seconds('Elapsed seconds; partial minutes after a restart are legal.', 1),
  coverageSeconds: Seconds('Seconds in which every zone had a good reading within 150 ms.', 0),
  flags: Type.Array(Type.Enum([...sensorFlags]), {
    maxItems: sensorFlags.length,
    uniqueItems: true,
    description: 'What was wrong with the sensor during the interval.',
  }),
  engine: Type.String({
    pattern: '^[a-z0-9][a-z0-9./-]{0,39}$',
    description: 'Name and version of the counting engine.',
    examples: ['two-zone/1'],
  }),
  profile: ProfileHash,
  clock: Type.Enum(['synced', 'estimated'], {
    description: 'Whether the start comes from a synchronised clock or was worked out afterwards.',
  }),
};

export const CrossingInterval = Type.Object(
  {
    kind: Type.Literal('crossing'),
    ...common,
    in: Count('People who passed from outside to inside, settled.'),
    out: Count('People who passed from inside to outside, settled.'),
    standardErrorIn: StandardError('Standard error of the true number of `in`, in people.'),
    standardErrorOut: StandardError('Standard error of the true number of `out`, in people.'),
    rejected: Type.Object(
      Object.fromEntries(
        rejectionReasons.map((reason) => [reason, Type.Optional(Count(`Paths rejected as ${reason}.`))]),
      ) as Record<RejectionReason, ReturnType<typeof optionalCount>>,
      { additionalProperties: false, description: 'Paths that were seen and not counted, by reason.' },
    ),
  },
  { additionalProperties: false, description: 'People who crossed one line, from a light-counting sensor.' },
);

export const MotionInterval = Type.Object(
  {
    kind: Type.Literal('motion'),
    ...common,
    activations: Count('Activations after hold and lock-out; motion, not people.'),
    activeSeconds: Seconds('Seconds in which any zone reported motion.', 0),
    orderedIn: Count('Activations of a pair in the order outside then inside.'),
    orderedOut: Count('Activations of a pair in the order inside then outside.'),
  },
  {
    additionalProperties: false,
    description: 'Motion from passive infrared sensors: a witness, not a count.',
  },
);

export const PresenceInterval = Type.Object(
  {
    kind: Type.Literal('presence'),
    ...common,
    mode: Type.Enum(['rate', 'hashing'], { description: 'How probe requests became a number.' }),
    frames: Type.Integer({ minimum: 0, maximum: 2 ** 32, description: 'Broadcast probe requests heard.' }),
    indicator: Type.Number({
      minimum: -peopleMax,
      maximum: peopleMax * 100,
      description: 'Busy seconds (mode rate) or estimated distinct radios (mode hashing); may be negative.',
    }),
    standardError: Type.Number({
      minimum: 0,
      maximum: peopleMax * 100,
      description: 'Standard error of the indicator.',
    }),
    bands: Type.Array(Type.Integer({ minimum: 0, maximum: 2 ** 32 }), {
      maxItems: 8,
      description: 'Bursts by signal band, weakest first; empty in mode hashing.',
    }),
  },
  { additionalProperties: false, description: 'A WiFi presence indicator; never people by itself.' },
);

function optionalCount() {
  return Type.Optional(Count(''));
}

export const Interval = Type.Union([CrossingInterval, MotionInterval, PresenceInterval]);

export const CountBatch = Type.Object(
  {
    version: Type.Literal(countBatchVersion),
    epoch: Epoch,
    oldestHeld: Type.Integer({
      minimum: 1,
      description: 'The oldest sequence the device still holds; everything below is gone for good.',
    }),
    intervals: Type.Array(Interval, { minItems: 1, maxItems: batchIntervalsMax }),
  },
  { additionalProperties: false, description: 'Closed intervals of one device, published with QoS 1.' },
);

export type CrossingInterval = Static<typeof CrossingInterval>;
export type MotionInterval = Static<typeof MotionInterval>;
export type PresenceInterval = Static<typeof PresenceInterval>;
export type Interval = Static<typeof Interval>;
export type CountBatch = Static<typeof CountBatch>;

/**
 * What the schema cannot say: relations between fields. Returns the reason why an interval is
 * refused, or null. Looking is a condition of counting, so a count without coverage is invalid.
 */
export function intervalFault(interval: Interval): string | null {
  // Rounding to milliseconds on the way may exceed the duration by as much.
  if (interval.coverageSeconds > interval.durationSeconds + 0.001) return 'coverage-exceeds-duration';
  if (interval.kind === 'crossing' && interval.coverageSeconds === 0 && interval.in + interval.out > 0) {
    return 'count-without-coverage';
  }
  if (!isCalendarDate(interval.start)) return 'start-not-a-date';
  return null;
}

/** `Date.parse` takes 30 February for 2 March; a start that does not survive the round trip is none. */
function isCalendarDate(start: string): boolean {
  const milliseconds = Date.parse(start);
  return (
    !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().slice(0, 10) === start.slice(0, 10)
  );
}
