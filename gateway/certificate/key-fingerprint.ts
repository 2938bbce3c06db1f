import { createHash, createPublicKey, type KeyLike } from 'node:crypto';

/**
 * What devices pin: SHA-256 over the public key (SubjectPublicKeyInfo, RFC 5280 section 4.1), as base64url. It
 * stays when a certificate is renewed with the same key.
 * `openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | basenc --base64url` gives the same.
 */
export function keyFingerprint(key: KeyLike): string {
  const spki = createPublicKey(key as Buffer).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('base64url');
}
