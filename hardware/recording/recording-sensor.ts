import { type Sensor, SensorError } from '../sensor.ts';
import type { RecordingConfig } from './recording-config.ts';

/** Opens a recording as a sensor. */
export async function openRecordingSensor(config: RecordingConfig): Promise<Sensor> {
  throw new SensorError('unsupported', `${config.file}: recordings are not read yet`);
}
