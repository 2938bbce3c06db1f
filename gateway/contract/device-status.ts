import { type Static, Type } from 'typebox';
import { sensorFlags } from './count-batch.ts';
import { PushReport } from './device-settings.ts';
import { Epoch, ProfileHash, SensorName, UtcTime } from './names.ts';

export const deviceStatusVersion = 1;

/** A device has room for this many sensors: two doors, their witnesses and a street. */
export const deviceSensorsMax = 16;

const SensorStatus = Type.Object(
  {
    sensor: SensorName,
    kind: Type.Enum(['vl53l1x', 'tf-luna', 'tfmini-s', 'ultrasonic', 'pir', 'wifi-probe']),
    simulated: Type.Boolean({ description: 'True where readings are computed, not measured.' }),
    state: Type.Enum(['starting', 'counting', 'lost', 'off']),
    flags: Type.Array(Type.Enum([...sensorFlags]), { uniqueItems: true, maxItems: sensorFlags.length }),
  },
  { additionalProperties: false },
);

/** Birth (retained) and will of a device. The will carries `online: false` and the rest as last known. */
export const DeviceStatus = Type.Object(
  {
    version: Type.Literal(deviceStatusVersion),
    online: Type.Boolean(),
    software: Type.String({ maxLength: 40, description: 'Version of the agent.' }),
    bootId: Type.String({ pattern: '^[0-9a-f-]{1,36}$' }),
    startedAt: Type.Union([UtcTime, Type.Null()], { description: 'Null until the clock is trusted.' }),
    epoch: Epoch,
    profile: ProfileHash,
    clock: Type.Enum(['unsynced', 'synced', 'stepped']),
    wifiMode: Type.Enum(['off', 'rate', 'hashing'], {
      description: 'The mode that is running, not the one asked for.',
    }),
    sensors: Type.Array(SensorStatus, { maxItems: deviceSensorsMax }),
    push: Type.Optional(PushReport),
    health: Type.Object(
      {
        outboxHeld: Type.Integer({ minimum: 0, description: 'Intervals not yet receipted.' }),
        outboxFull: Type.Boolean(),
        lastSequence: Type.Optional(
          Type.Integer({
            minimum: 0,
            description: 'The newest sequence of the epoch: what the gateway should have heard of by now.',
          }),
        ),
        epochReason: Type.Enum(['first', 'damaged', 'cloned', 'restored'], {
          description: 'Why the epoch of the outbox was opened.',
        }),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false, description: 'What a device says of itself; retained.' },
);
export type DeviceStatus = Static<typeof DeviceStatus>;

/** Today's running totals, every 5 s whether or not anybody passed, for the owner's screens only. */
export const LiveTotals = Type.Object(
  {
    version: Type.Literal(deviceStatusVersion),
    sensors: Type.Array(
      Type.Object(
        { sensor: SensorName, in: Type.Integer({ minimum: 0 }), out: Type.Integer({ minimum: 0 }) },
        { additionalProperties: false },
      ),
      { maxItems: deviceSensorsMax },
    ),
    /** Spaces that bring every message to the same size, so that its length says nothing. */
    padding: Type.String({ maxLength: 2048 }),
  },
  { additionalProperties: false, description: 'Fixed cadence, fixed size; marks no single event.' },
);
export type LiveTotals = Static<typeof LiveTotals>;
