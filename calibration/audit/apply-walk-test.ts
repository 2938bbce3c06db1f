import type { Calibration } from '../../gateway/contract/calibration.ts';
import type { Assigned, Enrolment } from '../../gateway/contract/enrolment.ts';
import type { DeviceList } from '../../gateway/contract/http-api.ts';
import type { WalkTestRecord } from '../../gateway/contract/site-profile.ts';
import { askGateway, askGatewayJson, type GatewayAccess } from '../remote/gateway-client.ts';
import type { FinishedWalkTest } from './walk-test-session.ts';

/**
 * Fewer people of a direction make no correction: with 30 the 95 % interval of a counter that misses
 * one in twenty is ±9 %, and correcting by less than one knows makes numbers worse.
 */
export const correctionPeopleMin = 30;

/** The record of a test for the site profile. */
export function walkTestRecord(finished: FinishedWalkTest, at: Date): WalkTestRecord {
  const { result, engine, seconds } = finished;
  const correction = (direction: 'in' | 'out') => {
    const found = usable(finished, direction);
    return found === null ? {} : { [direction]: found };
  };
  return {
    at: `${at.toISOString().slice(0, 19)}Z`,
    engine,
    seconds: Math.max(1, Math.round(seconds)),
    people: result.recall.trials,
    recognised: result.recall.successes,
    crossings: result.precision.trials,
    ...correction('in'),
    ...correction('out'),
  };
}

function usable({ result }: FinishedWalkTest, direction: 'in' | 'out') {
  const found = result.factors[direction];
  if (found === null || Math.min(found.people, found.counted) < correctionPeopleMin) return null;
  const { factor, standardError, people, counted } = found;
  return { factor: rounded(factor), standardError: rounded(standardError), people, counted };
}

const rounded = (value: number) => Math.round(value * 1e5) / 1e5;

export interface CalibrationPlace {
  readonly device: string;
  readonly sensor: string;
  readonly line: string;
  /** The gateway turns this sensor's directions round. */
  readonly exchanged: boolean;
}

/**
 * Puts the corrections of a test at the gateway, from the hour of the test on; older calibrations keep
 * holding for the time before. Returns their ids. Throws `Refusal`.
 */
export async function putCalibrations(
  access: GatewayAccess,
  place: CalibrationPlace,
  record: WalkTestRecord,
): Promise<string[]> {
  const put: string[] = [];
  for (const direction of ['in', 'out'] as const) {
    const correction = record[direction];
    if (correction === undefined) continue;
    const { factor, standardError, people, counted } = correction;
    const atLine = place.exchanged ? (direction === 'in' ? 'out' : 'in') : direction;
    const body: Calibration = {
      line: place.line,
      direction: atLine,
      factor,
      standardError,
      from: `${record.at.slice(0, 13)}:00:00Z`,
      note: `walk-test of ${place.device}/${place.sensor} at ${record.at}: ${people} people, ${counted} counted, engine ${record.engine}`,
    };
    const id = calibrationId(place, atLine, record.at);
    await askGatewayJson(access, `/v1/calibrations/${id}`, { body });
    put.push(id);
  }
  return put;
}

/** Of one test and direction always the same, so that sending it again changes nothing; at most 63 characters. */
function calibrationId({ line }: CalibrationPlace, direction: string, at: string): string {
  const stamp = at.slice(0, 16).replace(/[-T:]/g, '');
  const tail = `-${direction}-${stamp}`;
  return `walk-${line.replace('.', '-').slice(0, 58 - tail.length)}${tail}`;
}

/** Where a sensor counts; `line` is null where the gateway knows none or several. */
export interface SensorPlace {
  readonly line: string | null;
  /** The gateway turns its directions round: what it counts in is the line's out. */
  readonly exchanged: boolean;
  readonly known: readonly string[];
}

/**
 * Where a sensor counts, by the gateway's own directory: what it was enrolled for or assigned to, or the
 * line of its own that every unassigned sensor has.
 */
export async function placeOfSensor(
  access: GatewayAccess,
  sought: { readonly device: string; readonly sensor: string; readonly line: string | undefined },
): Promise<SensorPlace> {
  const { device, sensor } = sought;
  const rows = (await assignedTo(access, device)).filter(
    (row) => row.sensor === sensor && row.role !== 'witness',
  );
  const own = rows.filter(
    (row) => row.until === null && (sought.line === undefined || row.line === sought.line),
  );
  if (own.length === 1) return { line: own[0]!.line, exchanged: own[0]!.swapped, known: [own[0]!.line] };
  const { devices } = (await askGatewayJson(access, '/v1/devices')) as DeviceList;
  const known =
    devices.find((other) => other.device === device)?.sensors.find((other) => other.sensor === sensor)
      ?.lines ?? [];
  const line = sought.line ?? (known.length === 1 ? known[0]! : null);
  return { line, exchanged: false, known };
}

/** Nothing where the gateway knows no such enrolment: it may be older, or the sensor nobody's. */
async function assignedTo(access: GatewayAccess, device: string): Promise<readonly Assigned[]> {
  const answer = await askGateway(access, `/v1/enrolments/${device}`);
  if (answer.status !== 200) return [];
  return (JSON.parse(answer.body.toString('utf8')) as Enrolment).assigned;
}
