import { SeededRandom } from '../../hardware/emulated/walks/seeded-random.ts';
import { Broker, fairWeather } from './broker.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { Violation } from './ledger.ts';
import type { Sabotage } from './sabotage.ts';
import { SimDevice } from './sim-device.ts';
import { SimGateway } from './sim-gateway.ts';
import { Timeline } from './timeline.ts';

export interface PowerCut {
  readonly during: boolean;
  readonly pauseSeconds: number;
  readonly wallErrorSeconds: number;
  readonly syncAfterSeconds: number;
  /** What happens while there is no power. */
  readonly dark?: () => void;
}

/** Slews leave a synchronised clock so far from the truth at most. */
const syncedErrorSecondsMax = 0.2;

/** By then an agent has asked about the clock, also one on a busy machine, and knows it. */
const knownSecondsMin = 60;

/** Weeks are lived in beats of ten minutes. */
export const weeksGrainSeconds = 600;

/** One device, one broker, one gateway, and the time they live in. */
export class World {
  readonly timeline = new Timeline();
  readonly broker: Broker;
  readonly device: SimDevice;
  readonly gateway: SimGateway;
  readonly violations: Violation[] = [];
  readonly traced: string[] = [];
  /** The longest pause between two beats of the agent's loop. */
  readonly beatSecondsMax: number;
  readonly #random: () => number;
  #healed = false;

  constructor(plan: FaultPlan, folder: string, sabotage: Sabotage) {
    const draw = new SeededRandom(plan.seed, 'world');
    const random = () => draw.next();
    this.#random = random;
    const trace = (line: string) => this.trace(line);
    const violated = (violation: Violation) => {
      this.violations.push(violation);
      this.trace(`VIOLATION ${violation}`);
    };
    this.beatSecondsMax = plan.weeksApart > 0 ? weeksGrainSeconds : plan.grainSeconds;
    const { timeline } = this;
    this.broker = new Broker(timeline, random);
    const shared = { timeline, broker: this.broker, random, folder, sabotage, violated, trace };
    const { grainSeconds, capacityDays, backfillOrder, persistentSession } = plan;
    this.device = new SimDevice({
      ...shared,
      name: 'door-1',
      announced: (epoch: string) => this.gateway.announced.get(epoch) ?? 0,
      grainSeconds,
      capacityDays,
      backfillOrder,
    });
    this.gateway = new SimGateway({ ...shared, name: 'gateway', persistentSession });
  }

  trace(line: string): void {
    if (this.traced.at(-1)?.slice(10) === line) return;
    this.traced.push(`${this.timeline.nowSeconds.toFixed(1).padStart(9)} ${line}`);
  }

  /** Something else that goes wrong in consequence, unless all is put right by then. */
  later(seconds: number, run: () => void): void {
    this.timeline.after(seconds, () => {
      if (!this.#healed) run();
    });
  }

  boot(wallErrorSeconds: number, syncAfterSeconds: number): void {
    this.device.powerOn(wallErrorSeconds);
    this.timeline.after(syncAfterSeconds, () => this.#sync());
  }

  cutDevicePower(cut: PowerCut): void {
    const afterwards = () => {
      cut.dark?.();
      this.timeline.after(cut.pauseSeconds, () => this.boot(cut.wallErrorSeconds, cut.syncAfterSeconds));
    };
    if (!this.device.hasPower) return;
    if (cut.during) {
      this.device.cutPowerDuringNextWrite(afterwards);
      return;
    }
    this.trace(`${this.device.name}: the power goes`);
    this.device.cutPower();
    afterwards();
  }

  /** The clock is set wrong; who keeps it notices after `lagSeconds` and puts it right in the end. */
  stepClock(errorSeconds: number, span: { seconds: number; lagSeconds: number }): void {
    const { machine } = this.device;
    if (machine === null) return;
    machine.wallErrorSeconds = errorSeconds;
    // Nobody could tell a machine that vouches for a wrong time when it is first asked from a sound one.
    const isKnown = this.timeline.nowSeconds - machine.vouchesSinceSeconds > knownSecondsMin;
    const lagSeconds = isKnown ? Math.min(span.lagSeconds, span.seconds) : 0;
    if (lagSeconds === 0) machine.vouches = false;
    else this.timeline.after(lagSeconds, () => (machine.vouches = false));
    this.timeline.after(span.seconds, () => this.#sync());
  }

  /** Everything that can be put right is. */
  heal(): void {
    const { broker, device, gateway } = this;
    this.trace('everything is put right');
    this.#healed = true;
    device.pardon();
    gateway.pardon();
    Object.assign(broker.weather, fairWeather);
    broker.unreachable.clear();
    broker.stop(false);
    broker.start();
    gateway.storageFull = false;
    device.cardFull = false;
    gateway.start();
    device.setGrain(1);
    device.powerOn(0);
    device.start();
    this.#sync();
  }

  /** Time synchronisation needs the network. */
  #sync(): void {
    const { machine, name } = this.device;
    if (machine === null) return;
    if (this.broker.unreachable.has(name)) {
      this.timeline.after(30, () => this.#sync());
      return;
    }
    machine.wallErrorSeconds = (2 * this.#random() - 1) * syncedErrorSecondsMax;
    if (!machine.vouches) machine.vouchesSinceSeconds = this.timeline.nowSeconds;
    machine.vouches = true;
  }
}
