import type { DistanceSensorProfile } from '../../gateway/contract/site-profile.ts';
import type { WalkTestResult } from '../audit/walk-test-result.ts';

/** How a sensor behaved while it was looked at. */
export interface SensorHealth {
  readonly seconds: number;
  readonly readingsPerSecond: number;
  readonly goodShare: number;
  /** Foreign light, thousands of counts a second; null where the sensor does not say. */
  readonly ambientKcps: number | null;
  readonly flags: readonly string[];
}

export interface ReportedWalkTest {
  readonly at: string;
  readonly recording: string;
  readonly recordingSha256: string;
  readonly seconds: number;
  readonly engine: string;
  readonly result: WalkTestResult;
}

export interface ReportedSensor {
  readonly sensor: string;
  readonly kind: string;
  /** The driver's settings, as the configuration has them. */
  readonly settings: Readonly<Record<string, string>>;
  readonly profile: DistanceSensorProfile | null;
  /** Presence by WiFi: off unless the profile names a mode. */
  readonly wifi: string | null;
  readonly health: SensorHealth | null;
  readonly simulated: boolean;
  readonly walkTest: ReportedWalkTest | null;
  readonly spacingMm: number | null;
}

export interface ReportedPhoto {
  readonly caption: string;
  readonly type: 'image/jpeg' | 'image/png';
  readonly sha256: string;
}

export interface ReportedPaper {
  readonly name: 'notice' | 'sign-a4';
  readonly file: string;
}

/** Everything an acceptance report says; this is what is signed. */
export interface ReportContents {
  readonly createdAt: string;
  readonly device: string;
  readonly software: string;
  readonly site: {
    readonly name: string;
    readonly address: string;
    readonly customer: string;
    readonly technician: string;
    readonly line: string;
    readonly note: string;
  };
  readonly profile: { readonly revision: number; readonly hash: string } | null;
  readonly broker: string | null;
  readonly sensors: readonly ReportedSensor[];
  readonly photos: readonly ReportedPhoto[];
  readonly papers: {
    readonly gateway: string | null;
    readonly files: readonly ReportedPaper[];
    /** Why some are missing, in the gateway's words; null where none was asked. */
    readonly missing: string | null;
  };
}
