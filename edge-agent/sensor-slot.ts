import type { DeviceStatus } from '../gateway/contract/device-status.ts';
import type { SensorProfile } from '../gateway/contract/site-profile.ts';
import type { openSensor } from '../hardware/open-sensor.ts';
import { type Sensor, SensorError } from '../hardware/sensor.ts';
import type { WifiPermission } from '../hardware/wifi-probe/wifi-probe-config.ts';
import type { AgentClock } from './clock/clock.ts';
import type { SlotConfig } from './config.ts';
import type { FlagSpan } from './count/counter.ts';
import type { ClosedInterval } from './interval/closed-interval.ts';
import type { Calendar } from './interval/minute-cells.ts';
import { type FindingObserver, Lane, laneStart } from './lane.ts';
import type { OpenCells } from './outbox/open-minutes.ts';
import { RunningDay, type RunningTotals } from './running-day.ts';

/**
 * How late a live sensor may hand over what it saw. Minutes are brought up to this long ago, so that
 * a reading on its way is not overtaken by the clock; they close ten seconds after their end anyway.
 */
const handOverSecondsMax = 1;

/** Pauses before a lost sensor is opened again: doubled from the first to the last. */
const reopenSecondsMin = 1;
const reopenSecondsMax = 60;

type SensorStatus = DeviceStatus['sensors'][number];

export interface SensorSlotParts {
  readonly config: SlotConfig;
  readonly profile: SensorProfile | null;
  readonly profileHash: string;
  readonly clock: AgentClock;
  readonly openSensor: typeof openSensor;
  /** The calendar as it is trusted now. */
  readonly calendar: () => Calendar;
  /** IANA name of the zone whose midnight ends the running totals; the machine's own by default. */
  readonly timeZone: string | undefined;
  /** People that earlier processes counted here since a time of the calendar. */
  readonly countedSince: (epochSeconds: number) => RunningTotals;
  /** Takes intervals that have closed. */
  readonly put: (intervals: readonly ClosedInterval[]) => void;
  readonly lost: (sensor: string, error: SensorError) => void;
  /** Hears what is found, where something else has to know. */
  readonly observer?: FindingObserver | undefined;
}

/** One configured place for a sensor: opens it, feeds its lane, opens it again when it is lost. */
export class SensorSlot {
  readonly name: string;
  readonly #parts: SensorSlotParts;
  #state: SensorStatus['state'] = 'starting';
  #sensor: Sensor | null = null;
  #lane: Lane | null = null;
  #abandoned: OpenCells | null = null;
  #inherited: RunningTotals = { in: 0, out: 0 };
  readonly #today: RunningDay;

  constructor(parts: SensorSlotParts) {
    this.#parts = parts;
    this.name = parts.config.sensor;
    this.#today = new RunningDay(parts.timeZone, (epochSeconds) => {
      const counted = parts.countedSince(epochSeconds);
      return { in: counted.in + this.#inherited.in, out: counted.out + this.#inherited.out };
    });
  }

  /** Null until the sensor was there once. */
  get status(): SensorStatus | null {
    if (this.#lane === null) return null;
    const { kind, simulated } = this.#lane.description;
    return { sensor: this.name, kind, simulated, state: this.#state, flags: [...this.#lane.flags] };
  }

  /** The mode in which this slot listens to WiFi now; null where it does not. */
  get wifiMode(): 'rate' | 'hashing' | null {
    return this.#state === 'counting' ? (this.#lane?.wifiMode ?? null) : null;
  }

  /** Today's totals, for the owner's screens. A recording has one day of its own. */
  get live(): RunningTotals {
    const lane = this.#lane;
    const live = lane?.live ?? { in: 0, out: 0 };
    const calendar = this.#parts.calendar();
    if (lane?.description.timeline.kind !== 'live') return { in: live.in, out: live.out };
    const { nowSeconds } = lane;
    return this.#today.totals(calendar.trust === 'none' ? null : nowSeconds + calendar.offsetSeconds, live);
  }

  get openCells(): OpenCells | null {
    const lane = this.#lane;
    if (lane === null) return this.#abandoned;
    if (this.#state === 'off') return null;
    const { kind, openCells: cells, nowSeconds } = lane;
    if (kind === 'presence' || cells === null) return null;
    return { sensor: this.name, kind, timeline: lane.description.timeline.kind, nowSeconds, cells };
  }

  /** Hands over what another process of this boot left open; before `open`. */
  inherit(left: OpenCells): void {
    this.#abandoned = left;
  }

  /** Opens the sensor once. A recording that cannot be opened throws; a device is tried again in `run`. */
  async open(): Promise<void> {
    try {
      await this.#open();
    } catch (error) {
      if (!(error instanceof SensorError) || this.#isRecording) throw error;
      this.#lose(error);
    }
  }

  /** Feeds the lane until a recording ends or `signal` aborts; then closes the running minute. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      for (let attempt = 0; !signal.aborted; attempt += 1) {
        if (await this.#feed(signal)) break;
        const pause = Math.min(reopenSecondsMin * 2 ** attempt, reopenSecondsMax);
        await this.#parts.clock.sleep(pause, signal);
        if (signal.aborted) break;
        await this.open();
        if (this.#sensor !== null) attempt = 0;
      }
    } finally {
      await this.#finish();
    }
  }

  /** Brings a live sensor's minutes up to now, readings or not. */
  tick(): void {
    this.#advance(this.#parts.clock.nowSeconds() - handOverSecondsMax);
  }

  /** Takes over how the clock relates to the calendar; a recording has its own. */
  adopt(calendar: Calendar): void {
    // After the last minute was closed there is nothing left to place.
    if (this.#state === 'off') return;
    if (this.#lane?.description.timeline.kind === 'live') this.#lane.adopt(calendar);
  }

  /** Notes a flag raised by a witness; before the sensor was there nothing is flagged. */
  flag(span: FlagSpan): void {
    if (this.#state !== 'off') this.#lane?.flag(span);
  }

  #advance(atSeconds: number): void {
    const lane = this.#lane;
    if (lane === null || this.#state === 'off' || lane.description.timeline.kind !== 'live') return;
    this.#parts.put(lane.advance(atSeconds));
  }

  get #isRecording(): boolean {
    return this.#parts.config.source.kind === 'recording';
  }

  /** True when the sensor has ended for good, false when it was lost. */
  async #feed(signal: AbortSignal): Promise<boolean> {
    if (this.#sensor === null || this.#lane === null) return false;
    this.#state = 'counting';
    try {
      for await (const chunk of this.#sensor.chunks(signal)) this.#parts.put(this.#lane.take(chunk));
      return true;
    } catch (error) {
      if (!(error instanceof SensorError) || this.#isRecording) throw error;
      this.#lose(error);
      return false;
    } finally {
      const sensor = this.#sensor;
      this.#sensor = null;
      await sensor.close();
    }
  }

  #lose(error: SensorError): void {
    this.#state = 'lost';
    this.#parts.lost(this.name, error);
  }

  async #open(): Promise<void> {
    const { config, profile, profileHash, clock, calendar } = this.#parts;
    const source = asPermitted(config.source, profile);
    const sensor = await this.#parts.openSensor(source, permissionOf(profile));
    this.#sensor = sensor;
    if (this.#lane !== null) return;
    const { description } = sensor;
    const start = laneStart(description, { nowSeconds: clock.nowSeconds(), calendar: calendar() });
    try {
      const { observer } = this.#parts;
      const heard = observer === undefined ? {} : { observer };
      const lane = new Lane({ slot: this.name, description, profile, profileHash, ...start, ...heard });
      this.#takeOver(lane);
      this.#lane = lane;
    } catch (cause) {
      this.#sensor = null;
      await sensor.close();
      if (!(cause instanceof RangeError)) throw cause;
      throw new SensorError('not-permitted-by-profile', `${this.name}: ${cause.message}`, { cause });
    }
  }

  /** Live minutes go on where they stopped; a recording begins anew, so its minutes are closed as parts. */
  #takeOver(lane: Lane): void {
    const left = this.#abandoned;
    this.#abandoned = null;
    if (left === null || left.kind !== lane.kind) return;
    if (left.timeline === 'live' && lane.description.timeline.kind === 'live') {
      lane.restore(left.cells);
      this.#inherited = crossingsOf(left);
      return;
    }
    const cells = left.cells.map((cell) => ({
      ...cell,
      toSeconds: Math.min(cell.toSeconds, left.nowSeconds),
    }));
    this.#parts.put(lane.closeAbandoned(cells));
  }

  async #finish(): Promise<void> {
    this.#advance(this.#parts.clock.nowSeconds());
    await this.#sensor?.close();
    this.#sensor = null;
    if (this.#lane === null || this.#state === 'off') return;
    this.#parts.put(this.#lane.finish());
    this.#state = 'off';
  }
}

/** What the open minutes of a crossing sensor hold so far. */
function crossingsOf(open: OpenCells): RunningTotals {
  const tallies = open.kind === 'crossing' ? open.cells.map(({ tally }) => tally as RunningTotals) : [];
  return tallies.reduce((sum, tally) => ({ in: sum.in + tally.in, out: sum.out + tally.out }), {
    in: 0,
    out: 0,
  });
}

/** The mode in which WiFi is listened to stands in the site profile and nowhere else. */
function asPermitted(source: SlotConfig['source'], profile: SensorProfile | null): SlotConfig['source'] {
  if (source.kind !== 'recording') return source;
  const { wifiMode: _, ...rest } = source;
  return profile?.kind === 'wifi-probe' ? { ...rest, wifiMode: profile.mode } : rest;
}

/** What the profile permits a live listener; null where it names no mode, and then nothing is opened. */
function permissionOf(profile: SensorProfile | null): WifiPermission | null {
  if (profile?.kind !== 'wifi-probe') return null;
  return { mode: profile.mode, windowSeconds: profile.windowSeconds };
}
