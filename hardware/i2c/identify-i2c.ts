import { type I2cBus, I2cError } from './i2c-bus.ts';

/** What answers at an address. */
export type I2cIdentity = 'vl53l1x' | 'vl53l0x' | 'bme280' | 'real-time-clock' | 'lidar' | 'unknown';

export interface FoundChip {
  readonly address: number;
  readonly identity: I2cIdentity;
}

/** Addresses below and above are reserved (I²C specification, UM10204, table 4). */
const firstAddress = 0x08;
const lastAddress = 0x77;
/**
 * VL53L1X start at 0x29 and are given addresses near it. Elsewhere nobody is asked with an index of
 * two bytes: a chip with short indexes would take the second one for a value to write.
 */
const longIndexAddresses = [0x29, 0x3f] as const;
/** A TF-Luna whose pin 5 is at ground speaks I²C at this address (manual A05). */
const lidarAddress = 0x10;
const clockAddress = 0x68;
const bme280Addresses: readonly number[] = [0x76, 0x77];

/** Looks who is on a bus. Throws `I2cError` only where the bus itself hangs. */
export async function identifyI2c(bus: I2cBus): Promise<FoundChip[]> {
  const found: FoundChip[] = [];
  for (let address = firstAddress; address <= lastAddress; address += 1) {
    const first = await readBytes(bus, address, [0x00], 1);
    if (first !== null) found.push({ address, identity: await identityAt(bus, address) });
  }
  return found;
}

async function identityAt(bus: I2cBus, address: number): Promise<I2cIdentity> {
  if (address >= longIndexAddresses[0] && address <= longIndexAddresses[1]) {
    // IDENTIFICATION_MODEL_ID of a VL53L0X, whose indexes have one byte (UM2039).
    const short = await readBytes(bus, address, [0xc0], 2);
    if (short?.[0] === 0xee && short[1] === 0xaa) return 'vl53l0x';
    // IDENTIFICATION__MODEL_ID of a VL53L1X: 0xEACC (register-map.ts).
    const long = await readBytes(bus, address, [0x01, 0x0f], 2);
    if (long?.[0] === 0xea && long[1] === 0xcc) return 'vl53l1x';
  }
  if (address === lidarAddress) return 'lidar';
  if (address === clockAddress) return 'real-time-clock';
  // Chip id of a BME280 (data sheet, register 0xD0).
  if (bme280Addresses.includes(address) && (await readBytes(bus, address, [0xd0], 1))?.[0] === 0x60)
    return 'bme280';
  return 'unknown';
}

async function readBytes(
  bus: I2cBus,
  address: number,
  index: readonly number[],
  count: number,
): Promise<Uint8Array | null> {
  const target = new Uint8Array(count);
  try {
    await bus.read(address, Uint8Array.from(index), target);
    return target;
  } catch (error) {
    if (error instanceof I2cError && error.code === 'nack') return null;
    throw error;
  }
}
