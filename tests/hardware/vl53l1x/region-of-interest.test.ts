import { describe, expect, test } from 'vitest';
import {
  padNumber,
  regionFault,
  regionRegisters,
  splitRegions,
} from '../../../hardware/vl53l1x/region-of-interest.ts';

const split = { walkAlong: 'columns', firstLooks: 'outside', lanes: 1, padsAlong: 8 } as const;
const centres = (options: Partial<Parameters<typeof splitRegions>[0]>) =>
  splitRegions({ ...split, ...options }).map(({ region }) => regionRegisters(region).centre);

describe('regions of interest', () => {
  test('every pad has a number of its own, with the corners where ST puts them', () => {
    const numbers = Array.from({ length: 256 }, (_, pad) => padNumber(pad % 16, pad >> 4));
    expect(new Set(numbers).size).toBe(256);
    expect([padNumber(0, 0), padNumber(15, 0), padNumber(0, 15), padNumber(15, 15)]).toEqual([
      128, 248, 120, 0,
    ]);
  });

  // Centres that ST's people counting example and Roode use for the same shapes.
  test('two halves and their narrower kin have the centres known from the field', () => {
    expect(centres({})).toEqual([167, 231]);
    expect(centres({ padsAlong: 6 })).toEqual([159, 239]);
    expect(centres({ padsAlong: 4 })).toEqual([151, 247]);
    expect(centres({ walkAlong: 'rows' })).toEqual([195, 60]);
    expect(centres({ walkAlong: 'rows', padsAlong: 6 })).toEqual([194, 59]);
    expect(centres({ firstLooks: 'inside' })).toEqual([231, 167]);
  });

  test('sizes are stored one less, height first', () => {
    const [first] = splitRegions({ ...split, padsAlong: 6 });
    expect(regionRegisters(first!.region).size).toBe(0xf5);
  });

  test('regions beyond the pads or below 4 × 4 are refused', () => {
    expect(regionFault({ firstColumn: 0, lastColumn: 15, firstRow: 0, lastRow: 15 })).toBeNull();
    expect(regionFault({ firstColumn: 0, lastColumn: 16, firstRow: 0, lastRow: 15 })).toMatch(/columns/);
    expect(regionFault({ firstColumn: 0, lastColumn: 7, firstRow: 3, lastRow: 5 })).toMatch(/rows/);
  });
});
