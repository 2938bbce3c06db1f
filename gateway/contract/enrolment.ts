import { type Static, Type } from 'typebox';
import { LineId, SiteId } from './http-api.ts';
import { DeviceName, ProfileHash, SensorName, UtcTime } from './names.ts';
import { nextPage } from './pages-api.ts';

/**
 * How a device becomes one of a gateway's: with a one-time code it names a password that it made
 * itself, by hash only. Nothing secret comes back, so a claim that is sent again is answered again.
 */

export const enrolmentVersion = 1;

const closed = { additionalProperties: false } as const;

/** Twenty symbols of five bits; without I, L, O and U nobody reads one for another (Crockford's base 32). */
export const codeAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const codeSymbols = 20;
const codePattern = '^[0-9A-HJKMNP-TV-Z]{20}$';

export const KeyPin = Type.String({
  pattern: '^[A-Za-z0-9_-]{43}$',
  examples: ['n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg'],
  description:
    'SHA-256 over the public key (SPKI) of a server, base64url: stays when a certificate is renewed.',
});

const PasswordHash = Type.String({
  pattern: '^[0-9a-f]{64}$',
  examples: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
  description: 'SHA-256 of a password of 256 random bits that only the device knows.',
});

/** A slot of the device as its configuration has it. */
const ClaimedSensor = Type.Object(
  {
    sensor: SensorName,
    kind: Type.Enum(['crossing', 'motion', 'presence'], { description: 'What it delivers.' }),
  },
  closed,
);

export const EnrolmentClaim = Type.Object(
  {
    version: Type.Literal(enrolmentVersion),
    code: Type.String({ pattern: codePattern, examples: ['0123456789ABCDEFGHJK'] }),
    passwordSha256: PasswordHash,
    device: Type.Optional(DeviceName),
    sensors: Type.Array(ClaimedSensor, { minItems: 1, maxItems: 16 }),
    sensor: Type.Optional(SensorName),
    lane: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 16, description: 'Where several sensors share a wide passage.' }),
    ),
    swapped: Type.Optional(Type.Boolean({ description: 'The sensor’s in is the line’s out.' })),
    replaces: Type.Optional(DeviceName),
  },
  { ...closed, description: 'A device asks to be taken in. Sent again, it is answered again.' },
);
export type EnrolmentClaim = Static<typeof EnrolmentClaim>;

const Assigned = Type.Object(
  {
    line: LineId,
    sensor: SensorName,
    role: Type.Enum(['counts', 'witness', 'lane']),
    lane: Type.Integer({ minimum: 0 }),
    swapped: Type.Boolean(),
    from: Type.Union([UtcTime, Type.Null()]),
    until: Type.Union([UtcTime, Type.Null()]),
  },
  { ...closed, description: 'A sensor at a line, for a time; null is without bound.' },
);
export type Assigned = Static<typeof Assigned>;

export const EnrolmentAnswer = Type.Object(
  {
    device: DeviceName,
    site: SiteId,
    siteName: Type.String(),
    timeZone: Type.String(),
    assigned: Type.Array(Assigned),
    replaced: Type.Union([DeviceName, Type.Null()]),
    broker: Type.Object(
      {
        url: Type.Union([Type.String(), Type.Null()], {
          description: 'Null: on the host that the claim went to, at `port`.',
        }),
        tls: Type.Boolean(),
        port: Type.Integer({ minimum: 1, maximum: 65_535 }),
        pin: Type.Union([KeyPin, Type.Null()], {
          description: 'Null where the broker is not ours and its certificate comes from an authority.',
        }),
        passwords: Type.Enum(['in-force', 'by-operator'], {
          description: 'by-operator: an external broker keeps passwords of its own.',
        }),
      },
      closed,
    ),
  },
  closed,
);
export type EnrolmentAnswer = Static<typeof EnrolmentAnswer>;

export const EnrolmentCodeRequest = Type.Object(
  {
    site: SiteId,
    line: LineId,
    device: Type.Optional(DeviceName),
    hours: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 72, default: 1 })),
  },
  closed,
);
export type EnrolmentCodeRequest = Static<typeof EnrolmentCodeRequest>;

const codeFields = {
  id: Type.String({ description: 'For revoking; says nothing of the code.' }),
  site: SiteId,
  line: LineId,
  device: DeviceName,
  expiresAt: UtcTime,
};

export const IssuedCode = Type.Object(
  {
    ...codeFields,
    code: Type.String({ description: 'Shown this once.' }),
    text: Type.String({ description: 'Address, code and fingerprint in one line, as in the QR code.' }),
    url: Type.String(),
    pin: Type.Union([KeyPin, Type.Null()]),
  },
  closed,
);
export type IssuedCode = Static<typeof IssuedCode>;

export const CodeList = Type.Object(
  {
    codes: Type.Array(
      Type.Object(
        {
          ...codeFields,
          createdBy: Type.String(),
          state: Type.Enum(['open', 'used', 'expired']),
          usedBy: Type.Union([DeviceName, Type.Null()]),
        },
        closed,
      ),
    ),
    ...nextPage,
  },
  closed,
);

export const conflictKinds = [
  'configuration-overridden',
  'configuration-set-aside',
  'line-unknown',
  'password-of-retired',
  'profile-conflict',
] as const;

const Conflict = Type.Object(
  { kind: Type.Enum([...conflictKinds]), subject: Type.String(), detail: Type.String() },
  {
    ...closed,
    description: 'Where configuration, enrolments and devices say different things; shown, not merged.',
  },
);
export type Conflict = Static<typeof Conflict>;

/** What the gateway keeps of a profile that a device told. */
const KnownProfile = Type.Object(
  {
    revision: Type.Integer({ minimum: 1 }),
    hash: ProfileHash,
    parent: Type.Union([ProfileHash, Type.Null()]),
    receivedAt: UtcTime,
    inForce: Type.Boolean({ description: 'The device says that it runs this one.' }),
  },
  closed,
);

export const Enrolment = Type.Object(
  {
    device: DeviceName,
    state: Type.Enum(['enrolled', 'retired', 'no-password']),
    assigned: Type.Array(Assigned),
    missing: Type.Integer({ minimum: 0, description: 'Intervals it has closed that have not arrived yet.' }),
    profile: Type.Union([ProfileHash, Type.Null()], { description: 'As its last birth says.' }),
    profiles: Type.Array(KnownProfile),
    conflicts: Type.Array(Conflict),
  },
  closed,
);
export type Enrolment = Static<typeof Enrolment>;
export const EnrolmentList = Type.Object(
  { enrolments: Type.Array(Enrolment), conflicts: Type.Array(Conflict), ...nextPage },
  closed,
);

export const SwapRequest = Type.Object(
  {
    sensor: Type.Optional(SensorName),
    from: Type.Union([Type.Enum(['start', 'now']), UtcTime], {
      description: 'start: since the sensor was put there; the past is shown anew, observed rows stay.',
    }),
  },
  closed,
);
export type SwapRequest = Static<typeof SwapRequest>;

/** What a technician types or scans: address, code and the fingerprint of the key that answers there. */
export interface EnrolmentText {
  readonly url: string;
  readonly code: string;
  readonly pin: string | null;
}

const textPattern = /^(https?:\/\/[^\s/#?]+)\/?#enrol\.([0-9A-Za-z-]+)(?:\.([A-Za-z0-9_-]{43}))?$/;

/** One word without anything that a shell would take for itself; a browser keeps what follows # to itself. */
export function buildEnrolmentText({ url, code, pin }: EnrolmentText): string {
  return `${url}/#enrol.${groupedCode(code)}${pin === null ? '' : `.${pin}`}`;
}

/** The parts of a text, or null where it is none. */
export function parseEnrolmentText(text: string): EnrolmentText | null {
  const [, url, typed, pin] = textPattern.exec(text.trim()) ?? [];
  const code = typed === undefined ? null : normalCode(typed);
  return url === undefined || code === null ? null : { url, code, pin: pin ?? null };
}

/** A code as people write it, without dashes and in the alphabet's own symbols; null where it is none. */
export function normalCode(typed: string): string | null {
  const code = typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  return new RegExp(codePattern).test(code) ? code : null;
}

/** In groups of five, to be read aloud. */
export function groupedCode(code: string): string {
  return code.match(/.{1,5}/g)!.join('-');
}
