/** `npm run bench`: how fast the parts are, each beside the limit that this machine sets. */
import { parseArgs } from 'node:util';
import { chosenTopics, type Topics, topicsHelp, UnknownTopicError } from './topics.ts';

const topics: Topics = {
  engine: {
    about: 'readings counted a second and bytes allocated for one, beside a loop that only sums them',
    run: async () => (await import('./bench/engine.ts')).run(),
  },
  'interval-latency': {
    about: 'time from a closed interval to its receipt at the agent, on loopback',
    run: async () => (await import('./bench/interval-latency.ts')).run(),
  },
  outbox: {
    about: 'what the outbox writes to the card a day, and how long a full one takes to open',
    run: async () => (await import('./bench/outbox.ts')).run(),
  },
  'receipt-latency': {
    about: 'time from a published batch to its receipt, for one device and for twenty at once',
    run: async () => (await import('./bench/receipt-latency.ts')).run(),
  },
  store: {
    about: 'a year of minutes for ten lines among a hundred, beside bare loops, PostgreSQL and InfluxDB',
    run: async () => (await import('./bench/store.ts')).run(),
  },
  vl53l1x: {
    about: 'readings a second through the real driver from the emulated device',
    run: async () => (await import('./bench/vl53l1x.ts')).run(),
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
