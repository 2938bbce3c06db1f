import { describe, expect, test } from 'vitest';
import { CaptureReader, isCapture } from '../../../hardware/wifi-probe/capture-reader.ts';
import { pcap, pcapng, probeRequest, radiotap } from '../../doubles/probe-frames.ts';

const packets = [1, 2, 3].map((n) =>
  Buffer.concat([radiotap({ signalDbm: -40 - n, padding: n }), probeRequest(Buffer.alloc(6, n))]),
);
const records = packets.map((packet, index) => ({ atSeconds: 1_713_445_781.25 + index * 0.5, packet }));

interface Seen {
  readonly atSeconds: number;
  readonly bytes: string;
  readonly wireBytes: number;
  readonly linkType: number;
}

/** Feeds a capture in pieces of the given size and collects the frames. */
function readAll(capture: Buffer, pieceBytes: number): { frames: Seen[]; reader: CaptureReader } {
  const reader = new CaptureReader();
  const frames: Seen[] = [];
  for (let from = 0; from <= capture.length; from += pieceBytes) {
    while (reader.next() === 'frame') {
      const { atSeconds, start, end, wireBytes, linkType } = reader.frame;
      const bytes = Buffer.from(reader.buffer.subarray(start, end)).toString('hex');
      frames.push({ atSeconds, bytes, wireBytes, linkType });
    }
    const at = reader.fillFrom();
    reader.buffer.set(capture.subarray(from, from + pieceBytes), at);
    reader.filled(Math.min(pieceBytes, capture.length - from));
  }
  while (reader.next() === 'frame') {
    const { atSeconds, start, end, wireBytes, linkType } = reader.frame;
    const bytes = Buffer.from(reader.buffer.subarray(start, end)).toString('hex');
    frames.push({ atSeconds, bytes, wireBytes, linkType });
  }
  return { frames, reader };
}

const formats = [pcap, pcapng].flatMap((build) =>
  [true, false].flatMap((littleEndian) =>
    [true, false].map((nanoseconds) => ({ name: build.name, build, littleEndian, nanoseconds })),
  ),
);

describe('a capture', () => {
  test.each(formats)(
    '$name, little-endian $littleEndian, nanoseconds $nanoseconds, reads the same in any split',
    ({ build, ...options }) => {
      const capture = build(records, options);
      expect(isCapture(capture)).toBe(true);
      for (const pieceBytes of [1, 2, 3, 7, 16, 61, capture.length]) {
        const { frames, reader } = readAll(capture, pieceBytes);
        expect(reader.fault).toBe('');
        expect(frames.map(({ bytes }) => bytes)).toEqual(packets.map((packet) => packet.toString('hex')));
        for (const [index, frame] of frames.entries()) {
          expect(frame.atSeconds).toBeCloseTo(records[index]!.atSeconds, 5);
          expect(frame.linkType).toBe(127);
          expect(frame.wireBytes).toBe(packets[index]!.length);
        }
        expect(reader.pendingBytes).toBe(0);
      }
    },
  );

  test('keeps the length on the air of frames that the snap length cut', () => {
    const capture = pcap([{ ...records[0]!, snapBytes: 20 }]);
    expect(readAll(capture, 5).frames[0]).toMatchObject({ wireBytes: packets[0]!.length });
    expect(readAll(capture, 5).frames[0]!.bytes.length).toBe(40);
  });

  test('leaves nothing behind in the buffer once it has been read and the next bytes are asked for', () => {
    const { reader } = readAll(pcap(records), 1000);
    reader.fillFrom();
    expect(reader.buffer.every((byte) => byte === 0)).toBe(true);
  });

  test.each([
    ['no capture at all', Buffer.from('{"format":"passant-recording"}'), 'neither pcap nor pcapng'],
    ['another link type', pcap(records, { linkType: 1 }), 'link type 1 is no WiFi capture'],
    ['a record of gigabytes', damage(pcap(records), 24 + 8, 0x7fffffff), 'claims 2147483647 captured bytes'],
    ['another version', damage(pcap(records), 4, 9), 'version 9'],
    ['a block of no length', damage(pcapng(records), 4, 4), 'a block claims 4 bytes'],
    ['a section without byte order', damage(pcapng(records), 8, 7), 'byte-order'],
  ])('with %s ends in a fault that says why, without a throw', (_what, capture, fault) => {
    const { reader } = readAll(capture, 11);
    expect(reader.next()).toBe('damaged');
    expect(reader.fault).toContain(fault);
  });

  test('of pcapng skips interfaces that are no WiFi', () => {
    expect(readAll(pcapng(records, { linkType: 1 }), 9).frames).toEqual([]);
  });

  test('tells nothing but captures from captures', () => {
    expect(isCapture(Buffer.from('{"fo'))).toBe(false);
    expect(isCapture(Buffer.of(1, 2))).toBe(false);
  });
});

function damage(capture: Buffer, at: number, value: number): Buffer {
  const damaged = Buffer.from(capture);
  damaged.writeUInt32LE(value, at);
  return damaged;
}
