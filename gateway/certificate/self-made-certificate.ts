import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  webcrypto,
  X509Certificate as X509,
} from 'node:crypto';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';

/** Long enough for a shop that is closed all winter, short enough for browsers (398 days at most). */
const validDays = 365;
/** Renewed well before the end: a gateway that is restarted twice a year never shows an expired one. */
const renewBeforeDays = 60;
/** Clocks of counters differ from ours. */
const backdatedDays = 1;
const dayMs = 86_400_000;
const curve = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

export interface SelfMadePlace {
  /** Holds `key.pem` (0600) and `certificate.pem`. */
  readonly folder: string;
  /** Host names and addresses that the certificate is for. */
  readonly names: readonly string[];
}

/** The key of this gateway, made once and never changed: devices pin it. Throws the error of the file system. */
export function openSelfMadeKey(folder: string): string {
  const file = join(folder, 'key.pem');
  const found = readIfThere(file);
  if (found !== null) {
    // Somebody may have copied it around: nobody but us reads it from now on.
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
    return found;
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: curve.namedCurve });
  const next = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(next, privateKey.export({ type: 'pkcs8', format: 'pem' }), {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  });
  try {
    // A command and the gateway may both be first: a link never replaces what is there.
    linkSync(next, file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  } finally {
    rmSync(next);
  }
  return readFileSync(file, 'utf8');
}

/** The certificate as it lies in the folder; null where there is none. */
export function readSelfMadeCertificate(folder: string): string | null {
  return readIfThere(join(folder, 'certificate.pem'));
}

/** Whether a certificate is due: too near to its end, not yet valid, for other names, or of another key. */
export function isDue(
  pem: string | null,
  want: { names: readonly string[]; key: string; nowMs: number },
): boolean {
  if (pem === null) return true;
  let certificate: X509;
  try {
    certificate = new X509(pem);
  } catch {
    return true;
  }
  const endsMs = Date.parse(certificate.validTo);
  const startsMs = Date.parse(certificate.validFrom);
  return (
    want.nowMs > endsMs - renewBeforeDays * dayMs ||
    want.nowMs < startsMs ||
    !certificate.checkPrivateKey(createPrivateKey(want.key)) ||
    want.names.some((name) => (isIP(name) ? !certificate.checkIP(name) : !certificate.checkHost(name)))
  );
}

/** Makes a certificate for the key and puts it in its place in one step. */
export async function makeCertificate(key: string, place: SelfMadePlace, nowMs: number): Promise<string> {
  const pem = await signed(key, place.names, nowMs);
  const file = join(place.folder, 'certificate.pem');
  const next = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(next, pem, { mode: 0o644, flag: 'wx', flush: true });
  renameSync(next, file);
  return pem;
}

async function signed(key: string, names: readonly string[], nowMs: number): Promise<string> {
  // Loaded only where a certificate is made, because it patches the global Reflect.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const privateKey = createPrivateKey(key);
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const { subtle } = webcrypto;
  const keys = {
    privateKey: await subtle.importKey('pkcs8', pkcs8, curve, false, ['sign']),
    publicKey: await subtle.importKey('spki', spki, curve, true, ['verify']),
  };
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    // Positive and at most 20 octets (RFC 5280, 4.1.2.2).
    serialNumber: `01${randomBytes(15).toString('hex')}`,
    name: 'CN=Passant gateway',
    notBefore: new Date(nowMs - backdatedDays * dayMs),
    notAfter: new Date(nowMs + validDays * dayMs),
    signingAlgorithm: curve,
    // Node's own types of WebCrypto know more usages than the DOM's that the library takes.
    keys: keys as unknown as CryptoKeyPair,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value })),
      ),
    ],
  });
  return `${certificate.toString('pem')}\n`;
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause;
  }
}
