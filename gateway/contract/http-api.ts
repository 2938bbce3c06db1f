import { type Static, type TSchema, Type } from 'typebox';
import { sensorFlags } from './count-batch.ts';
import { PushReport } from './device-settings.ts';
import { DeviceName, Epoch, SensorName, StoreId, UtcTime } from './names.ts';
import { nextPage } from './pages-api.ts';
import { Place } from './site-details.ts';

/** Version 1 of the HTTP interface: what is asked and what is answered, closed on both sides. */

export const LineId = Type.String({
  // A dot only in the automatic lines of unassigned sensors: `device.sensor`.
  pattern: '^[a-z0-9][a-z0-9-]{0,62}(\\.[a-z0-9][a-z0-9-]{0,62})?$',
  description: 'Name of a line, unique within a gateway.',
  examples: ['papeterie-door'],
});

export const SiteId = Type.String({
  pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
  description: 'Name of a site, unique within a gateway.',
  examples: ['papeterie'],
});

export const lineRoles = ['entrance', 'street', 'window', 'inside'] as const;
export const lineKinds = ['crossing', 'motion', 'presence'] as const;
/** Minutes to months; days, ISO weeks (from Monday) and months are local ones. */
export const resolutions = ['1m', '5m', '15m', '1h', '1d', '1w', '1mo'] as const;
export type LineRole = (typeof lineRoles)[number];
export type LineKind = (typeof lineKinds)[number];
export type Resolution = (typeof resolutions)[number];

const closed = { additionalProperties: false } as const;
const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Whole = (description: string) => Type.Integer({ minimum: 0, description, examples: [42] });
const Coverage = Type.Number({
  minimum: 0,
  maximum: 1,
  description: 'Share of the time in which the line was really looked at; the mean over its lanes.',
});

export const Line = Type.Object(
  {
    id: LineId,
    name: Type.String(),
    role: Type.Enum([...lineRoles]),
    kind: Type.Enum([...lineKinds], {
      description: 'crossing: people; motion: a witness, not people; presence: a WiFi indicator, not people.',
    }),
    simulated: Type.Boolean({ description: 'True where a device says that readings are computed.' }),
  },
  { ...closed, description: 'One line that people cross, or one place that is listened to.' },
);
export type Line = Static<typeof Line>;

export const Site = Type.Object(
  {
    id: SiteId,
    name: Type.String({ examples: ['Papeterie Lange'] }),
    organisation: Type.String({ examples: ['Lange GmbH'] }),
    town: Type.String({ examples: ['Iserlohn'] }),
    timeZone: Type.String({ description: 'IANA name of the zone.', examples: ['Europe/Berlin'] }),
    place: Type.Optional(Place),
    today: Type.Object(
      { from: UtcTime, to: UtcTime },
      { ...closed, description: 'The local day that is now, as a half-open range.' },
    ),
    yesterday: Type.Object(
      { from: UtcTime, to: UtcTime },
      { ...closed, description: 'The local day before it.' },
    ),
    lines: Type.Array(Line),
  },
  closed,
);
export type Site = Static<typeof Site>;

export const SiteList = Type.Object({ sites: Type.Array(Site), ...nextPage }, closed);
export type SiteList = Static<typeof SiteList>;

export const CountsQuery = Type.Object(
  {
    from: Type.String({
      description:
        'Start of the range: RFC 3339 with zone, on a boundary of the resolution in local time; or a local date.',
      examples: ['2026-03-02T00:00:00+01:00'],
    }),
    to: Type.String({
      description: 'End of the range, exclusive; the same rules. A date ends the range before that day.',
      examples: ['2026-03-03T00:00:00+01:00'],
    }),
    resolution: Type.Enum([...resolutions], { default: '1h', description: 'Days are local days.' }),
    value: Type.Optional(
      Type.Enum(['observed', 'corrected', 'imputed', 'published'], {
        description:
          'observed (the owner’s default): what the sensor saw; corrected: calibrated; imputed: short gaps filled, too; published: sealed cells, the only one for partners and the public.',
      }),
    ),
    asOf: Type.Optional(
      Type.String({
        description:
          'What would have been answered at the end of this UTC day: RFC 3339. Hours and longer cells only.',
        examples: ['2026-03-01T12:00:00Z'],
      }),
    ),
  },
  closed,
);
export type CountsQuery = Static<typeof CountsQuery>;

const Flags = Type.Optional(
  Type.Array(Type.Enum([...sensorFlags]), {
    description: 'What was wrong with a sensor at some time of the cell; absent where nothing was.',
  }),
);
const cellCommon = {
  start: UtcTime,
  seconds: Type.Integer({
    minimum: 1,
    description: 'Length of the cell; a local day has 23, 24 or 25 hours.',
  }),
  coverage: Coverage,
  flags: Flags,
};
const People = Nullable(Whole('People; null where nobody looked.'));
const PeopleError = Nullable(Type.Number({ minimum: 0, description: 'Standard error, in people.' }));

const crossingValues = {
  in: People,
  out: People,
  standardErrorIn: PeopleError,
  standardErrorOut: PeopleError,
};
const motionValues = {
  activations: Nullable(Whole('Activations; motion, not people.')),
  activeSeconds: Nullable(Type.Number({ minimum: 0 })),
  orderedIn: Nullable(Whole('Activations of a pair in the order outside then inside.')),
  orderedOut: Nullable(Whole('Activations of a pair in the order inside then outside.')),
};
const presenceValues = {
  frames: Nullable(Whole('Broadcast probe requests heard.')),
  indicator: Nullable(
    Type.Number({ description: 'Mean indicator of the intervals in the cell; not people, may be negative.' }),
  ),
  standardError: Nullable(Type.Number({ minimum: 0, description: 'Standard error of that mean.' })),
};

const Series = <K extends LineKind, V extends Record<string, TSchema>>(kind: K, values: V) =>
  Type.Object(
    {
      line: LineId,
      kind: Type.Literal(kind),
      simulated: Type.Boolean(),
      value: Type.Literal('observed', { description: 'Which of the four values this is.' }),
      timeZone: Type.String(),
      resolution: Type.Enum([...resolutions]),
      from: UtcTime,
      to: UtcTime,
      cells: Type.Array(Type.Object({ ...cellCommon, ...values }, closed)),
      total: Type.Object({ coverage: Coverage, flags: Flags, ...values }, closed),
    },
    closed,
  );

export const CrossingCounts = Series('crossing', crossingValues);
export const MotionCounts = Series('motion', motionValues);
export const PresenceCounts = Series('presence', presenceValues);
export type CrossingCounts = Static<typeof CrossingCounts>;
export type MotionCounts = Static<typeof MotionCounts>;
export type PresenceCounts = Static<typeof PresenceCounts>;

export const LineCounts = Type.Union([CrossingCounts, MotionCounts, PresenceCounts], {
  description: 'Counts of a line, by its kind.',
});
export type LineCounts = CrossingCounts | MotionCounts | PresenceCounts;

export const Device = Type.Object(
  {
    device: DeviceName,
    online: Nullable(Type.Boolean({ description: 'Null where the device has never sent a birth.' })),
    firstSeen: UtcTime,
    lastSeen: UtcTime,
    software: Nullable(Type.String()),
    clock: Nullable(Type.Enum(['unsynced', 'synced', 'stepped'])),
    wifiMode: Nullable(Type.Enum(['off', 'rate', 'hashing'])),
    outboxHeld: Nullable(Whole('Intervals the device has not got a receipt for.')),
    outboxFull: Nullable(Type.Boolean()),
    push: Nullable(PushReport),
    sensors: Type.Array(
      Type.Object(
        {
          sensor: SensorName,
          kind: Nullable(Type.Enum([...lineKinds])),
          state: Nullable(Type.Enum(['starting', 'counting', 'lost', 'off'])),
          simulated: Type.Boolean(),
          flags: Type.Array(Type.String()),
          lines: Type.Array(LineId),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type Device = Static<typeof Device>;

export const DeviceList = Type.Object({ devices: Type.Array(Device), ...nextPage }, closed);
export type DeviceList = Static<typeof DeviceList>;

const SequenceRange = Type.Array(Type.Integer({ minimum: 1 }), {
  minItems: 2,
  maxItems: 2,
  description: 'First and last sequence.',
});

const tally = {
  sent: Whole('The newest sequence that was heard of, so the number of intervals the device closed.'),
  stored: Whole('Intervals stored.'),
  refused: Whole('Intervals refused for good, with a reason in the receipt.'),
  gone: Whole('Intervals the device no longer held when it first spoke to this store.'),
  reused: Whole('Sequences that came again with other contents; the first contents stand.'),
};

const EpochCompleteness = Type.Object(
  {
    epoch: Epoch,
    through: Whole('Everything up to here is accounted for.'),
    ...tally,
    missing: Type.Array(SequenceRange, {
      description: 'Ranges neither stored nor refused nor gone, still on their way; at most the first 1,000.',
    }),
    refusals: Type.Array(
      Type.Object(
        { from: Type.Integer({ minimum: 1 }), to: Type.Integer({ minimum: 1 }), reason: Type.String() },
        closed,
      ),
      { description: 'Refused and reused ranges with their reasons; at most the last 1,000.' },
    ),
  },
  closed,
);

export const Completeness = Type.Object(
  {
    device: DeviceName,
    store: StoreId,
    totals: Type.Object(
      { ...tally, missing: Whole('Intervals neither stored nor refused nor gone.') },
      { ...closed, description: 'sent = stored + refused + gone + missing' },
    ),
    epochs: Type.Array(EpochCompleteness),
  },
  { ...closed, description: 'Whether everything a device closed has arrived, exactly once.' },
);
export type Completeness = Static<typeof Completeness>;

export const Health = Type.Object(
  {
    status: Type.Enum(['ok', 'alarm']),
    store: StoreId,
    software: Type.String(),
    intake: Type.Object(
      {
        state: Type.Enum(['flowing', 'paused'], {
          description: 'Paused: the storage refuses, so nothing is receipted and devices keep their counts.',
        }),
        since: UtcTime,
        cause: Nullable(Type.String()),
      },
      closed,
    ),
    broker: Type.Object({ kind: Type.Enum(['embedded', 'external']), connected: Type.Boolean() }, closed),
  },
  closed,
);
export type Health = Static<typeof Health>;

/** One event of `/v1/live`: the totals of the local day, settled and stored. */
export const LiveLine = Type.Object(
  {
    line: LineId,
    site: SiteId,
    in: People,
    out: People,
    standardErrorIn: PeopleError,
    standardErrorOut: PeopleError,
    coverage: Coverage,
    running: Nullable(
      Type.Object({ in: Whole('Including the open minute, not settled.'), out: Whole('Likewise.') }, closed),
    ),
  },
  closed,
);
export const LiveEvent = Type.Object({ at: UtcTime, lines: Type.Array(LiveLine) }, closed);
export type LiveLine = Static<typeof LiveLine>;
export type LiveEvent = Static<typeof LiveEvent>;
