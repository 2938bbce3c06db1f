import { type Static, Type } from 'typebox';
import { RecordId } from './calibration.ts';
import { LineId, SiteId } from './http-api.ts';
import { UtcTime } from './names.ts';
import { nextPage } from './pages-api.ts';
import { weeklyHours } from './weekly-hours.ts';

const closed = { additionalProperties: false } as const;

/** What people know about a time that explains numbers: a market day, a campaign, an incident. */
export const EventBody = Type.Object(
  {
    site: SiteId,
    kind: Type.Enum(['incident', 'campaign', 'market-day', 'other']),
    name: Type.String({ minLength: 1, maxLength: 120, examples: ['Weinfest'] }),
    from: UtcTime,
    until: UtcTime,
    shared: Type.Optional(
      Type.Boolean({
        description: 'Whether the whole town sees it in its calendar; by default only the site.',
      }),
    ),
  },
  closed,
);
export type EventBody = Static<typeof EventBody>;
const EventRecord = Type.Object({ id: RecordId, recordedAt: UtcTime, ...EventBody.properties }, closed);
export const EventList = Type.Object({ events: Type.Array(EventRecord), ...nextPage }, closed);

/** What a trader shares of one line, shown to both sides and ended at any time. */
export const GrantBody = Type.Object(
  {
    line: LineId,
    audience: Type.Enum(['partner', 'public']),
    partner: Type.Optional(
      Type.String({ maxLength: 120, description: 'Only for this partner; absent: for every one.' }),
    ),
    resolution: Type.Enum(['15m', '1h', '1d', '1w', '1mo'], {
      description: 'The finest that is shared; 15m where the site is sealed in quarters.',
    }),
    from: UtcTime,
    until: Type.Optional(UtcTime),
  },
  closed,
);
export type GrantBody = Static<typeof GrantBody>;
const GrantRecord = Type.Object({ id: RecordId, recordedAt: UtcTime, ...GrantBody.properties }, closed);
export const GrantList = Type.Object({ grants: Type.Array(GrantRecord), ...nextPage }, closed);

export const ApiKeyInfo = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    role: Type.String(),
    sites: Type.Union([Type.Literal('all'), Type.Array(SiteId)]),
    organisations: Type.Array(Type.String(), { description: 'All sites of these organisations, too.' }),
    towns: Type.Array(Type.String(), { description: 'All sites of these towns, too.' }),
    expiresAt: UtcTime,
    lastUsedOn: Type.Union([Type.String(), Type.Null()], {
      description: 'UTC date; null where it never was.',
    }),
  },
  closed,
);
export type ApiKeyInfo = Static<typeof ApiKeyInfo>;
export const ApiKeyList = Type.Object({ keys: Type.Array(ApiKeyInfo), ...nextPage }, closed);

export const AuditPage = Type.Object(
  {
    entries: Type.Array(
      Type.Object(
        { at: UtcTime, actor: Type.String(), action: Type.String(), subject: Type.String() },
        closed,
      ),
    ),
    next: Type.Union([Type.String(), Type.Null()], { description: 'Cursor of the next page.' }),
  },
  closed,
);
export type AuditPage = Static<typeof AuditPage>;

/** When a shop is open, on its local clock. */
export const OpeningHoursBody = Type.Object(
  {
    site: SiteId,
    ...weeklyHours,
    from: Type.Optional(UtcTime),
    until: Type.Optional(UtcTime),
  },
  closed,
);
export const OpeningHoursList = Type.Object(
  {
    openingHours: Type.Array(
      Type.Object({ id: RecordId, recordedAt: UtcTime, ...OpeningHoursBody.properties }, closed),
    ),
    ...nextPage,
  },
  closed,
);

export const SiteWeather = Type.Object(
  {
    site: SiteId,
    month: Type.String(),
    hours: Type.Array(
      Type.Object(
        {
          start: UtcTime,
          temperatureCelsius: Type.Union([Type.Number(), Type.Null()]),
          condition: Type.Union([Type.String(), Type.Null()]),
        },
        closed,
      ),
    ),
  },
  { ...closed, description: 'Imported hours of weather of one UTC month; empty where none were imported.' },
);

export const SiteCalendar = Type.Object(
  {
    site: SiteId,
    year: Type.Integer(),
    publicHolidays: Type.Array(Type.Object({ date: Type.String(), name: Type.String() }, closed)),
    schoolHolidays: Type.Array(
      Type.Object({ name: Type.String(), from: Type.String(), to: Type.String() }, closed),
    ),
  },
  closed,
);

export const SessionInfo = Type.Object(
  {
    name: Type.String(),
    role: Type.String(),
    csrf: Type.Union([Type.String(), Type.Null()], {
      description: 'To be sent as x-csrf-token with changes.',
    }),
  },
  closed,
);
