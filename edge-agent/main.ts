import { enableCompileCache } from 'node:module';
import { parseArgs } from 'node:util';
import { type Logger, pino } from 'pino';
import { SensorError } from '../hardware/sensor.ts';
import type { Agent } from './agent.ts';
import { forbidCoreDumps } from './appliance/core-dumps.ts';
import { openServiceManager, type ServiceManager } from './appliance/service-manager.ts';
import { type AgentConfig, ConfigError, configurationNotes, readAgentConfig } from './config.ts';
import { openAgent } from './open-agent.ts';
import { OutboxError } from './outbox/outbox.ts';

const help = `Counts people at its sensors and delivers the counts to a gateway.

  passant-agent --config FILE

  --config FILE   configuration (default /etc/passant/agent.json)
  --check         checks the configuration and stops
  --help          this text

Exit codes: 0 stopped, or all recordings played and delivered; 1 a fault while running;
2 unusable arguments, configuration, recording or outbox.
`;

/** Runs the agent until it is told to stop, or its recordings have ended and all is delivered. */
async function main(parameters: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      config: { type: 'string', default: '/etc/passant/agent.json' },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const config = readAgentConfig(values.config);
  if (values.check) {
    process.stdout.write(`${values.config}: ${config.sensors.length} sensors of device ${config.device}\n`);
    return;
  }
  const logger = pino({ level: config.logLevel, base: { device: config.device } });
  for (const note of configurationNotes(values.config)) logger.warn(note);
  if (!forbidCoreDumps()) logger.warn('core dumps of this program cannot be forbidden here');
  const manager = openServiceManager(process.env);
  const stopped = toldToStop(logger);
  while ((await runAgent({ config, logger, manager, stopped })) === 'profile-outdated') {
    logger.info('counting goes on with the new profile');
  }
  logger.info('stopped');
}

/** One life of an agent; it ends when told to, when its recordings have, or for a new site profile. */
async function runAgent(life: {
  config: AgentConfig;
  logger: Logger;
  manager: ServiceManager;
  stopped: Promise<void>;
}): Promise<'over' | 'profile-outdated'> {
  const { config, logger, manager, stopped } = life;
  const agent = await openAgent({ config, logger });
  manager.notify('READY=1');
  const watchdog = keepWatchdog(manager, agent);
  let outcome: 'over' | 'profile-outdated' = 'over';
  try {
    const ended = config.uplink === undefined ? agent.done : agent.drained();
    const outdated = agent.profileOutdated.then(() => 'profile-outdated' as const);
    outcome = (await Promise.race([stopped, ended, outdated])) ?? 'over';
  } finally {
    if (outcome === 'over') manager.notify('STOPPING=1');
    clearInterval(watchdog);
    await agent.close();
  }
  return outcome;
}

function toldToStop(logger: Logger): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      // More than once: systemd tells the launcher and this program, and the launcher passes it on.
      process.on(signal, () => {
        logger.info({ signal }, 'told to stop');
        resolve();
      });
    }
  });
}

/** The watchdog is fed only while the agent's loop beats. */
function keepWatchdog(manager: ServiceManager, agent: Agent): NodeJS.Timeout | undefined {
  if (manager.watchdogSeconds === null) return undefined;
  return setInterval(() => {
    if (agent.isWell) manager.notify('WATCHDOG=1');
  }, manager.watchdogSeconds * 1000);
}

enableCompileCache();
try {
  await main(process.argv.slice(2));
} catch (error) {
  const unusable =
    error instanceof ConfigError ||
    error instanceof SensorError ||
    error instanceof OutboxError ||
    (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') === true;
  process.stderr.write(`${unusable ? (error as Error).message.split('\n')[0] : (error as Error).stack}\n`);
  process.exitCode = unusable ? 2 : 1;
}
