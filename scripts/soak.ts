/**
 * `npm run soak -- frames|simulation|kills|serial|canary [options]`: what takes hours. `--seeds N`
 * alone means the simulation; without an argument frames, simulation and kills run in turn. Exit
 * code 1 at the first violation.
 */
import { parseArgs } from 'node:util';

const whole = { type: 'string' } as const;

/** Numbers that a topic takes on its command line. */
const optionsOf = {
  frames: ['frames', 'seed'],
  simulation: ['seeds', 'first'],
  kills: ['kills', 'seed'],
  serial: ['mutatedBytes', 'seed'],
  canary: ['kills', 'seed'],
} as const;
type Topic = keyof typeof optionsOf;
type Numbers = Readonly<Record<string, number>>;

const inTurn: readonly Topic[] = ['frames', 'simulation', 'kills'];

/** Runs one topic; throws or returns false where it finds a violation. */
async function soak(topic: Topic, numbers: Numbers): Promise<boolean> {
  switch (topic) {
    case 'frames':
      await (await import('./soak/frames.ts')).run(numbers);
      return true;
    case 'simulation':
      return (await import('./soak/simulation.ts')).run(numbers);
    case 'kills':
      return (await import('./soak/kills.ts')).run(numbers);
    case 'serial':
      await (await import('./soak/serial.ts')).run(numbers);
      return true;
    case 'canary':
      await (await import('./soak/canary.ts')).run(numbers);
      return true;
  }
}

function isTopic(word: string | undefined): word is Topic {
  return word !== undefined && Object.hasOwn(optionsOf, word);
}

/** Throws where an option is unknown or no whole number. */
function numbersOf(topic: Topic, args: readonly string[]): Numbers {
  const options = Object.fromEntries(optionsOf[topic].map((name) => [name, whole]));
  const { values } = parseArgs({ args: [...args], options });
  return Object.fromEntries(
    Object.entries(values).map(([name, text]) => {
      if (!/^\d+$/.test(String(text))) throw new Error(`--${name} is a whole number, not "${text}"`);
      return [name, Number(text)];
    }),
  );
}

async function main(args: readonly string[]): Promise<number> {
  const [first, ...rest] = args[0] === '--seeds' ? ['simulation', ...args] : args;
  if (first !== undefined && !isTopic(first)) {
    console.error(`soak: "${first}" is none of ${Object.keys(optionsOf).join(', ')}`);
    return 2;
  }
  for (const topic of first === undefined ? inTurn : [first]) {
    console.log(`soak ${topic}`);
    if (!(await soak(topic, numbersOf(topic, rest)))) return 1;
  }
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (cause) {
  console.error((cause as Error).message);
  process.exitCode = 1;
}
