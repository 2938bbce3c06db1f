/** `npm run drawings`: draws the wiring and mounting plans of docs/hardware.md from their data. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beamMounting, ceilingMounting } from '../calibration/drawings/mounting-drawing.ts';
import { wiringDrawing } from './drawings/wiring-drawing.ts';
import { wiringPlans } from './drawings/wiring-plans.ts';

export const drawingsFolder = join(import.meta.dirname, '../docs/drawings');

/** All drawings by file name. */
export function drawings(): ReadonlyMap<string, string> {
  return new Map([
    ...wiringPlans.map((plan) => [plan.file, wiringDrawing(plan)] as const),
    ['mounting-ceiling.svg', ceilingMounting(2.5)],
    ['mounting-beams.svg', beamMounting(0.25, 1.6)],
  ]);
}

if (import.meta.main) {
  mkdirSync(drawingsFolder, { recursive: true });
  for (const [file, text] of drawings()) writeFileSync(join(drawingsFolder, file), text);
}
