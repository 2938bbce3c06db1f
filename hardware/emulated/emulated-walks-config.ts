import { type Static, Type } from 'typebox';
import { walkProfileNames } from './walks/walk-profiles.ts';

/** Walks in front of an emulated device. Sensors of one agent with equal walks see the same people. */
export const EmulatedWalksConfig = Type.Object(
  {
    profile: Type.Enum([...walkProfileNames], { description: 'Who comes through the passage.' }),
    seed: Type.Integer({ minimum: 0, description: 'The same seed brings the same people.' }),
    minutes: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: 600,
        default: 60,
        description: 'Length of the scenario, which then begins anew.',
      }),
    ),
    stage: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'File whose lines direct who comes; then nobody comes by himself.',
      }),
    ),
  },
  { additionalProperties: false, description: 'Emulates the device: computed walks, no hardware.' },
);
export type EmulatedWalksConfig = Static<typeof EmulatedWalksConfig>;

/** When emulated scenarios begin on the monotonic clock: with the process, alike for all its sensors. */
export function scenarioStartSeconds(nowSeconds: number): number {
  return nowSeconds - performance.now() / 1000;
}

/** Ceiling height of a scenario where the configuration names none. */
export const emulatedHeightMmDefault = 2500;
export const emulatedMinutesDefault = 60;
