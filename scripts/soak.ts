/**
 * `npm run soak -- frames|simulation|kills|serial [options]`: what takes hours. `--seeds N` alone means
 * the simulation; without an argument frames, simulation and kills run in turn.
 */
const topics = {
  frames: async (options: readonly string[]) => (await import('./soak/frames.ts')).soakFrames(options),
  simulation: async (options: readonly string[]) =>
    (await import('./soak/simulation.ts')).soakSimulationCommand(options),
  kills: async (options: readonly string[]) => (await import('./soak/kills.ts')).soakKills(options),
  serial: async (options: readonly string[]) => (await import('./soak/serial.ts')).soakSerial(options),
} as const;
type Topic = keyof typeof topics;

const inTurn: readonly Topic[] = ['frames', 'simulation', 'kills'];

function isTopic(word: string | undefined): word is Topic {
  return word !== undefined && Object.hasOwn(topics, word);
}

async function main([first, ...rest]: readonly string[]): Promise<number> {
  if (first === undefined) {
    for (const topic of inTurn) {
      console.log(`soak ${topic}`);
      const code = await topics[topic]([]);
      if (code !== 0) return code;
    }
    return 0;
  }
  if (isTopic(first)) return topics[first](rest);
  if (first === '--seeds') return topics.simulation([first, ...rest]);
  console.error(`soak: "${first}" is none of ${Object.keys(topics).join(', ')}`);
  return 2;
}

process.exitCode = await main(process.argv.slice(2));
