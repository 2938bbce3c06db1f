import { type Resolution, resolutions } from '../../../contract/http-api.ts';
import { protectionRuleOf } from '../../../contract/protection.ts';
import { publishedResolutions } from '../../../contract/published-api.ts';
import type { Span } from '../../../values/local-time.ts';
import type { Sight } from '../../access/sight.ts';
import type { AccessParts } from '../app.ts';
import type { Known } from '../counts-reader.ts';
import { isoTime } from '../iso-time.ts';
import type { PlannedLine, PlannedSite } from '../line-source.ts';
import { measuredSpan } from '../measured-span.ts';
import { type Entity, type EntitySource, entityTypes, listSource } from './entity.ts';
import { allObservations, observationsOf } from './observations.ts';

export const directions = ['in', 'out'] as const;
export type Direction = (typeof directions)[number];

/** A series of a line: one direction in cells of one length. */
export interface Stream {
  readonly line: PlannedLine;
  readonly site: PlannedSite;
  readonly direction: Direction;
  readonly resolution: Resolution;
}

/** Who asks, and what there is for them. */
export interface CountCaller {
  readonly parts: AccessParts;
  readonly sight: Sight;
  readonly known: Known;
}

/** As Hamburg's public counters do, a series for each length; months have no place in it. */
const ownersResolutions: readonly Resolution[] = ['5m', '15m', '1h', '1d', '1w'];

/**
 * Lines that count people as SensorThings entities: a site is a Thing with a Location, a line a Sensor and a feature of
 * interest, a direction in cells of one length a Datastream, a cell an Observation. Only what the caller sees is there.
 */
export class CountEntities {
  readonly #caller: CountCaller;
  readonly #streams: readonly Stream[];
  /** Since when and until when a line was counted; asked once a request. */
  readonly #spans = new Map<string, Promise<Span | null>>();

  constructor(caller: CountCaller) {
    this.#caller = caller;
    const { plan } = caller.known;
    this.#streams = plan.lines
      .filter(({ id, site, kind }) => kind === 'crossing' && caller.sight.seesLine(id, site))
      .flatMap((line) => this.#streamsOf(line, plan.sites.find(({ id }) => id === line.site)!));
  }

  /** A set by its name; null where there is no such set. */
  set(name: string): EntitySource | null {
    const streams = this.#streams;
    const sites = distinct(streams.map(({ site }) => site));
    const lines = distinct(streams.map(({ line }) => line));
    if (name === 'Things')
      return listSource(
        name,
        sites.map((site) => this.thing(site)),
      );
    if (name === 'Locations') {
      return listSource(
        name,
        sites.flatMap((site) => this.#location(site) ?? []),
      );
    }
    if (name === 'Sensors')
      return listSource(
        name,
        lines.map((line) => this.sensor(line)),
      );
    if (name === 'FeaturesOfInterest')
      return listSource(
        name,
        lines.map((line) => this.feature(line)),
      );
    if (name === 'ObservedProperties')
      return listSource(
        name,
        directions.map((one) => this.property(one)),
      );
    if (name === 'Datastreams') return this.#datastreams(() => true);
    if (name === 'Observations') return allObservations(this, streams);
    return null;
  }

  thing(site: PlannedSite): Entity {
    const properties = { organisation: site.organisation, town: site.town, timeZone: site.timeZone };
    return entity(
      'Things',
      site.id,
      async () => ({ name: site.name, description: `Counters at ${site.name}`, properties }),
      {
        many: {
          Locations: () => listSource('Locations', [this.#location(site) ?? []].flat()),
          Datastreams: () => this.#datastreams((stream) => stream.site.id === site.id),
        },
      },
    );
  }

  sensor(line: PlannedLine): Entity {
    const json = async () => ({
      name: line.name,
      description: 'Counts people who cross a line, without knowing who they are.',
      encodingType: 'text/plain',
      metadata: line.simulated ? 'Passant counter; its readings are computed' : 'Passant counter',
      properties: { role: line.role, simulated: line.simulated },
    });
    const Datastreams = () => this.#datastreams((stream) => stream.line.id === line.id);
    return entity('Sensors', line.id, json, { many: { Datastreams } });
  }

  property(direction: Direction): Entity {
    const json = async () => ({
      name: `people ${direction}`,
      definition: 'https://qudt.org/vocab/quantitykind/Count',
      description: direction === 'in' ? 'People from outside to inside.' : 'People from inside to outside.',
    });
    const Datastreams = () => this.#datastreams((stream) => stream.direction === direction);
    return entity('ObservedProperties', `people-${direction}`, json, { many: { Datastreams } });
  }

  feature(line: PlannedLine): Entity {
    const site = this.#streams.find((stream) => stream.line.id === line.id)!.site;
    const feature = { type: 'Feature', geometry: pointOf(site), properties: {} };
    const json = async () => ({
      name: `${site.name}, ${line.name}`,
      description: 'The line that is crossed, at the place of its site.',
      encodingType: 'application/geo+json',
      feature,
    });
    const mine = this.#streams.filter((stream) => stream.line.id === line.id);
    return entity('FeaturesOfInterest', line.id, json, {
      many: { Observations: () => allObservations(this, mine) },
    });
  }

  datastream(stream: Stream): Entity {
    const { line, site, direction, resolution } = stream;
    const json = async () => {
      const span = await this.spanOf(line.id);
      return {
        name: `${site.name}, ${line.name}: ${direction}, ${resolution}`,
        description: 'People counted; null where nobody looked.',
        observationType: 'http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_CountObservation',
        unitOfMeasurement: { name: 'people', symbol: null, definition: null },
        phenomenonTime: span === null ? null : `${isoTime(span.fromMs)}/${isoTime(span.toMs)}`,
        properties: { line: line.id, direction, resolution, value: this.value },
      };
    };
    return entity('Datastreams', streamId(stream), json, {
      one: {
        Thing: async () => this.thing(site),
        Sensor: async () => this.sensor(line),
        ObservedProperty: async () => this.property(direction),
      },
      many: { Observations: () => observationsOf(this, stream) },
    });
  }

  get caller(): CountCaller {
    return this.#caller;
  }

  /** Which of the values the caller gets. */
  get value(): 'observed' | 'published' {
    return this.#caller.sight.seesObserved ? 'observed' : 'published';
  }

  spanOf(line: string): Promise<Span | null> {
    let span = this.#spans.get(line);
    if (span === undefined) {
      span = measuredSpan(this.#caller.parts, line, this.#caller);
      this.#spans.set(line, span);
    }
    return span;
  }

  #datastreams(isMine: (stream: Stream) => boolean): EntitySource {
    return listSource(
      'Datastreams',
      this.#streams.filter(isMine).map((stream) => this.datastream(stream)),
    );
  }

  /** What is shared in hours is shared in days, too; what is finer than shared is not there. */
  #streamsOf(line: PlannedLine, site: PlannedSite): Stream[] {
    const { sight } = this.#caller;
    const finest = resolutions.indexOf(sight.finestOf(line.id) ?? '1m');
    const sealed = publishedResolutions.filter(
      (one) => one !== '1mo' && (one !== '15m' || protectionRuleOf(site.protection).cellMinutes === 15),
    );
    const offered: readonly Resolution[] = sight.seesObserved ? ownersResolutions : sealed;
    return offered
      .filter((resolution) => resolutions.indexOf(resolution) >= finest)
      .flatMap((resolution) => directions.map((direction) => ({ line, site, direction, resolution })));
  }

  #location(site: PlannedSite): Entity | null {
    const location = pointOf(site);
    if (location === null) return null;
    const json = async () => ({
      name: site.name,
      description: `Where ${site.name} is`,
      encodingType: 'application/geo+json',
      location,
    });
    return entity('Locations', site.id, json, {
      many: { Things: () => listSource('Things', [this.thing(site)]) },
    });
  }
}

export function streamId({ line, direction, resolution }: Stream): string {
  return `${line.id}~${direction}~${resolution}`;
}

export function entity(
  set: string,
  id: string,
  json: Entity['json'],
  related: { one?: Entity['one']; many?: Entity['many'] },
): Entity {
  return { type: entityTypes.get(set)!, id, json, one: related.one ?? {}, many: related.many ?? {} };
}

/** RFC 7946, 3.1.1: longitude first. */
function pointOf({ details }: PlannedSite): { type: 'Point'; coordinates: [number, number] } | null {
  if (details?.place === undefined) return null;
  return { type: 'Point', coordinates: [details.place.longitude, details.place.latitude] };
}

function distinct<T extends { readonly id: string }>(all: readonly T[]): T[] {
  return [...new Map(all.map((one) => [one.id, one])).values()];
}
