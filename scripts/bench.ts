/** `npm run bench`: how fast the parts are, each beside the limit that this machine sets. */
import { parseArgs } from 'node:util';
import { chosenTopics, type Topics, topicsHelp, UnknownTopicError } from './topics.ts';

const topics: Topics = {
  outbox: {
    about: 'intervals appended a second, bytes written to the card a day',
    run: async () => (await import('./bench/outbox.ts')).run(),
  },
  'receipt-latency': {
    about: 'time from a closed interval to its receipt, on loopback',
    run: async () => (await import('./bench/receipt-latency.ts')).run(),
  },
  wifi: {
    about: 'probe frames a second from pcap bytes to estimate, beside tcpdump and tshark',
    run: async () => (await import('./bench/wifi.ts')).run(),
  },
};

const help = topicsHelp('npm run bench [-- topic …] [--json]: measures speed. Topics:', topics);

async function main(): Promise<number> {
  const options = {
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const results: Record<string, unknown> = {};
  for (const [name, topic] of chosenTopics(topics, positionals)) {
    if (!values.json) process.stdout.write(`\n${name}: ${topic.about}\n`);
    const result = await topic.run();
    if (values.json) results[name] = result;
    else console.table(result);
  }
  if (values.json) process.stdout.write(`${JSON.stringify(results)}\n`);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UnknownTopicError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
