import { type Static, type TSchema, Type } from 'typebox';
import { LineId, lineRoles, resolutions } from './http-api.ts';
import { UtcTime } from './names.ts';

const closed = { additionalProperties: false } as const;
const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** Every measure that a line answers. What each means stands in `gateway/values/measures/measure-definitions.ts`. */
export const measureIds = [
  'entrances',
  'passers-by',
  'occupancy',
  'capture-rate',
  'conversion',
  'dwell',
  'stopping-rate',
  'peak-hour',
  'week-profile',
  'against-last-week',
  'against-last-year',
  'growth',
  'presence-index',
] as const;
export type MeasureId = (typeof measureIds)[number];

const measureUnits = ['people', 'percent', 'minutes', 'index'] as const;

/** What a measure needs besides the counts of its own line. */
const measureNeeds = ['street-line', 'receipts', 'rejected-paths', 'weeks-before', 'year-before'] as const;

const Words = Type.Object({ de: Type.String(), en: Type.String() }, closed);

export const MeasureDefinition = Type.Object(
  {
    id: Type.Enum([...measureIds]),
    name: Words,
    unit: Type.Enum([...measureUnits]),
    definition: Words,
    formula: Type.String({ description: 'With the names of the interface; indices run over cells.' }),
    interval: Words,
    roles: Type.Array(Type.Enum([...lineRoles]), { description: 'Roles of lines that answer it.' }),
    needs: Type.Array(Type.Enum([...measureNeeds])),
    resolutions: Type.Array(Type.Enum([...resolutions]), { description: 'The first is the default.' }),
  },
  { ...closed, description: 'What a measure is, in the one place where it is defined.' },
);
export type MeasureDefinition = Static<typeof MeasureDefinition>;
export const MeasureDefinitionList = Type.Object({ measures: Type.Array(MeasureDefinition) }, closed);

export const MeasureQuery = Type.Object(
  {
    measure: Type.Enum([...measureIds], { examples: ['capture-rate'] }),
    from: Type.String({
      description: 'Start of the range, RFC 3339 with zone, on a boundary of the resolution.',
    }),
    to: Type.String({ description: 'End of the range, exclusive; the same rules.' }),
    resolution: Type.Optional(
      Type.Enum([...resolutions], { description: 'By default the first that the measure names.' }),
    ),
    street: Type.Optional(
      Type.String({
        maxLength: 127,
        description:
          'Line of the passers-by of a capture rate; by default the one street line of the site, or of the town.',
      }),
    ),
    lagMinutes: Type.Optional(
      Type.String({
        pattern: '^(0|5|10|15|20|25|30|35|40|45|50|55|60)$',
        examples: ['15'],
        description: 'Way from the street line to the door; by default found from the two courses.',
      }),
    ),
  },
  closed,
);
export type MeasureQuery = Static<typeof MeasureQuery>;

export const MeasureEstimate = Nullable(
  Type.Object(
    {
      value: Type.Number(),
      standardError: Type.Number({ minimum: 0 }),
      interval95: Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }),
    },
    { ...closed, description: 'Null where it cannot be said.' },
  ),
);
export type MeasureEstimate = Static<typeof MeasureEstimate>;

const Details = {
  weekday: Type.Optional(Type.Integer({ minimum: 1, maximum: 7, description: '1 Monday to 7 Sunday.' })),
  localHour: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 23, description: 'Begin of an hour of the local clock.' }),
  ),
  samples: Type.Optional(Type.Integer({ minimum: 0, description: 'Days, weeks or hours that took part.' })),
  base: Type.Optional(MeasureEstimate),
  pValue: Type.Optional(
    Nullable(
      Type.Number({
        minimum: 0,
        maximum: 1,
        description: 'Of no change at all; null where too few took part.',
      }),
    ),
  ),
  certain: Type.Optional(
    Type.Boolean({ description: 'Whether the counting error leaves no other hour the peak.' }),
  ),
};

export const MeasureAnswer = Type.Object(
  {
    measure: Type.Enum([...measureIds]),
    line: LineId,
    unit: Type.Enum([...measureUnits]),
    simulated: Type.Boolean(),
    value: Type.Enum(['observed', 'corrected', 'published'], {
      description: 'Which of the four values the measure was computed from.',
    }),
    methods: Type.Array(Type.String()),
    timeZone: Type.String(),
    resolution: Type.Enum([...resolutions]),
    from: UtcTime,
    to: UtcTime,
    street: Type.Optional(LineId),
    lag: Type.Optional(
      Type.Object(
        {
          minutes: Type.Integer({ minimum: 0 }),
          origin: Type.Enum(['given', 'found', 'none'], {
            description: 'none: the courses do not tell one, or the numbers are too coarse for it; 0 then.',
          }),
          correlation: Nullable(Type.Number()),
        },
        closed,
      ),
    ),
    cells: Type.Array(
      Type.Object(
        {
          start: UtcTime,
          seconds: Type.Integer({ minimum: 1 }),
          coverage: Type.Number({ minimum: 0, maximum: 1 }),
          estimate: MeasureEstimate,
          ...Details,
        },
        closed,
      ),
    ),
    total: Type.Object(
      { coverage: Type.Number({ minimum: 0, maximum: 1 }), estimate: MeasureEstimate, ...Details },
      { ...closed, description: 'Over the whole range; of an occupancy the residual of the range’s resets.' },
    ),
  },
  { ...closed, description: 'A measure of a line, each number with its 95 % interval.' },
);
export type MeasureAnswer = Static<typeof MeasureAnswer>;

const findingRules = [
  'unusual-hours',
  'unusual-day',
  'against-last-week',
  'against-last-year',
  'busiest-day',
  'peak-hour',
  'capture-rate',
  'little-looked',
] as const;

export const FindingsQuery = Type.Object(
  {
    from: Type.String({ description: 'Start of the range, RFC 3339 with zone, at a local midnight.' }),
    to: Type.String({ description: 'End of the range, exclusive; at most 62 days later.' }),
  },
  closed,
);
export type FindingsQuery = Static<typeof FindingsQuery>;

export const Finding = Type.Object(
  {
    rule: Type.Enum([...findingRules]),
    line: LineId,
    from: UtcTime,
    to: UtcTime,
    change: MeasureEstimate,
    text: Words,
    threshold: Type.Object(Words.properties, {
      ...closed,
      description: 'What had to be so for this to be said.',
    }),
  },
  { ...closed, description: 'One thing that numbers say, in plain words; the most remarkable come first.' },
);
export type Finding = Static<typeof Finding>;

export const LineFindings = Type.Object(
  {
    line: LineId,
    simulated: Type.Boolean(),
    value: Type.Enum(['corrected', 'published']),
    timeZone: Type.String(),
    from: UtcTime,
    to: UtcTime,
    findings: Type.Array(Finding),
  },
  closed,
);
export type LineFindings = Static<typeof LineFindings>;
