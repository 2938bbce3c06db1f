import { monotonicClock } from '../clock.ts';
import { sensorOptions } from '../vl53l1x/open-vl53l1x.ts';
import { Vl53l1xBus } from '../vl53l1x/vl53l1x-bus.ts';
import type { Vl53l1xConfig } from '../vl53l1x/vl53l1x-config.ts';
import { Vl53l1xSensor } from '../vl53l1x/vl53l1x-sensor.ts';
import { type BusFault, EmulatedI2cBus } from './emulated-i2c-bus.ts';
import { EmulatedVl53l1x } from './emulated-vl53l1x.ts';
import {
  type EmulatedWalksConfig,
  emulatedHeightMmDefault,
  emulatedMinutesDefault,
  scenarioStartSeconds,
} from './emulated-walks-config.ts';
import { Stage } from './stage.ts';
import { StageScene } from './stage-scene.ts';
import { WalkSceneView } from './walk-scene-view.ts';

/** Opens the real driver on an emulated chip that people walk under. */
export async function openEmulatedVl53l1x(
  config: Vl53l1xConfig,
  walks: EmulatedWalksConfig,
): Promise<Vl53l1xSensor> {
  const clock = monotonicClock;
  const mountingHeightMm = config.mountingHeightMm ?? emulatedHeightMmDefault;
  const startsAtSeconds = scenarioStartSeconds(clock.nowSeconds());
  const stage = walks.stage === undefined ? null : new Stage({ file: walks.stage, seed: walks.seed });
  const place = { seed: walks.seed, mountingHeightMm, startsAtSeconds };
  const scene =
    stage === null
      ? new WalkSceneView({ ...walks, ...place, minutes: walks.minutes ?? emulatedMinutesDefault })
      : new StageScene({ stage, ...place });
  const options = sensorOptions(config);
  const chip = new EmulatedVl53l1x({
    scene,
    mounting: { walkAlong: config.walkAlong ?? 'columns', firstLooks: config.firstLooks ?? 'outside' },
  });
  // Transfers take less than the grain of the machine's timers.
  const wires = new EmulatedI2cBus({
    targets: [chip],
    clock,
    bitsPerSecond: 0,
    faultAt: (atSeconds) => cableFault(stage, atSeconds - startsAtSeconds),
  });
  const bus = new Vl53l1xBus({
    bus: wires,
    clock,
    openLine: () => chip.xshutLine(() => clock.nowSeconds()),
  });
  const { xshutPin } = options.place;
  if (xshutPin !== undefined) await bus.hold([xshutPin]);
  const sensor = new Vl53l1xSensor({
    ...options,
    bus,
    clock,
    mountingHeightMm,
    simulated: true,
    release: () => bus.close(),
  });
  await sensor.bringUp();
  return sensor;
}

/** Whether the director has pulled the plug: then nobody acknowledges. */
function cableFault(stage: Stage | null, atSeconds: number): BusFault {
  if (stage === null) return 'none';
  stage.look(atSeconds);
  return stage.condition.plugged ? 'none' : 'nack';
}
