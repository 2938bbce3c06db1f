import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { type DevicePolicy, DeviceRoll } from '../../../gateway/ingest/device-roll.ts';
import { Ingest, type IngestObserver } from '../../../gateway/ingest/ingest.ts';
import { Intake, type IntakeAlarm } from '../../../gateway/ingest/intake.ts';
import { newIntakeCounters } from '../../../gateway/ingest/intake-counters.ts';
import { RunningTotals } from '../../../gateway/ingest/running-totals.ts';
import { decodeChunk, type KeptMinute } from '../../../gateway/store/minute-chunk.ts';
import { openDatabase } from '../../../gateway/store/sqlite/open-database.ts';
import { SqliteCountStore } from '../../../gateway/store/sqlite/sqlite-count-store.ts';
import { RecordedLink } from '../../doubles/recorded-link.ts';
import { sampleStart } from '../sample-intervals.ts';

type PoisonEntry = Parameters<IngestObserver['poison']>[0];

/** Ingest over a real SQLite file, without a broker, with a clock that the test moves. */
export class IngestBed {
  readonly folder = mkdtempSync(join(tmpdir(), 'passant-ingest-'));
  readonly events: string[] = [];
  readonly poison: PoisonEntry[] = [];
  nowMs = sampleStart;
  counters = newIntakeCounters();
  running = new RunningTotals();
  link!: RecordedLink;
  store!: SqliteCountStore;
  database!: Database.Database;
  intake!: Intake;

  /** Starts, or starts again as another process would. */
  async start(policy: DevicePolicy = 'open', enrolled: readonly string[] = []): Promise<void> {
    const now = () => this.nowMs;
    const { database, storeId } = openDatabase(join(this.folder, 'counts.sqlite'));
    this.database = database;
    this.store = new SqliteCountStore(database, storeId);
    this.link = new RecordedLink();
    this.counters = newIntakeCounters();
    const { counters, running, store, link } = this;
    this.intake = new Intake({ now, alarm: this.#alarm(), counters });
    const roll = new DeviceRoll({ policy, enrolled, seen: [] });
    const { intake } = this;
    const observer = this.#observer();
    await new Ingest({ store, link, intake, roll, running, counters, observer, now }).start();
  }

  async stop(): Promise<void> {
    await this.store.close();
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true });
  }

  rows(table: string): Record<string, unknown>[] {
    return this.database.prepare(`SELECT * FROM ${table}`).all() as Record<string, unknown>[];
  }

  /** Every minute that is stored, of all sensors. */
  minutes(): KeptMinute[] {
    return this.rows('hours_of_minutes').flatMap((row) => decodeChunk(row['body'] as Uint8Array));
  }

  #alarm(): IntakeAlarm {
    return {
      paused: () => this.events.push('paused'),
      resumed: (pausedMs) => this.events.push(`resumed after ${pausedMs} ms`),
      failed: (cause) => this.events.push(`failed: ${(cause as Error).message}`),
    };
  }

  #observer(): IngestObserver {
    return {
      overlapping: () => {},
      statusTaken: () => {},
      committed: () => {},
      totalsRan: () => {},
      poison: (entry) => this.poison.push(entry),
      receiptFailed: (device) => this.events.push(`no receipt for ${device}`),
    };
  }
}
