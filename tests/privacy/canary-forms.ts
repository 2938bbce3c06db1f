import { createHash } from 'node:crypto';
import { sipHash24, wipeableWords } from '../../edge-agent/count/siphash.ts';

/** One way in which an address could have been written. */
interface CanaryForm {
  readonly name: string;
  readonly bytes: Buffer;
}

/** The address raw, reversed, as text in the usual spellings, in base64, and hashed without a key. */
function canaryForms(address: Uint8Array): CanaryForm[] {
  const raw = Buffer.from(address);
  const forms: CanaryForm[] = [
    { name: 'raw', bytes: raw },
    { name: 'reversed', bytes: Buffer.from([...raw].reverse()) },
  ];
  const hex = raw.toString('hex');
  for (const text of [hex, hex.toUpperCase()]) {
    for (const separator of ['', ':', '-']) {
      const spelled = text.match(/../g)!.join(separator);
      forms.push({ name: `hex with "${separator}"`, bytes: Buffer.from(spelled) });
      forms.push({ name: 'base64 of hex', bytes: Buffer.from(Buffer.from(spelled).toString('base64')) });
    }
  }
  forms.push({ name: 'base64', bytes: Buffer.from(raw.toString('base64')) });
  const plain = [raw, Buffer.from(hex), Buffer.from(hex.match(/../g)!.join(':'))];
  for (const algorithm of ['md5', 'sha1', 'sha256', 'sha512']) {
    for (const text of plain) {
      const digest = createHash(algorithm).update(text).digest();
      // Eight bytes are enough to link, so a shortened hash is found as well.
      forms.push({ name: `${algorithm}`, bytes: digest.subarray(0, 8) });
      forms.push({ name: `${algorithm} hex`, bytes: Buffer.from(digest.toString('hex').slice(0, 16)) });
      forms.push({ name: `${algorithm} base64`, bytes: Buffer.from(digest.toString('base64').slice(0, 10)) });
    }
  }
  return forms;
}

/** Where a canary shows in some bytes; empty is what the tests ask for. */
export function canariesIn(bytes: Buffer, addresses: readonly Uint8Array[]): string[] {
  return addresses.flatMap((address, index) =>
    canaryForms(address)
      .filter((form) => bytes.includes(form.bytes))
      .map((form) => `canary ${index} as ${form.name}`),
  );
}

/**
 * Canaries hashed by SipHash-2-4 under any 16 bytes found on disk, when the eight bytes of the
 * result lie on the disk too: what a thief with the disk could try.
 */
export function keyedCanariesIn(bytes: Buffer, addresses: readonly Uint8Array[]): string[] {
  const words = new Set<bigint>();
  for (let at = 0; at + 8 <= bytes.length; at += 1) words.add(bytes.readBigUInt64LE(at));
  const key = new Int32Array(wipeableWords);
  const out = new Int32Array(wipeableWords);
  const keyBytes = new Uint8Array(key.buffer);
  const result = Buffer.from(out.buffer, 0, 8);
  const found: string[] = [];
  for (let at = 0; at + 16 <= bytes.length; at += 1) {
    // A run of zeros, as most of a database is, is tried once.
    if (at > 0 && bytes[at - 1] === bytes[at] && bytes.readBigUInt64LE(at) === 0n) continue;
    keyBytes.set(bytes.subarray(at, at + 16));
    for (const [index, address] of addresses.entries()) {
      sipHash24(key, address, 0, 6, out);
      if (words.has(result.readBigUInt64LE(0))) found.push(`canary ${index} under the 16 bytes at ${at}`);
    }
  }
  return found;
}
