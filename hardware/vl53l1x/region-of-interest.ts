import type { Side, Zone } from '../sensor.ts';

/** The receiver is a square of 16 × 16 light-sensitive pads (SPADs). */
const padsAcross = 16;
/** A region is at least 4 × 4 pads (UM2510, SetROI). */
const regionPadsMin = 4;

/** A rectangle of pads, edges included; columns and rows count from the top left of ST's pad map. */
export interface RegionOfInterest {
  readonly firstColumn: number;
  readonly lastColumn: number;
  readonly firstRow: number;
  readonly lastRow: number;
}

/** A region and the zone that its readings carry. */
export interface ZoneRegion {
  readonly zone: Zone;
  readonly region: RegionOfInterest;
}

/**
 * Number of the pad at a column and row. The upper half is numbered down its columns from 128 on,
 * the lower half up its columns from 0 at the bottom right (UM2510, "SPAD map").
 */
export function padNumber(column: number, row: number): number {
  return row < 8 ? 128 + column * 8 + row : (15 - column) * 8 + (15 - row);
}

/** Values for ROI_CONFIG__USER_ROI_CENTRE_SPAD and …__REQUESTED_GLOBAL_XY_SIZE. */
export function regionRegisters(region: RegionOfInterest): {
  readonly centre: number;
  readonly size: number;
} {
  const width = region.lastColumn - region.firstColumn + 1;
  const height = region.lastRow - region.firstRow + 1;
  // With an even number of pads the centre lies on a corner; the device wants the pad above right of it.
  const column = region.firstColumn + Math.floor(width / 2);
  const row = region.firstRow + Math.ceil(height / 2) - 1;
  return { centre: padNumber(column, row), size: ((height - 1) << 4) | (width - 1) };
}

/** What is wrong with a region, or null. */
export function regionFault(region: RegionOfInterest): string | null {
  const ends = [
    [region.firstColumn, region.lastColumn, 'columns'],
    [region.firstRow, region.lastRow, 'rows'],
  ] as const;
  for (const [first, last, name] of ends) {
    if (first < 0 || last >= padsAcross) return `${name} must lie within 0…${padsAcross - 1}`;
    if (last - first + 1 < regionPadsMin) return `at least ${regionPadsMin} ${name} are needed`;
  }
  return null;
}

/** How the square of pads is divided into zones. */
export interface Split {
  /** Which pads follow each other when somebody walks through: columns, or rows if turned by 90°. */
  readonly walkAlong: 'columns' | 'rows';
  /** Pads a zone along the walk, counted from the outer edges: fewer part the zones more clearly. */
  readonly padsAlong: number;
  /** Whether the first columns (or rows) look outside. The lens inverts: they see the opposite side. */
  readonly firstLooks: Side;
  readonly lanes: 1 | 2;
}

/** The zones of a split: outside and inside of lane 0, then of lane 1. */
export function splitRegions(split: Split): readonly ZoneRegion[] {
  const first = { from: 0, to: split.padsAlong - 1 };
  const last = { from: padsAcross - split.padsAlong, to: padsAcross - 1 };
  const regions: ZoneRegion[] = [];
  for (let lane = 0; lane < split.lanes; lane += 1) {
    const width = padsAcross / split.lanes;
    const across = { from: lane * width, to: (lane + 1) * width - 1 };
    for (const side of ['outside', 'inside'] as const) {
      const along = side === split.firstLooks ? first : last;
      const [columns, rows] = split.walkAlong === 'columns' ? [along, across] : [across, along];
      regions.push({
        zone: split.lanes === 1 ? { id: regions.length, side } : { id: regions.length, side, lane },
        region: {
          firstColumn: columns.from,
          lastColumn: columns.to,
          firstRow: rows.from,
          lastRow: rows.to,
        },
      });
    }
  }
  return regions;
}
