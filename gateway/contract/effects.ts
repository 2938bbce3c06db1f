import { type Static, type TSchema, Type } from 'typebox';
import { RecordId } from './calibration.ts';
import { LineId } from './http-api.ts';
import { MeasureEstimate } from './measures.ts';
import { UtcTime } from './names.ts';

const closed = { additionalProperties: false } as const;
const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const EffectQuery = Type.Object(
  {
    event: Type.Optional(
      Type.String({ maxLength: 63, description: 'Id of an event of /v1/events; else from and to.' }),
    ),
    from: Type.Optional(Type.String({ description: 'Start, RFC 3339 with zone; taken to whole hours.' })),
    to: Type.Optional(Type.String({ description: 'End, exclusive.' })),
    controls: Type.Optional(
      Type.String({
        maxLength: 1_000,
        description:
          'Lines separated by commas that the event did not touch; by default the town’s other street lines, "none" for none.',
      }),
    ),
  },
  closed,
);
export type EffectQuery = Static<typeof EffectQuery>;

const Interval = Type.Array(Type.Number(), { minItems: 2, maxItems: 2 });
const People = Type.Object({ value: Type.Number(), interval95: Interval }, closed);

export const EventEffectAnswer = Type.Object(
  {
    line: LineId,
    simulated: Type.Boolean(),
    value: Type.Enum(['corrected', 'published']),
    model: Type.String({ description: 'Name and version; docs/measures.md says what it does.' }),
    event: Nullable(RecordId),
    from: UtcTime,
    to: UtcTime,
    observed: MeasureEstimate,
    expected: People,
    effectPeople: People,
    effectPercent: People,
    unusual: Type.Boolean({ description: 'Whether the interval of the effect leaves no room for none.' }),
    placebo: Type.Object(
      {
        origins: Type.Integer({ description: 'Quiet days before that were taken for events.' }),
        pValue: Type.Number({ description: 'Share of them, with the event, whose effect was as large.' }),
        controls: Type.Array(
          Type.Object({ line: LineId, effectPercent: People, unusual: Type.Boolean() }, closed),
          {
            description:
              'What the event did to the controls, each judged without the others: it should be nothing.',
          },
        ),
      },
      closed,
    ),
    learnedFrom: Type.Object(
      {
        days: Type.Integer(),
        controls: Type.Array(LineId),
        weather: Type.Boolean(),
        schoolHolidays: Type.Boolean(),
        yearlyWaves: Type.Boolean(),
      },
      closed,
    ),
    course: Type.Array(
      Type.Object(
        { start: UtcTime, observed: Nullable(Type.Number()), expected: Nullable(Type.Number()) },
        closed,
      ),
      { description: 'Hour by hour: the day’s expectation by the usual course of its weekday.' },
    ),
  },
  closed,
);
export type EventEffectAnswer = Static<typeof EventEffectAnswer>;
