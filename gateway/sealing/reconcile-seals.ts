import type { SealStore } from '../store/seal-store.ts';
import type { SealFile } from './seal-file.ts';

/** What was found when database and file were laid beside each other. */
export interface Reconciled {
  /** Seals that the file knew and the database had forgotten: a restore. They are taken up as they were. */
  readonly takenUp: number;
  /** Where the file is gone or damaged: cells before this moment are never sealed any more. */
  readonly withheldBeforeMs: number | null;
}

/**
 * Lays the seal file beside the database before anything is sealed. What only the file knows is taken
 * up with its old noise: a restored database is the beginning of the file, so that looking back ends
 * where a slice brings nothing new. Where the file cannot be trusted to know everything, what begins before
 * now is withheld: it may have been sealed and read, and a second draw could be averaged with the first.
 */
export async function reconcileSeals(store: SealStore, file: SealFile, nowMs: number): Promise<Reconciled> {
  const book = await store.readSealBook();
  const found = file.exists()
    ? await takeUp(store, file)
    : { takenUp: 0, whole: !book.hasFile && book.seals === 0 };
  if (!file.exists()) file.begin();
  const withheld = found.whole ? {} : { withheldBeforeMs: nowMs };
  await store.markSealBook({ hasFile: true, ...withheld });
  return { takenUp: found.takenUp, withheldBeforeMs: found.whole ? null : nowMs };
}

async function takeUp(store: SealStore, file: SealFile): Promise<{ takenUp: number; whole: boolean }> {
  let takenUp = 0;
  let damaged = 0;
  for (const slice of file.newestFirst()) {
    damaged += slice.damaged;
    const taken = await store.commitSeals({ seals: slice.seals, settled: [], late: [] }, () => {});
    takenUp += taken.length;
    if (taken.length === 0) break;
  }
  const { seals } = await store.readSealBook();
  return { takenUp, whole: damaged === 0 && seals <= file.count() };
}
