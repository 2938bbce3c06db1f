/** A SipHash key and result lie in arrays of more than 64 bytes: V8 keeps smaller ones on its own
 * heap, moves them about and leaves copies that nobody can overwrite. */
export const wipeableWords = 32;

/**
 * SipHash-2-4 (Aumasson, Bernstein 2012) in 32-bit halves: `key` holds k0 and k1 as four words, low
 * half first; the 64-bit result is written to `out[0]` (low half) and `out[1]`. Allocates nothing.
 */
export function sipHash24(
  key: Int32Array,
  bytes: Uint8Array,
  from: number,
  length: number,
  out: Int32Array,
): void {
  let v0l = 0x70736575 ^ key[0]!;
  let v0h = 0x736f6d65 ^ key[1]!;
  let v1l = 0x6e646f6d ^ key[2]!;
  let v1h = 0x646f7261 ^ key[3]!;
  let v2l = 0x6e657261 ^ key[0]!;
  let v2h = 0x6c796765 ^ key[1]!;
  let v3l = 0x79746573 ^ key[2]!;
  let v3h = 0x74656462 ^ key[3]!;
  const words = length >>> 3;
  const end = from + length;
  // One pass a message word, the padded last one included, and one for the finalisation.
  for (let word = 0; word <= words + 1; word += 1) {
    const finalisation = word > words;
    let ml = 0;
    let mh = 0;
    if (finalisation) v2l ^= 0xff;
    else {
      const at = from + word * 8;
      if (at + 8 <= end) {
        ml = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
        mh = bytes[at + 4]! | (bytes[at + 5]! << 8) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 24);
      } else {
        for (let i = at; i < end; i += 1) {
          if (i - at < 4) ml |= bytes[i]! << (8 * (i - at));
          else mh |= bytes[i]! << (8 * (i - at - 4));
        }
        mh |= length << 24;
      }
      v3l ^= ml;
      v3h ^= mh;
    }
    for (let round = finalisation ? 4 : 2; round > 0; round -= 1) {
      let sum = (v0l + v1l) | 0;
      v0h = (v0h + v1h + (sum >>> 0 < v0l >>> 0 ? 1 : 0)) | 0;
      v0l = sum;
      sum = (v2l + v3l) | 0;
      v2h = (v2h + v3h + (sum >>> 0 < v2l >>> 0 ? 1 : 0)) | 0;
      v2l = sum;
      let turned = (v1l << 13) | (v1h >>> 19);
      v1h = ((v1h << 13) | (v1l >>> 19)) ^ v0h;
      v1l = turned ^ v0l;
      turned = (v3l << 16) | (v3h >>> 16);
      v3h = ((v3h << 16) | (v3l >>> 16)) ^ v2h;
      v3l = turned ^ v2l;
      turned = v0l;
      v0l = v0h;
      v0h = turned;
      sum = (v2l + v1l) | 0;
      v2h = (v2h + v1h + (sum >>> 0 < v2l >>> 0 ? 1 : 0)) | 0;
      v2l = sum;
      sum = (v0l + v3l) | 0;
      v0h = (v0h + v3h + (sum >>> 0 < v0l >>> 0 ? 1 : 0)) | 0;
      v0l = sum;
      turned = (v1l << 17) | (v1h >>> 15);
      v1h = ((v1h << 17) | (v1l >>> 15)) ^ v2h;
      v1l = turned ^ v2l;
      turned = (v3l << 21) | (v3h >>> 11);
      v3h = ((v3h << 21) | (v3l >>> 11)) ^ v0h;
      v3l = turned ^ v0l;
      turned = v2l;
      v2l = v2h;
      v2h = turned;
    }
    if (!finalisation) {
      v0l ^= ml;
      v0h ^= mh;
    }
  }
  out[0] = v0l ^ v1l ^ v2l ^ v3l;
  out[1] = v0h ^ v1h ^ v2h ^ v3h;
}
