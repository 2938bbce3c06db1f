import {
  type DeviceStatus,
  deviceSensorsMax,
  deviceStatusVersion,
  type LiveTotals,
} from '../../gateway/contract/device-status.ts';
import { buildTopic } from '../../gateway/contract/topics.ts';
import type { LinkMessage } from './link.ts';

/** Longest name (63), two numbers of up to seven digits, names of fields: 16 of these fit. */
const bytesASensor = 112;

/** Every message with running totals has this length, whatever it says. */
const liveBytes = 64 + deviceSensorsMax * bytesASensor;

/** Today's running totals, always of the same length: a listener learns nothing from it. */
export function liveMessage(sensors: LiveTotals['sensors']): string {
  const bare: LiveTotals = { version: deviceStatusVersion, sensors, padding: '' };
  const missing = liveBytes - JSON.stringify(bare).length;
  return JSON.stringify({ ...bare, padding: ' '.repeat(Math.max(0, missing)) });
}

/** The birth: what the device says of itself, kept by the broker for whoever asks later. */
export function birthMessage(device: string, status: DeviceStatus): LinkMessage {
  return { topic: buildTopic(device, 'status'), payload: JSON.stringify(status), qos: 1, retain: true };
}

/** The will: the same with `online: false`, said by the broker when the link dies. */
export function willMessage(device: string, status: DeviceStatus): LinkMessage {
  return birthMessage(device, { ...status, online: false });
}
