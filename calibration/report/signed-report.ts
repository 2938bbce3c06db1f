import { createHash, createPublicKey, sign, verify } from 'node:crypto';
import { type Static, Type } from 'typebox';
import Value from 'typebox/value';
import { type DeviceKey, fingerprintOf } from './device-key.ts';

const closed = { additionalProperties: false } as const;
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** What is signed: the contents, and the hash of every file that shows or belongs to them. */
const Statement = Type.Object(
  {
    format: Type.Literal('passant-acceptance-report'),
    version: Type.Literal(1),
    contents: Type.Unknown(),
    files: Type.Array(Type.Object({ name: Type.String(), sha256: Sha256 }, closed), { maxItems: 100 }),
  },
  closed,
);
const SignedReport = Type.Object(
  { statement: Statement, publicKey: Type.String(), signature: Type.String() },
  closed,
);
export type SignedReport = Static<typeof SignedReport>;

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

/** Signs contents and files with the device's key. */
export function signReport(
  contents: unknown,
  files: readonly { readonly name: string; readonly sha256: string }[],
  key: DeviceKey,
): SignedReport {
  const statement: SignedReport['statement'] = {
    format: 'passant-acceptance-report',
    version: 1,
    contents,
    files: [...files],
  };
  const signature = sign(null, bytesOf(statement), key.privateKey).toString('base64');
  return { statement, publicKey: key.publicKeyPem, signature };
}

export type ReportCheck =
  | { readonly kind: 'unreadable'; readonly cause: string }
  | { readonly kind: 'forged'; readonly fingerprint: string }
  | { readonly kind: 'genuine'; readonly fingerprint: string; readonly statement: SignedReport['statement'] };

/** Whether a signed report is what its key signed. Whose key that is, the fingerprint tells. */
export function checkReport(text: string): ReportCheck {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return { kind: 'unreadable', cause: (cause as Error).message };
  }
  const [fault] = Value.Errors(SignedReport, value);
  if (fault !== undefined) return { kind: 'unreadable', cause: `${fault.instancePath} ${fault.message}` };
  const { statement, publicKey, signature } = value as SignedReport;
  try {
    const key = createPublicKey(publicKey);
    const isGenuine =
      key.asymmetricKeyType === 'ed25519' &&
      verify(null, bytesOf(statement), key, Buffer.from(signature, 'base64'));
    const fingerprint = fingerprintOf(publicKey);
    return isGenuine ? { kind: 'genuine', fingerprint, statement } : { kind: 'forged', fingerprint };
  } catch (cause) {
    return { kind: 'unreadable', cause: (cause as Error).message };
  }
}

/** With sorted keys, so that a reader that orders them otherwise finds the same bytes. */
function bytesOf(statement: unknown): Buffer {
  const sorted = JSON.stringify(statement, (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [next]) => (one < next ? -1 : 1)))
      : value,
  );
  return Buffer.from(sorted, 'utf8');
}

/** The hash that is printed in the report itself: of the contents, which every page shows. */
export const contentsHash = (contents: unknown): string => sha256(bytesOf(contents));
