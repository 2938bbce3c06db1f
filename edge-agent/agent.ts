import type { Logger } from 'pino';
import type { PushReport } from '../gateway/contract/device-settings.ts';
import { type DeviceStatus, deviceStatusVersion } from '../gateway/contract/device-status.ts';
import { type ToldProfile, toldProfileVersion } from '../gateway/contract/told-profile.ts';
import type { CalendarKeeper } from './clock/calendar-keeper.ts';
import type { AgentClock } from './clock/clock.ts';
import type { ProfileInForce } from './config/profile-in-force.ts';
import type { AgentConfig } from './config.ts';
import type { IntervalKeeper } from './interval-keeper.ts';
import type { SensorSlot } from './sensor-slot.ts';
import type { Link } from './uplink/link.ts';
import { willMessage } from './uplink/status.ts';
import { StatusTeller } from './uplink/status-teller.ts';
import type { Uplink } from './uplink/uplink.ts';

/** The loop's beat: how late a minute closes and how old the open minute in tmpfs is, at most. */
const tickSeconds = 1;
/** How often the operating system is asked about the clock: a running program, so not every second. */
const evidenceSeconds = 10;
/** What is left when the program stops may take so long to be sent; the rest waits in the outbox. */
const farewellSeconds = 2;
/**
 * After a pause of the whole process longer than this the sensors go first: what they saw meanwhile
 * is older than the clock. It is the loop's beat and half of what a sensor may be late.
 */
const stallSeconds = 1.5;
/** A loop that has not beaten for so long is stuck. */
const wellSecondsMax = 10;
/** How often `drained` looks. */
const drainedLookSeconds = 0.05;

export interface AgentParts {
  readonly config: AgentConfig;
  readonly software: string;
  readonly clock: AgentClock;
  readonly calendar: CalendarKeeper;
  readonly profile: ProfileInForce;
  /** Resolves when another profile was kept: this agent still counts with the one it began with. */
  readonly profileOutdated: Promise<void>;
  /** What has become of the gateway's last push; null before the first. */
  readonly push: () => PushReport | null;
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
  readonly #teller: StatusTeller | null;
  #tickedSeconds = Number.NEGATIVE_INFINITY;
  #synchronized = false;
  #stamped = false;
  #closing: Promise<void> | null = null;

  constructor(parts: AgentParts) {
    this.#parts = parts;
    this.#startedSeconds = parts.clock.nowSeconds();
    this.#teller = this.#openTeller();
    this.done = this.#runSlots();
    // Whoever does not wait for `done` has the error in the log.
    this.done.catch(() => undefined);
    const signal = this.#stopUplink.signal;
    const loops = [this.#tickOn(signal), this.#watchEvidence(signal), this.#teller?.run(signal)];
    this.#running = Promise.all([...loops, parts.uplink?.run.run(signal)]);
    this.#running.catch((error) => parts.logger.fatal({ err: error }, 'a loop of the agent stopped'));
  }

  get status(): DeviceStatus {
    const { clock, calendar, profile, keeper, slots } = this.#parts;
    const outbox = keeper.outbox.state;
    const known = calendar.calendar;
    const push = this.#parts.push();
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
      ...(push === null ? {} : { push }),
      health: {
        outboxHeld: outbox.held,
        outboxFull: outbox.full,
        lastSequence: outbox.toldSequence,
        epochReason: outbox.epochReason,
      },
    };
  }

  /** Resolves when another site profile has been adopted; whoever opened the agent opens it anew then. */
  get profileOutdated(): Promise<void> {
    return this.#parts.profileOutdated;
  }

  /** Whether the loop beats: what a watchdog asks. A full card or a lost sensor is no reason to restart. */
  get isWell(): boolean {
    return this.#parts.clock.nowSeconds() - this.#tickedSeconds < wellSecondsMax;
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
    const until = clock.nowSeconds() + farewellSeconds;
    while (uplink?.run.isUp && keeper.outbox.state.held > 0 && clock.nowSeconds() < until) {
      await clock.sleep(drainedLookSeconds);
    }
    // A broker that has stopped answering must not keep the program from stopping.
    await Promise.race([this.#teller?.farewell(), clock.sleep(farewellSeconds)]);
    this.#stopUplink.abort();
    await uplink?.link.close();
    await this.#running.catch(() => undefined);
    this.#save();
    keeper.close();
  }

  /** Ends when every sensor has; each fault is logged when it happens, and the first one thrown at the end. */
  async #runSlots(): Promise<void> {
    const { slots, logger } = this.#parts;
    const ended = await Promise.allSettled(
      slots.map((slot) =>
        slot.run(this.#stopSensors.signal).catch((error: unknown) => {
          logger.error({ sensor: slot.name, err: error }, 'a sensor ended with an error');
          throw error;
        }),
      ),
    );
    this.#flush();
    for (const slot of ended) if (slot.status === 'rejected') throw slot.reason;
  }

  async #tickOn(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#tick();
      await this.#parts.clock.sleep(tickSeconds, signal);
    }
  }

  #tick(): void {
    const { clock, slots } = this.#parts;
    const now = clock.nowSeconds();
    const stalled = now - this.#tickedSeconds > stallSeconds;
    this.#tickedSeconds = now;
    this.#observeClock();
    if (this.#stopSensors.signal.aborted) return;
    if (!stalled) for (const slot of slots) slot.tick();
    this.#flush();
    this.#save();
  }

  /** Asks the operating system about the clock, beside the loop: programs may take their time. */
  async #watchEvidence(signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    while (!signal.aborted) {
      this.#synchronized = await clock.synchronized();
      await clock.sleep(evidenceSeconds, signal);
    }
  }

  #observeClock(): void {
    const { clock, calendar, slots, keeper, logger } = this.#parts;
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

  /** Nothing where no profile is in force. */
  #toldProfile(): string | null {
    const { profile, hash } = this.#parts.profile;
    if (profile === null) return null;
    const told: ToldProfile = { version: toldProfileVersion, hash, profile };
    return JSON.stringify(told);
  }

  #openTeller(): StatusTeller | null {
    const { uplink, clock, config, slots } = this.#parts;
    if (uplink === null) return null;
    const { device } = config;
    uplink.link.setWill(willMessage(device, this.status));
    return new StatusTeller({
      ...{ device, uplink: uplink.run, link: uplink.link, clock },
      status: () => this.status,
      profile: this.#toldProfile(),
      totals: () => slots.map(({ name, live }) => ({ sensor: name, in: live.in, out: live.out })),
    });
  }
}

function isoSeconds(epochSeconds: number): string {
  return `${new Date(epochSeconds * 1000).toISOString().slice(0, 19)}Z`;
}
