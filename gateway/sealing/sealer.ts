import { randomInt } from 'node:crypto';
import type { GatewayStore } from '../store/gateway-store.ts';
import type { DrawBelow } from '../values/discrete-laplace.ts';
import { planSites } from '../values/site-plan.ts';
import type { SealFile } from './seal-file.ts';
import { sealingWork } from './sealing-round.ts';

export interface SealerParts {
  readonly store: GatewayStore;
  readonly file: SealFile;
  readonly timeZone: string;
  readonly now: () => number;
  /** The kernel's generator unless a test has its own: whole numbers without bias (Node manual, crypto.randomInt). */
  readonly draw?: DrawBelow;
}

/** What a round did. */
export interface SealingReport {
  readonly sealed: number;
  readonly late: number;
}

/** Seals what can be sealed, line by line. */
export class Sealer {
  readonly #parts: SealerParts;

  constructor(parts: SealerParts) {
    this.#parts = parts;
  }

  /**
   * One round over the lines that count people and that somebody has set up: a sensor without a line has no owner who could
   * share it, and sealing it would spend its crossings before they have one. Rejects with a `StoreError` or the fault of the file;
   * what was sealed before stands.
   */
  async round(): Promise<SealingReport> {
    const { store, file, timeZone, now, draw = randomInt } = this.#parts;
    const directory = await store.readDirectory();
    const plan = planSites(directory, timeZone);
    const { withheldBeforeMs } = await store.readSealBook();
    const report = { sealed: 0, late: 0 };
    for (const { id } of directory.lines) {
      const line = plan.lines.find((candidate) => candidate.id === id)!;
      if (line.kind !== 'crossing') continue;
      const work = await sealingWork({ store, draw, nowMs: now() }, { plan, line }, withheldBeforeMs);
      if (work.seals.length + work.settled.length + work.late.length === 0) continue;
      const taken = await store.commitSeals(work, (seals) => file.append(seals));
      report.sealed += taken.length;
      report.late += work.late.length;
    }
    return report;
  }
}
