import { enableCompileCache } from 'node:module';
import { type Command, languageOf } from './command.ts';
import { watchInterruption } from './interruption.ts';
import { frameMessages } from './messages/frame.ts';
import { HeadCountError } from './presence/head-count-truth.ts';
import { isUnusable } from './verb.ts';

enableCompileCache();

/** Every verb and the file that holds it, loaded when it is asked for; in the order of an installation. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  scan: async () => (await import('./commands/scan.ts')).scan,
  network: async () => (await import('./commands/network.ts')).network,
  mount: async () => (await import('./commands/mount.ts')).mount,
  baseline: async () => (await import('./commands/baseline.ts')).baseline,
  'walk-test': async () => (await import('./commands/walk-test.ts')).walkTest,
  record: async () => (await import('./commands/record.ts')).record,
  verify: async () => (await import('./commands/verify.ts')).verify,
  enrol: async () => (await import('./commands/enrol.ts')).enrol,
  show: async () => (await import('./commands/show.ts')).show,
  'swap-direction': async () => (await import('./commands/swap-direction.ts')).swapDirection,
  rollback: async () => (await import('./commands/rollback.ts')).rollback,
  retire: async () => (await import('./commands/retire.ts')).retire,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  report: async () => (await import('./commands/report.ts')).report,
  'wifi-fit': async () => (await import('./commands/wifi-fit.ts')).wifiFit,
  'wifi-range': async () => (await import('./commands/wifi-range.ts')).wifiRange,
};

async function main(argv: readonly string[]): Promise<number> {
  const [verb, ...args] = argv;
  const language = languageOf(argv, process.env);
  const words = frameMessages[language];
  if (verb === undefined || verb === '--help' || verb === '-h' || verb === 'help') {
    console.log(words.commands);
    for (const [name, load] of Object.entries(commands)) {
      console.log(`  ${name.padEnd(16)}${(await load()).summary[language]}`);
    }
    return verb === undefined ? 2 : 0;
  }
  const load = Object.hasOwn(commands, verb) ? commands[verb] : undefined;
  if (load === undefined) {
    console.error(words.noCommand(verb, Object.keys(commands).join(', ')));
    return 2;
  }
  const { stdin, stdout, stderr } = process;
  const { signal, interrupt } = watchInterruption(process);
  return (await load()).run({ args, language, stdin, stdout, stderr, signal, interrupt });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(isUnusable(error) || error instanceof HeadCountError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
