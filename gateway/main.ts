import { enableCompileCache } from 'node:module';
import { pino } from 'pino';
import { commandOf, runCommand } from './commands/run-command.ts';
import { ConfigError, type GatewayConfig, readGatewayConfig, usage } from './config.ts';
import { openGateway } from './open-gateway.ts';

enableCompileCache();

/** Unusable arguments, files or ports: one line on stderr for each fault. */
const exitUnusable = 2;

const command = commandOf(process.argv.slice(2));
if (command) process.exit(await runCommand(command, { stdin: process.stdin, stdout: process.stdout }));

const config = readConfig();
const logger = pino({ level: config.logLevel });
try {
  const gateway = await openGateway({ config, logger });
  logger.info(
    {
      url: gateway.url,
      broker: gateway.brokerUrl,
      data: config.dataDirectory,
      ...(gateway.pin === null ? {} : { keyFingerprint: gateway.pin }),
    },
    'the gateway runs',
  );
  let stopping = false;
  const stop = (signal: string) => {
    // A supervisor tells the launcher and this program, and the launcher passes it on.
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'the gateway stops');
    gateway.close().then(
      () => process.exit(0),
      (cause) => {
        logger.error({ err: cause }, 'the gateway could not stop in order');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
} catch (cause) {
  leave((cause as Error).message, exitUnusable);
}

function readConfig(): GatewayConfig {
  try {
    const read = readGatewayConfig(process.argv.slice(2));
    if (read !== 'help') return read;
  } catch (cause) {
    if (cause instanceof ConfigError) leave(cause.message, exitUnusable);
    throw cause;
  }
  process.stdout.write(usage);
  process.exit(0);
}

function leave(message: string, code: number): never {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}
