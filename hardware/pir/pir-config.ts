import { type Static, Type } from 'typebox';
import { EmulatedWalksConfig } from '../emulated/emulated-walks-config.ts';
import { serialPortPattern } from '../serial/serial-path.ts';

const Pin = Type.Integer({ minimum: 0, maximum: 63 });

/** One or two passive infrared detectors, on an Arduino or on pins of the machine itself. */
export const PirConfig = Type.Object(
  {
    kind: Type.Literal('pir'),
    arduinoPort: Type.Optional(
      Type.String({
        pattern: serialPortPattern,
        description: 'Arduino with StandardFirmata; absent: pins of the machine itself.',
      }),
    ),
    gpioChip: Type.Optional(Type.String({ default: 'gpiochip0' })),
    outsidePin: Pin,
    insidePin: Type.Optional(Pin),
    emulated: Type.Optional(EmulatedWalksConfig),
  },
  { additionalProperties: false },
);
export type PirConfig = Static<typeof PirConfig>;
