import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeFileWhole } from '../../edge-agent/config/write-file-whole.ts';
import { UsageError } from '../command.ts';

/** The key with which a device signs what was found at it. */
export interface DeviceKey {
  readonly privateKey: KeyObject;
  readonly publicKeyPem: string;
  readonly fingerprint: string;
}

/** The device's Ed25519 key; made at the first report, readable by its owner alone. Throws `UsageError`. */
export function openDeviceKey(file: string): DeviceKey {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileWhole(file, privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, 0o600);
  }
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new UsageError(`${file}: no usable key (${(cause as Error).message})`);
  }
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new UsageError(`${file}: no Ed25519 key`);
  const publicKeyPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }) as string;
  return { privateKey, publicKeyPem, fingerprint: fingerprintOf(publicKeyPem) };
}

/** SHA-256 of the public key, in groups that can be read out on the telephone. */
export function fingerprintOf(publicKeyPem: string): string {
  const der = createPublicKey(publicKeyPem).export({ type: 'spki', format: 'der' });
  return createHash('sha256')
    .update(der)
    .digest('hex')
    .slice(0, 32)
    .replace(/(.{4})(?=.)/g, '$1 ');
}
