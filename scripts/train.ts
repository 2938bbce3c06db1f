/** `npm run train`: lets the crossing network learn from simulated walks and writes its weights. */
import { parseArgs } from 'node:util';
import { trainNetwork, writeWeights } from './train/train-network.ts';

const usage = `npm run train [-- options]: trains the crossing network on simulated walks and writes
edge-agent/count/crossing-network-weights.ts. Judge the result with npm run bench:accuracy.

  --draws N      draws of all walk profiles, each an hour and a half of walks (default 50)
  --rounds N     steps of learning, of 32 sights each (default 13000)
  --seed N       decides everything that is drawn (default 1000)
  --workers N    threads (default 2)
  --help         this text
`;

const number = (byDefault: string) => ({ type: 'string', default: byDefault }) as const;
const { values } = parseArgs({
  options: {
    draws: number('50'),
    rounds: number('13000'),
    seed: number('1000'),
    workers: number('2'),
    help: { type: 'boolean', default: false },
  },
});
const wrong = (['draws', 'rounds', 'seed', 'workers'] as const).find(
  (name) => !/^[1-9]\d*$/.test(values[name]),
);
if (values.help) process.stdout.write(usage);
else if (wrong !== undefined) {
  process.stderr.write(`--${wrong} wants a whole number from 1, not ${values[wrong]}\n`);
  process.exitCode = 2;
} else {
  // What was learned so far is kept, so that whoever loses patience has something to judge.
  const weights = await trainNetwork({
    keep: writeWeights,
    seed: Number(values.seed),
    draws: Number(values.draws),
    minutes: 4,
    rounds: Number(values.rounds),
    hidden: 32,
    mixed: 16,
    learningRate: 0.005,
    workers: Number(values.workers),
    say: (text) => void process.stdout.write(`${text}\n`),
  });
  writeWeights(weights);
}
