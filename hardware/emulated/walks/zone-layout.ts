import type { Zone } from '../../sensor.ts';
import { type Eye, type EyeOptions, type SpadRegion, spadEye } from './eye.ts';

/**
 * How a VL53L1X is divided: `two` regions behind each other along the walking axis; `three` in a
 * row, of which the middle one belongs to neither side alone and is labelled `inside`; `four`, two
 * lanes of two.
 */
export const zoneLayoutNames = ['two', 'three', 'four'] as const;
export type ZoneLayoutName = (typeof zoneLayoutNames)[number];

export interface LaidOutZone {
  readonly zone: Zone;
  readonly region: SpadRegion;
}

export const zoneLayouts: Readonly<Record<ZoneLayoutName, readonly LaidOutZone[]>> = {
  two: [
    { zone: { id: 0, side: 'outside' }, region: { rows: [0, 7], columns: [0, 15] } },
    { zone: { id: 1, side: 'inside' }, region: { rows: [8, 15], columns: [0, 15] } },
  ],
  three: [
    { zone: { id: 0, side: 'outside' }, region: { rows: [0, 4], columns: [0, 15] } },
    { zone: { id: 1, side: 'inside' }, region: { rows: [5, 10], columns: [0, 15] } },
    { zone: { id: 2, side: 'inside' }, region: { rows: [11, 15], columns: [0, 15] } },
  ],
  four: [
    { zone: { id: 0, side: 'outside', lane: 0 }, region: { rows: [0, 7], columns: [0, 7] } },
    { zone: { id: 1, side: 'inside', lane: 0 }, region: { rows: [8, 15], columns: [0, 7] } },
    { zone: { id: 2, side: 'outside', lane: 1 }, region: { rows: [0, 7], columns: [8, 15] } },
    { zone: { id: 3, side: 'inside', lane: 1 }, region: { rows: [8, 15], columns: [8, 15] } },
  ],
};

/** Photosites of a region. */
export const spadsOf = (region: SpadRegion): number =>
  (region.rows[1] - region.rows[0] + 1) * (region.columns[1] - region.columns[0] + 1);

/** The eyes of a layout, in the order of its zones. */
export const eyesOf = (layout: ZoneLayoutName, options: EyeOptions): readonly Eye[] =>
  zoneLayouts[layout].map(({ region }) => spadEye(region, options));
