import { openSensor } from '../../hardware/open-sensor.ts';
import { sensorSuite } from '../suites/sensor.suite.ts';

const emulated = { profile: 'busy', seed: 6, minutes: 2 } as const;

sensorSuite('an emulated VL53L1X', () => openSensor({ kind: 'vl53l1x', emulated }));
sensorSuite('an emulated pair of TF-Luna', () =>
  openSensor({ kind: 'tf-luna', outsidePort: '/dev/outside', insidePort: '/dev/inside', emulated }),
);
sensorSuite('an emulated TFmini-S', () =>
  openSensor({ kind: 'tfmini-s', outsidePort: '/dev/outside', rateHz: 200, emulated }),
);
sensorSuite('emulated detectors on pins of the machine', () =>
  openSensor({ kind: 'pir', outsidePin: 17, insidePin: 27, emulated }),
);
sensorSuite('an emulated detector on an Arduino', () =>
  openSensor({ kind: 'pir', arduinoPort: '/dev/uno', outsidePin: 2, emulated }),
);
