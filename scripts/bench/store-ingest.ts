import { join } from 'node:path';
import { readBatch } from '../../gateway/ingest/batch-reader.ts';
import { openSqliteCountStore } from '../../gateway/store/sqlite/sqlite-count-store.ts';
import { bareLoopSeconds } from './bare-loop.ts';
import { type BenchRow, plain } from './bench-row.ts';
import { batchesOf, dayMs, epoch, messageIntervals, year } from './store-data.ts';

/** The goal of the project, as a share of the bare loop. */
const shareMin = 0.6;

/** From the payload as it comes to the commit, beside a bare loop over the same rows. */
export async function ingestRows(folder: string): Promise<BenchRow[]> {
  const range = { fromMs: year.fromMs, toMs: year.fromMs + 60 * dayMs };
  const batches = [...batchesOf(range, 1, { size: messageIntervals })];
  const intervals = batches.reduce((sum, batch) => sum + batch.length, 0);
  const payloads = batches.map((batch) =>
    Buffer.from(JSON.stringify({ version: 1, epoch, oldestHeld: 1, intervals: batch })),
  );
  const store = await openSqliteCountStore(join(folder, 'ingest.sqlite'));
  const begin = performance.now();
  for (const payload of payloads) {
    const batch = readBatch(payload);
    if (batch.state !== 'readable') throw new Error('the bench made a batch that is none');
    const { intervals: admitted } = batch;
    const of = { device: 'd', epoch, receivedAtMs: year.toMs, oldestHeld: 1, refused: [] };
    await store.commitBatch({ ...of, intervals: admitted });
  }
  const seconds = (performance.now() - begin) / 1000;
  await store.close();
  const bare = bareLoopSeconds(folder, batches);
  const share = bare / seconds;
  return [
    plain('ingest without MQTT, batches of 60', intervals / seconds, 'intervals/s'),
    plain('bare better-sqlite3 loop, same columns and roll-ups', intervals / bare, 'intervals/s'),
    {
      what: 'ingest against the bare loop',
      measured: Math.round(100 * share),
      unit: '%',
      goal: `≥ ${100 * shareMin}`,
      met: share >= shareMin,
    },
  ];
}
