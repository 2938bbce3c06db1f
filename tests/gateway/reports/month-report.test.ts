import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { programPath, requirePrograms } from '../../require-programs.ts';
import { admitted, crossing } from '../sample-intervals.ts';
import { type ApiBed, openApiBed } from '../web/api-bed.ts';

const from = Date.parse('2026-01-31T23:00:00Z');
const days = 28;
let bed: ApiBed;

/** February by the hour: 10 an hour from nine to six, 30 on Saturdays, and nobody looking on the 10th. */
function february() {
  const hours = [];
  for (let hour = 0; hour < days * 24; hour += 1) {
    const [day, ofDay] = [Math.floor(hour / 24), hour % 24];
    const looked = day !== 9;
    const busy = looked && ofDay >= 9 && ofDay < 18;
    // The first of February 2026 is a Sunday.
    const people = busy ? (day % 7 === 6 ? 30 : 10) : 0;
    const start = new Date(from + hour * 3_600_000).toISOString();
    const coverageSeconds = looked ? 3600 : 0;
    hours.push(
      crossing(hour + 1000, {
        start,
        durationSeconds: 3600,
        coverageSeconds,
        in: people,
        out: people,
        standardErrorIn: 1,
        standardErrorOut: 1,
      }),
    );
  }
  return hours;
}

beforeAll(async () => {
  bed = await openApiBed();
  bed.clock.nowMs = Date.parse('2026-03-02T12:00:00Z');
  const hours = february();
  for (let at = 0; at < hours.length; at += 200) {
    await bed.store.commitBatch(admitted(hours.slice(at, at + 200), { device: 'shop-1', oldestHeld: 1 }));
  }
});
afterAll(() => bed.close());

const get = (path: string, headers = {}) => bed.app.inject({ url: path, headers });
const textOf = (html: string) =>
  html
    .replace(/<style>.*?<\/style>/gs, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

describe('the report of a month', () => {
  test('has the sum, the interval and the coverage that the API has', async () => {
    const query = 'from=2026-01-31T23:00:00Z&to=2026-02-28T23:00:00Z&resolution=1mo&value=corrected';
    const { total } = (await get(`/v1/lines/shop-door/counts?${query}`)).json();
    const { body, headers } = await get('/v1/lines/shop-door/report.html?month=2026-02&language=en');
    expect(headers['content-type']).toMatch(/^text\/html/);
    const text = textOf(body);
    const number = (value: number) => Math.round(value).toLocaleString('en-GB');
    expect(total.in.value).toBe(23 * 90 + 4 * 270);
    expect(text).toContain(
      `${number(total.in.value)} entries ${number(total.in.interval95[0])} – ${number(total.in.interval95[1])}`,
    );
    expect(text).toContain('96 % observed 27/28');
    expect(text).toContain('270 busiest day Sa 7/2');
  });

  test('lists a day on which nobody looked as not observed and one of nobody as 0', async () => {
    const text = textOf((await get('/v1/lines/cafe-door/report.html?month=2026-03')).body);
    expect(text).toContain('Mo 02.03. 120');
    expect(text).toContain('Di 03.03. – nicht beobachtet 0 %');
    expect(textOf((await get('/v1/lines/shop-door/report.html?month=2026-02')).body)).toContain(
      'Di 10.02. – nicht beobachtet 0 %',
    );
  });

  test('draws one bar for each day that was looked at, and a hatching for each other', async () => {
    const { body } = await get('/v1/lines/shop-door/report.html?month=2026-02');
    const [chart] = /<svg.*?<\/svg>/s.exec(body) ?? [''];
    expect(chart.match(/fill="#1d4ed8"/g)).toHaveLength(27);
    expect(chart.match(/stroke="#d9d6cd"/g)).toHaveLength(1);
  });

  test('of a town has an overview of its lines, and only of those that are the caller’s', async () => {
    const text = textOf((await get('/v1/town-report.html?month=2026-02&town=Iserlohn&language=en')).body);
    expect(text).toContain('Overview');
    expect(text).toContain('shop Door 3,150');
    expect(text).toContain('cafe Door – –');
    expect((await get('/v1/town-report.html?month=2026-02&town=Nowhere')).statusCode).toBe(404);
  });

  test('as PDF says the same numbers on pages of A4', async (context) => {
    requirePrograms(context, 'pdftotext', 'pdfinfo');
    for (const [path, pages] of [
      ['/v1/lines/shop-door/report.pdf?month=2026-02', 2],
      ['/v1/town-report.pdf?month=2026-02&town=Iserlohn', 5],
    ] as const) {
      const { rawPayload, headers } = await get(path);
      expect(headers['content-type']).toBe('application/pdf');
      const run = (program: string, ...args: string[]) =>
        spawnSync(programPath(program)!, args, { input: rawPayload, encoding: 'utf8' }).stdout;
      expect(run('pdfinfo', '-')).toMatch(new RegExp(`^Pages:\\s+${pages}$`, 'm'));
      const text = run('pdftotext', '-layout', '-', '-').replace(/\s+/g, ' ');
      expect(text).toContain('3.150');
      expect(text).toContain('Sa 07.02. 270');
      expect(text).toContain('nicht beobachtet');
    }
  });

  test.each(['month=2026-13', 'month=2026-2', 'language=de'])('refuses %s', async (query) => {
    expect((await get(`/v1/lines/shop-door/report.html?${query}`)).statusCode).toBe(400);
  });
});
