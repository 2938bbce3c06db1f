import type Database from 'better-sqlite3';
import type { Interval } from '../../contract/count-batch.ts';

interface Placed {
  readonly epochKey: number;
  readonly device: string;
  readonly interval: Interval;
  readonly hash: bigint;
}

const hourMs = 3_600_000;

/** Columns that only one kind of interval fills. */
const columnsByKind = [
  'count_in',
  'count_out',
  'standard_error_in',
  'standard_error_out',
  'activations',
  'active_seconds',
  'ordered_in',
  'ordered_out',
  'frames',
  'indicator',
  'standard_error',
] as const;
type KindColumns = Record<(typeof columnsByKind)[number], number | null>;

const rollUpColumns = [
  'measured',
  'duration_ms',
  'coverage_ms',
  'count_in',
  'count_out',
  'variance_in',
  'variance_out',
  'activations',
  'active_ms',
  'ordered_in',
  'ordered_out',
  'frames',
  'indicator',
  'variance',
] as const;

/** Writes raw rows and the hours they belong to; the caller holds the transaction. */
export class SqliteIntervalWriter {
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: Database.Database) {
    this.#statements = prepareStatements(database);
  }

  /** The hash of a stored interval, or null where there is none. */
  hashOf(epochKey: number, sequence: number): bigint | null {
    return this.#statements.hash.get(epochKey, sequence) ?? null;
  }

  add(placed: Placed): void {
    const { interval, epochKey, hash, device } = placed;
    const sensorKey = this.#sensorKey(device, interval);
    const startMs = Date.parse(interval.start);
    const kindColumns = kindColumnsOf(interval);
    this.#statements.addInterval.run({
      epoch_key: epochKey,
      sequence: interval.sequence,
      hash,
      sensor_key: sensorKey,
      start_ms: startMs,
      duration_seconds: interval.durationSeconds,
      coverage_seconds: interval.coverageSeconds,
      circumstance_key: this.#circumstanceKey(interval),
      extra: extraOf(interval),
      flags: interval.flags.length === 0 ? null : JSON.stringify(interval.flags),
      ...kindColumns,
    });
    this.#statements.addToHour.run({
      sensor_key: sensorKey,
      hour_ms: startMs - (startMs % hourMs),
      ...hourPartOf(interval, kindColumns),
    });
  }

  #sensorKey(device: string, interval: Interval): number {
    const key = [device, interval.sensor, interval.kind] as const;
    const row = this.#statements.sensor.get(...key);
    return row?.sensor_key ?? Number(this.#statements.addSensor.run(...key).lastInsertRowid);
  }

  #circumstanceKey(interval: Interval): number {
    const mode = interval.kind === 'presence' ? interval.mode : '';
    const key = [interval.engine, interval.profile, interval.clock, mode] as const;
    const row = this.#statements.circumstance.get(...key);
    return row?.circumstance_key ?? Number(this.#statements.addCircumstance.run(...key).lastInsertRowid);
  }
}

function kindColumnsOf(interval: Interval): KindColumns {
  const columns = Object.fromEntries(columnsByKind.map((name) => [name, null])) as KindColumns;
  switch (interval.kind) {
    case 'crossing':
      columns.count_in = interval.in;
      columns.count_out = interval.out;
      columns.standard_error_in = interval.standardErrorIn;
      columns.standard_error_out = interval.standardErrorOut;
      return columns;
    case 'motion':
      columns.activations = interval.activations;
      columns.active_seconds = interval.activeSeconds;
      columns.ordered_in = interval.orderedIn;
      columns.ordered_out = interval.orderedOut;
      return columns;
    case 'presence':
      columns.frames = interval.frames;
      columns.indicator = interval.indicator;
      columns.standard_error = interval.standardError;
      return columns;
  }
}

function extraOf(interval: Interval): string | null {
  if (interval.kind === 'crossing') {
    return Object.keys(interval.rejected).length === 0 ? null : JSON.stringify(interval.rejected);
  }
  return interval.kind === 'presence' && interval.bands.length > 0 ? JSON.stringify(interval.bands) : null;
}

/** An interval in which nobody looked adds its duration to the hour and no value. */
function hourPartOf(interval: Interval, columns: KindColumns): Record<string, number> {
  const measured = interval.coverageSeconds > 0 ? 1 : 0;
  const value = (name: keyof KindColumns) => (columns[name] ?? 0) * measured;
  return {
    measured,
    duration_ms: Math.round(interval.durationSeconds * 1000),
    coverage_ms: Math.round(interval.coverageSeconds * 1000),
    count_in: value('count_in'),
    count_out: value('count_out'),
    variance_in: value('standard_error_in') ** 2,
    variance_out: value('standard_error_out') ** 2,
    activations: value('activations'),
    active_ms: Math.round(value('active_seconds') * 1000),
    ordered_in: value('ordered_in'),
    ordered_out: value('ordered_out'),
    frames: value('frames'),
    indicator: value('indicator'),
    variance: value('standard_error') ** 2,
  };
}

function prepareStatements(database: Database.Database) {
  const intervalColumns = [
    ...['epoch_key', 'sequence', 'hash', 'sensor_key', 'start_ms', 'duration_seconds', 'coverage_seconds'],
    ...['circumstance_key', 'extra', 'flags'],
    ...columnsByKind,
  ];
  const placeholders = (names: readonly string[]) => names.map((name) => `@${name}`).join(', ');
  const hourColumns = ['sensor_key', 'hour_ms', ...rollUpColumns];
  return {
    hash: database
      .prepare<[number, number], bigint>('SELECT hash FROM intervals WHERE epoch_key = ? AND sequence = ?')
      .pluck()
      .safeIntegers(),
    sensor: database.prepare<[string, string, string], { sensor_key: number }>(
      'SELECT sensor_key FROM sensors WHERE device = ? AND sensor = ? AND kind = ?',
    ),
    addSensor: database.prepare<[string, string, string]>(
      'INSERT INTO sensors (device, sensor, kind) VALUES (?, ?, ?)',
    ),
    circumstance: database.prepare<[string, string, string, string], { circumstance_key: number }>(
      `SELECT circumstance_key FROM circumstances
       WHERE engine = ? AND profile = ? AND clock = ? AND mode = ?`,
    ),
    addCircumstance: database.prepare<[string, string, string, string]>(
      'INSERT INTO circumstances (engine, profile, clock, mode) VALUES (?, ?, ?, ?)',
    ),
    addInterval: database.prepare(
      `INSERT INTO intervals (${intervalColumns.join(', ')}) VALUES (${placeholders(intervalColumns)})`,
    ),
    addToHour: database.prepare(
      `INSERT INTO hours (${hourColumns.join(', ')}) VALUES (${placeholders(hourColumns)})
       ON CONFLICT (sensor_key, hour_ms) DO UPDATE SET
       ${rollUpColumns.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}`,
    ),
  };
}
