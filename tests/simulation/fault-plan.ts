import { SeededRandom } from '../../hardware/emulated/walks/seeded-random.ts';
import { fairWeather } from './broker.ts';
import type { Card } from './ledger.ts';
import type { PageFault } from './sim-disk.ts';
import type { World } from './world.ts';

/** One thing that goes wrong, at its time. */
export interface Step {
  readonly atSeconds: number;
  readonly kind: FaultKind;
  readonly what: string;
  readonly run: (world: World) => void;
}

type Draft = Omit<Step, 'atSeconds' | 'kind'>;

const day = 86_400;

/** After this time a supervisor has started a program again, or somebody has plugged a machine in. */
const restart = (draw: SeededRandom) => Math.round(draw.between(1, 40));
/** What a machine without a clock of its own believes after a power cut: the past, mostly. */
const wrongTime = (draw: SeededRandom) => Math.round(draw.pick([-1.8e9, -40 * day, -3700, -95, 0, 3600]));
const awaits = (draw: SeededRandom) => 1 + Math.floor(draw.exponential(6));

const faults = {
  weather: (draw) => {
    const weather = {
      loss: draw.chance(0.6) ? draw.between(0, 0.3) : 0,
      duplication: draw.chance(0.6) ? draw.between(0, 0.4) : 0,
      reordering: draw.chance(0.6) ? draw.between(0, 0.6) : 0,
      delaySecondsMax: draw.pick([0.05, 1, 8]),
    };
    const seconds = Math.round(draw.between(30, 600));
    return {
      what: `weather ${JSON.stringify(weather)} for ${seconds} s`,
      run: (world) => {
        Object.assign(world.broker.weather, weather);
        world.timeline.after(seconds, () => Object.assign(world.broker.weather, fairWeather));
      },
    };
  },
  'agent crash': (draw) => {
    const [dies, pause] = [awaits(draw), restart(draw)];
    return {
      what: `the agent dies at await ${dies} and starts again ${pause} s later`,
      run: (world) => {
        world.device.crashAt(dies, pause);
      },
    };
  },
  'agent restart': (draw) => {
    const pause = restart(draw);
    return {
      what: `the agent is stopped and starts ${pause} s later`,
      run: (world) => {
        void world.device.stop();
        world.timeline.after(3 + pause, () => world.device.start());
      },
    };
  },
  'power cut': (draw) => {
    const [during, pause, error, sync] = [draw.chance(0.6), restart(draw), wrongTime(draw), syncs(draw)];
    return {
      what: `power cut ${during ? 'in the middle of the next write' : ''}, back after ${pause} s, synced ${sync} s later`,
      run: (world) =>
        world.cutDevicePower({
          during,
          pauseSeconds: pause,
          wallErrorSeconds: error,
          syncAfterSeconds: sync,
        }),
    };
  },
  'torn page': (draw) => {
    const [pause, fault, sync] = [
      restart(draw),
      draw.pick<PageFault>(['zeros', 'garbage', 'short']),
      syncs(draw),
    ];
    return {
      what: `power cut with a torn page (${fault}), back after ${pause} s`,
      run: (world) =>
        world.cutDevicePower({
          during: false,
          pauseSeconds: pause,
          wallErrorSeconds: -60,
          syncAfterSeconds: sync,
          dark: () => world.device.tear(fault),
        }),
    };
  },
  'card put back': (draw) => {
    const [pause, wait, otherMachine] = [restart(draw), Math.round(draw.between(100, 900)), draw.chance(0.3)];
    const back = draw.chance(0.4) ? Math.round(draw.between(100, 900)) : null;
    const cut = { during: false, pauseSeconds: pause, wallErrorSeconds: 0, syncAfterSeconds: syncs(draw) };
    return {
      what:
        `a copy of the card is put in ${wait} s later${otherMachine ? ' into another machine' : ''}` +
        `${back === null ? '' : `, the original again ${back} s after that`}`,
      run: (world) => {
        const { device } = world;
        const changeAfter = (seconds: number, card: () => Card | null, then: (old: Card) => void) =>
          world.later(seconds + pause, () => {
            const dark = () => {
              const next = card();
              if (next !== null) then(device.changeCard(next));
              if (otherMachine) device.changeMachine();
            };
            world.cutDevicePower({ ...cut, dark });
          });
        let copied: Card | null = null;
        let original: Card | null = null;
        world.cutDevicePower({ ...cut, dark: () => (copied = device.copyCard()) });
        changeAfter(
          wait,
          () => copied,
          (old) => (original = old),
        );
        if (back !== null)
          changeAfter(
            wait + pause + back,
            () => original,
            () => {},
          );
      },
    };
  },
  'gateway crash': (draw) => {
    const [dies, pause] = [awaits(draw), restart(draw)];
    return {
      what: `the gateway dies at await ${dies} and starts again ${pause} s later`,
      run: (world) => {
        world.gateway.crashAt(dies, pause);
      },
    };
  },
  'gateway power cut': (draw) => {
    const pause = restart(draw);
    return {
      what: `the gateway's power goes in the middle of a commit, back after ${pause} s`,
      run: (world) =>
        world.gateway.cutPowerDuringNextWrite(() => world.timeline.after(pause, () => world.gateway.start())),
    };
  },
  'backup put back': (draw) => {
    const [wait, pause] = [Math.round(draw.between(60, 1200)), restart(draw)];
    return {
      what: `a backup of the gateway is put back ${wait} s later`,
      run: (world) => {
        const backup = world.gateway.backUp();
        world.later(wait, () => {
          world.gateway.kill();
          world.gateway.restore(backup);
          world.timeline.after(pause, () => world.gateway.start());
        });
      },
    };
  },
  'storage full': (draw) => {
    const seconds = Math.round(draw.between(20, 400));
    return {
      what: `the gateway's disk is full for ${seconds} s`,
      run: (world) => {
        world.gateway.storageFull = true;
        world.timeline.after(seconds, () => (world.gateway.storageFull = false));
      },
    };
  },
  'card full': (draw) => {
    const seconds = Math.round(draw.between(20, 400));
    return {
      what: `the card is full for ${seconds} s`,
      run: (world) => {
        world.device.cardFull = true;
        world.timeline.after(seconds, () => (world.device.cardFull = false));
      },
    };
  },
  partition: (draw) => {
    const [seconds, gatewayToo] = [Math.round(draw.between(10, 900)), draw.chance(0.3)];
    return {
      what: `no network for ${seconds} s${gatewayToo ? ', for the gateway neither' : ''}`,
      run: (world) => {
        const cut = [world.device.name, ...(gatewayToo ? ['gateway'] : [])];
        for (const client of cut) world.broker.cutOff(client);
        world.timeline.after(seconds, () => {
          for (const client of cut) world.broker.unreachable.delete(client);
        });
      },
    };
  },
  'broker restart': (draw) => {
    const [forgets, seconds] = [draw.chance(0.5), Math.round(draw.between(1, 60))];
    return {
      what: `the broker is away for ${seconds} s${forgets ? ' and forgets everything' : ''}`,
      run: (world) => {
        world.broker.stop(forgets);
        world.timeline.after(seconds, () => world.broker.start());
      },
    };
  },
  'clock step': (draw) => {
    const error = draw.pick([-2, 2, -61, 300, -3600, 3600, -7200, 86_400, -1.8e9, 3e7]);
    const [seconds, lag] = [Math.round(draw.between(15, 300)), Math.round(draw.between(0, 4))];
    return {
      what: `the clock is ${error} s wrong for ${seconds} s`,
      run: (world) => world.stepClock(error, { seconds, lagSeconds: lag }),
    };
  },
} as const satisfies Record<string, (draw: SeededRandom) => Draft>;

export type FaultKind = keyof typeof faults;

function syncs(draw: SeededRandom): number {
  return Math.round(draw.pick([2, 20, 150, 400]));
}

/** What one seed stands for. */
export interface FaultPlan {
  readonly seed: number;
  /** The loop's beat: on a busy machine a simulated hour costs less. */
  readonly grainSeconds: number;
  readonly stormSeconds: number;
  /** The device is cut off for weeks after the storm, and off for most of them. */
  readonly weeksApart: number;
  readonly capacityDays: number;
  readonly backfillOrder: 'newest-first' | 'oldest-first';
  readonly persistentSession: boolean;
  readonly steps: readonly Step[];
}

const storms = [
  { grainSeconds: 1, stormSeconds: 600 },
  { grainSeconds: 5, stormSeconds: 1800 },
  { grainSeconds: 15, stormSeconds: 3600 },
] as const;

/** The plan of a seed: what goes wrong, and when. */
export function planFaults(seed: number): FaultPlan {
  const draw = new SeededRandom(seed, 'plan');
  const storm = draw.pick(storms);
  const kinds = Object.keys(faults) as FaultKind[];
  const steps: Step[] = [];
  const count = 1 + Math.floor(draw.exponential(5));
  for (let at = 0; at < count; at += 1) {
    const kind = draw.pick(kinds);
    const atSeconds = Math.round(draw.between(70, storm.stormSeconds));
    steps.push({ kind, atSeconds, ...faults[kind](draw) });
  }
  return {
    seed,
    ...storm,
    weeksApart: draw.chance(0.1) ? Math.round(draw.between(1, 4)) : 0,
    capacityDays: draw.chance(0.05) ? 0.01 : 400,
    backfillOrder: draw.chance(0.5) ? 'newest-first' : 'oldest-first',
    persistentSession: draw.chance(0.5),
    steps: steps.sort((left, right) => left.atSeconds - right.atSeconds),
  };
}
