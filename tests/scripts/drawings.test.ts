import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { zoneWidthM } from '../../calibration/drawings/mounting-drawing.ts';
import { wiringDrawing } from '../../scripts/drawings/wiring-drawing.ts';
import { wiringPlans } from '../../scripts/drawings/wiring-plans.ts';
import { drawings, drawingsFolder } from '../../scripts/drawings.ts';

describe('drawings of the hardware manual', () => {
  test('are what their data say (npm run drawings)', () => {
    expect(readdirSync(drawingsFolder).sort()).toEqual([...drawings().keys()].sort());
    for (const [file, text] of drawings())
      expect(readFileSync(join(drawingsFolder, file), 'utf8')).toBe(text);
  });

  test('every drawing is shown in the manual', () => {
    const manual = readFileSync(join(drawingsFolder, '../hardware.md'), 'utf8');
    for (const file of drawings().keys()) expect(manual).toContain(`drawings/${file}`);
  });

  test.each(wiringPlans)('$title: every box has supply, ground and a signal', ({ right, wires }) => {
    right.forEach((_, box) => {
      const colours = wires.filter(({ to }) => to[0] === box).map(({ colour }) => colour);
      expect(colours).toEqual(expect.arrayContaining(['supply', 'ground']));
      expect(colours.some((colour) => colour.endsWith('signal'))).toBe(true);
    });
  });

  test('a wire to a pin that is not there is refused', () => {
    const [plan] = wiringPlans;
    const wires = [{ from: 'nowhere', to: [0, 'VIN'], colour: 'supply' }] as const;
    expect(() => wiringDrawing({ ...plan!, wires })).toThrow(/has no end/);
  });

  test('a zone is half of 19° wide: 13 cm at head height under a ceiling of 2.5 m', () => {
    expect(zoneWidthM(2.5, 1.7)).toBeCloseTo(0.8 * Math.tan((9.5 * Math.PI) / 180), 6);
  });
});
