/** `npm run train`: lets the crossing network learn from simulated walks and writes its weights. */
import { parseArgs } from 'node:util';
import { trainNetwork, writeWeights } from './train/train-network.ts';

const usage = `npm run train [-- options]: trains the crossing network on simulated walks and writes
edge-agent/count/crossing-network-weights.ts. Judge the result with npm run bench:accuracy.

  --draws N      draws of all walk profiles, each about an hour of walks (default 100)
  --epochs N     how often all of them are learned (default 11)
  --seed N       decides everything that is drawn (default 1000)
  --workers N    threads (default 2)
  --help         this text
`;

const number = (byDefault: string) => ({ type: 'string', default: byDefault }) as const;
const { values } = parseArgs({
  options: {
    draws: number('100'),
    epochs: number('11'),
    seed: number('1000'),
    workers: number('2'),
    help: { type: 'boolean', default: false },
  },
});
const wrong = (['draws', 'epochs', 'seed', 'workers'] as const).find(
  (name) => !/^[1-9]\d*$/.test(values[name]),
);
if (values.help) process.stdout.write(usage);
else if (wrong !== undefined) {
  process.stderr.write(`--${wrong} wants a whole number from 1, not ${values[wrong]}\n`);
  process.exitCode = 2;
} else {
  const weights = await trainNetwork({
    seed: Number(values.seed),
    draws: Number(values.draws),
    minutes: 4,
    epochs: Number(values.epochs),
    learningRate: 0.006,
    workers: Number(values.workers),
    say: (text) => void process.stdout.write(`${text}\n`),
  });
  writeWeights(weights);
}
