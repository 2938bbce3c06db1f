import type { DistanceSensorProfile } from '../../gateway/contract/site-profile.ts';
import { monotonicClock } from '../../hardware/clock.ts';
import type { DistanceChunk } from '../../hardware/sensor.ts';
import { Interrupted, type LivePicture } from '../dialogue/dialogue.ts';
import { beginLiveRecording, type LiveRecording } from '../recording/live-recording.ts';
import { recordedSite } from '../recording/recorded-site.ts';
import type { SensorFeed } from '../site/sensor-feed.ts';
import type { TapEvent } from './tap-book.ts';
import { writeObservedTruth, writeTapFile } from './tap-file.ts';
import { TapKeys } from './tap-keys.ts';
import { type FinishedWalkTest, type Standing, WalkTestSession } from './walk-test-session.ts';

/** The screen is as new as this, and new at once after a tap. */
const pictureSeconds = 0.25;

export interface LiveWalkTest {
  readonly feed: SensorFeed;
  readonly profile: DistanceSensorProfile | null;
  readonly folder: string;
  readonly picture: LivePicture;
  /** Ends the test; the technician's `q` does so, too. */
  readonly stop: AbortController;
  readonly words: (standing: Standing) => string;
  /** What the keys mean. */
  readonly keys: string;
  /** Takes telephones' taps in as long as the test runs; null without one. */
  readonly listen: ((taps: TapIntake) => void) | null;
}

/** Where taps go, and what is told to whoever sent them. */
export interface TapIntake {
  take(event: TapEvent): void;
  standing(): string;
}

export interface RecordedWalkTest {
  readonly finished: FinishedWalkTest;
  readonly file: string;
  readonly startedAt: string;
}

/**
 * Runs a test until it is stopped. Recording and taps are on the card all the while; when the sensor is
 * lost or the technician breaks off the recording is finished as it is, and the error goes on.
 */
export async function runWalkTest(test: LiveWalkTest): Promise<RecordedWalkTest> {
  const running = new RunningWalkTest(test);
  const keys = running.takeKeys();
  try {
    for await (const chunk of test.feed.distances(test.stop.signal)) await running.take(chunk);
  } catch (error) {
    await running.close();
    throw error;
  } finally {
    test.picture.close();
    await keys;
  }
  return running.finish();
}

/** The counter, the recording and the taps of a test while it runs. */
class RunningWalkTest {
  readonly #test: LiveWalkTest;
  #session: WalkTestSession | null = null;
  #recording: LiveRecording | null = null;
  #shownAtSeconds = Number.NEGATIVE_INFINITY;
  #standing = '';

  constructor(test: LiveWalkTest) {
    this.#test = test;
  }

  async take(chunk: DistanceChunk): Promise<void> {
    if (chunk.length === 0) return;
    if (this.#recording === null) await this.#begin(chunk.atSeconds[0]!);
    this.#session!.take(chunk);
    this.#show(false);
    await this.#recording!.take(chunk);
  }

  /** Takes the technician's keys until the picture is closed. */
  async takeKeys(): Promise<void> {
    const keys = new TapKeys();
    for await (const key of this.#test.picture.keys()) {
      const event = keys.press(key, monotonicClock.nowSeconds(), this.#session?.book.last ?? null);
      if (event === 'finish') this.#test.stop.abort();
      else if (event !== null) this.#tap(event);
    }
  }

  async close(): Promise<void> {
    await this.#recording?.close();
  }

  async finish(): Promise<RecordedWalkTest> {
    const [session, recording] = [this.#session, this.#recording];
    if (session === null || recording === null) throw new Interrupted();
    await recording.close();
    const finished = session.finish();
    this.#save(session, recording);
    const { file, startedAt, startSeconds } = recording;
    const { lagSeconds } = finished.result;
    writeObservedTruth(file, { taps: session.book.taps, lagSeconds, startSeconds });
    return { finished, file, startedAt };
  }

  async #begin(startSeconds: number): Promise<void> {
    const { feed, profile, folder, listen } = this.#test;
    const { description } = feed.sensor;
    this.#recording = await beginLiveRecording({
      folder,
      name: `walk-test-${feed.slot.sensor}`,
      description,
      site: recordedSite(description, profile),
      startSeconds,
      startedAt: new Date(Date.now() - (monotonicClock.nowSeconds() - startSeconds) * 1000),
    });
    this.#session = new WalkTestSession({ description, profile, startSeconds });
    listen?.({ take: (event) => this.#tap(event), standing: () => this.#standing });
  }

  #tap(event: TapEvent): void {
    const [session, recording] = [this.#session, this.#recording];
    if (session === null || recording === null) return;
    // A telephone may still hold taps of a test before this one.
    if (event.type === 'tap' && event.atSeconds < recording.startSeconds) return;
    if (!session.book.take(event)) return;
    this.#save(session, recording);
    this.#show(true);
  }

  #save({ book }: WalkTestSession, { file, startedAt, startSeconds }: LiveRecording): void {
    const { sensor } = this.#test.feed.slot;
    writeTapFile(file, { sensor, startedAt, startSeconds, taps: book.taps });
  }

  #show(isNews: boolean): void {
    const session = this.#session!;
    const now = monotonicClock.nowSeconds();
    if (!isNews && now - this.#shownAtSeconds < pictureSeconds) return;
    this.#shownAtSeconds = now;
    this.#standing = this.#test.words(session.standing());
    this.#test.picture.show(`${this.#standing}\n\n${this.#test.keys}`);
  }
}
