import { hash } from 'node:crypto';
import type { DeviceSettings, DeviceSettingsState, SettingsPush } from '../contract/device-settings.ts';
import { settingsPushVersion } from '../contract/device-settings.ts';
import type { DeviceStatus } from '../contract/device-status.ts';
import { buildTopic } from '../contract/topics.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { MessageLink } from './message-link.ts';

export interface SettingsPushesParts {
  readonly records: RecordStore;
  readonly link: MessageLink;
  readonly now: () => number;
  /** Told when the broker does not take a push; it goes out again with the next birth of the device. */
  readonly failed: (device: string, cause: unknown) => void;
}

interface KeptPush {
  readonly push: SettingsPush;
  readonly pushedMs: number;
}

/**
 * Settings on their way to devices, as retained messages. They are records first: a broker that
 * forgets, or is away, gets them again at the gateway's start and whenever a device speaks that has
 * not dealt with its own.
 */
export class SettingsPushes {
  readonly #parts: SettingsPushesParts;

  constructor(parts: SettingsPushesParts) {
    this.#parts = parts;
  }

  /** Repeats all pushes. Never rejects for a broker that does not take them. */
  async repeatAll(): Promise<void> {
    for (const { id, body } of await this.#parts.records.readRecords('device-settings')) {
      await this.#publish(id, body as SettingsPush);
    }
  }

  /** Keeps settings and sends them. The broker may take them later. */
  async push(device: string, made: { parent: string; settings: DeviceSettings }): Promise<void> {
    const { records, now } = this.#parts;
    const { parent, settings } = made;
    const id = hash('sha256', JSON.stringify([parent, settings])).slice(0, 16);
    const push: SettingsPush = { version: settingsPushVersion, id, parent, settings };
    await records.put([{ kind: 'device-settings', id: device, body: push }], now());
    await this.#publish(device, push);
  }

  /** A device has said how it is: if it does not speak of its push, it has not got it. */
  async heard(device: string, status: DeviceStatus): Promise<void> {
    if (!status.online) return;
    const kept = await this.#kept(device);
    if (kept !== null && status.push?.id !== kept.push.id) await this.#publish(device, kept.push);
  }

  /** What was pushed to a device and what it says of it. */
  async stateOf(device: string, status: DeviceStatus | null): Promise<DeviceSettingsState> {
    const kept = await this.#kept(device);
    const running = {
      runningProfile: status?.profile ?? null,
      runningWifiMode: status?.wifiMode ?? null,
    };
    if (kept === null) {
      return { device, settings: {}, parent: null, pushedAt: null, state: 'none', reason: null, ...running };
    }
    const { push, pushedMs } = kept;
    const report = status?.push?.id === push.id ? status.push : null;
    return {
      device,
      settings: push.settings,
      parent: push.parent,
      pushedAt: `${new Date(pushedMs).toISOString().slice(0, 19)}Z`,
      state: report?.outcome ?? 'pending',
      reason: report?.reason ?? null,
      ...running,
    };
  }

  async #kept(device: string): Promise<KeptPush | null> {
    const records = await this.#parts.records.readRecords('device-settings');
    const record = records.find(({ id }) => id === device);
    return record === undefined ? null : { push: record.body as SettingsPush, pushedMs: record.recordedMs };
  }

  async #publish(device: string, push: SettingsPush): Promise<void> {
    const { link, failed } = this.#parts;
    const message = { topic: buildTopic(device, 'profile'), payload: JSON.stringify(push), retain: true };
    await link.publish(message).catch((cause: unknown) => failed(device, cause));
  }
}
