import type { Logger } from 'pino';
import { type DeviceStatus, deviceStatusVersion } from '../gateway/contract/device-status.ts';
import type { CalendarKeeper } from './clock/calendar-keeper.ts';
import type { AgentClock } from './clock/clock.ts';
import type { ProfileInForce } from './config/profile-in-force.ts';
import type { AgentConfig } from './config.ts';
import type { IntervalKeeper } from './interval-keeper.ts';
import type { SensorSlot } from './sensor-slot.ts';
import type { Link } from './uplink/link.ts';
import { birthMessage, liveMessage, willMessage } from './uplink/status.ts';
import type { Uplink } from './uplink/uplink.ts';

/** The loop's beat: how late a minute closes and how old the open minute in tmpfs is, at most. */
const tickSeconds = 1;
/** Running totals go out at this cadence, always (privacy.md, section 5). */
const liveSeconds = 5;
/** A changed status is told at most this often. */
const statusSecondsMin = 10;
/** How often the operating system is asked about the clock: a running program, so not every second. */
const evidenceSeconds = 10;
/** What is left when the program stops may take so long to be sent; the rest waits in the outbox. */
const farewellSeconds = 2;
/** How often `drained` looks. */
const drainedLookSeconds = 0.05;

export interface AgentParts {
  readonly config: AgentConfig;
  readonly software: string;
  readonly clock: AgentClock;
  readonly calendar: CalendarKeeper;
  readonly profile: ProfileInForce;
  readonly keeper: IntervalKeeper;
  readonly slots: readonly SensorSlot[];
  /** Null where no broker is configured: then the outbox fills. */
  readonly uplink: { readonly run: Uplink; readonly link: Link } | null;
  readonly logger: Logger;
}

/**
 * The loop:
 *
 *   sensors ─► counters ─► intervals ─► outbox ─► uplink
 *
 * Sensors push at their own pace; once a second the loop brings minutes up to now, moves what has
 * closed into the outbox in one transaction, and writes the open minutes down.
 */
export class Agent {
  /** Resolves when every sensor has ended; rejects with the fault of a recording. */
  readonly done: Promise<void>;
  readonly #parts: AgentParts;
  readonly #stopSensors = new AbortController();
  readonly #stopUplink = new AbortController();
  readonly #running: Promise<unknown>;
  readonly #startedSeconds: number;
  #toldStatus = '';
  #toldStatusSeconds = Number.NEGATIVE_INFINITY;
  #toldLiveSeconds = Number.NEGATIVE_INFINITY;
  #evidenceSeconds = Number.NEGATIVE_INFINITY;
  #synchronized = false;
  #stamped = false;
  #closing: Promise<void> | null = null;

  constructor(parts: AgentParts) {
    this.#parts = parts;
    this.#startedSeconds = parts.clock.nowSeconds();
    this.#setWill();
    this.done = Promise.all(parts.slots.map((slot) => slot.run(this.#stopSensors.signal))).then(() =>
      this.#flush(),
    );
    // Whoever does not wait for `done` still gets the error in the log.
    this.done.catch((error) => parts.logger.error({ err: error }, 'a sensor ended with an error'));
    const uplink = parts.uplink?.run.run(this.#stopUplink.signal);
    uplink?.catch((error) => parts.logger.fatal({ err: error }, 'the uplink stopped'));
    this.#running = Promise.all([this.#tickOn(), uplink]);
    this.#running.catch((error) => parts.logger.fatal({ err: error }, 'the loop stopped'));
  }

  get status(): DeviceStatus {
    const { clock, calendar, profile, keeper, slots } = this.#parts;
    const outbox = keeper.outbox.state;
    const known = calendar.calendar;
    const startedAt = known.trust === 'none' ? null : isoSeconds(this.#startedSeconds + known.offsetSeconds);
    return {
      version: deviceStatusVersion,
      online: true,
      software: this.#parts.software,
      bootId: clock.bootId,
      startedAt,
      epoch: outbox.epoch,
      profile: profile.hash,
      clock: calendar.trust,
      wifiMode: slots.map((slot) => slot.wifiMode).find((mode) => mode !== null) ?? 'off',
      sensors: slots.map((slot) => slot.status).filter((status) => status !== null),
      health: {
        outboxHeld: outbox.held,
        outboxFull: outbox.full,
        lastSequence: outbox.lastSequence,
        epochReason: outbox.epochReason,
      },
    };
  }

  /** Resolves when every sensor has ended and everything counted is receipted. */
  async drained(): Promise<void> {
    await this.done;
    const { clock, keeper } = this.#parts;
    while (!this.#stopUplink.signal.aborted && (keeper.waiting > 0 || keeper.outbox.state.held > 0)) {
      await clock.sleep(drainedLookSeconds, this.#stopUplink.signal);
    }
  }

  /** Closes the running minute, sends what it can in a moment, and says good-bye. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { clock, keeper, uplink } = this.#parts;
    this.#stopSensors.abort();
    await this.done.catch(() => undefined);
    this.#flush();
    if (uplink !== null) {
      const until = clock.nowSeconds() + farewellSeconds;
      while (uplink.run.isUp && keeper.outbox.state.held > 0 && clock.nowSeconds() < until) {
        await clock.sleep(drainedLookSeconds);
      }
      await uplink.run.say('status', willMessage(this.#parts.config.device, this.status).payload);
    }
    this.#stopUplink.abort();
    await uplink?.link.close();
    await this.#running.catch(() => undefined);
    this.#save();
    keeper.close();
  }

  async #tickOn(): Promise<void> {
    const { clock } = this.#parts;
    while (!this.#stopUplink.signal.aborted) {
      await this.#tick();
      await clock.sleep(tickSeconds, this.#stopUplink.signal);
    }
  }

  async #tick(): Promise<void> {
    await this.#observeClock();
    if (this.#stopSensors.signal.aborted) return;
    for (const slot of this.#parts.slots) slot.tick();
    this.#flush();
    this.#save();
    await this.#tell();
  }

  async #observeClock(): Promise<void> {
    const { clock, calendar, slots, keeper, logger } = this.#parts;
    const nowSeconds = clock.nowSeconds();
    if (nowSeconds - this.#evidenceSeconds >= evidenceSeconds) {
      this.#evidenceSeconds = nowSeconds;
      this.#synchronized = await clock.synchronized();
    }
    const before = calendar.trust;
    const trust = calendar.observe({
      nowSeconds: clock.nowSeconds(),
      wallSeconds: clock.wallSeconds(),
      synchronized: this.#synchronized,
    });
    if (trust !== before) logger.info({ before, trust }, 'the trust in the clock has changed');
    const known = calendar.calendar;
    for (const slot of slots) slot.adopt(known);
    if (this.#stamped || known.trust === 'none') return;
    // Also after a restart: the process before may have died between knowing and writing down.
    const intervals = keeper.stamp(known.offsetSeconds);
    this.#stamped = intervals !== null;
    if (intervals)
      logger.info({ intervals }, 'intervals from before the time was known have got their start');
  }

  #flush(): void {
    if (this.#parts.keeper.flush()) this.#parts.uplink?.run.wake();
  }

  #save(): void {
    const open = this.#parts.slots.map((slot) => slot.openCells).filter((cells) => cells !== null);
    this.#parts.keeper.save(this.#parts.calendar.calendar, open);
  }

  /** Says totals and, when it has changed, the status. */
  async #tell(): Promise<void> {
    const { uplink, clock, config, slots } = this.#parts;
    if (uplink === null) return;
    if (!uplink.run.isUp) {
      // The next connection begins with a birth.
      this.#toldStatus = '';
      this.#setWill();
      return;
    }
    const now = clock.nowSeconds();
    if (now - this.#toldLiveSeconds >= liveSeconds) {
      this.#toldLiveSeconds = now;
      const totals = slots.map((slot) => ({ sensor: slot.name, in: slot.live.in, out: slot.live.out }));
      await uplink.run.say('live', liveMessage(totals));
    }
    const status = birthMessage(config.device, this.status).payload;
    const isDue = this.#toldStatus === '' || now - this.#toldStatusSeconds >= statusSecondsMin;
    if (status === this.#toldStatus || !isDue) return;
    if (await uplink.run.say('status', status)) {
      this.#toldStatus = status;
      this.#toldStatusSeconds = now;
    }
  }

  #setWill(): void {
    const { uplink, config } = this.#parts;
    uplink?.link.setWill(willMessage(config.device, this.status));
  }
}

function isoSeconds(epochSeconds: number): string {
  return `${new Date(epochSeconds * 1000).toISOString().slice(0, 19)}Z`;
}
