import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FaultPlan, planFaults } from './fault-plan.ts';
import type { Sabotage } from './sabotage.ts';
import { judge, type Verdict } from './verdict.ts';
import { World, weeksGrainSeconds } from './world.ts';

/** Memory rather than disk, where there is such a folder: a seed writes a thousand transactions. */
const scratch = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** How long the world has to put itself right: two questions, and backfill at fifty a second. */
const healSeconds = 180;
/** From the last closed minute to its receipt. */
const farewellSeconds = 20;

export interface SimulationOptions {
  readonly sabotage?: Sabotage;
  /** Positions of the plan's steps to run; all where it is absent. */
  readonly only?: readonly number[];
  /** Keep the weeks apart that the plan has. */
  readonly weeks?: boolean;
}

export interface SimulationResult extends Verdict {
  readonly seed: number;
  readonly plan: FaultPlan;
  readonly trace: readonly string[];
}

/** Lets the world of one seed live, and judges it. Everything but the seed and the options is fixed. */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<SimulationResult> {
  const folder = mkdtempSync(join(scratch, 'passant-simulation-'));
  try {
    const plan = planFaults(seed);
    const world = new World(plan, folder, options.sabotage ?? {});
    await live(world, plan, options);
    const verdict = await judge(world);
    world.device.release();
    await world.gateway.release();
    return { seed, plan, trace: world.traced, ...verdict };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function live(world: World, plan: FaultPlan, options: SimulationOptions): Promise<void> {
  const { timeline } = world;
  const chosen = options.only ?? plan.steps.keys().toArray();
  for (const at of chosen) {
    const step = plan.steps[at]!;
    timeline.at(step.atSeconds, () => {
      world.trace(`#${at} ${step.what}`);
      step.run(world);
    });
  }
  world.gateway.start();
  world.boot(-90, 5);
  await timeline.runUntil(plan.stormSeconds);
  if (plan.weeksApart > 0 && options.weeks !== false) await stayApart(world, plan.weeksApart);
  world.heal();
  await timeline.runUntil(timeline.nowSeconds + healSeconds);
  void world.device.stop();
  await timeline.runUntil(timeline.nowSeconds + farewellSeconds);
}

/** Weeks without a network: some hours of counting, a long time without power, some hours again. */
async function stayApart(world: World, weeks: number): Promise<void> {
  const { timeline, device, broker } = world;
  world.trace(`${weeks} weeks without a network`);
  broker.cutOff(device.name);
  device.setGrain(weeksGrainSeconds);
  await timeline.runUntil(timeline.nowSeconds + 3 * 3600);
  if (device.hasPower) device.cutPower();
  await timeline.runUntil(timeline.nowSeconds + weeks * 7 * 86_400);
  world.boot(-weeks * 7 * 86_400, 30);
  await timeline.runUntil(timeline.nowSeconds + 3 * 3600);
  // Who sleeps until the next slow beat is waited for.
  device.setGrain(1);
  await timeline.runUntil(timeline.nowSeconds + weeksGrainSeconds);
}
