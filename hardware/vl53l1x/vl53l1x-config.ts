import { type Static, Type } from 'typebox';
import { EmulatedWalksConfig } from '../emulated/emulated-walks-config.ts';

const Pin = Type.Integer({ minimum: 0, maximum: 63, description: 'Line of the GPIO chip (BCM number).' });

/** A VL53L1X on I²C that looks down on, or across, a passage. */
export const Vl53l1xConfig = Type.Object(
  {
    kind: Type.Literal('vl53l1x'),
    bus: Type.Optional(Type.String({ default: '/dev/i2c-1', description: 'I²C bus device.' })),
    address: Type.Optional(
      Type.Integer({
        minimum: 0x08,
        maximum: 0x77,
        default: 0x29,
        description: 'Own 7-bit address; other than 0x29 needs `xshutPin`.',
      }),
    ),
    xshutPin: Type.Optional(Pin),
    otherXshutPins: Type.Optional(
      Type.Array(Pin, {
        maxItems: 15,
        default: [],
        description: 'XSHUT pins of all other VL53L1X on the bus.',
      }),
    ),
    gpioChip: Type.Optional(Type.String({ default: 'gpiochip0' })),
    distanceMode: Type.Optional(
      Type.Enum(['short', 'long'], {
        default: 'long',
        description: 'short: to 1.3 m, little disturbed by sunlight.',
      }),
    ),
    timingBudgetMs: Type.Optional(
      Type.Enum([15, 20, 33, 50, 100, 200], {
        default: 20,
        description: 'Integration time; 15 in mode short only.',
      }),
    ),
    walkAlong: Type.Optional(Type.Enum(['columns', 'rows'], { default: 'columns' })),
    firstLooks: Type.Optional(
      Type.Enum(['outside', 'inside'], {
        default: 'outside',
        description: 'Side that the first columns or rows look at.',
      }),
    ),
    padsAlong: Type.Optional(
      Type.Integer({ minimum: 4, maximum: 8, default: 8, description: 'Pads of a zone along the walk.' }),
    ),
    lanes: Type.Optional(Type.Enum([1, 2], { default: 1 })),
    geometry: Type.Optional(Type.Enum(['ceiling', 'side'], { default: 'ceiling' })),
    mountingHeightMm: Type.Optional(Type.Integer({ minimum: 300, maximum: 6000 })),
    emulated: Type.Optional(EmulatedWalksConfig),
  },
  { additionalProperties: false },
);
export type Vl53l1xConfig = Static<typeof Vl53l1xConfig>;
