/** Edges between pads, counted from the top left of the 16 × 16 pads. */
export interface PadRectangle {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Edges of a region from the registers of its centre pad and its size. */
export function padRectangle(range: { readonly centre: number; readonly size: number }): PadRectangle {
  const upper = range.centre >= 128;
  const column = upper ? (range.centre - 128) >> 3 : 15 - (range.centre >> 3);
  const row = upper ? range.centre & 7 : 15 - (range.centre & 7);
  const width = Math.max(4, (range.size & 0x0f) + 1);
  const height = Math.max(4, (range.size >> 4) + 1);
  const left = column - (width >> 1);
  const bottom = row + 1 + (height >> 1);
  return { left, right: left + width, top: bottom - height, bottom };
}
