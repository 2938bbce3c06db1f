import { type Static, Type } from 'typebox';
import { EmulatedWalksConfig } from '../emulated/emulated-walks-config.ts';
import { serialPortPattern } from '../serial/serial-path.ts';

const Port = Type.String({
  pattern: serialPortPattern,
  description: 'A path, best of /dev/serial/by-id or by-path, or usb:VENDOR:PRODUCT[:SERIAL].',
});

const fields = {
  outsidePort: Port,
  insidePort: Type.Optional(Port),
  rateHz: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
  geometry: Type.Optional(Type.Enum(['ceiling', 'side'], { default: 'side' })),
  mountingHeightMm: Type.Optional(
    Type.Integer({
      minimum: 300,
      maximum: 8000,
      description: 'Floor to lens, or for side the free width across the passage.',
    }),
  ),
  spacingMm: Type.Optional(
    Type.Integer({ minimum: 50, maximum: 500, default: 250, description: 'Between the two beams.' }),
  ),
  emulated: Type.Optional(EmulatedWalksConfig),
};

/**
 * One or two TF-Luna on serial ports. Two beams behind each other tell directions; one alone tells
 * that something passed, and no direction.
 */
export const TfLunaConfig = Type.Object(
  { kind: Type.Literal('tf-luna'), ...fields },
  { additionalProperties: false },
);
export type TfLunaConfig = Static<typeof TfLunaConfig>;

/** As `TfLunaConfig`, for TFmini-S. */
export const TfminiSConfig = Type.Object(
  { kind: Type.Literal('tfmini-s'), ...fields },
  { additionalProperties: false },
);
export type TfminiSConfig = Static<typeof TfminiSConfig>;
