import Chartscii from 'chartscii';

/** A bar is that many characters long: with its label it fits into 80 columns. */
const barCharacters = 46;
const labelCharacters = 26;

export interface ZoneBar {
  readonly label: string;
  /** Null where there is no reading. */
  readonly distanceMm: number | null;
}

/** Distances as bars that all end at `farthestMm`: the shorter a bar, the nearer something is. */
export function zoneBars(bars: readonly ZoneBar[], farthestMm: number): string {
  const data = bars.map(({ label, distanceMm }) => ({
    label: `${label.padEnd(labelCharacters - 9)}${millimetres(distanceMm)}`.slice(0, labelCharacters),
    value: Math.max(0, Math.min(farthestMm, distanceMm ?? 0)),
  }));
  return new Chartscii(data, {
    width: barCharacters,
    height: data.length,
    barSize: 1,
    padding: 0,
    // Chartscii divides a value by the scale to get characters.
    scale: farthestMm / barCharacters,
    fill: '·',
    naked: true,
  })
    .create()
    .replace(/^\n|\n$/g, '');
}

function millimetres(distanceMm: number | null): string {
  return `${distanceMm === null ? '—' : Math.round(distanceMm)} mm`.padStart(9);
}
