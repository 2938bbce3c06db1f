import type { CountingSite } from './counting-site.ts';

/**
 * What bodies look like from where the sensor hangs: every length the engine compares with.
 *
 * From the ceiling a reading is a height above the floor. From the side it is how far a body
 * reaches into the passage: there are no heads, so nothing is cut and no size means an object.
 */
export interface BodyModel {
  readonly geometry: CountingSite['geometry'];
  /** A zone is occupied above this; noisier floors raise it. */
  readonly enterMm: number;
  /** Above this something is there: the legs and the lower body before and after a head. */
  readonly skirtMm: number;
  /** Below this a single reading may be the floor. */
  readonly clearMm: number;
  /** Heads are cut where the height falls at least so far between them. */
  readonly valleyMm: number;
  /** Whatever stays below this was no head. */
  readonly personMm: number;
  /** Somebody or something that blocks the view is at least so high. */
  readonly coveredMm: number;
  /** Nothing that walks reads taller than this. */
  readonly tallestMm: number;
  /** A distance this much beyond the empty scene is an echo that went elsewhere. */
  readonly lostEchoMm: number;
  /** The empty scene of a sensor nobody measured is at least so far away. */
  readonly nearestFloorMm: number;
}

/**
 * Children of 0.9 m whose head fills a part of the zone read 0.55 m and more; a knee or a swinging
 * foot less. The neck-to-shoulder step of an adult is some 0.25 m, and two people who follow at
 * 0.45 m leave at least 0.15 m of it open to a blurred zone.
 */
const ceilingModel: BodyModel = {
  geometry: 'ceiling',
  enterMm: 90,
  skirtMm: 130,
  clearMm: 50,
  valleyMm: 110,
  personMm: 120,
  coveredMm: 500,
  tallestMm: 2250,
  lostEchoMm: Number.POSITIVE_INFINITY,
  nearestFloorMm: 1900,
};

/** Across a passage somebody covers at least a fifth of the width, whatever that is. */
function sideModel(widthMm: number): BodyModel {
  return {
    geometry: 'side',
    enterMm: 0.18 * widthMm,
    skirtMm: 0.1 * widthMm,
    clearMm: 0.07 * widthMm,
    valleyMm: Number.POSITIVE_INFINITY,
    personMm: 0.22 * widthMm,
    coveredMm: 0.2 * widthMm,
    tallestMm: Number.POSITIVE_INFINITY,
    lostEchoMm: 0.25 * widthMm,
    nearestFloorMm: 300,
  };
}

/** Width assumed for a side-looking sensor that nobody measured: an inner door. */
const usualWidthMm = 900;

/** The body model of a place. */
export function bodyModel(site: CountingSite): BodyModel {
  return site.geometry === 'ceiling' ? ceilingModel : sideModel(site.mountingHeightMm ?? usualWidthMm);
}
