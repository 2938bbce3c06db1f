import { Type } from 'typebox';

/** Lower-case names that are safe as a topic level, a file name and a URL segment alike. */
const namePattern = '^[a-z0-9][a-z0-9-]{0,62}$';

export const DeviceName = Type.String({
  pattern: namePattern,
  description: 'Name of a device, unique within a gateway.',
  examples: ['iserlohn-laarstrasse-3'],
});

export const SensorName = Type.String({
  pattern: namePattern,
  description: 'Slot of a sensor within its device; the gateway assigns slots to lines.',
  examples: ['door'],
});

export const Epoch = Type.String({
  pattern: '^[0-9a-f]{16}$',
  examples: ['5f0c2a9e417b38d6'],
  description: 'Random id born with an outbox; with the sequence it names an interval once and for ever.',
});

export const StoreId = Type.String({
  pattern: '^[0-9a-f]{16}$',
  examples: ['5f0c2a9e417b38d6'],
  description: 'Random id born with a gateway database and renewed by a restore.',
});

export const ProfileHash = Type.String({
  pattern: '^[0-9a-f]{16}$',
  examples: ['5f0c2a9e417b38d6'],
  description:
    'First 64 bits of the SHA-256 of the site profile in force; sixteen zeros where there is none.',
});

/** Sequences count from 1 within an epoch. 2^48 minutes of five sensors are a hundred million years. */
const sequenceMax = 2 ** 48;

export const Sequence = Type.Integer({
  minimum: 1,
  maximum: sequenceMax,
  description: 'Number of an interval within its epoch, from 1, without holes.',
});

export const Origin = Type.String({
  pattern: '^[0-9a-f]{16}$',
  examples: ['5f0c2a9e417b38d6'],
  description:
    'What an interval is, whatever its key: a card that was copied and put back may send it under another one.',
});

export const UtcTime = Type.String({
  // Years before 2020 are refused on the wire: a Pi without a clock believes in 1970.
  pattern: '^20[2-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,3})?Z$',
  description: 'UTC time, RFC 3339 with Z.',
  examples: ['2026-03-02T08:00:00Z'],
});
