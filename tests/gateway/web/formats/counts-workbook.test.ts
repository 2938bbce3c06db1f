import { read, utils } from '@e965/xlsx';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countsWorkbook } from '../../../../gateway/web/api/formats/counts-workbook.ts';
import { day, type FormatsBed, openFormatsBed } from './formats-bed.ts';

let bed: FormatsBed;
beforeAll(async () => {
  bed = await openFormatsBed();
});
afterAll(() => bed.close());

describe('counts as a workbook', () => {
  test('are numbers and times to a spreadsheet, equal to the API’s, zero and missing included', async () => {
    const answer = await fetch(`${bed.url}/v1/lines/shop-door/counts.xlsx?${new URLSearchParams(day)}`);
    expect(answer.headers.get('content-disposition')).toContain('shop-door.xlsx');
    const sheet = read(Buffer.from(await answer.arrayBuffer()), { cellNF: true }).Sheets['counts']!;
    const rows = utils.sheet_to_json<Record<string, unknown>>(sheet, { raw: true, defval: null });
    const { cells, total } = await bed.cells('shop-door');
    expect(rows.map((row) => [row['in'], row['out'], row['startUtc']])).toEqual(
      cells.map((cell) => [cell.in, cell.out, cell.start]),
    );
    expect(rows.reduce((sum, row) => sum + ((row['in'] as number | null) ?? 0), 0)).toBe(total.in);
    expect(rows.filter((row) => row['in'] === 0)).toHaveLength(1);
    expect(rows.filter((row) => row['in'] === null)).toHaveLength(21);
    // 08:00 UTC is nine o'clock in Iserlohn in March.
    const busy = rows.find((row) => row['startUtc'] === '2026-03-02T08:00:00Z')!;
    expect(busy['start (Europe/Berlin)']).toEqual(new Date('2026-03-02T09:00:00Z'));
    expect([sheet['G11']?.t, sheet['B11']?.z]).toEqual(['n', 'yyyy-mm-dd hh:mm']);
  });

  test('of a site hold all its lines', async () => {
    const answer = await fetch(`${bed.url}/v1/sites/shop/counts.xlsx?${new URLSearchParams(day)}`);
    const sheet = read(Buffer.from(await answer.arrayBuffer())).Sheets['counts']!;
    expect(utils.sheet_to_json(sheet)).toHaveLength(24);
  });

  test('hold no formula, whatever a text begins with', async () => {
    const start = '2026-03-02T08:00:00Z';
    const hostile = fc.oneof(
      fc.constantFrom('=1+1', '+cmd|x', '-2', '@SUM(A1)', '=HYPERLINK("x")'),
      fc.string({ minLength: 1 }),
    );
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const file = await countsWorkbook([{ line: text, start, in: -3 }], {
          columns: ['line', 'start', 'in'],
          timeZone: 'UTC',
        });
        const sheet = read(file, { cellFormula: true }).Sheets['counts']!;
        const cell = sheet['A2'];
        expect(Object.values(sheet).filter((one) => typeof one === 'object' && one.f !== undefined)).toEqual(
          [],
        );
        expect(cell?.t ?? 's').toBe('s');
        expect(sheet['C2']).toMatchObject({ t: 'n', v: -3 });
      }),
      { numRuns: 20 },
    );
  });
});
