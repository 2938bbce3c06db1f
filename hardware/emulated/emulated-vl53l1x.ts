import type { OutputLine } from '../gpio/output-line.ts';
import { budgetSeconds } from './budget-seconds.ts';
import type { EmulatedI2cTarget } from './emulated-i2c-bus.ts';
import { type PadRectangle, padRectangle } from './pad-rectangle.ts';
import type { Scene, SceneMeasurement, SceneRegion } from './scene.ts';

/** Data sheet: ready for I²C at the latest 1.2 ms after XSHUT has gone high. */
const bootSeconds = 0.0012;
/** Ticks of the slow oscillator a millisecond, as a real chip might carry in 0x00DE. */
const oscillatorTicks = 0x2bc;
/** ST reads the period back with this factor, so this is how long a period really is. */
const oscillatorFactor = 1.065;

/** The device's raw code of each range status. */
const rawByStatus: Readonly<Record<number, number>> = {
  0: 9,
  1: 6,
  2: 4,
  3: 8,
  4: 5,
  5: 3,
  6: 19,
  7: 7,
  9: 12,
  10: 18,
  11: 22,
  12: 23,
  13: 13,
};

/** Faults of the chip that tests and training inject. */
export type DeviceFault =
  | 'none'
  /** Stays silent on the bus. */
  | 'silent'
  /** Signals ranges, but the result block never changes again. */
  | 'stuck'
  /** As `stuck`, but the count of ranges goes on. */
  | 'repeating'
  /** Never signals a range. */
  | 'never-ready'
  /** Answers with another model. */
  | 'wrong-identity';

interface RunningRange {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly centre: number;
  readonly size: number;
}

/** Between two ranges the device waits; it looks at its registers only when the next one starts. */
type Ranging =
  | { readonly state: 'waiting'; readonly startSeconds: number }
  | { readonly state: 'integrating'; readonly range: RunningRange };

/** Direction the chip is mounted in: which pads see what. */
export interface EmulatedMounting {
  readonly walkAlong: 'columns' | 'rows';
  readonly firstLooks: 'outside' | 'inside';
}

/**
 * A VL53L1X at register level. It sees bytes and the time of day of its clock; regions, budgets and
 * periods act from the start of the next range on, as the registers stand at that moment.
 */
export class EmulatedVl53l1x implements EmulatedI2cTarget {
  readonly #scene: Scene;
  readonly #mounting: EmulatedMounting;
  #registers = powerOnRegisters();
  #index = 0;
  #address = 0x29;
  #readyAtSeconds = bootSeconds;
  #held = false;
  #ranging: Ranging | null = null;
  #pending = false;
  #stream = 0;
  #fault: DeviceFault = 'none';
  /** Ranges done since power-on, for tests. */
  rangesDone = 0;

  constructor(options: { scene: Scene; mounting?: EmulatedMounting }) {
    this.#scene = options.scene;
    this.#mounting = options.mounting ?? { walkAlong: 'columns', firstLooks: 'outside' };
  }

  /** Injects a fault from now on. `stuck` and `repeating` end with a reset only. */
  set fault(fault: DeviceFault) {
    this.#fault = fault;
  }

  get fault(): DeviceFault {
    return this.#fault;
  }

  /** The supply collapses for a moment: everything volatile is lost. */
  brownOut(atSeconds: number): void {
    this.#reset(atSeconds);
  }

  /** The XSHUT pin; the chip is held in reset while it is low. */
  xshutLine(nowSeconds: () => number): OutputLine {
    return {
      set: async (level) => {
        if (level === 'low') this.#held = true;
        else if (this.#held) {
          this.#held = false;
          this.#reset(nowSeconds());
        }
      },
      close: async () => {},
    };
  }

  acknowledges(address: number, atSeconds: number): boolean {
    if (this.#held || this.#fault === 'silent' || atSeconds < this.#readyAtSeconds) return false;
    return address === this.#address;
  }

  write(bytes: Uint8Array, atSeconds: number): number {
    this.#advance(atSeconds);
    if (bytes.length < 2) return bytes.length;
    this.#index = (bytes[0]! << 8) | bytes[1]!;
    for (const value of bytes.subarray(2)) {
      this.#registers[this.#index] = value;
      this.#act(this.#index, value, atSeconds);
      this.#index = (this.#index + 1) & 0xffff;
    }
    return bytes.length;
  }

  read(target: Uint8Array, atSeconds: number): void {
    this.#advance(atSeconds);
    for (let place = 0; place < target.length; place += 1) {
      target[place] = this.#readByte(this.#index);
      this.#index = (this.#index + 1) & 0xffff;
    }
  }

  #readByte(index: number): number {
    if (index === 0x010f && this.#fault === 'wrong-identity') return 0xee;
    if (index === 0x0031) {
      const activeLow = (this.#registers[0x30]! & 0x10) !== 0;
      return this.#pending === activeLow ? 0x02 : 0x03;
    }
    return this.#registers[index]!;
  }

  #act(index: number, value: number, atSeconds: number): void {
    if (index === 0x0001) this.#address = value & 0x7f;
    if (index === 0x0000 && value === 1) this.#reset(atSeconds);
    if (index === 0x0086 && (value & 1) === 1) this.#pending = false;
    if (index !== 0x0087) return;
    if (value === 0x40) this.#startRanging(atSeconds);
    else this.#ranging = null;
  }

  #reset(atSeconds: number): void {
    this.#registers = powerOnRegisters();
    this.#index = 0;
    this.#address = 0x29;
    this.#ranging = null;
    this.#pending = false;
    this.#readyAtSeconds = atSeconds + bootSeconds;
    if (this.#fault === 'stuck' || this.#fault === 'repeating') this.#fault = 'none';
  }

  #startRanging(atSeconds: number): void {
    this.#stream = 0;
    this.#ranging = { state: 'waiting', startSeconds: atSeconds };
  }

  /** Region and budget count as they stand when a range starts. */
  #latch(startSeconds: number): RunningRange {
    return {
      startSeconds,
      endSeconds: startSeconds + this.#budgetSeconds(),
      centre: this.#registers[0x7f]!,
      size: this.#registers[0x80]!,
    };
  }

  #advance(atSeconds: number): void {
    while (this.#ranging !== null) {
      const ranging: Ranging = this.#ranging;
      if (ranging.state === 'waiting') {
        if (ranging.startSeconds > atSeconds) return;
        this.#ranging = { state: 'integrating', range: this.#latch(ranging.startSeconds) };
        continue;
      }
      if (ranging.range.endSeconds > atSeconds) return;
      if (this.#fault !== 'never-ready') this.#finishRange(ranging.range);
      this.#ranging = { state: 'waiting', startSeconds: this.#nextStart(ranging.range) };
    }
  }

  /** A period shorter than the budget misses its own next start and takes the one after (UM2510). */
  #nextStart(range: RunningRange): number {
    const periodSeconds = this.#periodSeconds();
    const periods = Math.ceil((range.endSeconds - range.startSeconds) / periodSeconds - 1e-9);
    return range.startSeconds + Math.max(1, periods) * periodSeconds;
  }

  #finishRange(range: RunningRange): void {
    this.rangesDone += 1;
    this.#pending = true;
    if (this.#fault === 'stuck') return;
    this.#registers[0x8b] = this.#stream;
    // The count goes from 255 back to 128, so that 0 marks the first range after a start.
    this.#stream = this.#stream === 255 ? 128 : this.#stream + 1;
    if (this.#fault === 'repeating') return;
    this.#store(range);
  }

  #store(range: RunningRange): void {
    const registers = this.#registers;
    const pads = padRectangle(range);
    const inside = pads.left >= 0 && pads.right <= 16 && pads.top >= 0 && pads.bottom <= 16;
    const measured: SceneMeasurement = inside
      ? this.#scene.measure(
          this.#sceneRegion(pads),
          range.startSeconds,
          range.endSeconds - range.startSeconds,
        )
      : { distanceMm: 0, status: 13, signalKcps: 0, ambientKcps: 0, sigmaMm: 0, spads: 0 };
    registers[0x89] = rawByStatus[measured.status] ?? 0;
    registers[0x8a] = 0;
    setWord(registers, 0x8c, measured.spads * 256);
    setWord(registers, 0x8e, measured.signalKcps / 8);
    setWord(registers, 0x90, measured.ambientKcps / 8);
    setWord(registers, 0x92, measured.sigmaMm * 4);
    setWord(registers, 0x96, measured.distanceMm);
    setWord(registers, 0x98, measured.signalKcps / 8);
  }

  /** Where the pads look, as the chip is mounted. */
  #sceneRegion(pads: PadRectangle): SceneRegion {
    const columns = [pads.left, pads.right - 1] as const;
    const rows = [pads.top, pads.bottom - 1] as const;
    const [along, across] = this.#mounting.walkAlong === 'columns' ? [columns, rows] : [rows, columns];
    if (this.#mounting.firstLooks === 'outside') return { rows: along, columns: across };
    return { rows: [15 - along[1], 15 - along[0]], columns: across };
  }

  #budgetSeconds(): number {
    const mode = this.#registers[0x60] === 0x07 ? 'short' : 'long';
    return budgetSeconds(mode, this.#registers[0x5e]!, this.#registers[0x5f]!);
  }

  #periodSeconds(): number {
    const r = this.#registers;
    const ticks = r[0x6c]! * 2 ** 24 + (r[0x6d]! << 16) + (r[0x6e]! << 8) + r[0x6f]!;
    return Math.max(ticks / (oscillatorTicks * oscillatorFactor), 1) / 1000;
  }
}

function setWord(registers: Uint8Array, index: number, value: number): void {
  const word = Math.min(0xffff, Math.max(0, Math.round(value)));
  registers[index] = word >> 8;
  registers[index + 1] = word & 0xff;
}

function powerOnRegisters(): Uint8Array {
  const registers = new Uint8Array(0x10000);
  registers[0x01] = 0x29;
  registers[0x30] = 0x11; // active low until the initial block says otherwise
  registers[0x7f] = 199;
  registers[0x80] = 0xff;
  setWord(registers, 0xde, oscillatorTicks);
  registers[0xe5] = 0x03;
  registers[0x010f] = 0xea;
  registers[0x0110] = 0xcc;
  registers[0x0111] = 0x10;
  registers[0x013e] = 199;
  return registers;
}
