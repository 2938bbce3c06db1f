/**
 * Registers and constants of the VL53L1X. The numbers are facts of the device as ST publishes them
 * in the VL53L1X Ultra Lite Driver API 3.5.0 (STSW-IMG009, © STMicroelectronics, BSD-3-Clause) and
 * explains in UM2510 rev. 4; the text around them is ours. Indexes have 16 bits, words are
 * big-endian, and the device counts the index up by itself.
 */
export const register = {
  /** 7-bit address; volatile, back to 0x29 after a reset. */
  I2C_SLAVE__DEVICE_ADDRESS: 0x0001,
  SOFT_RESET: 0x0000,
  VHV_CONFIG__TIMEOUT_MACROP_LOOP_BOUND: 0x0008,
  VHV_CONFIG__INIT: 0x000b,
  GPIO_HV_MUX__CTRL: 0x0030,
  GPIO__TIO_HV_STATUS: 0x0031,
  PHASECAL_CONFIG__TIMEOUT_MACROP: 0x004b,
  RANGE_CONFIG__TIMEOUT_MACROP_A: 0x005e,
  RANGE_CONFIG__VCSEL_PERIOD_A: 0x0060,
  RANGE_CONFIG__TIMEOUT_MACROP_B: 0x0061,
  RANGE_CONFIG__VCSEL_PERIOD_B: 0x0063,
  RANGE_CONFIG__VALID_PHASE_HIGH: 0x0069,
  SYSTEM__INTERMEASUREMENT_PERIOD: 0x006c,
  SD_CONFIG__WOI_SD0: 0x0078,
  SD_CONFIG__INITIAL_PHASE_SD0: 0x007a,
  ROI_CONFIG__USER_ROI_CENTRE_SPAD: 0x007f,
  ROI_CONFIG__USER_ROI_REQUESTED_GLOBAL_XY_SIZE: 0x0080,
  SYSTEM__INTERRUPT_CLEAR: 0x0086,
  SYSTEM__MODE_START: 0x0087,
  RESULT__RANGE_STATUS: 0x0089,
  RESULT__OSC_CALIBRATE_VAL: 0x00de,
  FIRMWARE__SYSTEM_STATUS: 0x00e5,
  IDENTIFICATION__MODEL_ID: 0x010f,
} as const;

export const defaultAddress = 0x29;
/** Model 0xEA, module type 0xCC. */
export const modelId = 0xeacc;
export const modeStart = 0x40;
export const modeStop = 0x00;

/** The device leaves its boot state within 1.2 ms of XSHUT going high (data sheet, start-up). */
export const bootSeconds = 0.0012;

/** First register of the block that initialises the device. */
export const initialBlockStart = 0x2d;

/**
 * What ST writes from 0x2D to 0x87 before anything else (ULD API 3.5.0, VL53L1X_DEFAULT_CONFIGURATION,
 * © 2017 STMicroelectronics, BSD-3-Clause). Most of it is undocumented tuning.
 */
export const initialBlock: Uint8Array = Buffer.from(
  [
    '00 00 00 01 02 00 02 08 00 08 10 01 01 00 00 00', // 0x2D
    '00 ff 00 0f 00 00 00 00 00 20 0b 00 00 02 0a 21', // 0x3D
    '00 00 05 00 00 00 00 c8 00 00 38 ff 01 00 08 00', // 0x4D
    '00 01 cc 0f 01 f1 0d 01 68 00 80 08 b8 00 00 00', // 0x5D
    '00 0f 89 00 00 00 00 00 00 00 01 0f 0d 0e 0e 00', // 0x6D
    '00 02 c7 ff 9b 00 00 00 01 00 00', // 0x7D
  ]
    .join('')
    .replaceAll(' ', ''),
  'hex',
);

export type DistanceMode = 'short' | 'long';

/** Timing of the laser and its receiver for one distance mode (ULD API, SetDistanceMode). */
export const distanceModeValues = {
  short: { phasecal: 0x14, vcselA: 0x07, vcselB: 0x05, phaseHigh: 0x38, woi: 0x0705, initialPhase: 0x0606 },
  long: { phasecal: 0x0a, vcselA: 0x0f, vcselB: 0x0d, phaseHigh: 0xb8, woi: 0x0f0d, initialPhase: 0x0e0e },
} as const;

/** Words for RANGE_CONFIG__TIMEOUT_MACROP_A and _B by budget in milliseconds (ULD API, SetTimingBudgetInMs). */
export const timingBudgets: Readonly<Record<DistanceMode, ReadonlyMap<number, readonly [number, number]>>> = {
  short: new Map([
    [15, [0x001d, 0x0027]],
    [20, [0x0051, 0x006e]],
    [33, [0x00d6, 0x006e]],
    [50, [0x01ae, 0x01e8]],
    [100, [0x02e1, 0x0388]],
    [200, [0x03e1, 0x0496]],
    [500, [0x0591, 0x05c1]],
  ]),
  long: new Map([
    [20, [0x001e, 0x0022]],
    [33, [0x0060, 0x006e]],
    [50, [0x00ad, 0x00c6]],
    [100, [0x01cc, 0x01ea]],
    [200, [0x02d9, 0x02f8]],
    [500, [0x048f, 0x04a4]],
  ]),
};

/** The period register counts ticks of a slow oscillator; ST adds 7.5 % so that none comes out short. */
export const interMeasurementFactor = 1.075;

/** Range statuses of the port by the device's raw code (ULD API, status_rtn); 255 for all others. */
const statusByRaw: Readonly<Record<number, number>> = {
  9: 0,
  6: 1,
  4: 2,
  8: 3,
  5: 4,
  3: 5,
  19: 6,
  7: 7,
  12: 9,
  18: 10,
  22: 11,
  23: 12,
  13: 13,
};

/** Range status of the five low bits of RESULT__RANGE_STATUS: 0 is good, 255 is none. */
export function rangeStatus(raw: number): number {
  return statusByRaw[raw & 0x1f] ?? 255;
}
