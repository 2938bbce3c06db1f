import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenedOutbox, openSqliteOutbox } from '../../../edge-agent/outbox/open-sqlite-outbox.ts';
import type { Outbox } from '../../../edge-agent/outbox/outbox.ts';
import type { OutboxBed, OutboxOptions } from '../../suites/outbox.suite.ts';

/** An outbox file in a folder of its own. */
export class SqliteOutboxBed implements OutboxBed {
  readonly folder = mkdtempSync(join(tmpdir(), 'passant-outbox-'));
  readonly file = join(this.folder, 'state', 'outbox.db');

  #openings = 0;

  openWhole(options: OutboxOptions = {}, knownDamaged = false): OpenedOutbox {
    this.#openings += 1;
    const wallSeconds = Date.UTC(2026, 2, 2) / 1000 + this.#openings;
    return openSqliteOutbox(
      {
        file: this.file,
        device: options.device ?? 'shop-1',
        machineId: options.machineId ?? 'machine-a',
        rowsMax: options.rowsMax ?? 100_000,
        deliveredDays: options.deliveredDays ?? 35,
        randomEpoch: () => randomBytes(8).toString('hex'),
        wallSeconds: () => wallSeconds,
      },
      knownDamaged,
    );
  }

  open(options: OutboxOptions = {}): Outbox {
    return this.openWhole(options).outbox;
  }

  keepCopy(): void {
    cpSync(join(this.folder, 'state'), join(this.folder, 'copy'), { recursive: true });
  }

  putBack(): void {
    rmSync(join(this.folder, 'state'), { recursive: true });
    cpSync(join(this.folder, 'copy'), join(this.folder, 'state'), { recursive: true });
  }

  /** The files as a power cut would leave them now, in another bed. */
  copyNow(): SqliteOutboxBed {
    const bed = new SqliteOutboxBed();
    mkdirSync(join(bed.folder, 'state'));
    for (const name of readdirSync(join(this.folder, 'state'))) {
      cpSync(join(this.folder, 'state', name), join(bed.folder, 'state', name));
    }
    return bed;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
