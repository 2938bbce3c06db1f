import { describe, expect, test } from 'vitest';
import { SensorError } from '../../../hardware/sensor.ts';
import { openVl53l1x } from '../../../hardware/vl53l1x/open-vl53l1x.ts';
import { type Reading, Vl53l1xBench } from '../../doubles/vl53l1x-bench.ts';

/** Noise of the steady scene, rounding, and its motion within half a millisecond of doubt about time. */
const nearMm = 8;

function wrongReadings(bench: Vl53l1xBench, readings: readonly Reading[], lanes = 1): Reading[] {
  return readings.filter((reading) => {
    if (reading.status !== 0) return false;
    const side = reading.zone % 2 === 0 ? 'outside' : 'inside';
    const lane = lanes === 1 ? 0 : reading.zone >> 1;
    return Math.abs(reading.distanceMm - bench.scene.truthMm(side, lane, reading.atSeconds)) > nearMm;
  });
}

const good = (readings: readonly Reading[]) => readings.filter((reading) => reading.status === 0);
const perSecond = (readings: readonly Reading[]) =>
  (readings.length - 1) / (readings.at(-1)!.atSeconds - readings[0]!.atSeconds);

describe('a VL53L1X with two regions in turn', () => {
  test('gives at least 40 readings a second, each of the region it says', async () => {
    const bench = new Vl53l1xBench();
    const readings = await bench.read(bench.sensor(), 160);
    expect(perSecond(good(readings))).toBeGreaterThan(40);
    expect(wrongReadings(bench, readings)).toEqual([]);
    const zones = good(readings).map((reading) => reading.zone);
    expect(Math.abs(zones.filter((zone) => zone === 0).length - zones.length / 2)).toBeLessThan(3);
  });

  test('keeps the region right on a slow bus of 100 kHz', async () => {
    const bench = new Vl53l1xBench(1, 100_000);
    const readings = await bench.read(bench.sensor(), 120);
    expect(perSecond(good(readings))).toBeGreaterThan(40);
    expect(wrongReadings(bench, readings)).toEqual([]);
  });

  test('keeps the regions right however the agent is held up', async () => {
    const bench = new Vl53l1xBench();
    const sensor = bench.sensor();
    const stop = new AbortController();
    const seen: Reading[] = [];
    let late = 0;
    for await (const chunk of sensor.chunks(stop.signal)) {
      if (chunk.kind !== 'distance') continue;
      seen.push({
        atSeconds: chunk.atSeconds[0]!,
        zone: chunk.zone[0]!,
        distanceMm: chunk.distanceMm[0]!,
        status: chunk.status[0]!,
        signalKcps: 0,
        ambientKcps: 0,
        sigmaMm: 0,
        spads: 0,
      });
      // Stalls of 0 to 39 ms: some within a range, some over its end, some over two.
      late = (late * 7 + 3) % 40;
      if (seen.length % 3 === 0) await bench.clock.sleep(late / 1000);
      if (bench.clock.nowSeconds() > 160) stop.abort();
    }
    expect(wrongReadings(bench, seen)).toEqual([]);
    expect(good(seen).length).toBeGreaterThan(300);
  });

  test('carries signal, ambient light, sigma and pads with each reading', async () => {
    const bench = new Vl53l1xBench();
    for (const reading of good(await bench.read(bench.sensor(), 101))) {
      expect(reading.signalKcps).toBeGreaterThan(3700);
      expect(reading.ambientKcps).toBeGreaterThan(60);
      expect(reading.sigmaMm).toBe(5);
      expect(reading.spads).toBe(128);
    }
  });

  test.each([
    { distanceMode: 'short', timingBudgetMs: 15, interMeasurementMs: 20, least: 45 },
    { distanceMode: 'long', timingBudgetMs: 33, interMeasurementMs: 35, least: 27 },
    { distanceMode: 'long', timingBudgetMs: 200, interMeasurementMs: 202, least: 4.8 },
  ] as const)('ranges in mode $distanceMode with $timingBudgetMs ms', async ({ least, ...mode }) => {
    const bench = new Vl53l1xBench();
    const readings = await bench.read(bench.sensor({ mode }), 120);
    expect(perSecond(good(readings))).toBeGreaterThan(least);
    expect(wrongReadings(bench, readings)).toEqual([]);
  });

  test('with a period below its budget it gets half the rate, as the manual says', async () => {
    const bench = new Vl53l1xBench();
    const mode = { distanceMode: 'long', timingBudgetMs: 20, interMeasurementMs: 18 } as const;
    const readings = await bench.read(bench.sensor({ mode }), 110);
    expect(perSecond(readings)).toBeLessThan(30);
    expect(wrongReadings(bench, readings)).toEqual([]);
  });

  test('serves two lanes with four regions', async () => {
    const bench = new Vl53l1xBench();
    const readings = await bench.read(bench.sensor({ split: { lanes: 2 } }), 110);
    expect(new Set(good(readings).map((reading) => reading.zone))).toEqual(new Set([0, 1, 2, 3]));
    expect(wrongReadings(bench, readings, 2)).toEqual([]);
    expect(perSecond(good(readings))).toBeGreaterThan(40);
  });

  test('searches its laser voltage anew every hour and counts on', async () => {
    const bench = new Vl53l1xBench();
    const sensor = bench.sensor({
      mode: { distanceMode: 'long', timingBudgetMs: 500, interMeasurementMs: 502 },
    });
    const readings = await bench.read(sensor, 3800);
    const unchecked = readings.filter((reading) => reading.status === 6);
    expect(unchecked.length).toBe(2); // the first range after each start
    expect(sensor.health.restarts).toBe(0);
    expect(wrongReadings(bench, readings.slice(-100))).toEqual([]);
  });
});

describe('a VL53L1X that fails', () => {
  test.each([
    ['silent', 1.5],
    ['never-ready', 1.5],
    ['wrong-identity', 1.5],
    ['stuck', 0],
    ['repeating', 0],
  ] as const)('%s: nothing wrong is called good, and it is back within a second', async (fault, seconds) => {
    const bench = new Vl53l1xBench();
    const sensor = bench.sensor();
    const chip = bench.chips[0]!;
    const readings = await bench.read(sensor, 110, () => {
      const now = bench.clock.nowSeconds();
      if (now > 103 && now < 103.03) {
        chip.fault = fault;
        if (fault === 'wrong-identity') chip.brownOut(now);
      }
      if (seconds > 0 && chip.fault !== 'none' && now > 103 + seconds) chip.fault = 'none';
    });
    expect(sensor.health.restarts).toBeGreaterThan(0);
    expect(wrongReadings(bench, readings)).toEqual([]);
    const back = good(readings).find((reading) => reading.atSeconds > 103.1 + seconds)!;
    expect(back.atSeconds - (103 + seconds)).toBeLessThan(1);
    expect(readings.some((reading) => reading.status === 255)).toBe(true);
  });

  test('a brown-out is noticed and healed', async () => {
    const bench = new Vl53l1xBench();
    const sensor = bench.sensor();
    let done = false;
    const readings = await bench.read(sensor, 106, () => {
      if (done || bench.clock.nowSeconds() < 103) return;
      done = true;
      bench.chips[0]!.brownOut(bench.clock.nowSeconds());
    });
    expect(wrongReadings(bench, readings)).toEqual([]);
    const gap = Math.max(
      ...good(readings)
        .slice(1)
        .map((reading, place) => reading.atSeconds - good(readings)[place]!.atSeconds),
    );
    expect(gap).toBeLessThan(1);
    expect(sensor.health.restarts).toBe(1);
  });

  test('faults at random for ten minutes: no wrong distance is good, each is over within a second', async () => {
    const bench = new Vl53l1xBench();
    const sensor = bench.sensor();
    const chip = bench.chips[0]!;
    let seed = 4;
    const random = () => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return seed / 2 ** 31;
    };
    const kinds = [
      'nack',
      'held-low',
      'cut-short',
      'brown-out',
      'silent',
      'stuck',
      'repeating',
      'never-ready',
      'wrong-identity',
    ] as const;
    const faults: { readonly kind: string; readonly from: number; readonly to: number }[] = [];
    for (let from = 101; from < 700; from += 2.5 + random() * 4) {
      const kind = kinds[Math.floor(random() * kinds.length)]!;
      const brief = kind === 'brown-out' || kind === 'stuck' || kind === 'repeating';
      faults.push({ kind, from, to: brief ? from : from + 0.001 + random() ** 3 * 1.2 });
    }
    const wires = faults.filter(({ kind }) => ['nack', 'held-low', 'cut-short'].includes(kind));
    bench.busFault = (atSeconds) => {
      inject(atSeconds);
      const now = wires.find(({ from, to }) => atSeconds >= from && atSeconds < to);
      return (now?.kind ?? 'none') as 'none';
    };
    let next = 0;
    function inject(atSeconds: number): void {
      const current = faults[next - 1];
      if (current && atSeconds > current.to && !['stuck', 'repeating'].includes(chip.fault))
        chip.fault = 'none';
      const due = faults[next];
      if (!due || atSeconds < due.from) return;
      next += 1;
      if (due.kind === 'brown-out' || due.kind === 'wrong-identity') chip.brownOut(atSeconds);
      if (!wires.includes(due) && due.kind !== 'brown-out') chip.fault = due.kind as 'none';
    }
    const readings = await bench.read(sensor, 701);
    expect(next).toBeGreaterThan(100);
    expect(wrongReadings(bench, readings)).toEqual([]);
    const fine = good(readings);
    for (const fault of faults) {
      for (const zone of [0, 1]) {
        const back = fine.find((reading) => reading.zone === zone && reading.atSeconds > fault.to);
        expect(back, JSON.stringify(fault)).toBeDefined();
        expect(back!.atSeconds - fault.to, JSON.stringify(fault)).toBeLessThan(1);
      }
    }
    expect(fine.length / readings.length).toBeGreaterThan(0.9);
  }, 60_000);
});

describe('several VL53L1X on one bus', () => {
  test('each gets its own address through its XSHUT pin and keeps to its own scene', async () => {
    const bench = new Vl53l1xBench(3);
    await bench.bus.hold([0, 1, 2]);
    const sensors = [0x30, 0x31, 0x32].map((address, pin) => bench.sensor({ address, pin }));
    for (const sensor of sensors) await sensor.bringUp();
    const all = await Promise.all(sensors.map((sensor) => bench.read(sensor, 105)));
    for (const readings of all) {
      expect(wrongReadings(bench, readings)).toEqual([]);
      expect(perSecond(good(readings))).toBeGreaterThan(38);
    }
  });

  test('when the supply of two collapses at once, both come back at their own addresses', async () => {
    const bench = new Vl53l1xBench(2);
    await bench.bus.hold([0, 1]);
    const sensors = [0x30, 0x31].map((address, pin) => bench.sensor({ address, pin }));
    for (const sensor of sensors) await sensor.bringUp();
    let done = false;
    const all = await Promise.all(
      sensors.map((sensor) =>
        bench.read(sensor, 106, () => {
          if (done || bench.clock.nowSeconds() < 102) return;
          done = true;
          for (const chip of bench.chips) chip.brownOut(bench.clock.nowSeconds());
        }),
      ),
    );
    for (const readings of all) {
      expect(wrongReadings(bench, readings)).toEqual([]);
      expect(good(readings).some(({ atSeconds }) => atSeconds > 102 && atSeconds < 103)).toBe(true);
      expect(good(readings).at(-1)!.atSeconds).toBeGreaterThan(105.9);
    }
    const at = bench.clock.nowSeconds();
    expect(bench.chips.map((chip) => chip.acknowledges(0x29, at))).toEqual([false, false]);
  });

  test('a sensor whose pin nobody named is told apart from ours', async () => {
    const bench = new Vl53l1xBench(2);
    await bench.bus.hold([0]);
    await expect(bench.sensor({ address: 0x30, pin: 0 }).bringUp()).rejects.toThrow(/another device answers/);
  });
});

describe('opening a VL53L1X', () => {
  test('names a bus that is not there', async () => {
    const opening = openVl53l1x({ kind: 'vl53l1x', bus: '/dev/i2c-does-not-exist' });
    await expect(opening).rejects.toMatchObject({ code: 'device-missing' });
    await expect(opening).rejects.toThrow(/\/dev\/i2c-does-not-exist.*dtparam=i2c_arm=on/);
  });

  test('refuses a file that is no I²C bus', async () => {
    await expect(openVl53l1x({ kind: 'vl53l1x', bus: '/dev/null' })).rejects.toBeInstanceOf(SensorError);
    await expect(openVl53l1x({ kind: 'vl53l1x', bus: '/dev/null' })).rejects.toThrow(/not an I²C bus/);
  });

  test.each([
    [{ timingBudgetMs: 15 }, /needs distanceMode short/],
    [{ address: 0x30 }, /needs xshutPin/],
    [{ otherXshutPins: [5] }, /address of its own/],
  ] as const)('refuses %j', async (options, message) => {
    await expect(openVl53l1x({ kind: 'vl53l1x', ...options } as never)).rejects.toThrow(message);
  });
});
