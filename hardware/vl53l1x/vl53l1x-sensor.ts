import type { Clock } from '../clock.ts';
import { I2cError } from '../i2c/i2c-bus.ts';
import {
  type DistanceChunk,
  distanceChunk,
  type ReadingChunk,
  type Sensor,
  type SensorDescription,
} from '../sensor.ts';
import { RangeDoubt } from './range-doubt.ts';
import { type Moment, RangeTiming } from './range-timing.ts';
import { RangingFault, rangingFault } from './ranging-fault.ts';
import { RegionAttribution } from './region-attribution.ts';
import type { Range, Vl53l1xDevice } from './vl53l1x-device.ts';
import type { Vl53l1xSensorOptions } from './vl53l1x-sensor-options.ts';

/** Data-ready is asked for every millisecond, from this long before it is due. */
const pollSeconds = 0.001;
const pollAheadSeconds = 0.0015;
/** No range for this many periods, and at least so long, is a fault. */
const silentPeriodsMax = 3;
const silentSecondsMin = 0.1;
/** A result block that is read while the next range ends may be mixed of both. */
const readGuardSeconds = 0.001;
/** Pauses between attempts to bring a device back: it must count again within a second. */
const retrySecondsMin = 0.02;
const retrySecondsMax = 0.4;
/** The laser's voltage is searched anew this often: nights are colder than days by more than 8 °C. */
const recalibrationSeconds = 3600;
const statusNone = 255;

/** What the driver has gone through, for the technician and for tests. */
export interface Vl53l1xHealth {
  readonly ranges: number;
  readonly unattributed: number;
  readonly restarts: number;
  readonly lastFault: string | null;
}

/**
 * A VL53L1X as a sensor: measures its regions in turn and brings the device back after any fault.
 * While the device is away, a reading with status 255 tells so at each attempt.
 */
export class Vl53l1xSensor implements Sensor {
  readonly description: SensorDescription;
  readonly #options: Vl53l1xSensorOptions;
  readonly #clock: Clock;
  readonly #chunk: DistanceChunk = distanceChunk(1, true);
  readonly #attribution: RegionAttribution;
  readonly #doubt = new RangeDoubt();
  readonly #closing = new AbortController();
  #device: Vl53l1xDevice | null = null;
  readonly #timing: RangeTiming;
  #lastAtSeconds = Number.NEGATIVE_INFINITY;
  #recalibratedAtSeconds = 0;
  #health = { ranges: 0, unattributed: 0, restarts: 0, lastFault: null as string | null };
  #running: Promise<void> = Promise.resolve();
  #isHandedOver = false;

  constructor(options: Vl53l1xSensorOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#attribution = new RegionAttribution(options.mode.timingBudgetMs / 1000);
    this.#timing = new RangeTiming(
      options.mode.interMeasurementMs / 1000,
      options.mode.timingBudgetMs / 1000,
    );
    this.description = {
      kind: 'vl53l1x',
      timeline: { kind: 'live' },
      zones: options.regions.map(({ zone }) => zone),
      geometry: options.geometry,
      ...(options.mountingHeightMm === undefined ? {} : { mountingHeightMm: options.mountingHeightMm }),
      simulated: options.simulated,
    };
  }

  get health(): Vl53l1xHealth {
    return this.#health;
  }

  /** Brings the device up once, so that a missing or wrong one is told at once. */
  async bringUp(): Promise<void> {
    const device = await this.#options.bus.bringUp(this.#options.place);
    await device.initialise(this.#options.mode);
    this.#recalibratedAtSeconds = this.#clock.nowSeconds();
    this.#device = device;
  }

  async *chunks(signal: AbortSignal): AsyncIterable<ReadingChunk> {
    const stop = AbortSignal.any([signal, this.#closing.signal]);
    const finished = Promise.withResolvers<void>();
    this.#running = finished.promise;
    let retrySeconds = retrySecondsMin;
    try {
      while (!stop.aborted) {
        try {
          if (this.#device === null) await this.bringUp();
          for await (const chunk of this.#range(this.#device!, stop)) {
            if (chunk.status[0] !== statusNone) retrySeconds = retrySecondsMin;
            this.#isHandedOver = true;
            yield chunk;
            this.#isHandedOver = false;
          }
        } catch (fault) {
          if (!(fault instanceof I2cError || fault instanceof RangingFault)) throw fault;
          this.#device = null;
          this.#health.restarts += 1;
          this.#health.lastFault = fault.message;
          this.#isHandedOver = true;
          yield this.#nothing();
          this.#isHandedOver = false;
          await this.#clock.sleep(retrySeconds, stop);
          retrySeconds = Math.min(retrySeconds * 2, retrySecondsMax);
        }
      }
    } finally {
      await this.#device?.stop().catch(() => {});
      finished.resolve();
    }
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    // Who closes while holding a chunk may never pull again.
    if (this.#isHandedOver) await this.#device?.stop().catch(() => {});
    else await this.#running;
    await this.#options.release();
  }

  /** Ranges until `stop` aborts; throws when the device or the bus fails. */
  async *#range(device: Vl53l1xDevice, stop: AbortSignal): AsyncIterable<DistanceChunk> {
    const { regions } = this.#options;
    let next = await this.#start(device);
    let lastReadySeconds = this.#clock.nowSeconds();
    while (!stop.aborted) {
      const ready = await this.#waitForReady(device, lastReadySeconds, stop);
      if (ready === null) return;
      const range = await device.readRange();
      const readAtSeconds = this.#clock.nowSeconds();
      await device.clearReady();
      const missed = this.#doubt.missed(range);
      const end = this.#timing.ended(range.streamCount, {
        afterSeconds: ready.afterSeconds,
        // After a missed range the result is of a later one than the one that was signalled.
        untilSeconds: missed > 0 ? readAtSeconds : ready.untilSeconds,
      });
      lastReadySeconds = readAtSeconds;
      yield this.#reading(range, { ...end, isMixed: this.#mayBeMixed(ready.untilSeconds, readAtSeconds) });
      // The device takes a region over when a range starts: write well inside a running one.
      const now = this.#clock.nowSeconds();
      await this.#clock.sleep(this.#timing.safeWriteSeconds(now) - now, stop);
      if (regions.length > 1) next = await this.#writeRegion(device, next);
      if (this.#clock.nowSeconds() - this.#recalibratedAtSeconds > recalibrationSeconds) {
        await this.#recalibrate(device);
        next = await this.#start(device);
        lastReadySeconds = this.#clock.nowSeconds();
      }
    }
  }

  /** Whether the next range may have ended while the result of the last was read. */
  #mayBeMixed(fromSeconds: number, toSeconds: number): boolean {
    const next = this.#timing.nextEnd();
    if (next === null) return false;
    return toSeconds > next.afterSeconds - readGuardSeconds && fromSeconds < next.untilSeconds;
  }

  /** Starts ranging with the first region; returns the place of the next one. */
  async #start(device: Vl53l1xDevice): Promise<number> {
    const { regions } = this.#options;
    await device.setRegion(regions[0]!.region);
    this.#attribution.restart(0, Number.NEGATIVE_INFINITY);
    this.#doubt.restart();
    this.#timing.restart();
    await device.start();
    return 1 % regions.length;
  }

  async #writeRegion(device: Vl53l1xDevice, place: number): Promise<number> {
    const { regions } = this.#options;
    const fromSeconds = this.#clock.nowSeconds();
    await device.setRegion(regions[place]!.region);
    this.#attribution.written({ zone: place, fromSeconds, toSeconds: this.#clock.nowSeconds() });
    return (place + 1) % regions.length;
  }

  async #recalibrate(device: Vl53l1xDevice): Promise<void> {
    await device.stop();
    await device.recalibrate();
    this.#recalibratedAtSeconds = this.#clock.nowSeconds();
  }

  /** Waits for a range; tells between which two moments it ended. Null when stopped. */
  async #waitForReady(
    device: Vl53l1xDevice,
    lastReadySeconds: number,
    stop: AbortSignal,
  ): Promise<Moment | null> {
    const periodSeconds = this.#options.mode.interMeasurementMs / 1000;
    const silentSecondsMax = Math.max(silentSecondsMin, silentPeriodsMax * periodSeconds);
    const dueSeconds = (this.#timing.nextEnd()?.afterSeconds ?? lastReadySeconds) - pollAheadSeconds;
    let afterSeconds = this.#clock.nowSeconds();
    await this.#clock.sleep(dueSeconds - afterSeconds, stop);
    while (!stop.aborted) {
      const askedAtSeconds = this.#clock.nowSeconds();
      if (await device.isReady()) return { afterSeconds, untilSeconds: this.#clock.nowSeconds() };
      if (askedAtSeconds - lastReadySeconds > silentSecondsMax) throw rangingFault('not-ready');
      afterSeconds = askedAtSeconds;
      await this.#clock.sleep(pollSeconds, stop);
    }
    return null;
  }

  #reading(range: Range, end: Moment & { readonly isMixed: boolean }): DistanceChunk {
    const place = end.isMixed ? null : this.#attribution.zoneOf(end.afterSeconds, end.untilSeconds);
    const verdict = this.#doubt.judge(range, place);
    if (verdict.kind === 'frozen') throw rangingFault('frozen');
    this.#health.ranges += 1;
    if (place === null) this.#health.unattributed += 1;
    const endSeconds = (end.afterSeconds + end.untilSeconds) / 2;
    const chunk = this.#fill(place ?? 0, endSeconds - this.#options.mode.timingBudgetMs / 2000);
    chunk.status[0] = verdict.status;
    chunk.distanceMm[0] = range.distanceMm;
    chunk.signalKcps![0] = range.signalKcps;
    chunk.ambientKcps![0] = range.ambientKcps;
    chunk.sigmaMm![0] = range.sigmaMm;
    chunk.spads![0] = range.spads;
    return chunk;
  }

  /** Says that nothing is measured. */
  #nothing(): DistanceChunk {
    const chunk = this.#fill(0, this.#clock.nowSeconds());
    chunk.status[0] = statusNone;
    chunk.distanceMm[0] = 0;
    for (const values of [chunk.signalKcps, chunk.ambientKcps, chunk.sigmaMm, chunk.spads]) {
      values![0] = Number.NaN;
    }
    return chunk;
  }

  #fill(place: number, atSeconds: number): DistanceChunk {
    const chunk = this.#chunk;
    this.#lastAtSeconds = Math.max(atSeconds, this.#lastAtSeconds);
    chunk.atSeconds[0] = this.#lastAtSeconds;
    chunk.zone[0] = this.#options.regions[place]!.zone.id;
    chunk.length = 1;
    return chunk;
  }
}
