import { admitted, crossing } from '../../sample-intervals.ts';
import { type ApiBed, openApiBed } from '../api-bed.ts';

/** The whole local day in which the samples lie, in UTC. */
export const day = { from: '2026-03-01T23:00:00Z', to: '2026-03-02T23:00:00Z' };

export interface FormatsBed extends ApiBed {
  readonly url: string;
  /** Cells of a line by the API's own JSON, which every other format must agree with. */
  cells(line: string): Promise<{ cells: ApiCell[]; total: ApiCell }>;
}

interface ApiCell {
  readonly start: string;
  readonly coverage: number;
  readonly in: number | null;
  readonly out: number | null;
}

/**
 * The interface on a port, with two hours of people, one hour in which somebody looked and nobody
 * came, and a day around it in which nobody looked. One of the two sites has a place.
 */
export async function openFormatsBed(): Promise<FormatsBed> {
  const publicUrl = 'https://counts.example.org';
  const catalogue = { title: 'Passanten in Iserlohn', description: 'Gezählte Personen.', publisher: 'Stadt' };
  const bed = await openApiBed('auto', { publicUrl, catalogue });
  const empty = Array.from({ length: 60 }, (_, index) => crossing(index + 121, { in: 0, out: 0 }));
  await bed.store.commitBatch(admitted(empty, { device: 'shop-1' }));
  const { sites, lines, assignments } = await bed.store.readDirectory();
  const details = {
    place: { latitude: 51.3757, longitude: 7.702 },
    municipalityKey: '05962024',
    openDataLicence: 'http://dcat-ap.de/def/licenses/cc-by/4.0',
  };
  await bed.store.applySetup({
    sites: sites.map((site) => (site.id === 'shop' ? { ...site, details } : site)),
    lines,
    assignments,
  });
  const url = await bed.app.listen({ host: '127.0.0.1', port: 0 });
  return {
    ...bed,
    url,
    cells: async (line) =>
      (await fetch(`${url}/v1/lines/${line}/counts?${new URLSearchParams(day)}`)).json() as ReturnType<
        FormatsBed['cells']
      >,
  };
}
