import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { MeasureAnswer, MeasureDefinition } from '../../gateway/contract/measures.ts';
import { exampleToken } from './example-town.ts';
import { measureExamples, pointsOf, walk } from './examples.ts';
import { plotSvg } from './plot.ts';

/** What the command writes: the manual and a plot for each measure, by the plot's file name. */
export interface MeasuresManual {
  readonly text: string;
  readonly plots: ReadonlyMap<string, string>;
}

const outputCharactersMax = 1_600;
const commandMsMax = 60_000;
const symbols = { people: '', percent: ' %', minutes: ' min', index: '' } as const;

/** Asks a gateway that holds the example town, as any reader would, and writes down the answers. */
export async function measuresManual(
  url: string,
  prose: { head: string; tail: string },
): Promise<MeasuresManual> {
  const { measures } = await get<{ measures: MeasureDefinition[] }>(url, '/v1/measures');
  const sections: string[] = [];
  const plots = new Map<string, string>();
  for (const definition of measures) {
    const { line, query } = measureExamples[definition.id];
    const path = `/v1/lines/${line}/measures?measure=${definition.id}&${query}`;
    const answer = await get<MeasureAnswer>(url, path);
    plots.set(
      `${definition.id}.svg`,
      plotSvg(`${definition.name.en} / ${definition.name.de}`, pointsOf(answer)),
    );
    sections.push(sectionOf(definition, path, answer));
  }
  const steps: string[] = [];
  for (const { say, run } of walk) {
    steps.push(`${say}\n\n\`\`\`sh\n${run}\n\`\`\`\n\n\`\`\`text\n${await outputOf(run, url)}\n\`\`\``);
  }
  const text = [
    prose.head,
    '## The measures',
    ...sections,
    '## A walk through the interface',
    walkIntroduction,
    ...steps,
    prose.tail,
  ];
  return { text: `${text.join('\n\n').trimEnd()}\n`, plots };
}

const walkIntroduction = `\`GATEWAY\` is the address of a gateway that holds the example town, \`AUTH\` the header with a key
(\`authorization: Bearer …\`). Every command below is run by a test, which compares what comes out; long answers are cut here.`;

async function get<T>(url: string, path: string): Promise<T> {
  const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${exampleToken}` } });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** Runs a command of the walk as a reader would, in a shell; the gateway may be in this very process. */
async function outputOf(command: string, url: string): Promise<string> {
  const env = { ...process.env, GATEWAY: url, AUTH: `authorization: Bearer ${exampleToken}` };
  const { stdout } = await promisify(execFile)('sh', ['-c', command], { env, timeout: commandMsMax });
  const output = stdout.trimEnd().replaceAll('\r\n', '\n');
  return output.length > outputCharactersMax ? `${output.slice(0, outputCharactersMax)} …` : output;
}

function sectionOf(definition: MeasureDefinition, path: string, answer: MeasureAnswer): string {
  const { id, name, definition: words, formula, interval, roles, needs, unit } = definition;
  const cell = measureExamples[id].told?.(answer);
  const estimate = (cell ?? answer.total).estimate;
  const half = estimate === null ? 0 : (estimate.interval95[1]! - estimate.interval95[0]!) / 2;
  const result =
    estimate === null
      ? 'nothing that can be said'
      : `${short(estimate.value)}${symbols[unit]} ± ${short(half)}${symbols[unit]}`;
  const peak = id === 'peak-hour' ? `, at ${answer.total.localHour}:00` : '';
  const chance =
    answer.total.pValue == null
      ? ''
      : `; by chance alone with p = ${Number(answer.total.pValue.toPrecision(2))}`;
  const lag = answer.lag
    ? `; the door follows the street after ${answer.lag.minutes} minutes (${answer.lag.origin})`
    : '';
  return [
    `### ${name.en} · ${name.de}\n\n`,
    `${words.en}  \n*${words.de}*\n\n`,
    `- formula: \`${formula}\`\n- unit: ${unit}; lines with the role ${roles.join(', ')}`,
    needs.length > 0 ? `; needs ${needs.join(', ')}` : '',
    `\n- interval: ${interval.en}\n`,
    `- example: \`GET ${path}\` gives ${cell === undefined ? 'for the whole range' : `at ${cell.start}`} ${result}${peak}${chance}${lag}\n\n`,
    `![${name.en}](images/measures/${id}.svg)`,
  ].join('');
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
