/** Wiring as data: what is drawn in docs/drawings. A pin of the Pi's header has its number. */

export interface WiringBox {
  readonly name: string;
  /** Names of the pins, from top to bottom. */
  readonly pins: readonly string[];
}

export type WireColour = 'supply' | 'ground' | 'signal' | 'second-signal';

/** From a pin of `left` to a pin of one of `right`. */
interface Wire {
  readonly from: string;
  readonly to: readonly [box: number, pin: string];
  readonly colour: WireColour;
}

export interface WiringPlan {
  readonly file: string;
  readonly title: string;
  readonly left: WiringBox;
  readonly right: readonly WiringBox[];
  readonly wires: readonly Wire[];
  readonly note: string;
}

const pi = {
  v3: '1  3.3 V',
  v5: '2  5 V',
  sda: '3  GPIO2 SDA',
  scl: '5  GPIO3 SCL',
  ground: '6  GND',
  gpio17: '11  GPIO17',
  gpio27: '13  GPIO27',
} as const;

const timeOfFlight = (name: string, withReset: boolean): WiringBox => ({
  name,
  pins: ['VIN', 'GND', 'SDA', 'SCL', ...(withReset ? ['XSHUT'] : [])],
});

const bus = (box: number): Wire[] => [
  { from: pi.v3, to: [box, 'VIN'], colour: 'supply' },
  { from: pi.ground, to: [box, 'GND'], colour: 'ground' },
  { from: pi.sda, to: [box, 'SDA'], colour: 'signal' },
  { from: pi.scl, to: [box, 'SCL'], colour: 'second-signal' },
];

const lidar = (box: number): Wire[] => [
  { from: `${'AB'[box]}: 5 V`, to: [box, '1  5 V'], colour: 'supply' },
  { from: `${'AB'[box]}: GND`, to: [box, '4  GND'], colour: 'ground' },
  { from: `${'AB'[box]}: TXD`, to: [box, '2  RXD'], colour: 'signal' },
  { from: `${'AB'[box]}: RXD`, to: [box, '3  TXD'], colour: 'second-signal' },
];
const lidarBox = (name: string): WiringBox => ({ name, pins: ['1  5 V', '2  RXD', '3  TXD', '4  GND'] });

const detector = (name: string): WiringBox => ({ name, pins: ['VCC', 'OUT', 'GND'] });
const detectors = (names: { supply: string; ground: string; signals: readonly [string, string] }): Wire[] =>
  [0, 1].flatMap((box) => [
    { from: names.supply, to: [box, 'VCC'], colour: 'supply' } as const,
    { from: names.ground, to: [box, 'GND'], colour: 'ground' } as const,
    {
      from: names.signals[box as 0 | 1],
      to: [box, 'OUT'],
      colour: box === 0 ? 'signal' : 'second-signal',
    } as const,
  ]);

export const wiringPlans: readonly WiringPlan[] = [
  {
    file: 'wiring-vl53l1x.svg',
    title: 'One VL53L1X on I²C',
    left: { name: 'Raspberry Pi', pins: [pi.v3, pi.sda, pi.scl, pi.ground] },
    right: [timeOfFlight('VL53L1X board', false)],
    wires: bus(0),
    note: 'Lead at most 50 cm at 400 kHz. Pull-ups are on the boards.',
  },
  {
    file: 'wiring-vl53l1x-two.svg',
    title: 'Two VL53L1X on one bus',
    left: { name: 'Raspberry Pi', pins: [pi.v3, pi.sda, pi.scl, pi.ground, pi.gpio17, pi.gpio27] },
    right: [timeOfFlight('VL53L1X, address 0x30', true), timeOfFlight('VL53L1X, address 0x31', true)],
    wires: [
      ...bus(0),
      ...bus(1),
      { from: pi.gpio17, to: [0, 'XSHUT'], colour: 'signal' },
      { from: pi.gpio27, to: [1, 'XSHUT'], colour: 'signal' },
    ],
    note: 'Each sensor needs its own XSHUT pin: both wake up at 0x29.',
  },
  {
    file: 'wiring-tf-luna.svg',
    title: 'Two TF-Luna on USB adapters',
    left: {
      name: 'USB serial adapters',
      pins: ['A: 5 V', 'A: TXD', 'A: RXD', 'A: GND', 'B: 5 V', 'B: TXD', 'B: RXD', 'B: GND'],
    },
    right: [lidarBox('TF-Luna, outside'), lidarBox('TF-Luna, inside')],
    wires: [...lidar(0), ...lidar(1)],
    note: 'Pin 5 stays open (serial mode). Levels are 3.3 V: set the adapters to 3.3 V.',
  },
  {
    file: 'wiring-pir-gpio.svg',
    title: 'Two motion detectors on the Pi',
    left: { name: 'Raspberry Pi', pins: [pi.v5, pi.ground, pi.gpio17, pi.gpio27] },
    right: [detector('HC-SR501, outside'), detector('HC-SR501, inside')],
    wires: detectors({ supply: pi.v5, ground: pi.ground, signals: [pi.gpio17, pi.gpio27] }),
    note: 'The outputs are 3.3 V. Never connect a 5 V output to a pin of the Pi.',
  },
  {
    file: 'wiring-pir-arduino.svg',
    title: 'Two motion detectors on an Arduino',
    left: { name: 'Arduino Uno on USB', pins: ['5 V', 'GND', 'D2', 'D8'] },
    right: [detector('HC-SR501, outside'), detector('HC-SR501, inside')],
    wires: detectors({ supply: '5 V', ground: 'GND', signals: ['D2', 'D8'] }),
    note: 'Load StandardFirmata from the Arduino IDE (File, Examples, Firmata).',
  },
];
