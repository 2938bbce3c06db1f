import { type Static, type TSchema, Type } from 'typebox';
import { sensorFlags } from './count-batch.ts';
import { LineId, resolutions } from './http-api.ts';
import { UtcTime } from './names.ts';

const closed = { additionalProperties: false } as const;
const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** The four values that are never mixed. */
const valueKinds = ['observed', 'corrected', 'imputed', 'published'] as const;

const Estimate = Nullable(
  Type.Object(
    {
      value: Type.Number({ description: 'People; a corrected number need not be whole.' }),
      standardError: Type.Number({ minimum: 0 }),
      interval95: Type.Array(Type.Number(), {
        minItems: 2,
        maxItems: 2,
        description: 'Holds the truth with a probability of 95 %; the lower end may be negative.',
      }),
    },
    { ...closed, description: 'Null where nobody looked and nothing was filled in.' },
  ),
);

const estimated = {
  coverage: Type.Number({ minimum: 0, maximum: 1, description: 'Share of the time that was looked at.' }),
  flags: Type.Array(Type.Enum([...sensorFlags])),
  value: Type.Enum([...valueKinds], {
    description: 'Which of the four this number is: imputed where any part of it is filled in.',
  }),
  in: Estimate,
  out: Estimate,
};

export const LineEstimates = Type.Object(
  {
    line: LineId,
    kind: Type.Literal('crossing'),
    simulated: Type.Boolean(),
    value: Type.Enum([...valueKinds]),
    methods: Type.Array(Type.String(), { description: 'Calibrations and imputation that took part.' }),
    asOf: Nullable(UtcTime),
    timeZone: Type.String(),
    resolution: Type.Enum([...resolutions]),
    from: UtcTime,
    to: UtcTime,
    cells: Type.Array(
      Type.Object({ start: UtcTime, seconds: Type.Integer({ minimum: 1 }), ...estimated }, closed),
    ),
    total: Type.Object(estimated, closed),
  },
  { ...closed, description: 'Corrected or imputed numbers of a line, with their 95 % intervals.' },
);
export type LineEstimates = Static<typeof LineEstimates>;
