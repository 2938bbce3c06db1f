import type { SeededRandom } from './seeded-random.ts';

/**
 * When a sensor that measures its zones in turn really measures: the host changes the region between
 * two exposures, is late now and then, misses a reading, and is busy elsewhere for a while.
 */
export class ReadingSchedule {
  private readonly random: SeededRandom;
  private readonly options: ScheduleOptions;
  private atSeconds: number;
  private nextZone = 0;
  private nextStallSeconds: number;

  constructor(options: ScheduleOptions, random: SeededRandom) {
    this.options = options;
    this.random = random;
    this.atSeconds = 0;
    this.nextStallSeconds = random.exponential(options.stallEverySeconds);
  }

  /** Writes the next exposure into `slot`; `dropped` where the host never got the reading. */
  next(slot: Slot): void {
    const { random, options } = this;
    const period = 1 / options.readingsPerSecond;
    slot.startSeconds = this.atSeconds;
    slot.exposureSeconds = Math.min(options.exposureSecondsMax, period * 0.84);
    slot.zone = this.nextZone;
    slot.dropped = random.chance(options.dropRate);
    const late = random.chance(0.03) ? random.exponential(period * 0.5) : 0;
    this.atSeconds += Math.max(slot.exposureSeconds, period * (0.985 + 0.025 * random.normal()) + late);
    if (this.atSeconds >= this.nextStallSeconds) {
      this.atSeconds += random.between(0.05, 0.2);
      this.nextStallSeconds = this.atSeconds + random.exponential(options.stallEverySeconds);
    }
    this.nextZone = (this.nextZone + 1) % options.zones;
  }
}

export interface ScheduleOptions {
  readonly zones: number;
  /** All zones together. */
  readonly readingsPerSecond: number;
  readonly exposureSecondsMax: number;
  readonly dropRate: number;
  readonly stallEverySeconds: number;
}

export interface Slot {
  startSeconds: number;
  exposureSeconds: number;
  zone: number;
  dropped: boolean;
}
