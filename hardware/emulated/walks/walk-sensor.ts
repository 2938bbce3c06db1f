import { type Clock, monotonicClock } from '../../clock.ts';
import { type DistanceChunk, distanceChunk, type Sensor, type SensorDescription } from '../../sensor.ts';
import { drawArrivalScenario } from './arrival-scenario.ts';
import { ReadingSchedule, type Slot } from './reading-schedule.ts';
import type { Scenario } from './scenario.ts';
import { SeededRandom } from './seeded-random.ts';
import { TimeOfFlightScene } from './time-of-flight-scene.ts';
import type { WalkSensorConfig } from './walk-sensor-config.ts';
import { zoneLayouts } from './zone-layout.ts';

/** Two regions in turn, as the driver of the real device sets them up. */
const readingsPerSecond = 40;
const exposureSecondsMax = 0.02;
/** Ten seconds of readings: a day at a thousand times its pace still wakes up a hundred times a second. */
const chunkReadings = 400;

/** A ceiling VL53L1X over simulated walkers: computed, never measured, and it says so. */
class WalkSensor implements Sensor {
  readonly description: SensorDescription;
  readonly #scenario: Scenario;
  readonly #config: WalkSensorConfig;
  readonly #clock: Clock;

  constructor(config: WalkSensorConfig, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
    this.#scenario = drawArrivalScenario(config);
    this.description = {
      kind: 'vl53l1x',
      timeline: { kind: 'recorded', startedAtEpochSeconds: Date.parse(config.startedAt) / 1000 },
      zones: zoneLayouts.two.map(({ zone }) => zone),
      geometry: 'ceiling',
      mountingHeightMm: config.mountingHeightMm,
      simulated: true,
    };
  }

  async *chunks(signal: AbortSignal): AsyncIterable<DistanceChunk> {
    const scene = new TimeOfFlightScene(this.#scenario, this.#config);
    const random = new SeededRandom(this.#config.seed, 'timing');
    const schedule = new ReadingSchedule(
      { zones: 2, readingsPerSecond, exposureSecondsMax, dropRate: 0.004, stallEverySeconds: 150 },
      random,
    );
    const chunk = distanceChunk(chunkReadings, true);
    const slot: Slot = { startSeconds: 0, exposureSeconds: 0, zone: 0, dropped: false };
    const beganAtSeconds = this.#clock.nowSeconds();
    const pace = this.#config.pace ?? 1;
    while (!signal.aborted) {
      const done = this.#fill(chunk, () => {
        schedule.next(slot);
        return { slot, reading: scene.measure(zoneLayouts.two[slot.zone]!.region, slot) };
      });
      if (chunk.length > 0) yield chunk;
      if (done) return;
      const dueSeconds = pace === 0 ? 0 : beganAtSeconds + slot.startSeconds / pace;
      const waitSeconds = dueSeconds - this.#clock.nowSeconds();
      // Even when late the loop lets others run: an agent has more than one sensor.
      await this.#clock.sleep(Math.max(0, waitSeconds), signal);
    }
  }

  /** Fills a chunk; true once the scenario is over. */
  #fill(
    chunk: DistanceChunk,
    next: () => { slot: Slot; reading: ReturnType<TimeOfFlightScene['measure']> },
  ): boolean {
    chunk.length = 0;
    while (chunk.length < chunkReadings) {
      const { slot, reading } = next();
      const readAtSeconds = slot.startSeconds + slot.exposureSeconds;
      if (readAtSeconds > this.#scenario.durationSeconds) return true;
      if (slot.dropped) continue;
      const at = chunk.length++;
      chunk.atSeconds[at] = readAtSeconds;
      chunk.zone[at] = zoneLayouts.two[slot.zone]!.zone.id;
      chunk.distanceMm[at] = reading.distanceMm;
      chunk.status[at] = reading.status;
      chunk.signalKcps![at] = reading.signalKcps;
      chunk.ambientKcps![at] = reading.ambientKcps;
      chunk.sigmaMm![at] = reading.sigmaMm;
      chunk.spads![at] = reading.spads;
    }
    return false;
  }

  async close(): Promise<void> {}
}

/** Opens the emulated sensor. `clock` is the machine's unless a test has its own. */
export function openWalkSensor(config: WalkSensorConfig, clock: Clock = monotonicClock): Sensor {
  return new WalkSensor(config, clock);
}
