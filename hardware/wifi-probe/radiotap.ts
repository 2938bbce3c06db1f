/**
 * Walks the fields of a radiotap header without allocating.
 *
 * Facts from radiotap.org ("Radiotap", "Defined fields"): version 0, one pad byte, little-endian
 * length, then 32-bit present words, continued while bit 31 is set; the fields follow in bit order,
 * each aligned to its own size from the header's start. Bit 29 returns to the default namespace,
 * bit 30 announces a vendor namespace whose data say themselves how long they are.
 */

const bitsPerWord = 32;
const namespaceReset = 29;
const vendorNamespace = 30;
const moreWords = 31;
const vendorHeaderBytes = 6;
const fixedHeaderBytes = 8;

/** Alignment and size of the default namespace's fields, by bit; 0 where the size is not defined. */
const fieldAlign = Uint8Array.of(
  8,
  1,
  1,
  2,
  2,
  1,
  1,
  2,
  2,
  2,
  1,
  1,
  1,
  1,
  2,
  2,
  1,
  1,
  4,
  1,
  4,
  2,
  8,
  2,
  2,
  2,
  1,
  2,
);
const fieldBytes = Uint8Array.of(
  8,
  1,
  1,
  4,
  2,
  1,
  1,
  2,
  2,
  2,
  1,
  1,
  1,
  1,
  2,
  2,
  1,
  1,
  8,
  3,
  8,
  12,
  12,
  12,
  12,
  6,
  1,
  4,
);

export const radiotapField = { tsft: 0, flags: 1, rate: 2, signalDbm: 5, rxFlags: 14 } as const;

/** The radio's length field, or 0 where the bytes do not begin with a whole, plausible header. */
export function radiotapLength(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < fixedHeaderBytes || bytes[start] !== 0) return 0;
  const length = bytes[start + 2]! | (bytes[start + 3]! << 8);
  return length >= fixedHeaderBytes && start + length <= end ? length : 0;
}

/** What `RadiotapCursor.next` found: a field, the end, a field of unknown size, or broken lengths. */
export type RadiotapStep = 'field' | 'end' | 'unknown' | 'malformed';

/**
 * Steps through the default namespace's fields. After `next` returned `field`, `field` is its bit
 * number and `offset` where it lies. `unknown` means that a field of undefined size hides the rest;
 * the header's length still holds.
 */
export class RadiotapCursor {
  field = 0;
  offset = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #start = 0;
  #end = 0;
  #dataAt = 0;
  #wordAt = 0;
  #word = 0;
  #bit = 0;
  #inVendor = false;
  #nextInVendor = false;

  /** Begins a header of `length` bytes (as `radiotapLength` gave it). False where its words overrun it. */
  begin(bytes: Uint8Array, start: number, length: number): boolean {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = start + length;
    this.#wordAt = start + 4;
    this.#bit = 0;
    this.#inVendor = false;
    this.#nextInVendor = false;
    let at = this.#wordAt;
    while (at + 4 <= this.#end) {
      const more = (bytes[at + 3]! & 0x80) !== 0;
      at += 4;
      if (more) continue;
      this.#dataAt = at;
      this.#word = this.#readWord(this.#wordAt);
      return true;
    }
    return false;
  }

  next(): RadiotapStep {
    for (;;) {
      if (this.#bit === bitsPerWord) {
        if (!this.#toNextWord()) return 'end';
        continue;
      }
      const bit = this.#bit;
      this.#bit += 1;
      if (((this.#word >>> bit) & 1) === 0 || bit === moreWords) continue;
      if (bit === namespaceReset) this.#nextInVendor = false;
      else if (bit === vendorNamespace) {
        if (!this.#skipVendor()) return 'malformed';
      } else if (!this.#inVendor) return this.#takeField(bit);
    }
  }

  #takeField(bit: number): RadiotapStep {
    const align = bit < fieldAlign.length ? fieldAlign[bit]! : 0;
    if (align === 0) return 'unknown';
    const at = this.#aligned(align);
    const after = at + fieldBytes[bit]!;
    if (after > this.#end) return 'malformed';
    this.#dataAt = after;
    this.field = bit;
    this.offset = at;
    return 'field';
  }

  /** The vendor's data are skipped as a whole; the bits of the vendor's words mean nothing to us. */
  #skipVendor(): boolean {
    const at = this.#aligned(2);
    if (at + vendorHeaderBytes > this.#end) return false;
    const skip = this.#bytes[at + 4]! | (this.#bytes[at + 5]! << 8);
    if (at + vendorHeaderBytes + skip > this.#end) return false;
    this.#dataAt = at + vendorHeaderBytes + skip;
    this.#nextInVendor = true;
    return true;
  }

  #toNextWord(): boolean {
    if (this.#word >= 0) return false;
    this.#wordAt += 4;
    this.#word = this.#readWord(this.#wordAt);
    this.#bit = 0;
    this.#inVendor = this.#nextInVendor;
    return true;
  }

  #aligned(align: number): number {
    const from = this.#dataAt - this.#start;
    return this.#start + ((from + align - 1) & ~(align - 1));
  }

  #readWord(at: number): number {
    const bytes = this.#bytes;
    return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  }
}
