import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RadiotapCursor, radiotapField, radiotapLength } from '../../../hardware/wifi-probe/radiotap.ts';

const folder = join(import.meta.dirname, '../../recordings/radiotap-vectors');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.bin'))
  .map((file) => file.slice(0, -4));

/** Walks a header and prints the fields that the vectors' own parser prints for the default namespace. */
function printed(bytes: Buffer, checkSumInHeader: boolean): string[] {
  const length = radiotapLength(bytes, 0, bytes.length);
  const cursor = new RadiotapCursor();
  if (length === 0 || !cursor.begin(bytes, 0, length)) return ['malformed radiotap data'];
  const lines: string[] = [];
  for (;;) {
    const step = cursor.next();
    if (step === 'malformed') return [...lines, 'malformed radiotap data'];
    if (step !== 'field') return lines;
    const at = cursor.offset;
    if (cursor.field === radiotapField.tsft) lines.push(`TSFT: ${bytes.readBigUInt64LE(at)}`);
    if (cursor.field === radiotapField.flags) lines.push(`flags: ${hex(bytes[at]!, 2)}`);
    if (cursor.field === radiotapField.rate) lines.push(`rate: ${(bytes[at]! / 2).toFixed(6)}`);
    // Before bit 14 became the receiver's flags some drivers put the frame check sequence there.
    if (cursor.field === radiotapField.rxFlags && checkSumInHeader) {
      lines.push(`FCS in header: ${hex(bytes.readUInt32LE(at), 8)}`);
    } else if (cursor.field === radiotapField.rxFlags)
      lines.push(`RX flags: ${hex(bytes.readUInt16LE(at), 4)}`);
  }
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** Lines about vendor data are not ours: we skip them. */
function expected(name: string): string[] {
  return readFileSync(join(folder, `${name}.out`), 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^(TSFT|flags|rate|RX flags|FCS in header|malformed)/.test(line));
}

describe('a radiotap header', () => {
  test('has vectors to be tried on', () => {
    expect(names.length).toBe(10);
  });

  test.each(names)('of the vector %s has the fields its makers read from it', (name) => {
    const checkSumInHeader = existsSync(join(folder, `${name}.args`));
    const bytes = readFileSync(join(folder, `${name}.bin`));
    expect(printed(bytes, checkSumInHeader)).toEqual(expected(name));
  });

  test.each(names)(
    'of the vector %s never makes the parser read past its end, wherever it is cut',
    (name) => {
      const whole = readFileSync(join(folder, `${name}.bin`));
      for (let length = 0; length < whole.length; length += 1) {
        // Beyond the cut lies a trap: present words that continue for ever.
        const trapped = Buffer.concat([whole.subarray(0, length), Buffer.alloc(64, 0xff)]);
        const headerBytes = radiotapLength(trapped, 0, length);
        const cursor = new RadiotapCursor();
        if (headerBytes === 0) continue;
        expect(headerBytes).toBeLessThanOrEqual(length);
        if (!cursor.begin(trapped, 0, headerBytes)) continue;
        while (cursor.next() === 'field') expect(cursor.offset).toBeLessThan(headerBytes);
      }
    },
  );

  test('aligns fields from its own start, wherever it lies in the buffer', () => {
    // Flags (1), then TSFT would be 8-aligned: present = TSFT | flags | signal.
    const header = Buffer.from('0000130023000000112233445566778810d0', 'hex');
    const padded = Buffer.concat([Buffer.alloc(3), header, Buffer.alloc(1)]);
    const cursor = new RadiotapCursor();
    expect(cursor.begin(padded, 3, 19)).toBe(true);
    const seen: [number, number][] = [];
    while (cursor.next() === 'field') seen.push([cursor.field, cursor.offset - 3]);
    expect(seen).toEqual([
      [0, 8],
      [1, 16],
      [5, 17],
    ]);
  });

  test('hides what follows a field whose size nobody defined, and stays usable', () => {
    const header = Buffer.from('00000c00000000100000 0000'.replace(' ', ''), 'hex');
    const cursor = new RadiotapCursor();
    expect(cursor.begin(header, 0, 12)).toBe(true);
    expect(cursor.next()).toBe('unknown');
  });
});
