import { type Static, Type } from 'typebox';
import { DeviceName, ProfileHash, UtcTime } from './names.ts';
import { weeklyHours } from './weekly-hours.ts';

export const settingsPushVersion = 1;

const closed = { additionalProperties: false } as const;

/** What the gateway is master of in a device's profile; the device is master of all the rest. */
export const DeviceSettings = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 80, description: 'What people call it.' })),
    hours: Type.Optional(Type.Object(weeklyHours, closed)),
    audiences: Type.Optional(
      Type.Array(Type.Enum(['owner', 'partner', 'public']), {
        uniqueItems: true,
        maxItems: 3,
        description: 'Who is shown the numbers of this place.',
      }),
    ),
    wifiMode: Type.Optional(
      Type.Enum(['off', 'rate', 'hashing'], {
        description:
          'The mode of a WiFi sensor that the site profile names; it switches none on that is not there.',
      }),
    ),
  },
  { ...closed, description: 'Names, hours, audiences and WiFi mode of a device.' },
);
export type DeviceSettings = Static<typeof DeviceSettings>;

export const PushId = Type.String({
  pattern: '^[0-9a-f]{16}$',
  examples: ['5f0c2a9e417b38d6'],
  description: 'First 64 bits of the SHA-256 of parent and settings.',
});

/** The retained message of the topic `profile`. */
export const SettingsPush = Type.Object(
  {
    version: Type.Literal(settingsPushVersion),
    id: PushId,
    parent: Type.Unsafe<string>({ ...ProfileHash, description: 'The profile these settings were made for.' }),
    settings: DeviceSettings,
  },
  { ...closed, description: 'Settings for a device; adopted on their parent only, never merged.' },
);
export type SettingsPush = Static<typeof SettingsPush>;

export const pushOutcomes = ['adopted', 'conflict', 'unusable', 'not-kept'] as const;

/** What a device says has become of the last push it got. */
export const PushReport = Type.Object(
  {
    id: Type.Union([PushId, Type.Null()], { description: 'Null where the message named none.' }),
    outcome: Type.Enum([...pushOutcomes]),
    reason: Type.Union([Type.String({ maxLength: 200 }), Type.Null()]),
  },
  closed,
);
export type PushReport = Static<typeof PushReport>;

/** `PUT /v1/devices/{id}/settings`. */
export const DeviceSettingsBody = Type.Object(
  {
    settings: DeviceSettings,
    parent: Type.Optional(
      Type.Unsafe<string>({
        ...ProfileHash,
        description: 'Default: the profile that the device says is running.',
      }),
    ),
  },
  closed,
);
export type DeviceSettingsBody = Static<typeof DeviceSettingsBody>;

/** What was pushed to a device, and what has become of it. */
export const DeviceSettingsState = Type.Object(
  {
    device: DeviceName,
    settings: DeviceSettings,
    parent: Type.Union([ProfileHash, Type.Null()]),
    pushedAt: Type.Union([UtcTime, Type.Null()]),
    state: Type.Enum(['none', 'pending', ...pushOutcomes], {
      description:
        '`none` where nothing was pushed; `pending` until the device says; `conflict`: it runs another profile than the parent.',
    }),
    reason: Type.Union([Type.String(), Type.Null()]),
    runningProfile: Type.Union([ProfileHash, Type.Null()]),
    runningWifiMode: Type.Union([Type.Enum(['off', 'rate', 'hashing']), Type.Null()]),
  },
  closed,
);
export type DeviceSettingsState = Static<typeof DeviceSettingsState>;
