import type { Place } from '../../../contract/site-details.ts';

/** Names by smart-data-models dataModel.Transportation; its context maps them to addresses. */
export const ngsiContexts = [
  'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld',
  'https://raw.githubusercontent.com/smart-data-models/dataModel.Transportation/master/context.jsonld',
] as const;

export const ngsiTypes = ['CrowdFlowObserved', 'ItemFlowObserved'] as const;
export type NgsiType = (typeof ngsiTypes)[number];

/** A line and where it is, as far as entities tell it. */
export interface NgsiLine {
  readonly id: string;
  readonly name: string;
  readonly place: Place | null;
}

/** Counts of a line in one cell; null where nobody looked. */
export interface NgsiCell {
  readonly start: string;
  readonly seconds: number;
  readonly coverage: number;
  readonly in: number | null;
  readonly out: number | null;
  readonly standardErrorIn: number | null;
  readonly standardErrorOut: number | null;
}

type Value = string | number | object;

/** An entity before it is written in one of the two ways of NGSI-LD. */
interface Entity {
  readonly id: string;
  readonly type: NgsiType;
  readonly times: Readonly<Record<string, string>>;
  readonly place: Place | null;
  readonly properties: Readonly<Record<string, Value | null>>;
}

/** How many entities a cell makes: the crowd is one, a flow one for each direction. */
export const entitiesPerCell: Readonly<Record<NgsiType, number>> = {
  CrowdFlowObserved: 1,
  ItemFlowObserved: 2,
};

/** Entities of one cell. A number that is missing is left out: there is no null in NGSI-LD's answers. */
export function ngsiEntities(type: NgsiType, line: NgsiLine, cell: NgsiCell): Entity[] {
  return type === 'CrowdFlowObserved' ? [crowdFlow(line, cell)] : itemFlows(line, cell);
}

function crowdFlow(line: NgsiLine, cell: NgsiCell): Entity {
  const both = cell.in === null || cell.out === null ? null : cell.in + cell.out;
  return {
    ...common('CrowdFlowObserved', line, cell),
    properties: {
      name: line.name,
      line: line.id,
      coverage: cell.coverage,
      peopleCount: both,
      // Towards is into the shop or, in a street, the first direction.
      peopleCountTowards: cell.in,
      peopleCountAway: cell.out,
      standardErrorTowards: cell.standardErrorIn,
      standardErrorAway: cell.standardErrorOut,
    },
  };
}

function itemFlows(line: NgsiLine, cell: NgsiCell): Entity[] {
  const directions = [
    { laneId: 1, laneDirection: 'inbound', intensity: cell.in, standardError: cell.standardErrorIn },
    { laneId: 2, laneDirection: 'outbound', intensity: cell.out, standardError: cell.standardErrorOut },
  ];
  return directions.map((direction) => {
    const entity = common('ItemFlowObserved', line, cell);
    return {
      ...entity,
      id: `${entity.id}:${direction.laneDirection}`,
      properties: {
        name: line.name,
        line: line.id,
        coverage: cell.coverage,
        itemType: 'people',
        ...direction,
      },
    };
  });
}

function common(type: NgsiType, line: NgsiLine, cell: NgsiCell): Omit<Entity, 'properties'> {
  const to = new Date(Date.parse(cell.start) + cell.seconds * 1000).toISOString();
  const times = { dateObserved: cell.start, dateObservedFrom: cell.start, dateObservedTo: to };
  return {
    id: `urn:ngsi-ld:${type}:${line.id}:${cell.start.replace(/[-:]/g, '')}`,
    type,
    times,
    place: line.place,
  };
}

/** ETSI GS CIM 009, 4.5.4: the simplified representation, which the data models' schemas describe. */
export function simplified({ id, type, times, place, properties }: Entity): object {
  const known = Object.entries(properties).filter(([, value]) => value !== null);
  return {
    id,
    type,
    ...times,
    ...(place === null ? {} : { location: pointOf(place) }),
    ...Object.fromEntries(known),
    '@context': ngsiContexts,
  };
}

/** ETSI GS CIM 009, 4.5.1: the normalized representation. */
export function normalized({ id, type, times, place, properties }: Entity): object {
  const property = (value: Value) => ({ type: 'Property', value });
  const moment = ([name, at]: [string, string]) => [name, property({ '@type': 'DateTime', '@value': at })];
  const known = Object.entries(properties).filter(([, value]) => value !== null);
  return {
    id,
    type,
    ...Object.fromEntries(Object.entries(times).map(moment)),
    ...(place === null ? {} : { location: { type: 'GeoProperty', value: pointOf(place) } }),
    ...Object.fromEntries(known.map(([name, value]) => [name, property(value!)])),
    '@context': ngsiContexts,
  };
}

/** RFC 7946, 3.1.1: longitude first. */
function pointOf({ latitude, longitude }: Place): object {
  return { type: 'Point', coordinates: [longitude, latitude] };
}
