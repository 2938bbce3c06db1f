import type { DistanceChunk, Side, Zone } from '../../hardware/sensor.ts';
import type { LivePicture } from '../dialogue/dialogue.ts';
import { zoneBars } from './zone-bars.ts';

/** Ten pictures a second: smooth enough for somebody on a ladder, and no work for a small machine. */
const pictureMs = 100;

export interface ZonePictureOptions {
  readonly zones: readonly Zone[];
  readonly names: Readonly<Record<Side, string>>;
  /** The distance at which a bar has its full length. */
  readonly farthestMm: number;
}

/** The distances of a sensor's zones as they come, redrawn in place. */
export class ZonePicture {
  readonly #live: LivePicture;
  readonly #options: ZonePictureOptions;
  readonly #newest = new Map<number, number | null>();
  #drawnAt = Number.NEGATIVE_INFINITY;
  /** Pictures drawn so far. */
  pictures = 0;

  constructor(live: LivePicture, options: ZonePictureOptions) {
    this.#live = live;
    this.#options = options;
  }

  take(chunk: DistanceChunk): void {
    for (let at = 0; at < chunk.length; at += 1) {
      if (chunk.status[at] === 255) continue;
      this.#newest.set(chunk.zone[at]!, chunk.status[at] === 0 ? chunk.distanceMm[at]! : null);
    }
  }

  /** Draws, if the last picture is old enough, `below` under the bars. */
  show(below: string): void {
    const now = performance.now();
    if (now - this.#drawnAt < pictureMs) return;
    this.#drawnAt = now;
    this.pictures += 1;
    const { zones, names, farthestMm } = this.#options;
    const bars = zones.map((zone) => ({
      label: zone.lane === undefined ? names[zone.side] : `${names[zone.side]} ${zone.lane + 1}`,
      distanceMm: this.#newest.get(zone.id) ?? null,
    }));
    this.#live.show(`${zoneBars(bars, farthestMm)}\n${below}`);
  }

  close(): void {
    this.#live.close();
  }
}
