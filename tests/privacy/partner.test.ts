import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { protectionRuleOf } from '../../gateway/contract/protection.ts';
import type { PublishedCounts } from '../../gateway/contract/published-api.ts';
import type { Seal } from '../../gateway/store/seal-store.ts';
import { cellsOf, localDay } from '../../gateway/values/local-time.ts';
import { sealingCells } from '../../gateway/values/sealing-calendar.ts';
import { seededRandom } from '../../scripts/demo/seeded-random.ts';
import { admitted, crossing, minuteOf, sampleStart } from '../gateway/sample-intervals.ts';
import { sealEverything } from '../gateway/sealing/seal-everything.ts';
import { type ApiBed, openApiBed } from '../gateway/web/api-bed.ts';
import { bearer, giveKey } from '../gateway/web/api-keys.ts';
import { shareLine } from '../gateway/web/share-line.ts';
import { LinearSystem } from './linear-system.ts';

const hourMs = 3_600_000;
const quarterMs = 900_000;
const berlin = 'Europe/Berlin';
const door = '/v1/lines/shop-door/counts';
/** Monday to Wednesday, 2 to 4 March 2026. */
const whole = { fromMs: Date.parse('2026-03-01T23:00:00Z'), toMs: Date.parse('2026-03-04T23:00:00Z') };
const queriesMax = 10_000;
const iso = (atMs: number) => new Date(atMs).toISOString();

/** Three days of a door, sealed, with a partner and somebody from the public who have keys. */
async function openAttack(): Promise<ApiBed & { keys: { authorization: string }[]; seals: Seal[] }> {
  const bed = await openApiBed();
  for (let hour = 2; hour < 62; hour += 1) {
    const minutes = Array.from({ length: 60 }, (_, minute) => {
      const sequence = hour * 60 + minute + 1;
      return crossing(sequence, { in: (sequence * 7) % 5, start: minuteOf(sequence) });
    });
    await bed.store.commitBatch(admitted(minutes, { device: 'shop-1' }));
  }
  bed.clock.nowMs = sampleStart + 100 * hourMs;
  await sealEverything(bed.store, bed.clock.nowMs);
  await shareLine(bed, 'partner', { line: 'shop-door' });
  await shareLine(bed, 'public', { line: 'shop-door', audience: 'public' });
  const keys = [
    bearer(await giveKey(bed, 'partner', 'all')),
    bearer(await giveKey(bed, 'partner', ['shop', 'cafe'], { name: 'IHK' })),
    bearer(await giveKey(bed, 'public', 'all', { name: 'Uni' })),
  ];
  return { ...bed, keys, seals: await bed.store.readSeals('shop-door', whole) };
}

describe('a partner who asks ten thousand permitted questions', () => {
  let bed: Awaited<ReturnType<typeof openAttack>>;
  const next = seededRandom(20_260_302);
  const random = { below: (below: number) => Math.floor(next() * below) };
  /** Sums that were told before, so that each is solved once and compared for ever. */
  const told = new Map<string, number>();
  const system = new LinearSystem((whole.toMs - whole.fromMs) / quarterMs + 32);
  let contradictions = 0;
  let answers = 0;

  /** What the attacker believes an answered number to be the sum of: quarters of an hour, by the calendar that is public. */
  function quartersOf(cell: { start: string; seconds: number }, resolution: string): number[] {
    const fromMs = Date.parse(cell.start);
    const span = { fromMs, toMs: fromMs + cell.seconds * 1000 };
    const parts = resolution === '1h' ? [span] : sealingCells(span, protectionRuleOf(undefined), berlin);
    const sealed = parts.filter((part) => bed.seals.some((seal) => seal.fromMs === part.fromMs));
    return sealed.flatMap((part) =>
      cellsOf(part, '15m', berlin).map((quarter) => (quarter.fromMs - whole.fromMs) / quarterMs),
    );
  }

  function randomQuestion(): { url: string; resolution: string; csv: boolean } {
    const days = cellsOf(whole, '1d', berlin);
    const resolution = random.below(4) === 0 ? '1d' : '1h';
    const csv = random.below(8) === 0;
    let range = { fromMs: days[random.below(3)]!.fromMs, toMs: 0 };
    if (resolution === '1h') {
      range.fromMs = whole.fromMs + random.below(71) * hourMs;
      range.toMs = range.fromMs + (1 + random.below((whole.toMs - range.fromMs) / hourMs)) * hourMs;
    } else {
      const last = days.filter(({ toMs }) => toMs > range.fromMs);
      range = { ...range, toMs: last[random.below(last.length)]!.toMs };
    }
    const path = csv ? (random.below(2) === 0 ? `${door}.csv` : '/v1/sites/shop/counts.csv') : door;
    return {
      url: `${path}?from=${iso(range.fromMs)}&to=${iso(range.toMs)}&resolution=${resolution}`,
      resolution,
      csv,
    };
  }

  function learn(cells: { start: string; seconds: number; in: number | null }[], resolution: string): void {
    for (const cell of cells) {
      if (cell.in === null) continue;
      answers += 1;
      const quarters = quartersOf(cell, resolution);
      const key = quarters.join();
      const before = told.get(key);
      if (before === undefined) {
        told.set(key, cell.in);
        if (!system.add(quarters, cell.in)) contradictions += 1;
      } else if (before !== cell.in) contradictions += 1;
    }
  }

  beforeAll(async () => {
    bed = await openAttack();
    for (let number = 0; number < queriesMax; number += 1) {
      const { url, resolution, csv } = randomQuestion();
      bed.clock.nowMs += 100;
      const answer = await bed.app.inject({ url, headers: bed.keys[number % bed.keys.length]! });
      if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.body}`);
      if (csv) learn(cellsOfCsv(answer.body), resolution);
      else {
        const { cells, total } = answer.json<PublishedCounts>();
        learn(cells, resolution);
        // Hours within a night begin no cell.
        if (cells.length === 0) continue;
        const [first, last] = [cells[0]!, cells.at(-1)!];
        const seconds = (Date.parse(last.start) - Date.parse(first.start)) / 1000 + last.seconds;
        if (total.in !== null) learn([{ start: first.start, seconds, in: total.in }], '1d');
      }
    }
  }, 240_000);
  afterAll(() => bed.close());

  test('gets answers that never contradict each other: there is nothing to average', () => {
    expect(answers).toBeGreaterThan(queriesMax);
    expect(contradictions).toBe(0);
  });

  test('can solve for every sealed cell, as it is stored, and for nothing else', () => {
    expect(bed.seals.length).toBeGreaterThan(40);
    const indices = (seal: Seal) =>
      cellsOf(seal, '15m', berlin).map((quarter) => (quarter.fromMs - whole.fromMs) / quarterMs);
    for (const seal of bed.seals) expect(system.solve(indices(seal))).toBe(seal.in);
    // As many independent equations as sealed cells, each of them one of these: the answers say no more.
    expect(system.rank).toBe(bed.seals.length);
  });

  test('finds no quarter of an hour, no hour of a night and no half of a cell', () => {
    for (const seal of bed.seals) {
      const quarters = cellsOf(seal, '15m', berlin).map(
        (quarter) => (quarter.fromMs - whole.fromMs) / quarterMs,
      );
      for (let length = 1; length < quarters.length; length += 1) {
        expect(system.solve(quarters.slice(0, length))).toBeNull();
        expect(system.solve(quarters.slice(length))).toBeNull();
      }
    }
  });
});

function cellsOfCsv(body: string): { start: string; seconds: number; in: number | null }[] {
  const [head, ...rows] = body
    .trim()
    .split('\r\n')
    .map((row) => row.split(','));
  const at = (name: string) => head!.indexOf(name);
  return rows.map((row) => ({
    start: row[at('start')]!,
    seconds: Number(row[at('seconds')]),
    in: row[at('in')] === '' ? null : Number(row[at('in')]),
  }));
}

describe('a partner who averages and tracks', () => {
  let bed: Awaited<ReturnType<typeof openAttack>>;
  beforeAll(async () => {
    bed = await openAttack();
  });
  afterAll(() => bed.close());
  const day = localDay(sampleStart, berlin);
  const range = `from=${iso(day.fromMs)}&to=${iso(day.toMs)}`;
  const ask = async (url: string, key = 0) => {
    bed.clock.nowMs += 1_000;
    return (await bed.app.inject({ url, headers: bed.keys[key]! })).json<PublishedCounts>();
  };

  test('gets one and the same number however often, with whichever key and in whichever sum', async () => {
    const first = await ask(`${door}?${range}`);
    const seen = new Set<string>();
    for (let time = 0; time < 200; time += 1) {
      const { cells, total } = await ask(`${door}?${range}`, time % bed.keys.length);
      seen.add(JSON.stringify([cells, total]));
    }
    expect(seen.size).toBe(1);
    expect((await ask(`${door}?${range}&resolution=1d`)).total.in).toBe(first.total.in);
    // Another round, another process that seals: nothing is drawn again.
    await sealEverything(bed.store, bed.clock.nowMs);
    expect(await bed.store.readSeals('shop-door', whole)).toEqual(bed.seals);
    expect(await ask(`${door}?${range}`)).toEqual(first);
  });

  test('isolates no hour by subtracting sums: the difference is the sealed hour with its own noise', async () => {
    const until = (hour: number) => `from=${iso(day.fromMs)}&to=${iso(day.fromMs + hour * hourMs)}`;
    for (const hour of [9, 10, 14]) {
      const [more, less] = [await ask(`${door}?${until(hour + 1)}`), await ask(`${door}?${until(hour)}`)];
      const [hourCell] = (
        await ask(
          `${door}?from=${iso(day.fromMs + hour * hourMs)}&to=${iso(day.fromMs + (hour + 1) * hourMs)}`,
        )
      ).cells;
      expect((more.total.in ?? 0) - (less.total.in ?? 0)).toBe(hourCell!.in ?? 0);
    }
    // A tracker that cuts into the night: 23:00 begins no cell, so both sums are the same.
    const evening = await ask(
      `${door}?from=${iso(day.fromMs + 20 * hourMs)}&to=${iso(day.fromMs + 23 * hourMs)}`,
    );
    const later = await ask(
      `${door}?from=${iso(day.fromMs + 20 * hourMs)}&to=${iso(day.fromMs + 24 * hourMs)}`,
    );
    expect(later.total).toEqual(evening.total);
  });

  test('finds no more through a grant that is moved hour by hour than through the sealed cells', async () => {
    const late = Date.parse('2026-03-20T00:00:00Z');
    await bed.store.retire('grant', 'public', 1);
    await bed.store.retire('grant', 'partner', 1);
    const answers = new Set<string>();
    for (const minutes of [0, 15, 30, 45, 59]) {
      const from = iso(day.fromMs + 10 * hourMs + minutes * 60_000);
      await shareLine(bed, 'moved', { line: 'shop-door', from, until: iso(late) });
      const asked = `from=${iso(day.fromMs + 11 * hourMs)}&to=${iso(day.fromMs + 13 * hourMs)}`;
      answers.add(JSON.stringify((await ask(`${door}?${asked}`)).cells));
      const whole = await ask(
        `${door}?from=${iso(day.fromMs + 10 * hourMs)}&to=${iso(day.fromMs + 13 * hourMs)}`,
      );
      expect('cells' in whole).toBe(minutes === 0);
    }
    expect(answers.size).toBe(1);
  });
});
