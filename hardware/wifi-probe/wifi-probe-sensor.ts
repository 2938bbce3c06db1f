import { type Clock, monotonicClock } from '../clock.ts';
import { type ProbeChunk, type Sensor, type SensorDescription, SensorError } from '../sensor.ts';
import { CaptureReader } from './capture-reader.ts';
import { ChannelHopper } from './channel-hopper.ts';
import { FrameClock } from './frame-clock.ts';
import { ProbeChunkWriter } from './probe-chunk-writer.ts';
import { frameBytesHashing, frameBytesRate } from './probe-frame.ts';
import { refuseCoreDumps } from './refuse-core-dumps.ts';
import { deliverySecondsMax, learnFilter, probeFilter, TcpdumpCapture } from './tcpdump-capture.ts';
import type { WifiPermission, WifiProbeConfig } from './wifi-probe-config.ts';

/** Version, pad and length: all that learning a header's length needs. */
const learnBytes = 4;
/** A quiet listener still says twice a second that it listens. */
const progressSeconds = 0.5;
const backoffSecondsMin = 1;
const backoffSecondsMax = 60;
/** A capture that ran this long was well: the next failure starts with a short wait again. */
const wellSeconds = 60;

/**
 * Opens a WiFi adapter in monitor mode. Throws `SensorError`: `not-permitted-by-profile` before
 * anything is started where no mode is permitted, `program-missing`, `permission-denied`,
 * `device-missing` or `unsupported`. While it runs it starts again after failures, with growing
 * pauses that are reported as deaf; it throws where the permission is gone or header lengths vary.
 */
export async function openWifiProbe(
  config: WifiProbeConfig,
  permission: WifiPermission | null,
  clock: Clock = monotonicClock,
): Promise<Sensor> {
  if (permission === null) {
    throw new SensorError(
      'not-permitted-by-profile',
      `${config.interface}: the site profile names no WiFi mode, so nothing is listened to`,
    );
  }
  refuseCoreDumps();
  const sensor = new WifiProbeSensor(config, permission, clock);
  try {
    await sensor.begin();
    return sensor;
  } catch (error) {
    await sensor.close();
    throw error;
  }
}

class WifiProbeSensor implements Sensor {
  readonly description: SensorDescription = {
    kind: 'wifi-probe',
    timeline: { kind: 'live' },
    zones: [],
    geometry: 'ceiling',
    simulated: false,
  };
  readonly #config: WifiProbeConfig;
  readonly #permission: WifiPermission;
  readonly #clock: Clock;
  readonly #hopper: ChannelHopper;
  readonly #frameClock: FrameClock;
  readonly #reader = new CaptureReader();
  readonly #writer: ProbeChunkWriter;
  readonly #stop = new AbortController();
  #capture: TcpdumpCapture | null = null;
  /** A read under way; the child that it reads from is `#capture`. */
  #pending: Promise<number> | null = null;
  #radiotapBytes = 0;

  constructor(config: WifiProbeConfig, permission: WifiPermission, clock: Clock) {
    this.#config = config;
    this.#permission = permission;
    this.#clock = clock;
    this.#frameClock = new FrameClock(clock);
    this.#writer = new ProbeChunkWriter(permission);
    this.#hopper = new ChannelHopper({
      interface: config.interface,
      channels: config.channels ?? [],
      channelSeconds: config.channelSeconds ?? 0.5,
      command: config.channelCommand ?? ['iw', 'dev', '{interface}', 'set', 'channel', '{channel}'],
    });
  }

  /** Sets the channel and begins to learn the header's length: what is missing shows at once. */
  async begin(): Promise<void> {
    await this.#hopper.begin();
    this.#capture = this.#startLearning();
    if (!(await this.#capture.listening())) throw await this.#capture.failure();
  }

  async *chunks(signal: AbortSignal): AsyncGenerator<ProbeChunk> {
    const stopped = AbortSignal.any([signal, this.#stop.signal]);
    const onStop = () => void this.#capture?.stop();
    stopped.addEventListener('abort', onStop, { once: true });
    void this.#hopper.run(stopped);
    try {
      for (let backoffSeconds = backoffSecondsMin; !stopped.aborted; ) {
        const beganSeconds = this.#clock.nowSeconds();
        yield* this.#listen(stopped);
        if (stopped.aborted) return;
        await this.#capture!.stop();
        const failure = await this.#capture!.failure();
        if (failure.code === 'permission-denied' || failure.code === 'program-missing') throw failure;
        if (this.#clock.nowSeconds() - beganSeconds > wellSeconds) backoffSeconds = backoffSecondsMin;
        yield* this.#pause(backoffSeconds, stopped);
        backoffSeconds = Math.min(backoffSecondsMax, backoffSeconds * 2);
        if (!stopped.aborted) this.#capture = this.#startLearning();
      }
    } finally {
      stopped.removeEventListener('abort', onStop);
      await this.close();
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#capture?.stop();
    this.#writer.clear();
    this.#reader.wipe();
  }

  /** Learns the header's length, then captures, until the child ends. */
  async *#listen(stopped: AbortSignal): AsyncGenerator<ProbeChunk> {
    this.#begin();
    this.#radiotapBytes = 0;
    // Nothing is counted while the length is learned: deaf.
    for await (const _ of this.#pump(stopped, () => this.#learn())) yield* this.#hand(true);
    if (stopped.aborted || this.#radiotapBytes === 0) return;
    await this.#capture!.stop();
    this.#begin();
    this.#capture = this.#startCapturing();
    if (!(await this.#capture.listening())) return;
    yield* this.#hand(true);
    let rotateAtSeconds = this.#nextRotation();
    for await (const _ of this.#pump(stopped, () => this.#take())) {
      yield* this.#hand(false);
      if (this.#permission.mode === 'rate' || Date.now() / 1000 < rotateAtSeconds) continue;
      await this.#rotate();
      yield* this.#hand(false);
      rotateAtSeconds = this.#nextRotation();
    }
  }

  /** Says twice a second that nobody listens, for as long as it takes. */
  async *#pause(seconds: number, stopped: AbortSignal): AsyncGenerator<ProbeChunk> {
    const untilSeconds = this.#clock.nowSeconds() + seconds;
    while (!stopped.aborted && this.#clock.nowSeconds() < untilSeconds) {
      yield* this.#hand(true);
      await this.#clock.sleep(progressSeconds, stopped);
    }
  }

  /**
   * Reads the running child and gives each frame to `take` until that says stop; yields whenever
   * all that came has been taken, the chunk is full, or half a second has passed.
   */
  async *#pump(stopped: AbortSignal, take: () => boolean): AsyncGenerator<void> {
    let tick: Promise<number> | null = null;
    while (!stopped.aborted) {
      const drained = this.#drain(take);
      if (drained === 'ended') return;
      yield;
      if (drained === 'full') continue;
      this.#pending ??= this.#capture!.read(this.#reader);
      tick ??= this.#clock.sleep(progressSeconds, stopped).then(() => -1);
      const bytes = await Promise.race([this.#pending, tick]);
      if (bytes < 0) tick = null;
      else this.#pending = null;
      if (bytes === 0) return;
    }
  }

  #drain(take: () => boolean): 'empty' | 'full' | 'ended' {
    while (!this.#writer.full) {
      const step = this.#reader.next();
      if (step === 'more') return 'empty';
      // Our own pipe is damaged only where something else than tcpdump writes into it.
      if (step === 'damaged' || !take()) return 'ended';
    }
    return 'full';
  }

  /** A new child writes a new stream. */
  #begin(): void {
    this.#pending = null;
    this.#reader.wipe();
  }

  /**
   * Mode `hashing`: at a window's end a new child takes over and the old one ends, and with it the
   * ring buffer in which the window's addresses lay.
   */
  async #rotate(): Promise<void> {
    const old = this.#capture!;
    const next = this.#startCapturing();
    if (!(await next.listening())) return next.stop();
    await this.#clock.sleep(deliverySecondsMax, this.#stop.signal);
    old.end();
    for (let bytes = -1; bytes !== 0; ) {
      bytes = await (this.#pending ?? old.read(this.#reader));
      this.#pending = null;
      if (this.#drain(() => this.#take()) !== 'empty') break;
    }
    await old.stop();
    this.#capture = next;
    this.#begin();
  }

  #learn(): boolean {
    this.#radiotapBytes = this.#lengthField();
    return false;
  }

  #take(): boolean {
    const { frame } = this.#reader;
    const radiotapBytes = this.#lengthField();
    if (radiotapBytes !== this.#radiotapBytes) {
      throw new SensorError(
        'unsupported',
        `${this.#config.interface}: radiotap headers vary (${this.#radiotapBytes} bytes, then ${radiotapBytes}): ` +
          'addresses cannot be cut off reliably, so this adapter cannot be used',
      );
    }
    const atSeconds = this.#frameClock.place(frame.atSeconds);
    if (Number.isNaN(atSeconds)) return true;
    this.#writer.atSeconds = atSeconds;
    this.#writer.add(this.#reader);
    return true;
  }

  /** Hands the chunk out and overwrites it when it has been used. */
  *#hand(deaf: boolean): Generator<ProbeChunk> {
    const { chunk } = this.#writer;
    chunk.deaf = deaf;
    // What was heard in the last seconds may still be under way from the kernel.
    chunk.progressSeconds = this.#frameClock.progress(deaf ? 0 : deliverySecondsMax);
    yield chunk;
    this.#writer.clear();
  }

  #startLearning(): TcpdumpCapture {
    return this.#start({ snapBytes: learnBytes, filter: learnFilter, frames: 1 });
  }

  #startCapturing(): TcpdumpCapture {
    const frameBytes = this.#permission.mode === 'rate' ? frameBytesRate : frameBytesHashing;
    return this.#start({ snapBytes: this.#radiotapBytes + frameBytes, filter: probeFilter });
  }

  #start(what: { snapBytes: number; filter: string; frames?: number }): TcpdumpCapture {
    const command = this.#config.captureCommand ?? ['tcpdump'];
    return TcpdumpCapture.start({ ...what, command, interface: this.#config.interface });
  }

  /** The radiotap length that the current frame states. */
  #lengthField(): number {
    const { start, end } = this.#reader.frame;
    if (end - start < learnBytes) return 0;
    return this.#reader.buffer[start + 2]! | (this.#reader.buffer[start + 3]! << 8);
  }

  /** Windows end on whole multiples of their length of the calendar, and so does what they saw. */
  #nextRotation(): number {
    const { windowSeconds } = this.#permission;
    return (Math.floor(Date.now() / 1000 / windowSeconds) + 1) * windowSeconds;
  }
}
