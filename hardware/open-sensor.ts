import type { Static } from 'typebox';
import { Type } from 'typebox';
import { WalkSensorConfig } from './emulated/walks/walk-sensor-config.ts';
import { PirConfig } from './pir/pir-config.ts';
import { RecordingConfig } from './recording/recording-config.ts';
import type { Sensor } from './sensor.ts';
import { TfLunaConfig, TfminiSConfig } from './tf-luna/tf-luna-config.ts';
import { Vl53l1xConfig } from './vl53l1x/vl53l1x-config.ts';
import { type WifiPermission, WifiProbeConfig } from './wifi-probe/wifi-probe-config.ts';

/**
 * The only list of drivers. A new sensor is one folder with a README, and one entry here: its
 * configuration's schema, loaded at once, and its driver, loaded when a configuration names it.
 */
const drivers = {
  recording: {
    config: RecordingConfig,
    open: async (config: RecordingConfig) =>
      (await import('./recording/recording-sensor.ts')).openRecordingSensor(config),
  },
  vl53l1x: {
    config: Vl53l1xConfig,
    open: async (config: Vl53l1xConfig) => (await import('./vl53l1x/open-vl53l1x.ts')).openVl53l1x(config),
  },
  walks: {
    config: WalkSensorConfig,
    open: async (config: WalkSensorConfig) =>
      (await import('./emulated/walks/walk-sensor.ts')).openWalkSensor(config),
  },
  'tf-luna': {
    config: TfLunaConfig,
    open: async (config: TfLunaConfig) => (await import('./tf-luna/open-lidar.ts')).openLidar(config),
  },
  'tfmini-s': {
    config: TfminiSConfig,
    open: async (config: TfminiSConfig) => (await import('./tf-luna/open-lidar.ts')).openLidar(config),
  },
  'wifi-probe': {
    config: WifiProbeConfig,
    open: async (config: WifiProbeConfig, permission: WifiPermission | null) =>
      (await import('./wifi-probe/wifi-probe-sensor.ts')).openWifiProbe(config, permission),
  },
  pir: {
    config: PirConfig,
    open: async (config: PirConfig) => (await import('./pir/open-pir.ts')).openPir(config),
  },
} as const;

/** The configuration of any sensor, told apart by `kind`. */
export const SensorConfig = Type.Union([
  drivers.recording.config,
  drivers.vl53l1x.config,
  drivers.walks.config,
  drivers['tf-luna'].config,
  drivers['tfmini-s'].config,
  drivers['wifi-probe'].config,
  drivers.pir.config,
]);
export type SensorConfig = Static<typeof SensorConfig>;

/**
 * Opens the driver that `config.kind` names. `permission` is what the site profile says about WiFi:
 * without one no interface is opened. Throws `SensorError`.
 */
export async function openSensor(
  config: SensorConfig,
  permission: WifiPermission | null = null,
): Promise<Sensor> {
  switch (config.kind) {
    case 'recording':
      return drivers.recording.open(config);
    case 'vl53l1x':
      return drivers.vl53l1x.open(config);
    case 'walks':
      return drivers.walks.open(config);
    case 'tf-luna':
      return drivers['tf-luna'].open(config);
    case 'tfmini-s':
      return drivers['tfmini-s'].open(config);
    case 'wifi-probe':
      return drivers['wifi-probe'].open(config, permission);
    case 'pir':
      return drivers.pir.open(config);
  }
}
