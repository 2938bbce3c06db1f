import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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
import { PanPrivateSketch } from '../../edge-agent/count/pan-private-sketch.ts';
import { estimateRadios } from '../../edge-agent/count/radio-estimate.ts';
import { seededRandomness } from '../../edge-agent/count/randomness.ts';
import type { ProbeChunk } from '../../hardware/sensor.ts';
import { openCaptureSensor } from '../../hardware/wifi-probe/capture-sensor.ts';
import { simulateEstimates, trialRadios } from '../../tests/simulation/radio-estimates.ts';
import { judgeDistinctAddresses } from './distinct-addresses.ts';

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

/** Captures of labelled phones laid over each other in time: how many radios does the sketch see? */
async function unicaSection(folder: string): Promise<string[]> {
  const files = readdirSync(folder)
    .sort()
    .flatMap((phone) => {
      const captures = readdirSync(join(folder, phone)).filter(
        (file) => file.endsWith('-ch-1-th-40.pcap') || file.endsWith('-ch-1-th-60.pcap'),
      );
      const active = captures.filter((file) => /mode(A|PA)-/.test(file)).sort();
      return active[0] === undefined ? [] : [join(folder, phone, active[0])];
    });
  const addresses = await Promise.all(files.map(firstWindowAddresses));
  const rows = [1, 2, 4, 6, 8, files.length].map((phones) => {
    const merged = addresses.slice(0, phones).flat();
    const distinct = new Set(merged.map((address) => Buffer.from(address).toString('hex'))).size;
    const estimates = Array.from({ length: 200 }, (_, seed) => {
      const sketch = new PanPrivateSketch({ bits: 256, epsilon: 2, randomness: seededRandomness(seed + 1) });
      sketch.begin();
      for (const address of merged) sketch.arrive(address, 0);
      return estimateRadios(sketch.setBits(), 256, 2).radios;
    });
    const average = mean(estimates);
    const deviation = Math.sqrt(mean(estimates.map((value) => (value - average) ** 2)));
    return [phones, merged.length, distinct, fixed(average), fixed(deviation)];
  });
  return [
    '## Labelled phones',
    '',
    `Captures of ${files.length} phones in use (channel 1, one a phone, Pintor & Atzori 2022), their first 300 s laid over each other. Phones change their address, so distinct addresses and the estimate (mean and standard deviation over 200 seeds, 256 bits, ε = 2) exceed the phones: an estimate of radios is not a count of people.`,
    '',
    ...table(['phones', 'frames', 'distinct addresses', 'estimate', 'standard deviation'], rows),
    '',
    ...files.map(hashLine),
    '',
  ];
}

async function firstWindowAddresses(file: string): Promise<Uint8Array[]> {
  const sensor = await openCaptureSensor({ file, pace: 0, mode: 'hashing' });
  const found: Uint8Array[] = [];
  for await (const chunk of sensor.chunks(new AbortController().signal)) {
    const probe = chunk as ProbeChunk;
    for (let i = 0; i < probe.length; i += 1) {
      if (probe.atSeconds[i]! < 300) found.push(probe.address!.slice(i * 6, i * 6 + 6));
    }
  }
  return found;
}

function hashLine(file: string): string {
  const hash = createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16);
  return `- \`${file.split('/').slice(-2).join('/')}\` SHA-256 ${hash}…`;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function fixed(value: number): string {
  return value.toFixed(2);
}

function percent(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}

const [folder] = process.argv.slice(2);
if (import.meta.main) await run(folder === undefined ? {} : { data: folder });
