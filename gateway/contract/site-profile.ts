import { type Static, Type } from 'typebox';
import { DeviceSettings } from './device-settings.ts';
import { ProfileHash, SensorName, UtcTime } from './names.ts';

export const siteProfileVersion = 1;

const Millimetres = (description: string, maximum = 12_000) =>
  Type.Number({ minimum: 0, maximum, description });

const ZoneProfile = Type.Object(
  {
    zone: Type.Integer({ minimum: 0, maximum: 3 }),
    side: Type.Enum(['outside', 'inside']),
    idleMm: Type.Optional(Millimetres('Distance of the empty scene: floor, or the far door post.')),
    idleDeviationMm: Type.Optional(Millimetres('Standard deviation of the empty scene.', 2_000)),
  },
  { additionalProperties: false },
);

const Correction = Type.Object(
  {
    factor: Type.Number({ minimum: 0.1, maximum: 10, description: 'People per person counted.' }),
    standardError: Type.Number({ minimum: 0, maximum: 5 }),
    people: Type.Integer({ minimum: 1, description: 'People whom the observer saw.' }),
    counted: Type.Integer({ minimum: 1 }),
  },
  { additionalProperties: false },
);

/** What an observer who tapped every passage found; the correction is applied at the gateway. */
const WalkTestRecord = Type.Object(
  {
    at: UtcTime,
    engine: Type.String({ maxLength: 40, description: 'Name and version of the engine that was tested.' }),
    seconds: Type.Integer({ minimum: 1 }),
    people: Type.Integer({ minimum: 0, description: 'People whom the observer saw cross.' }),
    recognised: Type.Integer({ minimum: 0, description: 'Of them, counted in their direction.' }),
    crossings: Type.Integer({ minimum: 0, description: 'Crossings that were counted.' }),
    in: Type.Optional(Correction),
    out: Type.Optional(Correction),
  },
  { additionalProperties: false },
);
export type WalkTestRecord = Static<typeof WalkTestRecord>;

const DistanceSensorProfile = Type.Object(
  {
    sensor: SensorName,
    kind: Type.Enum(['vl53l1x', 'tf-luna', 'tfmini-s', 'ultrasonic']),
    geometry: Type.Enum(['ceiling', 'side']),
    mountingHeightMm: Type.Optional(Millimetres('Floor to lens, or the free width for geometry side.')),
    zones: Type.Array(ZoneProfile, { minItems: 1, maxItems: 4 }),
    baselineAt: Type.Optional(UtcTime),
    walkTest: Type.Optional(WalkTestRecord),
  },
  { additionalProperties: false },
);

const MotionSensorProfile = Type.Object(
  {
    sensor: SensorName,
    kind: Type.Literal('pir'),
    type: Type.Enum(['hc-sr501', 'am312', 'ekmc'], { description: 'Decides hold, lock-out and warm-up.' }),
    holdSeconds: Type.Optional(Type.Number({ minimum: 0, maximum: 600 })),
    witnessOf: Type.Optional(SensorName),
  },
  { additionalProperties: false },
);

/**
 * people = factor · (indicator − floor)^exponent, with an error that grows with the model's age.
 * The gateway applies it at query, like a calibration; intervals keep the raw indicator.
 */
export const PresenceModel = Type.Object(
  {
    mode: Type.Enum(['rate', 'hashing']),
    fittedAt: UtcTime,
    windowSeconds: Type.Integer({ minimum: 30, maximum: 300 }),
    floor: Type.Number({ description: 'Indicator of the empty place: printers, lab PCs, access points.' }),
    factor: Type.Number({ exclusiveMinimum: 0 }),
    exponent: Type.Number({ minimum: 0.25, maximum: 2 }),
    standardErrorPeople: Type.Number({
      minimum: 0,
      description: 'Leave-one-out error on the day of the fit.',
    }),
    standardErrorGrowthPerDay: Type.Number({
      minimum: 0,
      description: 'Share by which the error grows a day.',
    }),
    windows: Type.Integer({ minimum: 1, description: 'Windows the model was learned from.' }),
  },
  { additionalProperties: false },
);
export type PresenceModel = Static<typeof PresenceModel>;

const WifiSensorProfile = Type.Object(
  {
    sensor: SensorName,
    kind: Type.Literal('wifi-probe'),
    mode: Type.Enum(['rate', 'hashing'], {
      description: 'Naming a mode here is the explicit act that switches WiFi presence on.',
    }),
    windowSeconds: Type.Integer({ minimum: 30, maximum: 300, default: 300 }),
    epsilon: Type.Number({ exclusiveMinimum: 0, maximum: 4, default: 2 }),
    bits: Type.Integer({ minimum: 64, maximum: 1024, default: 256 }),
    minimumSignalDbm: Type.Optional(Type.Integer({ minimum: -120, maximum: 0 })),
    presenceModel: Type.Optional(PresenceModel),
  },
  { additionalProperties: false },
);

const SensorProfile = Type.Union([DistanceSensorProfile, MotionSensorProfile, WifiSensorProfile]);

/** Geometry, baseline and calibration of a device's sensors: one versioned, hashed object. */
export const SiteProfile = Type.Object(
  {
    version: Type.Literal(siteProfileVersion),
    revision: Type.Integer({ minimum: 1 }),
    parent: Type.Union([ProfileHash, Type.Null()], { description: 'Hash of the profile this one replaces.' }),
    sensors: Type.Array(SensorProfile, { maxItems: 16 }),
    settings: Type.Optional(DeviceSettings),
  },
  { additionalProperties: false, description: 'What was learned on site.' },
);
export type SiteProfile = Static<typeof SiteProfile>;
export type SensorProfile = Static<typeof SensorProfile>;
export type DistanceSensorProfile = Static<typeof DistanceSensorProfile>;
export type MotionSensorProfile = Static<typeof MotionSensorProfile>;
export type WifiSensorProfile = Static<typeof WifiSensorProfile>;

/** The hash in intervals of a sensor that runs without a profile. */
export const noProfileHash = '0000000000000000';
