import type { TrackShape } from './party.ts';
import { pathStepSeconds, WalkPath } from './walk-path.ts';

/** Somebody's way as a camera saw it: seconds, and metres covered since the track began. */
export interface CameraTrack {
  readonly id: string;
  readonly atSeconds: readonly number[];
  readonly walkedM: readonly number[];
}

/** An image point of the sdu-camera tracks, by assumption: their quicker walks are then 1 m/s. */
const metresPerImagePoint = 0.025;
/** A track that says nothing for this long has been lost and found again. */
const gapSecondsMax = 1;

/**
 * Reads tracks from text with the columns `time` (ms), `id`, `x`, `y` (image points), separated by
 * semicolons. Throws a RangeError that names the line.
 */
export function parseCameraTracks(text: string, metresPerPoint = metresPerImagePoint): CameraTrack[] {
  const lines = text.trimEnd().split(/\r?\n/);
  const names = (lines[0] ?? '').split(';');
  const [time, id, x, y] = ['time', 'id', 'x', 'y'].map((name) => {
    const column = names.indexOf(name);
    if (column < 0) throw new RangeError(`line 1: no column "${name}"`);
    return column;
  }) as [number, number, number, number];
  const tracks = new Map<
    string,
    { id: string; atSeconds: number[]; walkedM: number[]; x: number; y: number }
  >();
  lines.slice(1).forEach((line, index) => {
    const cells = line.split(';');
    const point = { time: Number(cells[time]) / 1000, x: Number(cells[x]), y: Number(cells[y]) };
    if (!Number.isFinite(point.time + point.x + point.y))
      throw new RangeError(`line ${index + 2}: not a number`);
    const name = cells[id] ?? '';
    const track = tracks.get(name);
    if (track === undefined) {
      tracks.set(name, { id: name, atSeconds: [point.time], walkedM: [0], x: point.x, y: point.y });
      return;
    }
    track.walkedM.push(
      track.walkedM.at(-1)! + metresPerPoint * Math.hypot(point.x - track.x, point.y - track.y),
    );
    track.atSeconds.push(point.time);
    track.x = point.x;
    track.y = point.y;
  });
  return [...tracks.values()].map(({ id: name, atSeconds, walkedM }) => ({ id: name, atSeconds, walkedM }));
}

/**
 * Cuts tracks into walks of `lengthM` and lays each along the walking axis: the speed is the real one, the
 * line is straight. Parts that take longer than `secondsMax` (somebody sat down) are left out.
 */
export function trackShapes(
  tracks: readonly CameraTrack[],
  { lengthM = 3.6, secondsMax = 9 }: { lengthM?: number; secondsMax?: number } = {},
): TrackShape[] {
  return tracks.flatMap((track) => {
    const shapes: TrackShape[] = [];
    let from = 0;
    for (let to = 1; to < track.atSeconds.length; to++) {
      if (track.atSeconds[to]! - track.atSeconds[to - 1]! > gapSecondsMax) from = to;
      const tooLong = () => track.atSeconds[to]! - track.atSeconds[from]! > secondsMax;
      while (tooLong()) from++;
      if (track.walkedM[to]! - track.walkedM[from]! < lengthM) continue;
      shapes.push(shapeOf(track, { from, to, lengthM }));
      from = to;
    }
    return shapes;
  });
}

function shapeOf(track: CameraTrack, part: { from: number; to: number; lengthM: number }): TrackShape {
  const { from, to, lengthM } = part;
  const start = track.atSeconds[from]!;
  const count = Math.floor((track.atSeconds[to]! - start) / pathStepSeconds) + 1;
  const scale = lengthM / (track.walkedM[to]! - track.walkedM[from]!);
  const places: number[] = [];
  let row = from;
  for (let point = 0; point < count; point++) {
    const at = start + point * pathStepSeconds;
    while (row + 1 < to && track.atSeconds[row + 1]! <= at) row++;
    const span = track.atSeconds[row + 1]! - track.atSeconds[row]!;
    const share = span > 0 ? Math.min(1, (at - track.atSeconds[row]!) / span) : 0;
    const walked = track.walkedM[row]! + share * (track.walkedM[row + 1]! - track.walkedM[row]!);
    places.push((walked - track.walkedM[from]!) * scale - lengthM / 2);
  }
  return (startsAtSeconds, towards, lateral) => {
    const heading = towards > 0 ? 0 : Math.PI;
    return new WalkPath(
      startsAtSeconds,
      places.map((place) => ({ x: towards * place, y: lateral, heading })),
    );
  };
}
