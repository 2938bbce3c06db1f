import { fileURLToPath } from 'node:url';
import { monotonicClock } from '../clock.ts';
import type { GpioProgram } from '../gpio/libgpiod-version.ts';
import type { PirConfig } from '../pir/pir-config.ts';
import type { SerialBinding } from '../serial/serial-binding.ts';
import { EmulatedArduino, type PinChange, type PinSource } from './emulated-arduino.ts';
import { EmulatedPir, pirTimings } from './emulated-pir.ts';
import { EmulatedSerialBinding } from './emulated-serial-binding.ts';
import {
  type EmulatedWalksConfig,
  emulatedHeightMmDefault,
  emulatedMinutesDefault,
  scenarioStartSeconds,
} from './emulated-walks-config.ts';
import { WalkMotion } from './walk-motion.ts';
import { drawScenario } from './walks/scenario.ts';

/** A share of a core at full speed, a tenth of it like this; the firmware's loop is still done in 0.2 ms. */
const arduinoShare = 0.2;

/** What the emulated detectors see and where they are wired; also the argument of the emulated gpiomon. */
export interface PirWiring {
  readonly walks: EmulatedWalksConfig;
  readonly outsidePin: number;
  readonly insidePin: number | null;
  readonly startsAtSeconds: number;
}

/** Detectors of type AM312 that were switched on long ago, wired as the configuration says. */
export class EmulatedDetectors implements PinSource {
  readonly #detectors: readonly { readonly pin: number; readonly pir: EmulatedPir }[];

  constructor(wiring: PirWiring) {
    const { walks, startsAtSeconds } = wiring;
    const scenario = drawScenario({
      profile: walks.profile,
      seed: walks.seed,
      minutes: walks.minutes ?? emulatedMinutesDefault,
      mountingHeightMm: emulatedHeightMmDefault,
    });
    const detector = (pin: number, place: 'alone' | 'outside' | 'inside') => {
      const scene = new WalkMotion({ scenario, heightMm: emulatedHeightMmDefault, place, startsAtSeconds });
      const poweredAtSeconds = startsAtSeconds - pirTimings.am312.warmUpSeconds;
      return { pin, pir: new EmulatedPir({ scene, type: 'am312', poweredAtSeconds }) };
    };
    this.#detectors =
      wiring.insidePin === null
        ? [detector(wiring.outsidePin, 'alone')]
        : [detector(wiring.outsidePin, 'outside'), detector(wiring.insidePin, 'inside')];
  }

  changes(untilSeconds: number): PinChange[] {
    return this.#detectors
      .flatMap(({ pin, pir }) => pir.changes(untilSeconds).map((change) => ({ pin, ...change })))
      .sort((one, other) => one.atSeconds - other.atSeconds);
  }
}

/** Stand-ins for what `openPir` opens on a real machine. */
export function emulatedPirWiring(config: PirConfig, walks: EmulatedWalksConfig) {
  const wiring: PirWiring = {
    walks,
    outsidePin: config.outsidePin,
    insidePin: config.insidePin ?? null,
    startsAtSeconds: scenarioStartSeconds(monotonicClock.nowSeconds()),
  };
  return {
    /** A program of ours that prints edges as gpiomon does. */
    gpiomon: (): GpioProgram => ({
      command: process.execPath,
      leadingArguments: [
        fileURLToPath(new URL('emulated-gpiomon.ts', import.meta.url)),
        JSON.stringify(wiring),
      ],
    }),
    /** A serial port with an Arduino at the other end. */
    arduinoBinding: (): SerialBinding => {
      const board = new EmulatedArduino(new EmulatedDetectors(wiring), arduinoShare);
      return new EmulatedSerialBinding(new Map([[config.arduinoPort ?? '', board]]), monotonicClock);
    },
  };
}
