import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  correlation,
  errorGrowthPerDay,
  fitPresenceModel,
  type JudgedWindow,
  peopleByLine,
} from '../../calibration/presence/fit-presence-model.ts';
import { parseHeadCountTruth } from '../../calibration/presence/head-count-truth.ts';
import { judgeCapture } from '../../calibration/presence/judge-capture.ts';
import { simulateEstimates, trialRadios } from '../../tests/simulation/radio-estimates.ts';
import { judgeDistinctAddresses } from './distinct-addresses.ts';
import { unicaSection } from './labelled-phones.ts';
import { fixed, hashLine, mean, percent, table } from './markdown-table.ts';

const root = join(import.meta.dirname, '../..');
const page = join(root, 'docs/wifi-accuracy.md');
const days = ['2022-11-08', '2024-04-18'] as const;
type Day = (typeof days)[number];
type Dated = JudgedWindow & { readonly startEpochSeconds: number };
const measures = ['mode rate', 'mode hashing', 'distinct addresses (naive)'] as const;
type Measure = (typeof measures)[number];

/** What `wifi-fit` chooses for the committed day; stated here so that the table can be read alone. */
const minimumSignalDbm = -70;
const hashingBits = 128;

export interface WifiEvidenceOptions {
  /** Folder with the captures. */
  readonly data?: string;
  readonly seeds?: number;
}

/** Measures the indicator and its estimator and writes docs/wifi-accuracy.md. */
export async function run(options: WifiEvidenceOptions = {}): Promise<string[]> {
  const { data = join(root, '../shared/data/wifi'), seeds = 2000 } = options;
  const lines = [
    '# How good the WiFi indicator is',
    '',
    'Written by `scripts/evidence/wifi.ts`; do not edit.',
    '',
  ];
  lines.push(...estimatorSection(seeds));
  if (existsSync(join(data, 'brno'))) lines.push(...(await brnoSection(join(data, 'brno'))));
  else lines.push('The Brno captures were not there: people not measured.', '');
  if (existsSync(join(data, 'unica'))) lines.push(...(await unicaSection(join(data, 'unica'))));
  else lines.push('The labelled phones were not there: radios not measured.', '');
  writeFileSync(page, `${lines.join('\n').trimEnd()}\n`);
  console.log(lines.join('\n'));
  return lines;
}

function estimatorSection(seeds: number): string[] {
  const bits = 256;
  const rows = [1, 2, 4].flatMap((epsilon) =>
    [...trialRadios(bits), 2 * bits].map((radios) => {
      const trial = simulateEstimates({ bits, epsilon, radios, seeds });
      const bias = `${fixed(trial.meanError)} ± ${fixed(trial.meanErrorStandardError)}`;
      const saturated = `${percent(trial.saturatedShare)}`;
      const bound = trial.saturatedShare > 0.5 ? percent(trial.lowerBoundHolds) : '';
      const judged =
        trial.saturatedShare > 0.5
          ? ['', '', '']
          : [bias, fixed(trial.standardDeviation), percent(trial.intervalCoverage)];
      return [epsilon, radios, ...judged, saturated, bound];
    }),
  );
  return [
    '## The estimate of distinct radios',
    '',
    `The real sketch with ${bits} bits, ${seeds} seeds a row, each radio heard twice. An estimate is fair when the bias is within two of its standard errors and the 95 % interval holds the truth in 93 to 97 % of windows. Saturated windows carry a lower bound instead of an estimate.`,
    '',
    ...table(
      ['ε', 'radios', 'bias', 'standard deviation', '95 % interval holds', 'saturated', 'lower bound holds'],
      rows,
    ),
    '',
  ];
}

async function brnoSection(folder: string): Promise<string[]> {
  const judged = new Map<string, readonly Dated[]>();
  for (const day of days) {
    for (const [measure, windows] of await judgeDay(folder, day)) judged.set(`${day} ${measure}`, windows);
  }
  const rows = measures.flatMap((measure) => splits(measure, judged));
  const files = days.map((day) => join(folder, `position_1_sc6-61_${day}.pcap`));
  return [
    '## People in a room whose heads were counted',
    '',
    `Windows of 300 s. Modes rate and hashing with frames of at least ${minimumSignalDbm} dBm as \`wifi-fit\` has it, hashing with ${hashingBits} bits, ε = 2 and seed 1; distinct addresses of any strength, as the field counts them. All are learned by the same straight line. *Stated error* is the standard error that the model gives at that age; *covered* is the share of windows within 1.96 of it.`,
    '',
    ...table(
      [
        'measure',
        'learned on',
        'judged on',
        'windows',
        'mean absolute error',
        'r',
        'empty windows',
        'stated error',
        'covered',
      ],
      rows,
    ),
    '',
    'Two days are no proof for others: the exponent, the bound of signal strength and the growth of the error by age were chosen by reasoning and looked at on both of these days.',
    '',
    ...files.map(hashLine),
    '',
  ];
}

async function judgeDay(folder: string, day: Day): Promise<[Measure, readonly Dated[]][]> {
  const file = join(folder, `position_1_sc6-61_${day}.pcap`);
  const truthFile = join(folder, `position_1_sc6-61_${day}.truth-per-minute.csv`);
  const truth = parseHeadCountTruth(readFileSync(truthFile, 'utf8'), truthFile);
  const profile = {
    sensor: 'wifi',
    kind: 'wifi-probe',
    windowSeconds: 300,
    epsilon: 2,
    bits: hashingBits,
    minimumSignalDbm,
  } as const;
  const rate = await judgeCapture({ file, truth, profile: { ...profile, mode: 'rate' } });
  const hashing = await judgeCapture({ file, truth, profile: { ...profile, mode: 'hashing' }, seed: 1 });
  const startsAt = rate.windows.map(({ startEpochSeconds }) => startEpochSeconds);
  return [
    ['mode rate', rate.windows],
    ['mode hashing', hashing.windows],
    ['distinct addresses (naive)', await judgeDistinctAddresses(file, truth, startsAt)],
  ];
}

/** Every way of learning on one part and judging on another. */
function splits(measure: Measure, judged: ReadonlyMap<string, readonly Dated[]>): (string | number)[][] {
  const rows: (string | number)[][] = [];
  for (const day of days) {
    const windows = judged.get(`${day} ${measure}`)!;
    const middle = windows.length >>> 1;
    const halves = [windows.slice(0, middle), windows.slice(middle)] as const;
    // Half hours in turn: neighbours in time are alike, so single windows in turn would flatter.
    const turn = (n: 0 | 1) =>
      windows.filter((window) => Math.floor(window.startEpochSeconds / 1800) % 2 === n);
    rows.push(
      judgeSplit([measure, `${day}, first half`, 'second half'], halves[0], halves[1]),
      judgeSplit([measure, `${day}, second half`, 'first half'], halves[1], halves[0]),
      judgeSplit([measure, `${day}, even half hours`, 'odd half hours'], turn(0), turn(1)),
      judgeSplit([measure, `${day}, odd half hours`, 'even half hours'], turn(1), turn(0)),
    );
  }
  for (const [from, to] of [days, [...days].reverse()] as [Day, Day][]) {
    rows.push(
      judgeSplit([measure, from, to], judged.get(`${from} ${measure}`)!, judged.get(`${to} ${measure}`)!),
    );
  }
  return rows;
}

function judgeSplit(
  names: readonly string[],
  learn: readonly Dated[],
  judge: readonly Dated[],
): (string | number)[] {
  const fitted = fitPresenceModel(learn);
  if (fitted.kind === 'refused') return [...names, judge.length, `refused: ${fitted.reason}`, '', '', '', ''];
  const errors = judge.map((window) => Math.abs(peopleByLine(fitted.line, window.indicator) - window.people));
  const empty = errors.filter((_, index) => judge[index]!.people === 0);
  const ageDays = Math.abs(judge.at(-1)!.startEpochSeconds - learn.at(-1)!.startEpochSeconds) / 86_400;
  const stated = fitted.rootMeanSquareError * (1 + errorGrowthPerDay * ageDays);
  const covered = errors.filter((error) => error <= 1.96 * stated).length / errors.length;
  const r = correlation(judge);
  return [
    ...names,
    judge.length,
    fixed(mean(errors)),
    Number.isNaN(r) ? '' : fixed(r),
    empty.length === 0 ? '' : fixed(mean(empty)),
    fixed(stated),
    percent(covered),
  ];
}

const [folder] = process.argv.slice(2);
if (import.meta.main) await run(folder === undefined ? {} : { data: folder });
