import type { Place } from '../../../contract/site-details.ts';

/** What a map shows of a line in the asked range; null where nobody looked. */
export interface MapLine {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly in?: number | null;
  readonly out?: number | null;
  readonly coverage?: number;
}

export interface MapSite {
  readonly id: string;
  readonly name: string;
  readonly organisation: string;
  readonly town: string;
  readonly timeZone: string;
  readonly place: Place | null;
  readonly lines: readonly MapLine[];
}

/** Sites as features (RFC 7946). A site whose place nobody has said is one without geometry (3.2). */
export function sitesGeojson(sites: readonly MapSite[]): object {
  return {
    type: 'FeatureCollection',
    features: sites.map(({ id, place, ...properties }) => ({
      type: 'Feature',
      id,
      // Longitude first (3.1.1).
      geometry: place === null ? null : { type: 'Point', coordinates: [place.longitude, place.latitude] },
      properties,
    })),
  };
}
