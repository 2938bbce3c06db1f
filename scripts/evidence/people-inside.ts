import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wilsonInterval } from '../../calibration/audit/wilson-interval.ts';
import { replayRecording } from '../../edge-agent/replay.ts';

/**
 * Real passages of 29 people through an 87 cm door, seen by four ultrasonic sensors from the side:
 * how many give exactly one crossing. The engine was looked at with every other person only; the
 * rest judges.
 */

const passagesFile = 'tests/recordings/people-inside/passages.txt';

/** The free width of the door, which an idle sensor reads. */
const doorWidthMm = 870;

/** Idle laid before and after each passage. */
const idleSeconds = 2;

/**
 * The source has no times. Sensors fired in turn so as not to hear each other; a door's width and
 * back takes 5 ms, usual modules wait 10 to 30 ms. Judged at each of these.
 */
const samplePeriodsSeconds = [0.01, 0.02, 0.03] as const;

/** Sensors 0 and 2 see people before 1 and 3 or after (README beside the passages). */
const sides = ['outside', 'inside', 'outside', 'inside'] as const;

export interface PeopleInsideRow {
  readonly people: 'looked at' | 'judged';
  readonly samplePeriodSeconds: number;
  readonly passages: number;
  readonly exactlyOne: number;
  readonly none: number;
  readonly several: number;
  /** Wilson 95 % interval of the share of passages with exactly one crossing. */
  readonly share: readonly [number, number];
}

interface Person {
  readonly name: string;
  readonly passages: readonly (readonly number[])[];
}

/** Plays every passage through the recording's path; one row a half of the people and sample period. */
export async function run(
  periodsSeconds: readonly number[] = samplePeriodsSeconds,
): Promise<PeopleInsideRow[]> {
  const people = readPeople();
  const folder = mkdtempSync(join(tmpdir(), 'passant-people-inside-'));
  try {
    const rows: PeopleInsideRow[] = [];
    for (const samplePeriodSeconds of periodsSeconds) {
      for (const half of ['looked at', 'judged'] as const) {
        const chosen = people.filter((_, index) => (index % 2 === 0) === (half === 'looked at'));
        const counts: number[] = [];
        for (const person of chosen) counts.push(...(await countPerson(person, samplePeriodSeconds, folder)));
        const exactlyOne = counts.filter((count) => count === 1).length;
        rows.push({
          people: half,
          samplePeriodSeconds,
          passages: counts.length,
          exactlyOne,
          none: counts.filter((count) => count === 0).length,
          several: counts.filter((count) => count > 1).length,
          share: wilsonInterval(exactlyOne, counts.length),
        });
      }
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readPeople(): Person[] {
  const people: { name: string; passages: number[][] }[] = [];
  for (const line of readFileSync(passagesFile, 'utf8').split('\n')) {
    if (line.startsWith('# ')) people.push({ name: line.slice(2), passages: [] });
    else if (line !== '') people.at(-1)!.passages.push(line.split(' ').map(Number));
  }
  return people;
}

/** How many crossings each passage of a person gave. */
async function countPerson(person: Person, period: number, folder: string): Promise<number[]> {
  const lines = [
    JSON.stringify({
      format: 'passant-recording',
      version: 1,
      sensor: 'ultrasonic',
      geometry: 'side',
      mountingHeightMm: doorWidthMm,
      startedAt: '2026-03-02T08:00:00Z',
      zones: sides.map((side, id) => ({ id, side, lane: id < 2 ? 0 : 1 })),
    }),
  ];
  let reading = 0;
  const put = (mm: number) => {
    lines.push(JSON.stringify({ t: round(reading * period), zone: reading % 4, mm, status: 0 }));
    reading += 1;
  };
  const idleReadings = 4 * Math.ceil(idleSeconds / period / 4);
  const idle = () => {
    for (let index = 0; index < idleReadings; index++) put(doorWidthMm);
  };
  const spans = person.passages.map((passage) => {
    idle();
    const from = reading * period;
    for (const centimetres of passage) put(Math.round(centimetres * 10));
    while (reading % 4 !== 0) put(doorWidthMm);
    const to = reading * period;
    idle();
    return { from: from - 1, to: to + 1 };
  });
  const file = join(folder, `${person.name}.ndjson`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  const result = await replayRecording({ file });
  if (!('crossings' in result)) throw new Error(`${file}: no crossings counted`);
  return spans.map(
    ({ from, to }) => result.crossings.filter(({ atSeconds }) => atSeconds >= from && atSeconds <= to).length,
  );
}

const round = (seconds: number) => Math.round(seconds * 10_000) / 10_000;

if (import.meta.main) console.table(await run());
