import { type Static, type TSchema, Type } from 'typebox';
import { RecordId } from './calibration.ts';
import { LineId } from './http-api.ts';
import { MeasureEstimate } from './measures.ts';
import { UtcTime } from './names.ts';
import { EventBody } from './records-api.ts';

const closed = { additionalProperties: false } as const;
const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Year = Type.String({ pattern: '^20[2-9][0-9]$', examples: ['2026'] });

export const TownName = Type.String({ minLength: 1, maxLength: 120, examples: ['Iserlohn'] });
export const YearQuery = Type.Object({ year: Year }, closed);
export const ProfilePageQuery = Type.Object(
  { year: Year, language: Type.Enum(['de', 'en'], { default: 'de' }) },
  closed,
);

export const IndexQuery = Type.Object(
  {
    from: Type.String({ description: 'Start, RFC 3339 with zone, on a boundary of the resolution.' }),
    to: Type.String({ description: 'End, exclusive, within the same local year.' }),
    resolution: Type.Enum(['1w', '1mo'], { default: '1w' }),
    group: Type.Optional(
      Type.String({
        maxLength: 63,
        description: 'A peer group; by default the lines of this role in the town.',
      }),
    ),
  },
  closed,
);
export type IndexQuery = Static<typeof IndexQuery>;

export const LineIndex = Type.Object(
  {
    line: LineId,
    group: Type.String(),
    members: Type.Integer({ description: 'Lines of the group, with this one.' }),
    rules: Type.Object({ membersMin: Type.Integer(), shareMax: Type.Number() }, closed),
    from: UtcTime,
    to: UtcTime,
    cells: Type.Array(
      Type.Object({ start: UtcTime, seconds: Type.Integer(), index: MeasureEstimate }, closed),
    ),
    total: MeasureEstimate,
  },
  {
    ...closed,
    description:
      '100 is as many people as the mean of the group. The others are sealed cells; null where one of them has none.',
  },
);
export type LineIndex = Static<typeof LineIndex>;

export const TownCalendar = Type.Object(
  {
    town: TownName,
    year: Type.Integer(),
    publicHolidays: Type.Array(Type.Object({ date: Type.String(), name: Type.String() }, closed)),
    schoolHolidays: Type.Array(
      Type.Object({ name: Type.String(), from: Type.String(), to: Type.String() }, closed),
    ),
    events: Type.Array(Type.Object({ id: RecordId, ...EventBody.properties }, closed)),
  },
  { ...closed, description: 'What the town shares: events that a site has marked as shared.' },
);
export type TownCalendar = Static<typeof TownCalendar>;

const Share = Nullable(Type.Number({ minimum: 0, description: 'In per cent of all.' }));

export const TownProfile = Type.Object(
  {
    town: TownName,
    year: Type.Integer(),
    lines: Type.Array(
      Type.Object(
        {
          line: LineId,
          name: Type.String(),
          value: Type.Enum(['corrected', 'published']),
          coverage: Type.Number(),
          passersBy: MeasureEstimate,
          againstLastYear: MeasureEstimate,
        },
        closed,
      ),
    ),
    passersBy: MeasureEstimate,
    months: Type.Array(
      Type.Object({ month: Type.Integer(), passersBy: MeasureEstimate, coverage: Type.Number() }, closed),
    ),
    weekdays: Type.Array(
      Type.Object({ weekday: Type.Integer(), meanPerDay: Nullable(Type.Number()), share: Share }, closed),
    ),
    hours: Type.Array(Type.Object({ localHour: Type.Integer(), share: Share }, closed)),
    strongestDays: Type.Array(
      Type.Object({ date: Type.String(), passersBy: Type.Number(), event: Nullable(Type.String()) }, closed),
    ),
    events: Type.Array(
      Type.Object(
        {
          id: RecordId,
          name: Type.String(),
          from: UtcTime,
          line: LineId,
          percent: Type.Number(),
          interval95: Type.Array(Type.Number()),
          unusual: Type.Boolean(),
        },
        closed,
      ),
    ),
  },
  {
    ...closed,
    description: 'How attractive a town was in a year, from its street lines that the caller may see.',
  },
);
export type TownProfile = Static<typeof TownProfile>;
