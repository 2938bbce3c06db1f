import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PacketSizeGuard } from '../../../gateway/ingest/packet-size-guard.ts';

const limitBytes = 1_000;

/** MQTT 3.1.1, 3.12: type 12, nothing remains. */
const pingRequest = Buffer.from([0xc0, 0x00]);

/** A PUBLISH with QoS 0 on topic `t` (3.3), its remaining length in groups of seven bits (2.2.3). */
function publish(bytes: number): Buffer {
  const body = Buffer.concat([Buffer.from([0, 1]), Buffer.from('t'), Buffer.alloc(bytes, 'x')]);
  const length: number[] = [];
  let rest = body.length;
  do {
    length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>= 7;
  } while (rest > 0);
  return Buffer.concat([Buffer.from([0x30, ...length]), body]);
}

/** What comes out for what goes in, and why it ended if it did. */
async function passed(chunks: readonly Buffer[]): Promise<{ bytes: Buffer; fault: Error | null }> {
  const guard = new PacketSizeGuard(limitBytes);
  const out: Buffer[] = [];
  let fault: Error | null = null;
  guard.on('data', (chunk: Buffer) => out.push(chunk));
  guard.on('error', (error) => {
    fault = error;
  });
  for (const chunk of chunks) if (!guard.destroyed) guard.write(chunk);
  await sleep(0);
  return { bytes: Buffer.concat(out), fault };
}

describe('packets', () => {
  test('within the limit pass unchanged, however the stream is cut', async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: limitBytes - 3 }), { minLength: 1, maxLength: 6 });
    const cuts = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(sizes, cuts, async (bytes, lengths) => {
        const stream = Buffer.concat([pingRequest, ...bytes.map(publish)]);
        const chunks: Buffer[] = [];
        let position = 0;
        for (let index = 0; position < stream.length; index += 1) {
          const length = lengths[index % lengths.length]!;
          chunks.push(stream.subarray(position, position + length));
          position += length;
        }
        const { bytes: out, fault } = await passed(chunks);
        expect(fault).toBeNull();
        expect(out.equals(stream)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test('that claim more end the stream before their body is collected', async () => {
    const { fault } = await passed([publish(10), publish(limitBytes + 1).subarray(0, 8)]);
    expect(fault?.message).toBe('an MQTT packet is too long');
  });

  test('with a length that does not end are none', async () => {
    const { fault } = await passed([Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 0x80])]);
    expect(fault?.message).toBe('not an MQTT packet');
  });
});
