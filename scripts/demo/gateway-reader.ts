import type { Completeness, LineCounts } from '../../gateway/contract/http-api.ts';

/** Reads a running gateway through its HTTP API, as any partner would. */
export class GatewayReader {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async completeness(device: string): Promise<Completeness> {
    return this.#get<Completeness>(`/v1/devices/${device}/completeness`);
  }

  /** Counts of a line between two times, hour by hour. */
  async counts(
    line: string,
    range: { fromEpochSeconds: number; toEpochSeconds: number },
  ): Promise<LineCounts> {
    const time = (epochSeconds: number) => new Date(epochSeconds * 1000).toISOString();
    const query = new URLSearchParams({
      from: time(Math.floor(range.fromEpochSeconds / 3600) * 3600),
      to: time(Math.ceil(range.toEpochSeconds / 3600) * 3600),
      resolution: '1h',
    });
    return this.#get<LineCounts>(`/v1/lines/${line}/counts?${query}`);
  }

  async #get<Answer>(path: string): Promise<Answer> {
    const response = await fetch(new URL(path, this.#url));
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }
}
