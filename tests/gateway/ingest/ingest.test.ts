import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { batchBytesMax } from '../../../gateway/ingest/batch-reader.ts';
import { storageRetryMs } from '../../../gateway/ingest/intake.ts';
import { crossing, minuteOf, payload, sampleEpoch } from '../sample-intervals.ts';
import { IngestBed } from './ingest-bed.ts';

const counts = 'passant/v1/shop-1/counts';
const resume = (nonce: string) => JSON.stringify({ version: 1, epoch: sampleEpoch, nonce });

let bed: IngestBed;
beforeEach(async () => {
  bed = new IngestBed();
  await bed.start();
});
afterEach(() => bed.remove());

describe('a batch', () => {
  test('is committed before its receipt goes out, retained', async () => {
    let storedAtReceipt = -1;
    bed.link.beforePublish = () => {
      storedAtReceipt = bed.minutes().length;
    };
    await bed.link.deliver(counts, payload([crossing(1), crossing(2)]));
    expect(storedAtReceipt).toBe(2);
    expect(bed.database.inTransaction).toBe(false);
    expect(bed.link.published).toMatchObject([{ topic: 'passant/v1/shop-1/receipt', retain: true }]);
    expect(bed.link.lastReceipt).toEqual({
      version: 1,
      store: bed.store.id,
      epoch: sampleEpoch,
      through: 2,
      beyond: [],
      heard: 2,
      refused: [],
    });
  });

  test('sent again is receipted again and stored once', async () => {
    const batch = payload([crossing(1), crossing(2)]);
    await bed.link.deliver(counts, batch);
    await bed.link.deliver(counts, batch);
    expect(bed.link.receipts).toHaveLength(2);
    expect(bed.minutes()).toHaveLength(2);
    expect(bed.counters).toMatchObject({ intervalsStored: 2, intervalsDuplicate: 2 });
  });

  test('newest first fills the gap later', async () => {
    await bed.link.deliver(counts, payload([crossing(8), crossing(9)]));
    expect(bed.link.lastReceipt).toMatchObject({ through: 0, beyond: [[8, 9]] });
    await bed.link.deliver(counts, payload([1, 2, 3, 4, 5].map((sequence) => crossing(sequence))));
    expect(bed.link.lastReceipt).toMatchObject({ through: 5, beyond: [[8, 9]] });
    await bed.link.deliver(counts, payload([crossing(6), crossing(7)]));
    expect(bed.link.lastReceipt).toMatchObject({ through: 9, beyond: [] });
  });

  test('declares by oldestHeld what will never come', async () => {
    await bed.link.deliver(counts, payload([crossing(100)], { oldestHeld: 90 }));
    expect(bed.link.lastReceipt).toMatchObject({ through: 89, beyond: [[100, 100]] });
  });

  test('loses a bad interval, not the good ones beside it', async () => {
    const without = { ...crossing(2), coverageSeconds: 0 };
    const unknownField = { ...crossing(3), person: 'x' };
    const longAgo = { ...crossing(4), start: '1970-01-01T00:01:00Z' };
    const noDate = { ...crossing(5), start: '2026-02-30T00:01:00Z' };
    await bed.link.deliver(
      counts,
      payload([crossing(1), without, unknownField, longAgo, noDate, crossing(6)]),
    );
    expect(bed.link.lastReceipt).toMatchObject({
      through: 6,
      refused: [{ from: 2, to: 5, reason: 'invalid' }],
    });
    expect(bed.minutes()).toHaveLength(2);
    expect(bed.counters.poison.invalid).toBe(1);
  });

  test('with a sequence used for other contents is set aside and told to the device', async () => {
    await bed.link.deliver(counts, payload([crossing(1, { in: 3 })]));
    await bed.link.deliver(counts, payload([crossing(1, { in: 4 }), crossing(2)]));
    expect(bed.link.lastReceipt).toMatchObject({
      through: 2,
      refused: [{ from: 1, to: 1, reason: 'sequence-reused' }],
    });
    expect(bed.minutes().map(({ values }) => values[0])).toEqual([3, 3]);
    expect(bed.rows('quarantine')).toMatchObject([{ reason: 'sequence-reused', device: 'shop-1' }]);
    expect(bed.counters.poison['sequence-reused']).toBe(1);
  });

  test('is the same whatever the order of its fields', async () => {
    const { kind, ...rest } = crossing(1);
    await bed.link.deliver(counts, payload([crossing(1)]));
    await bed.link.deliver(counts, payload([{ ...rest, kind }]));
    expect(bed.counters).toMatchObject({ intervalsDuplicate: 1 });
    expect(bed.link.lastReceipt?.refused).toEqual([]);
  });
});

describe('poison', () => {
  const oversized = () =>
    payload([crossing(1), { ...crossing(2), engine: 'x'.repeat(batchBytesMax) }, crossing(3)]);
  const cases: [string, string, () => Uint8Array | string, string, object[]][] = [
    ['no JSON', counts, () => '{"version":1,', 'invalid', []],
    ['bytes that are no text', counts, () => Buffer.from([0xff, 0xfe, 0x00]), 'invalid', []],
    ['no object', counts, () => '[1,2,3]', 'invalid', []],
    ['a version of the future', counts, () => payload([crossing(1)], { version: 2 }), 'unknown-version', []],
    ['no readable epoch', counts, () => payload([crossing(1)], { epoch: 'x' }), 'invalid', []],
    [
      'a field too many in the batch',
      counts,
      () => payload([crossing(1), crossing(2)], { ssid: 'cafe' }),
      'invalid',
      [{ from: 1, to: 2, reason: 'invalid' }],
    ],
    ['too many bytes', counts, oversized, 'oversized', [{ from: 1, to: 3, reason: 'oversized' }]],
    [
      'too many intervals',
      counts,
      () => payload(Array.from({ length: 361 }, (_, index) => crossing(index + 1))),
      'oversized',
      [{ from: 1, to: 361, reason: 'oversized' }],
    ],
    ['a topic of ours', 'passant/v1/shop-1/receipt', () => '{}', 'wrong-topic', []],
    ['a topic of nobody', 'passant/v1/Shop 1/counts', () => payload([crossing(1)]), 'wrong-topic', []],
    ['a broken birth', 'passant/v1/shop-1/status', () => '{"version":1}', 'invalid', []],
    ['a birth of the future', 'passant/v1/shop-1/status', () => '{"version":2}', 'unknown-version', []],
    ['a broken resume', 'passant/v1/shop-1/resume', () => '{"version":1,"epoch":"x"}', 'invalid', []],
    ['broken totals', 'passant/v1/shop-1/live', () => 'null', 'invalid', []],
  ];

  test.each(cases)('%s is set aside with its reason and the next batch is taken', async (...entry) => {
    const [, topic, body, reason, refused] = entry;
    await bed.link.deliver(topic, body());
    expect(bed.poison).toMatchObject([{ reason }]);
    expect(bed.rows('quarantine')).toMatchObject([{ reason }]);
    expect(bed.counters.poison[reason as 'invalid']).toBe(1);
    expect(bed.link.receipts.flatMap((receipt) => receipt.refused)).toEqual(refused);
    expect(bed.minutes()).toHaveLength(0);
    await bed.link.deliver(counts, payload([crossing(400)]));
    expect(bed.minutes()).toHaveLength(1);
    expect(bed.events).toEqual([]);
  });

  test('what observers are told carries nothing of the message', async () => {
    const secret = 'aa:bb:cc:dd:ee:ff';
    const messages = [
      payload([{ ...crossing(1), [secret]: 1 }]),
      payload([{ ...crossing(2), engine: secret }]),
      payload([crossing(3)], { [secret]: secret }),
      `{"${secret}`,
    ];
    for (const message of messages) await bed.link.deliver(counts, message);
    await bed.link.deliver(`passant/v1/${secret}/counts`, payload([crossing(4)]));
    expect(bed.poison).toHaveLength(5);
    expect(JSON.stringify(bed.poison)).not.toContain(secret);
    expect(JSON.stringify(bed.rows('quarantine').map((row) => row['detail']))).not.toContain(secret);
  });
});

describe('receipts', () => {
  test('are repeated for every epoch when the gateway starts, the newest last', async () => {
    await bed.link.deliver(counts, payload([crossing(1)]));
    await bed.link.deliver(counts, payload([crossing(1)], { epoch: 'ffeeddccbbaa9988' }));
    await bed.stop();
    await bed.start();
    expect(bed.link.receipts.map(({ epoch, through }) => [epoch, through])).toEqual([
      [sampleEpoch, 1],
      ['ffeeddccbbaa9988', 1],
    ]);
  });

  test('answer a resume request by name, also for an epoch nobody knows', async () => {
    await bed.link.deliver('passant/v1/shop-1/resume', resume('0000000a'));
    expect(bed.link.lastReceipt).toMatchObject({ through: 0, answers: '0000000a', epoch: sampleEpoch });
    expect(bed.rows('epochs')).toEqual([]);
    await bed.link.deliver(counts, payload([crossing(1)]));
    expect(bed.link.lastReceipt).not.toHaveProperty('answers');
    await bed.link.deliver('passant/v1/shop-1/resume', resume('0000000b'));
    expect(bed.link.lastReceipt).toMatchObject({ through: 1, answers: '0000000b' });
  });

  test('that the broker does not take are given with the batch sent again', async () => {
    bed.link.failure = new Error('gone');
    await bed.link.deliver(counts, payload([crossing(1)]));
    await expect.poll(() => bed.events).toEqual(['no receipt for shop-1']);
    bed.link.failure = null;
    await bed.link.deliver(counts, payload([crossing(1)]));
    expect(bed.link.lastReceipt).toMatchObject({ through: 1 });
    expect(bed.minutes()).toHaveLength(1);
  });
});

describe('a device nobody has enrolled', () => {
  test('is refused by name where only known ones may deliver', async () => {
    await bed.stop();
    await bed.start('known', ['shop-1']);
    await bed.link.deliver(
      'passant/v1/stranger/counts',
      payload([crossing(1), crossing(2)], { oldestHeld: 1 }),
    );
    expect(bed.link.lastReceipt).toMatchObject({
      through: 2,
      refused: [{ from: 1, to: 2, reason: 'unknown-device' }],
    });
    expect(bed.minutes()).toEqual([]);
    await bed.link.deliver(counts, payload([crossing(1)]));
    expect(bed.minutes()).toHaveLength(1);
  });
});

describe('a storage that is full', () => {
  test('stops receipts, raises one alarm, and intake resumes by itself', async () => {
    const pages = bed.database.pragma('page_count', { simple: true }) as number;
    bed.database.pragma(`max_page_count = ${pages + 1}`);
    let sequence = 0;
    while (bed.intake.state.state === 'flowing' && sequence < 2_000) {
      sequence += 1;
      await bed.link.deliver(counts, payload([crossing(sequence, { start: minuteOf(sequence) })]));
    }
    const receipted = bed.link.receipts.length;
    expect(bed.intake.state).toMatchObject({ state: 'paused', cause: 'the storage is full' });
    expect(bed.events).toEqual(['paused']);
    expect(bed.link.lastReceipt?.through).toBe(sequence - 1);

    // While it waits nothing is tried; later attempts that fail raise no second alarm.
    await bed.link.deliver(counts, payload([crossing(sequence)]));
    bed.nowMs += storageRetryMs;
    await bed.link.deliver(counts, payload([crossing(sequence)]));
    expect(bed.events).toEqual(['paused']);
    expect(bed.link.receipts).toHaveLength(receipted);

    bed.database.pragma(`max_page_count = ${pages + 1_000}`);
    bed.nowMs += storageRetryMs;
    await bed.link.deliver(counts, payload([crossing(sequence)]));
    expect(bed.events).toEqual(['paused', `resumed after ${2 * storageRetryMs} ms`]);
    expect(bed.link.lastReceipt?.through).toBe(sequence);
    expect(bed.minutes()).toHaveLength(sequence);
  });
});

describe('running totals', () => {
  test('are kept in memory, fresh ones only, and never stored', async () => {
    const totals = { version: 1, sensors: [{ sensor: 'door', in: 41, out: 39 }], padding: '  ' };
    await bed.link.deliver('passant/v1/shop-1/live', JSON.stringify(totals));
    expect(bed.running.of('shop-1', 'door', bed.nowMs)).toEqual({ in: 41, out: 39 });
    expect(bed.running.of('shop-1', 'other', bed.nowMs)).toBeNull();
    expect(bed.running.of('shop-1', 'door', bed.nowMs + 31_000)).toBeNull();
    expect(bed.rows('devices')).toEqual([]);
  });
});
