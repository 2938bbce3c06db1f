import { type Static, Type } from 'typebox';

/** A recording played as a sensor. */
export const RecordingConfig = Type.Object(
  {
    kind: Type.Literal('recording'),
    file: Type.String({ minLength: 1, description: 'NDJSON recording, or a pcap/pcapng capture.' }),
    pace: Type.Optional(
      Type.Number({
        minimum: 0,
        default: 1,
        description: 'Speed-up: 1 is real pace, 60 an hour a minute, 0 as fast as possible.',
      }),
    ),
    timeline: Type.Optional(
      Type.Enum(['recorded', 'live'], {
        default: 'recorded',
        description:
          '`recorded`: readings happened when the recording says. `live`: they happen now, as though a device stood there; needs a pace of 1.',
      }),
    ),
    loop: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          'Begin again at the end; with `timeline: live` only: recorded time cannot run backwards.',
      }),
    ),
    shiftSeconds: Type.Optional(
      Type.Number({ default: 0, description: 'Added to the start time that the recording states.' }),
    ),
    wifiMode: Type.Optional(Type.Enum(['rate', 'hashing'])),
    simulated: Type.Optional(Type.Boolean({ description: 'Overrides what the recording says of itself.' })),
  },
  { additionalProperties: false },
);
export type RecordingConfig = Static<typeof RecordingConfig>;
