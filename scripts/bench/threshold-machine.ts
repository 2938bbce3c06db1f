import type { CrossingCounter, CrossingSink, Direction } from '../../edge-agent/count/counter.ts';
import type { DistanceChunk, Zone } from '../../hardware/sensor.ts';

/**
 * The published state machine for two regions of one VL53L1X, written from its description (Roode
 * 1.5.1): the level to beat, kept here for comparison only. A zone is occupied while the smaller of its
 * last two distances is below 85 % of its idle distance; idle is learned from the first readings
 * (mean less one standard deviation); every change of a zone notes the state of both; when both are
 * empty again a path of four states, first zone, both, second zone, counts one crossing. Readings with a
 * bad status are left out, in its favour: the original takes them for distances.
 */
export class ThresholdMachine implements CrossingCounter {
  readonly engine = 'threshold-machine';
  readonly live = { in: 0, out: 0 };
  private readonly zones: readonly TwoZone[];
  private readonly found: { atSeconds: number; direction: Direction }[] = [];
  private path: number[] = [0];

  constructor(zones: readonly Zone[]) {
    if (zones.length !== 2) throw new RangeError('the published machine has two zones');
    this.zones = zones.map((zone) => ({
      id: zone.id,
      bit: zone.side === 'outside' ? 1 : 2,
      idle: new IdleDistance(),
      previousMm: Number.POSITIVE_INFINITY,
      occupied: false,
    }));
  }

  take(chunk: DistanceChunk): void {
    for (let at = 0; at < chunk.length; at++) {
      const zone = this.zones.find(({ id }) => id === chunk.zone[at]);
      if (zone !== undefined && chunk.status[at] === 0)
        this.read(zone, chunk.distanceMm[at]!, chunk.atSeconds[at]!);
    }
  }

  advance(): void {}

  finish(): void {}

  drain(sink: CrossingSink): void {
    for (const crossing of this.found.splice(0)) sink.crossing({ ...crossing, confidence: 1 });
  }

  private read(zone: TwoZone, distanceMm: number, atSeconds: number): void {
    if (!zone.idle.known) {
      zone.idle.learn(distanceMm);
      return;
    }
    const smaller = Math.min(distanceMm, zone.previousMm);
    zone.previousMm = distanceMm;
    const occupied = smaller < 0.85 * zone.idle.millimetres;
    if (occupied === zone.occupied) return;
    zone.occupied = occupied;
    const state = this.zones.reduce((bits, each) => bits | (each.occupied ? each.bit : 0), 0);
    if (state === 0) {
      this.judge(atSeconds);
      this.path = [0];
      return;
    }
    // Four places: what comes after the fourth state overwrites it.
    this.path[Math.min(3, this.path.length)] = state;
  }

  private judge(atSeconds: number): void {
    const route = this.path.join('');
    if (route === '0132') this.count('in', atSeconds);
    else if (route === '0231') this.count('out', atSeconds);
  }

  private count(direction: Direction, atSeconds: number): void {
    this.live[direction]++;
    this.found.push({ atSeconds, direction });
  }
}

interface TwoZone {
  readonly id: number;
  readonly bit: number;
  readonly idle: IdleDistance;
  previousMm: number;
  occupied: boolean;
}

/** Readings of a zone that the machine calibrates with. */
const calibrationReadings = 50;

class IdleDistance {
  millimetres = Number.NaN;
  private readonly readings: number[] = [];

  get known(): boolean {
    return this.readings.length === calibrationReadings;
  }

  learn(distanceMm: number): void {
    this.readings.push(distanceMm);
    if (!this.known) return;
    const mean = this.readings.reduce((sum, each) => sum + each, 0) / calibrationReadings;
    const square = this.readings.reduce((sum, each) => sum + (each - mean) ** 2, 0) / calibrationReadings;
    this.millimetres = mean - Math.sqrt(square);
  }
}
