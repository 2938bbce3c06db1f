import { type Clock, monotonicClock } from '../clock.ts';
import type { SerialBinding } from '../serial/serial-binding.ts';
import type { TfLunaConfig, TfminiSConfig } from '../tf-luna/tf-luna-config.ts';
import { EmulatedLidar } from './emulated-lidar.ts';
import { EmulatedSerialBinding, type EmulatedSerialDevice } from './emulated-serial-binding.ts';
import {
  type EmulatedWalksConfig,
  emulatedHeightMmDefault,
  emulatedMinutesDefault,
  scenarioStartSeconds,
} from './emulated-walks-config.ts';
import { WalkBeam } from './walk-beam.ts';
import { drawScenario, type Scenario } from './walks/scenario.ts';

/** A doorway, where the configuration names no width. */
const passageMmDefault = 1600;
const spacingMmDefault = 250;

/** Serial ports with emulated lidars that people walk through, named as in the configuration. */
export function emulatedLidarBinding(
  config: TfLunaConfig | TfminiSConfig,
  walks: EmulatedWalksConfig,
  clock: Clock = monotonicClock,
): SerialBinding & { readonly scenario: Scenario } {
  const geometry = config.geometry ?? 'side';
  const ceilingMm = geometry === 'ceiling' ? config.mountingHeightMm : undefined;
  const scenario = drawScenario({
    profile: walks.profile,
    seed: walks.seed,
    minutes: walks.minutes ?? emulatedMinutesDefault,
    mountingHeightMm: ceilingMm ?? emulatedHeightMmDefault,
  });
  const startsAtSeconds =
    clock === monotonicClock ? scenarioStartSeconds(clock.nowSeconds()) : clock.nowSeconds();
  const lidar = (side: 'outside' | 'inside') =>
    new EmulatedLidar(
      new WalkBeam({
        scenario,
        seed: walks.seed,
        side,
        geometry,
        mountingHeightMm:
          config.mountingHeightMm ?? (geometry === 'ceiling' ? emulatedHeightMmDefault : passageMmDefault),
        spacingMm: config.spacingMm ?? spacingMmDefault,
        startsAtSeconds,
      }),
      config.kind,
    );
  const devices = new Map<string, EmulatedSerialDevice>([[config.outsidePort, lidar('outside')]]);
  if (config.insidePort) devices.set(config.insidePort, lidar('inside'));
  return Object.assign(new EmulatedSerialBinding(devices, clock), { scenario });
}
