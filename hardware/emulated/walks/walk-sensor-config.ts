import { type Static, Type } from 'typebox';

/** One day of half hours fits 48 times; minutes of a day 1,440 times. */
const slotsMax = 1440;

/** People who walk under an emulated VL53L1X, as many as a table says. */
export const WalkSensorConfig = Type.Object(
  {
    kind: Type.Literal('walks'),
    seed: Type.Integer({
      minimum: 0,
      maximum: 2 ** 31 - 1,
      description: 'Decides everything that is drawn.',
    }),
    mountingHeightMm: Type.Number({ minimum: 2000, maximum: 4000, default: 2500 }),
    startedAt: Type.String({
      pattern: '^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,3})?Z$',
      description: 'When the first slot begins, UTC.',
    }),
    slotSeconds: Type.Integer({ minimum: 60, maximum: 3600, default: 1800 }),
    arrivals: Type.Array(
      Type.Object(
        { in: Type.Integer({ minimum: 0, maximum: 2000 }), out: Type.Integer({ minimum: 0, maximum: 2000 }) },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: slotsMax, description: 'How many people come in and go out in each slot.' },
    ),
    pace: Type.Optional(
      Type.Number({ minimum: 0, default: 1, description: 'Speed-up; 0 is as fast as possible.' }),
    ),
  },
  { additionalProperties: false },
);
export type WalkSensorConfig = Static<typeof WalkSensorConfig>;
