import type { Scene, SceneMeasurement, SceneRegion } from '../../hardware/emulated/scene.ts';

/** A small reproducible noise: no two measurements are alike, as with real light. */
function noise(seed: number): number {
  const x = Math.sin(seed * 12.9898) * 43758.5453;
  return x - Math.floor(x) - 0.5;
}

/**
 * A scene whose distance is a known function of side and time, so that a reading of the wrong
 * region, or of another time, is recognised. Outside lies at 2 m, inside at 1 m, both sink and rise
 * by 300 mm within 10 s; lanes differ by 100 mm.
 */
export class SteadyScene implements Scene {
  #asked = 0;

  truthMm(side: 'outside' | 'inside', lane: number, atSeconds: number): number {
    const base = side === 'outside' ? 2000 : 1000;
    return base + lane * 100 + 300 * Math.sin((2 * Math.PI * atSeconds) / 10);
  }

  measure(region: SceneRegion, startSeconds: number, integrationSeconds: number): SceneMeasurement {
    this.#asked += 1;
    const middle = startSeconds + integrationSeconds / 2;
    const lane = region.columns[0] >= 8 ? 1 : 0;
    return {
      distanceMm:
        this.truthMm(region.rows[1] < 8 ? 'outside' : 'inside', lane, middle) + 10 * noise(this.#asked),
      status: 0,
      signalKcps: 4000 + 400 * noise(this.#asked + 0.3),
      ambientKcps: 80 + 20 * noise(this.#asked + 0.7),
      sigmaMm: 5,
      spads: 128,
    };
  }
}
