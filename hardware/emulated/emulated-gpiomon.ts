import { monotonicClock } from '../clock.ts';
import { EmulatedDetectors, type PirWiring } from './emulated-pir-wiring.ts';

/**
 * Prints edges of emulated detectors as `gpiomon --format "%e %o"` of libgpiod 1.6 does. Started with
 * the wiring as its first argument, then gpiomon's own.
 */

/** Edges are told this soon after they happen. */
const printMs = 10;

function watch(wiring: PirWiring, pins: ReadonlySet<number>): void {
  const detectors = new EmulatedDetectors(wiring);
  // What happened before anybody watched is gone.
  detectors.changes(monotonicClock.nowSeconds());
  process.stdout.on('error', () => process.exit(0));
  setInterval(() => {
    for (const { pin, level } of detectors.changes(monotonicClock.nowSeconds())) {
      if (pins.has(pin)) process.stdout.write(`${level} ${pin}\n`);
    }
    // The agent has died without a word.
    if (process.ppid === 1) process.exit(0);
  }, printMs);
}

const [wiring, ...options] = process.argv.slice(2);
if (options.includes('--version')) process.stdout.write('gpiomon (libgpiod) v1.6.3\n');
else watch(JSON.parse(wiring!) as PirWiring, new Set(options.filter((one) => /^\d+$/.test(one)).map(Number)));
