import { type Static, Type } from 'typebox';
import { LineId, lineKinds, lineRoles, SiteId } from './contract/http-api.ts';
import { DeviceName, SensorName, UtcTime } from './contract/names.ts';
import { Protection } from './contract/protection.ts';
import { SiteDetails } from './contract/site-details.ts';

const closed = { additionalProperties: false } as const;
const Label = (description: string, byDefault?: string) =>
  Type.String({ maxLength: 120, description, ...(byDefault === undefined ? {} : { default: byDefault }) });

const AssignmentConfig = Type.Object(
  {
    device: DeviceName,
    sensor: SensorName,
    role: Type.Enum(['counts', 'witness', 'lane'], {
      default: 'counts',
      description: 'counts: the line’s number; lane: adds to the other lanes; witness: watches only.',
    }),
    lane: Type.Integer({ minimum: 0, maximum: 16, default: 0, description: 'From 1; with role lane only.' }),
    swapped: Type.Boolean({ default: false, description: 'The sensor’s in is the line’s out.' }),
    from: Type.Optional(UtcTime),
    until: Type.Optional(UtcTime),
  },
  { ...closed, description: 'A sensor at a line, for a time.' },
);

const LineConfig = Type.Object(
  {
    id: LineId,
    name: Label('Shown on the page.'),
    role: Type.Enum([...lineRoles], { default: 'entrance' }),
    kind: Type.Enum([...lineKinds], { default: 'crossing' }),
    sensors: Type.Array(AssignmentConfig, { maxItems: 200, default: [] }),
  },
  closed,
);

export const SiteConfig = Type.Object(
  {
    id: SiteId,
    name: Label('Shown on the page.'),
    organisation: Label('Whose shop or street it is.', ''),
    town: Label('The town.', ''),
    timeZone: Type.String({ default: 'Europe/Berlin', description: 'IANA name; decides what a day is.' }),
    details: Type.Optional(SiteDetails),
    protection: Type.Optional(Protection),
    lines: Type.Array(LineConfig, { maxItems: 200, default: [] }),
  },
  closed,
);
export type SiteConfig = Static<typeof SiteConfig>;
