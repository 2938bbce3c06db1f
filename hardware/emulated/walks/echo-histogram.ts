/**
 * The photons of one exposure by the distance they come from, and what a time-of-flight sensor makes of
 * them. Two surfaces less than a pulse apart melt into one distance between them, weighted by their
 * photons; farther apart the sensor locks on the first echo that is strong enough, and the rest still
 * pulls a little. That is why dark hair over a bright floor reads long (ST UM2600), and why a child
 * far below the sensor is seen although most photons come from the floor.
 */

const binM = 0.04;
/** 6 m: farther than any floor a VL53L1X sees. */
const bins = 150;
/** The window is centred once more on what it holds; without end it would run away to the brighter floor. */
const rounds = 2;

export interface EchoOptions {
  /** Standard deviation of the window around the echo that is locked on, metres. */
  readonly windowM: number;
  /** Share of all photons that the first echo needs. */
  readonly firstShare: number;
}

/** What comes out: metres. */
export interface Echo {
  distanceM: number;
  spreadM: number;
}

export class EchoHistogram {
  private readonly weight = new Float64Array(bins);
  private readonly moment = new Float64Array(bins);
  private total = 0;
  private first = bins;
  private last = 0;

  clear(): void {
    this.weight.fill(0, this.first, this.last + 1);
    this.moment.fill(0, this.first, this.last + 1);
    this.total = 0;
    this.first = bins;
    this.last = 0;
  }

  add(distanceM: number, weight: number): void {
    const bin = Math.min(bins - 1, Math.floor(distanceM / binM));
    this.weight[bin] = this.weight[bin]! + weight;
    this.moment[bin] = this.moment[bin]! + weight * distanceM;
    this.total += weight;
    if (bin < this.first) this.first = bin;
    if (bin > this.last) this.last = bin;
  }

  /** The distance the sensor locks on and the spread of what it takes for one surface. */
  lock(options: EchoOptions, echo: Echo): void {
    let seen = 0;
    let bin = this.first;
    for (; bin < this.last; bin++) {
      seen += this.weight[bin]!;
      if (seen >= options.firstShare * this.total) break;
    }
    let centre = (bin + 0.5) * binM;
    let spread = 0;
    for (let round = 0; round < rounds; round++) {
      let weight = 0;
      let moment = 0;
      let square = 0;
      for (let at = this.first; at <= this.last; at++) {
        const photons = this.weight[at]!;
        if (photons === 0) continue;
        const distance = this.moment[at]! / photons;
        const off = (distance - centre) / options.windowM;
        const share = photons * Math.exp(-0.5 * off * off);
        weight += share;
        moment += share * distance;
        square += share * distance * distance;
      }
      centre = moment / weight;
      spread = Math.sqrt(Math.max(0, square / weight - centre * centre));
    }
    echo.distanceM = centre;
    echo.spreadM = spread;
  }
}
