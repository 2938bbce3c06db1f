import type { PinChange, PinSource } from '../../hardware/emulated/emulated-arduino.ts';

/** Pulses on wires, as many as one likes, each told once. */
export class PulseTrain implements PinSource {
  readonly all: PinChange[] = [];
  #next = 0;

  /** Raises `pin` at a time for a while. */
  add(pin: number, atSeconds: number, lastsSeconds: number): void {
    this.all.push({ pin, atSeconds, level: 1 }, { pin, atSeconds: atSeconds + lastsSeconds, level: 0 });
    this.all.sort((one, other) => one.atSeconds - other.atSeconds);
  }

  /** Pulses and pauses of 3 to 9 ms, until there are `count`; a seeded sequence. */
  addRandom(pin: number, fromSeconds: number, count: number, seed: number): void {
    let state = seed;
    const between = (from: number, to: number) => {
      state = (state * 48271) % 2147483647;
      return from + (state / 2147483647) * (to - from);
    };
    let at = fromSeconds;
    for (let pulse = 0; pulse < count; pulse += 1) {
      const lasts = between(0.003, 0.009);
      this.add(pin, at, lasts);
      at += lasts + between(0.003, 0.009);
    }
  }

  changes(untilSeconds: number): PinChange[] {
    const due: PinChange[] = [];
    while (this.#next < this.all.length && this.all[this.#next]!.atSeconds <= untilSeconds) {
      due.push(this.all[this.#next]!);
      this.#next += 1;
    }
    return due;
  }
}
