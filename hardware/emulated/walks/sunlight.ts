import type { SeededRandom } from './seeded-random.ts';

/** A spell of sun on the floor under the sensor. */
interface Spell {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly peakKcps: number;
  /** Share of the peak that each side of the line gets. */
  readonly sides: readonly [number, number];
}

/** Clouds dim the sun within seconds. */
const edgeSeconds = 4;

/** The light at 940 nm that is not the sensor's own. */
export class Sunlight {
  private readonly base: number;
  private readonly spells: readonly Spell[];

  constructor(base: number, spells: readonly Spell[]) {
    this.base = base;
    this.spells = spells;
  }

  static indoors(random: SeededRandom): Sunlight {
    return new Sunlight(random.between(5, 60), []);
  }

  /** Minutes of strong sun, a third of the time in all. */
  static spells(random: SeededRandom, seconds: number): Sunlight {
    const spells: Spell[] = [];
    let at = random.exponential(60);
    while (at < seconds) {
      const lasts = random.between(40, 180);
      const dimmer = random.between(0.1, 1);
      const sides: [number, number] = random.chance(0.5) ? [1, dimmer] : [dimmer, 1];
      const peakKcps = 2000 * random.between(1, 12);
      spells.push({ fromSeconds: at, toSeconds: at + lasts, peakKcps, sides });
      at += lasts + random.exponential(220);
    }
    return new Sunlight(random.between(20, 120), spells);
  }

  /** Spells as `[from, to]`, seconds. */
  get periods(): readonly (readonly [number, number])[] {
    return this.spells.map((spell) => [spell.fromSeconds, spell.toSeconds]);
  }

  /** `side` is 0 outside, 1 inside. */
  ambientKcps(atSeconds: number, side: number): number {
    let ambient = this.base;
    for (const spell of this.spells) {
      const inside = Math.min(atSeconds - spell.fromSeconds, spell.toSeconds - atSeconds);
      if (inside <= 0) continue;
      const clouds = 0.75 + 0.25 * Math.sin(0.7 * atSeconds) * Math.sin(0.31 * atSeconds + 1);
      ambient += spell.peakKcps * (spell.sides[side] ?? 1) * Math.min(1, inside / edgeSeconds) * clouds;
    }
    return ambient;
  }
}
