/** Runs the topics of a command that measures: one file a topic, loaded when it is asked for. */

/** What a topic gives back: rows of a table, or lines of Markdown that it has made itself. */
export type TopicResult = readonly object[] | readonly string[];

export interface Topic {
  /** One line for `--help`. */
  readonly about: string;
  readonly run: () => Promise<TopicResult>;
}

export type Topics = Readonly<Record<string, Topic>>;

export class UnknownTopicError extends Error {
  constructor(name: string, topics: Topics) {
    super(`there is no topic "${name}"; topics are ${Object.keys(topics).join(', ')}`);
    this.name = 'UnknownTopicError';
  }
}

/** The topics that a command line names, all of them where it names none. Throws `UnknownTopicError`. */
export function chosenTopics(topics: Topics, names: readonly string[]): [string, Topic][] {
  if (names.length === 0) return Object.entries(topics);
  return names.map((name) => {
    const topic = topics[name];
    if (topic === undefined) throw new UnknownTopicError(name, topics);
    return [name, topic];
  });
}

/** Help with one line a topic. */
export function topicsHelp(head: string, topics: Topics): string {
  const width = Math.max(...Object.keys(topics).map((name) => name.length));
  const lines = Object.entries(topics).map(([name, { about }]) => `  ${name.padEnd(width)}  ${about}`);
  return `${head}\n\n${lines.join('\n')}\n`;
}

/** Rows as a Markdown table; lines as they are. */
export function markdownLines(result: TopicResult): string[] {
  if (result.length === 0) return [];
  if (typeof result[0] === 'string') return [...(result as readonly string[])];
  const rows = result as readonly Record<string, unknown>[];
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map((column) => cellText(row[column])))),
  ];
}

function cellText(value: unknown): string {
  if (value === undefined || value === null) return '–';
  if (typeof value === 'number') return String(Number(value.toPrecision(6)));
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
