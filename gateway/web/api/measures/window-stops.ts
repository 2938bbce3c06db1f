import { Problem } from '../problems.ts';
import type { MeasureOf } from './measure-work.ts';

/** Paths that lingered or turned back at a line, by hour, over all sensors that count there. */
export async function stoppedByHour(of: MeasureOf): Promise<ReadonlyMap<number, number>> {
  const { plan, line, range, store, source } = of;
  if ((await source.valueOf(line.id)) !== 'corrected') {
    throw new Problem(
      'not-published',
      'Rejected paths are never sealed: a stopping rate is for the owner only.',
    );
  }
  const stopped = new Map<number, number>();
  for (const { device, sensor, role, line: id, fromMs, untilMs } of plan.assignments) {
    if (id !== line.id || role === 'witness') continue;
    const query = {
      device,
      sensor,
      fromMs: Math.max(range.fromMs, fromMs ?? range.fromMs),
      toMs: Math.min(range.toMs, untilMs ?? range.toMs),
    };
    if (query.fromMs >= query.toMs) continue;
    for (const { startMs, rejected } of await store.readRejections(query)) {
      const stops = (rejected.lingered ?? 0) + (rejected['turned-back'] ?? 0);
      stopped.set(startMs, (stopped.get(startMs) ?? 0) + stops);
    }
  }
  return stopped;
}
