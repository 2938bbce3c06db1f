import { enableCompileCache } from 'node:module';
import { SiteProfileError } from '../edge-agent/config/site-profile-file.ts';
import { SensorError } from '../hardware/sensor.ts';
import { type Command, languageOf, UsageError } from './command.ts';
import { HeadCountError } from './presence/head-count-truth.ts';

enableCompileCache();

/** Every verb and the file that holds it, loaded when it is asked for. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  'wifi-fit': async () => (await import('./commands/wifi-fit.ts')).wifiFit,
};

async function main(argv: readonly string[]): Promise<number> {
  const [verb, ...args] = argv;
  const language = languageOf(argv, process.env);
  if (verb === undefined || verb === '--help' || verb === 'help') {
    console.log(language === 'de' ? 'Befehle (jeder kennt --help):' : 'Commands (each knows --help):');
    for (const [name, load] of Object.entries(commands)) {
      console.log(`  ${name.padEnd(16)}${(await load()).summary[language]}`);
    }
    return verb === undefined ? 2 : 0;
  }
  const load = Object.hasOwn(commands, verb) ? commands[verb] : undefined;
  if (load === undefined) {
    const known = Object.keys(commands).join(', ');
    console.error(
      language === 'de'
        ? `${verb}: kein Befehl; es gibt ${known}`
        : `${verb}: no command; there are ${known}`,
    );
    return 2;
  }
  const { stdin, stdout, stderr } = process;
  return (await load()).run({ args, language, stdin, stdout, stderr });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const expected =
    error instanceof UsageError ||
    error instanceof SensorError ||
    error instanceof SiteProfileError ||
    error instanceof HeadCountError;
  if (!expected) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
