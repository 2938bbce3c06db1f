import type { SiteConfig } from './site-config.ts';
import type { Setup } from './store/count-store.ts';

/** The store's rows for the sites of a configuration. */
export function setupOf(sites: readonly SiteConfig[]): Setup {
  return {
    sites: sites.map(({ lines: _, ...site }) => site),
    lines: sites.flatMap((site) => site.lines.map(({ sensors: _, ...line }) => ({ ...line, site: site.id }))),
    assignments: sites.flatMap((site) =>
      site.lines.flatMap((line) =>
        line.sensors.map((sensor) => ({
          line: line.id,
          device: sensor.device,
          sensor: sensor.sensor,
          role: sensor.role,
          lane: sensor.lane,
          sign: sensor.swapped ? (-1 as const) : (1 as const),
          fromMs: sensor.from === undefined ? null : Date.parse(sensor.from),
          untilMs: sensor.until === undefined ? null : Date.parse(sensor.until),
        })),
      ),
    ),
  };
}
