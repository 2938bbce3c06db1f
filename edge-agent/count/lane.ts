import type { CurrentReading } from './current-reading.ts';

/** What a lane needs to know of a zone's noise. */
export interface ZoneNoise {
  /** A smoothed height above this is not the floor. */
  readonly clearMm: number;
  /** A single height above this is not the floor. */
  readonly notableMm: number;
}

/** Zones of both sides that one body passes one after the other; turns heights into paths. */
export interface Lane {
  /** Takes one height (or, from the side, one reach into the passage) of the zone in `slot`. */
  take(slot: number, reading: CurrentReading, floor: ZoneNoise): void;
  /** Ends what has ended by the time of the reading. */
  advance(reading: CurrentReading): void;
  /** Ends everything now. */
  close(): void;
  /** Forgets what is open, because its readings cannot be believed; true if anything was. */
  drop(): boolean;
}
