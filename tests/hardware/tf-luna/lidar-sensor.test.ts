import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BeamScene, EmulatedLidar } from '../../../hardware/emulated/emulated-lidar.ts';
import { openSensor, type SensorConfig } from '../../../hardware/open-sensor.ts';
import type { LidarSensor } from '../../../hardware/tf-luna/lidar-sensor.ts';
import { PtyPair } from '../../doubles/pty-pair.ts';
import { requirePrograms } from '../../require-programs.ts';

class StillScene implements BeamScene {
  readonly distanceMm: number;
  amplitude = 1000;
  constructor(distanceMm: number) {
    this.distanceMm = distanceMm;
  }
  measure() {
    return { distanceMm: this.distanceMm, amplitude: this.amplitude };
  }
}

interface Seen {
  readonly atSeconds: number;
  readonly zone: number;
  readonly distanceMm: number;
  readonly status: number;
}

/** Collects readings until `enough` says so; fails by the test's own time limit. */
async function collect(sensor: LidarSensor, enough: (seen: readonly Seen[]) => boolean): Promise<Seen[]> {
  const stop = new AbortController();
  const seen: Seen[] = [];
  for await (const chunk of sensor.chunks(stop.signal)) {
    if (chunk.kind !== 'distance') continue;
    for (let at = 0; at < chunk.length; at += 1) {
      seen.push({
        atSeconds: chunk.atSeconds[at]!,
        zone: chunk.zone[at]!,
        distanceMm: chunk.distanceMm[at]!,
        status: chunk.status[at]!,
      });
    }
    if (enough(seen)) stop.abort();
  }
  return seen;
}

const pairs: PtyPair[] = [];
const open = async (config: SensorConfig) => (await openSensor(config)) as LidarSensor;
beforeEach((context) => requirePrograms(context, 'socat'));
afterEach(async () => {
  for (const pair of pairs.splice(0)) await pair.remove();
});

async function plugIn(device: EmulatedLidar): Promise<PtyPair> {
  const pair = new PtyPair();
  pairs.push(pair);
  await pair.plugIn();
  await pair.connect(device);
  return pair;
}

describe('lidars on pseudo-terminals', () => {
  test('a pair is configured, measured and put in order of time', async () => {
    const outside = new EmulatedLidar(new StillScene(1500), 'tf-luna');
    const inside = new EmulatedLidar(new StillScene(900), 'tf-luna');
    const [first, second] = [await plugIn(outside), await plugIn(inside)];
    const sensor = await open({
      kind: 'tf-luna',
      outsidePort: first.ours,
      insidePort: second.ours,
      rateHz: 125,
      mountingHeightMm: 1600,
    });
    expect(sensor.description.zones.map((zone) => zone.side)).toEqual(['outside', 'inside']);
    const seen = await collect(
      sensor,
      (all) => all.length > 200 && sensor.health.every((beam) => beam.version),
    );
    await sensor.close();
    expect(seen.every((reading) => reading.status === 0)).toBe(true);
    for (const reading of seen) expect(reading.distanceMm).toBe(reading.zone === 0 ? 1500 : 900);
    const times = seen.map((reading) => reading.atSeconds);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect([outside.rateHz, inside.rateHz]).toEqual([125, 125]);
    expect(sensor.health.map((beam) => [beam.version, beam.unanswered])).toEqual([
      ['3.3.0', []],
      ['3.3.0', []],
    ]);
  });

  test('a TFmini-S alone has one zone, and says when it sees too little light', async () => {
    const scene = new StillScene(2000);
    const device = new EmulatedLidar(scene, 'tfmini-s');
    const pair = await plugIn(device);
    const sensor = await open({ kind: 'tfmini-s', outsidePort: pair.ours, rateHz: 200 });
    expect(sensor.description.zones).toHaveLength(1);
    const seen = await collect(sensor, (all) => {
      if (all.length > 50) scene.amplitude = 40;
      return all.some((reading) => reading.status === 2);
    });
    await sensor.close();
    expect(seen[0]).toMatchObject({ distanceMm: 2000, status: 0 });
  });

  test('while a beam is unplugged its zone has no good reading and the other goes on', async () => {
    const first = await plugIn(new EmulatedLidar(new StillScene(1500), 'tf-luna'));
    const second = await plugIn(new EmulatedLidar(new StillScene(900), 'tf-luna'));
    const sensor = await open({ kind: 'tf-luna', outsidePort: first.ours, insidePort: second.ours });
    let pulledAt = 0;
    const seen = await collect(sensor, (all) => {
      if (pulledAt === 0 && all.length > 60) {
        pulledAt = all.length;
        void first.pull();
      }
      const lostAt = all.findIndex((reading) => reading.zone === 0 && reading.status === 255);
      return lostAt >= 0 && all.length > lostAt + 120;
    });
    await sensor.close();
    const after = seen.slice(pulledAt);
    expect(after.filter((reading) => reading.zone === 0).at(-1)).toMatchObject({ status: 255 });
    const other = after.filter((reading) => reading.zone === 1);
    expect(other.length).toBeGreaterThan(100);
    // On a busy machine the other port may fall silent for a moment, too.
    expect(other.filter((reading) => reading.status === 0).length / other.length).toBeGreaterThan(0.95);
    expect(sensor.health[0]!.losses).toBeGreaterThan(0);
  });

  test('another device on the port is named, not measured', async () => {
    const pair = new PtyPair();
    pairs.push(pair);
    await pair.plugIn();
    await pair.connect({
      receive: () => {},
      transmit: () => Buffer.from('$GPGGA,,,\r\n'),
    });
    const sensor = await open({ kind: 'tf-luna', outsidePort: pair.ours });
    const seen = await collect(sensor, (all) => all.length > 0);
    await sensor.close();
    expect(seen.every((reading) => reading.status === 255)).toBe(true);
    expect(sensor.health[0]!.lastFault).toMatch(/no frames of a tf-luna/);
  });

  test('refuses rates the model does not have and one port for both beams', async () => {
    await expect(open({ kind: 'tf-luna', outsidePort: '/dev/a', rateHz: 99 })).rejects.toThrow(/500\/n/);
    await expect(open({ kind: 'tf-luna', outsidePort: '/dev/a', insidePort: '/dev/a' })).rejects.toThrow(
      /the same/,
    );
  });
});

test('emulated beams open by configuration through the real serial library', async () => {
  const sensor = await open({
    kind: 'tf-luna',
    outsidePort: '/dev/serial/by-path/outside',
    insidePort: '/dev/serial/by-path/inside',
    emulated: { profile: 'easy', seed: 2 },
  });
  const seen = await collect(sensor, (all) => all.length > 60);
  await sensor.close();
  expect(sensor.description.simulated).toBe(true);
  expect(new Set(seen.filter((reading) => reading.status === 0).map((reading) => reading.zone))).toEqual(
    new Set([0, 1]),
  );
});
