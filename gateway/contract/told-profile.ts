import { type Static, Type } from 'typebox';
import { ProfileHash } from './names.ts';
import { SiteProfile } from './site-profile.ts';

export const toldProfileVersion = 1;

/** The retained message of the topic `in-force`: the device is master of its profile and tells which one it runs. */
export const ToldProfile = Type.Object(
  {
    version: Type.Literal(toldProfileVersion),
    hash: Type.Unsafe<string>({ ...ProfileHash, description: 'Of the profile, as in its intervals.' }),
    profile: SiteProfile,
  },
  { additionalProperties: false, description: 'The site profile that a device runs.' },
);
export type ToldProfile = Static<typeof ToldProfile>;
