import { type Static, Type } from 'typebox';
import { LineId } from './http-api.ts';
import { UtcTime } from './names.ts';
import { nextPage } from './pages-api.ts';

const closed = { additionalProperties: false } as const;

/** Name of a record that people make: calibrations, events, calendars. */
export const RecordId = Type.String({
  pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
  description: 'Name of the record; writing it again makes a new state and keeps the old one.',
  examples: ['papeterie-door-2026'],
});

/** A moment on a whole hour of UTC, so that no stored hour is cut in two. */
const WholeHour = Type.String({
  pattern: '^20[2-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:00:00Z$',
  description: 'UTC time on a whole hour.',
  examples: ['2026-03-02T08:00:00Z'],
});

/** How many people really passed for each one counted, as found by counting heads beside the sensor. */
export const Calibration = Type.Object(
  {
    line: LineId,
    direction: Type.Enum(['in', 'out', 'both']),
    factor: Type.Number({
      minimum: 0.1,
      maximum: 10,
      description: 'People per person counted; 1 where the sensor is right.',
      examples: [1.04],
    }),
    standardError: Type.Number({
      minimum: 0,
      maximum: 5,
      description: 'Standard error of the factor.',
      examples: [0.02],
    }),
    from: WholeHour,
    until: Type.Optional(WholeHour),
    note: Type.Optional(Type.String({ maxLength: 200, description: 'Who counted, when, how many.' })),
  },
  {
    ...closed,
    description: 'Applied when counts are asked for, so it changes history without rewriting it.',
  },
);
export type Calibration = Static<typeof Calibration>;

const CalibrationRecord = Type.Object(
  { id: RecordId, recordedAt: UtcTime, ...Calibration.properties },
  closed,
);
export const CalibrationList = Type.Object(
  { calibrations: Type.Array(CalibrationRecord), ...nextPage },
  closed,
);
