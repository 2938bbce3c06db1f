import { statfsSync } from 'node:fs';
import { monotonicClock } from '../../hardware/clock.ts';
import type { ReadingChunk, SensorDescription } from '../../hardware/sensor.ts';
import { Refusal } from '../command.ts';
import { Interrupted, type LivePicture } from '../dialogue/dialogue.ts';
import type { RecordingEnd, RecordMessages } from '../messages/record.ts';
import { beginLiveRecording, isDiskFull, type LiveRecording } from './live-recording.ts';
import type { RecordedSite } from './recorded-site.ts';

const pictureMs = 500;

export interface RecordingLimits {
  readonly seconds: number;
  readonly bytes: number;
  readonly reserveBytes: number;
}

export interface RecordingSource {
  readonly description: SensorDescription;
  /** Throws `Interrupted` when the technician breaks off and a `Refusal` when the sensor is lost. */
  chunks(stop: AbortSignal): AsyncIterable<ReadingChunk>;
  close(): Promise<void>;
}

export interface KeptRecording {
  readonly end: RecordingEnd;
  /** Null where not one reading came. */
  readonly file: string | null;
  readonly seconds: number;
  readonly readings: number;
  readonly bytes: number;
}

export interface RecordingRunPlan {
  readonly folder: string;
  readonly name: string;
  readonly description: SensorDescription;
  readonly site: RecordedSite;
  readonly limits: RecordingLimits;
  readonly picture: LivePicture;
  readonly progress: RecordMessages['progress'];
  readonly signal: AbortSignal;
}

/** Free for an ordinary program on the card that holds a folder. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** One recording, from the first reading to whatever ends it; whatever that is, the file is made whole. */
export class RecordingRun {
  readonly #plan: RecordingRunPlan;
  readonly #stop = new AbortController();
  readonly #beganAtSeconds = monotonicClock.nowSeconds();
  #recording: LiveRecording | null = null;
  #end: RecordingEnd = 'interrupted';

  constructor(plan: RecordingRunPlan) {
    this.#plan = plan;
  }

  async follow(source: RecordingSource): Promise<KeptRecording> {
    const timer = setTimeout(() => this.#finish('time'), this.#plan.limits.seconds * 1000);
    const watch = setInterval(() => this.#look(), pictureMs);
    const keys = this.#takeKeys();
    try {
      for await (const chunk of source.chunks(this.#stop.signal)) await this.#take(chunk);
    } catch (error) {
      // Whoever breaks off wants what is there; so does who pulled the plug by mistake.
      if (error instanceof Refusal && error.reason === 'sensor-lost') this.#end = 'sensor-lost';
      else if (isDiskFull(error)) this.#end = 'disk';
      else if (!(error instanceof Interrupted)) throw error;
    } finally {
      clearTimeout(timer);
      clearInterval(watch);
      this.#plan.picture.close();
      await keys;
      await this.#recording?.close();
    }
    const recording = this.#recording;
    const { readings = 0, bytes = 0 } = recording ?? {};
    return { end: this.#end, file: recording?.file ?? null, seconds: this.#seconds, readings, bytes };
  }

  get #seconds(): number {
    return Math.round((monotonicClock.nowSeconds() - this.#beganAtSeconds) * 10) / 10;
  }

  async #take(chunk: ReadingChunk): Promise<void> {
    if (chunk.length === 0) return;
    this.#recording ??= await this.#begin(chunk);
    await this.#recording.take(chunk);
    if (this.#recording.bytes >= this.#plan.limits.bytes) this.#finish('size');
  }

  #begin(chunk: ReadingChunk): Promise<LiveRecording> {
    const { folder, name, description, site } = this.#plan;
    // Silence before the first motion is a part of the recording; before a first distance there is none.
    const startSeconds = chunk.kind === 'motion' ? this.#beganAtSeconds : chunk.atSeconds[0]!;
    const ageMs = (monotonicClock.nowSeconds() - startSeconds) * 1000;
    const startedAt = new Date(Date.now() - ageMs);
    return beginLiveRecording({ folder, name, description, site, startSeconds, startedAt });
  }

  #look(): void {
    const { folder, limits, picture, progress } = this.#plan;
    const free = freeBytes(folder);
    if (free < limits.reserveBytes) this.#finish('disk');
    const seconds = this.#seconds;
    const { readings = 0, bytes = 0 } = this.#recording ?? {};
    const leftSeconds = Math.max(0, limits.seconds - seconds);
    picture.show(progress({ seconds, leftSeconds, readings, bytes, freeBytes: free }));
  }

  async #takeKeys(): Promise<void> {
    for await (const key of this.#plan.picture.keys()) if (key === 'q') this.#finish('key');
  }

  #finish(end: RecordingEnd): void {
    if (this.#stop.signal.aborted) return;
    this.#end = end;
    this.#stop.abort();
  }
}
