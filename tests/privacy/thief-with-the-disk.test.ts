import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { sipHash24, wipeableWords } from '../../edge-agent/count/siphash.ts';
import { canariesIn, keyedCanariesIn } from './canary-forms.ts';
import { killAgentAndSearch } from './killed-agent.ts';

const canary = Buffer.of(0x02, 0xca, 0x11, 0xa7, 0x5e, 0x9d);

describe('the search for canaries', () => {
  test.each([
    ['raw', Buffer.concat([Buffer.alloc(9), canary])],
    ['reversed', Buffer.from([...canary].reverse())],
    ['with colons', Buffer.from('from 02:ca:11:a7:5e:9d today')],
    ['in capitals with hyphens', Buffer.from('02-CA-11-A7-5E-9D')],
    ['in base64', Buffer.from(`"${canary.toString('base64')}"`)],
    ['hashed', createHash('sha256').update('02:ca:11:a7:5e:9d').digest()],
  ])('finds one that lies there %s', (_form, bytes) => {
    expect(canariesIn(bytes, [canary])).not.toEqual([]);
  });

  test('finds one hashed under a key that lies there too', () => {
    const key = new Int32Array(wipeableWords);
    new Uint8Array(key.buffer).set(Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex'));
    const out = new Int32Array(wipeableWords);
    sipHash24(key, canary, 0, 6, out);
    const disk = Buffer.concat([
      Buffer.from('some text '),
      Buffer.from(key.buffer, 0, 16),
      Buffer.from(' and '),
      Buffer.from(out.buffer, 0, 8),
    ]);
    expect(keyedCanariesIn(disk, [canary])).not.toEqual([]);
    expect(keyedCanariesIn(disk.subarray(0, disk.length - 1), [canary])).toEqual([]);
  });
});

describe('a thief with the disk', () => {
  // `npm run soak -- canary` kills it fifty times and more.
  test.each([20, 400, 1100])(
    'finds no address after the agent was killed %i ms after its start',
    async (aliveMs) => {
      const { findings, bytesWritten } = await killAgentAndSearch(aliveMs);
      expect(findings).toEqual([]);
      // Something was there to be searched.
      expect(bytesWritten).toBeGreaterThan(1000);
    },
  );
});
