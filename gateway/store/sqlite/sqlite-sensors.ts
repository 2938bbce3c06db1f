import type Database from 'better-sqlite3';
import type { Interval } from '../../contract/count-batch.ts';
import type { LineKind } from '../../contract/http-api.ts';
import { BatchLimitError, sensorsPerDeviceMax } from '../count-store.ts';

/** The zone of days where nobody has assigned the sensor to a site yet. */
const zoneOfUnassigned = 'Europe/Berlin';

/** Small keys for what repeats in every row: sensors, circumstances, zones of days. */
export class SqliteSensors {
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #keys = new Map<string, number>();
  readonly #circumstances = new Map<string, number>();
  readonly #zones = new Map<number, string>();

  constructor(database: Database.Database) {
    this.#statements = prepareStatements(database);
  }

  /** What is remembered may be of a transaction that was rolled back, or changed by a setup. */
  forget(): void {
    this.#keys.clear();
    this.#circumstances.clear();
    this.#zones.clear();
  }

  /** The key of a sensor, or null where it has never delivered. */
  find(device: string, sensor: string, kind: LineKind): number | null {
    const name = `${device}/${sensor}/${kind}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const key = this.#statements.sensor.get(device, sensor, kind);
    if (key !== undefined) this.#keys.set(name, key);
    return key ?? null;
  }

  /** The key of a sensor; a new one is entered, with the zone of the site it is assigned to. */
  open(device: string, sensor: string, kind: LineKind): number {
    const known = this.find(device, sensor, kind);
    if (known !== null) return known;
    if ((this.#statements.countSensors.get(device) ?? 0) >= sensorsPerDeviceMax) {
      throw new BatchLimitError(`more than ${sensorsPerDeviceMax} sensors of one device`);
    }
    const key = Number(this.#statements.addSensor.run(device, sensor, kind).lastInsertRowid);
    this.#statements.addZone.run(key, this.#statements.siteZone.get(device, sensor) ?? zoneOfUnassigned);
    return key;
  }

  circumstanceKey(interval: Interval): number {
    const mode = interval.kind === 'presence' ? interval.mode : '';
    const parts = [interval.engine, interval.profile, interval.clock, mode] as const;
    const name = parts.join(' ');
    const known = this.#circumstances.get(name);
    if (known !== undefined) return known;
    const { circumstance, addCircumstance } = this.#statements;
    const key = circumstance.get(...parts) ?? Number(addCircumstance.run(...parts).lastInsertRowid);
    this.#circumstances.set(name, key);
    return key;
  }

  zoneOf(sensorKey: number): string {
    const known = this.#zones.get(sensorKey);
    if (known !== undefined) return known;
    const zone = this.#statements.zone.get(sensorKey) ?? zoneOfUnassigned;
    this.#zones.set(sensorKey, zone);
    return zone;
  }

  /** Sensors whose site is in another zone than their days are, with the zone they should have. */
  strayZones(): { sensorKey: number; timeZone: string }[] {
    return this.#statements.stray
      .all()
      .map((row) => ({ sensorKey: row.sensor_key, timeZone: row.time_zone }));
  }

  setZone(sensorKey: number, timeZone: string): void {
    this.#statements.setZone.run(timeZone, sensorKey);
    this.#zones.delete(sensorKey);
  }
}

function prepareStatements(database: Database.Database) {
  return {
    sensor: database
      .prepare<[string, string, string], number>(
        'SELECT sensor_key FROM sensors WHERE device = ? AND sensor = ? AND kind = ?',
      )
      .pluck(),
    countSensors: database.prepare<[string], number>('SELECT count(*) FROM sensors WHERE device = ?').pluck(),
    addSensor: database.prepare<[string, string, string]>(
      'INSERT INTO sensors (device, sensor, kind) VALUES (?, ?, ?)',
    ),
    siteZone: database
      .prepare<[string, string], string>(
        `SELECT time_zone FROM assignments JOIN lines USING (line) JOIN sites USING (site)
         WHERE device = ? AND sensor = ? ORDER BY coalesce(from_ms, 0) DESC LIMIT 1`,
      )
      .pluck(),
    circumstance: database
      .prepare<[string, string, string, string], number>(
        `SELECT circumstance_key FROM circumstances
         WHERE engine = ? AND profile = ? AND clock = ? AND mode = ?`,
      )
      .pluck(),
    addCircumstance: database.prepare<[string, string, string, string]>(
      'INSERT INTO circumstances (engine, profile, clock, mode) VALUES (?, ?, ?, ?)',
    ),
    zone: database.prepare<[number], string>('SELECT time_zone FROM day_zones WHERE sensor_key = ?').pluck(),
    addZone: database.prepare<[number, string]>(
      'INSERT INTO day_zones (sensor_key, time_zone) VALUES (?, ?)',
    ),
    setZone: database.prepare<[string, number]>('UPDATE day_zones SET time_zone = ? WHERE sensor_key = ?'),
    stray: database.prepare<[], { sensor_key: number; time_zone: string }>(
      `SELECT sensor_key, sites.time_zone AS time_zone
       FROM sensors JOIN day_zones USING (sensor_key)
         JOIN assignments USING (device, sensor) JOIN lines USING (line) JOIN sites USING (site)
       WHERE day_zones.time_zone <> sites.time_zone GROUP BY sensor_key`,
    ),
  };
}
