import { enableCompileCache } from 'node:module';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { SensorError } from '../hardware/sensor.ts';
import { ConfigError, readAgentConfig } from './config.ts';
import { openAgent } from './open-agent.ts';
import { OutboxError } from './outbox/outbox.ts';

enableCompileCache();

const help = `Counts people at a sensor and delivers the counts to a gateway.

  passant-agent --config FILE

  --config FILE   configuration (default /etc/passant/agent.json)
  --help          this text

Exit codes: 0 stopped or all recordings played, 1 a fault while running, 2 unusable arguments or configuration.
`;

/** Runs the agent until it is told to stop, or its recordings have ended and all is delivered. */
async function main(parameters: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      config: { type: 'string', default: '/etc/passant/agent.json' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const config = readAgentConfig(values.config);
  const logger = pino({ level: config.logLevel, base: { device: config.device } });
  const agent = await openAgent({ config, logger });
  const stop = Promise.withResolvers<void>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.resolve());
  const ended = config.uplink === undefined ? agent.done : agent.drained();
  await Promise.race([stop.promise, ended]);
  await agent.close();
  logger.info('stopped');
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const unusable =
    error instanceof ConfigError ||
    error instanceof SensorError ||
    error instanceof OutboxError ||
    (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') === true;
  process.stderr.write(`${unusable ? (error as Error).message.split('\n')[0] : (error as Error).stack}\n`);
  process.exitCode = unusable ? 2 : 1;
}
