import { afterEach, describe, expect, test } from 'vitest';
import { batchBytesMax } from '../../../edge-agent/uplink/batch.ts';
import { Uplink, type UplinkConfig, type UplinkEvent } from '../../../edge-agent/uplink/uplink.ts';
import { batchIntervalsMax } from '../../../gateway/contract/count-batch.ts';
import { closedMinutes } from '../../doubles/closed-minutes.ts';
import { BookkeepingGateway, ScriptedLink } from '../../doubles/scripted-link.ts';
import { VirtualAgentClock } from '../../doubles/virtual-agent-clock.ts';
import { SqliteOutboxBed } from '../outbox/sqlite-outbox-bed.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0).reverse()) close();
});

/** An uplink with a real outbox; time is virtual, and chance is always one half. */
function openBench(config: Partial<UplinkConfig> = {}) {
  const bed = new SqliteOutboxBed();
  const outbox = bed.open();
  const clock = new VirtualAgentClock(100);
  const link = new ScriptedLink();
  const events: UplinkEvent[] = [];
  const stop = new AbortController();
  const uplink = new Uplink({
    device: 'shop-1',
    outbox: () => outbox,
    link,
    clock,
    random: () => 0.5,
    config: {
      startDelaySecondsMax: 0,
      backfillOrder: 'newest-first',
      backfillIntervalsPerSecond: 100,
      batchSecondsMax: 0,
      ...config,
    },
    report: (event) => events.push(event),
  });
  const running = uplink.run(stop.signal);
  closers.push(() => {
    stop.abort();
    void running.then(() => {
      outbox.close();
      bed.remove();
    });
  });
  const append = (from: number, to: number) => {
    outbox.append(closedMinutes(from, to), 'boot-1');
    uplink.wake();
  };
  return { outbox, clock, link, events, uplink, append };
}

const sequencesOf = (batches: readonly { intervals: readonly { sequence: number }[] }[]) =>
  batches.flatMap(({ intervals }) => intervals.map(({ sequence }) => sequence));

describe('the conversation', () => {
  test('begins with a question, and nothing is sent before its answer', async () => {
    const { clock, link, append } = openBench();
    append(0, 3);
    link.goUp();
    await clock.sleep(60);
    expect(link.batches).toEqual([]);
    expect(link.on('resume').length).toBeGreaterThan(1);
    const { epoch, nonce } = JSON.parse(link.on('resume').at(-1)!.payload) as {
      epoch: string;
      nonce: string;
    };
    link.receipt({
      version: 1,
      store: '00000000000000aa',
      epoch,
      through: 0,
      beyond: [],
      refused: [],
      answers: nonce,
    });
    await clock.sleep(10);
    expect(sequencesOf(link.batches)).toEqual([4, 3, 2, 1]);
  });

  test('a retained receipt of earlier is no answer', async () => {
    const { clock, link, outbox, append } = openBench();
    append(0, 3);
    link.goUp();
    link.receipt(
      {
        version: 1,
        store: '00000000000000aa',
        epoch: outbox.state.epoch,
        through: 0,
        beyond: [],
        refused: [],
      },
      true,
    );
    await clock.sleep(60);
    expect(link.batches).toEqual([]);
  });

  test('delivers everything, live and from before, and is then silent', async () => {
    const { clock, link, outbox, append } = openBench();
    const gateway = new BookkeepingGateway(link);
    append(0, 999);
    link.goUp();
    await clock.sleep(30);
    append(1000, 1009);
    await clock.sleep(10);
    expect(outbox.state.held).toBe(0);
    expect(gateway.receiptOf(outbox.state.epoch).through).toBe(1010);
    const said = link.said.length;
    await clock.sleep(3600);
    expect(link.said.length).toBe(said);
    expect(new Set(sequencesOf(link.batches)).size).toBe(sequencesOf(link.batches).length);
  });

  test('goes on after any number of broken connections', async () => {
    const { clock, link, outbox, append } = openBench();
    const gateway = new BookkeepingGateway(link);
    append(0, 499);
    for (let round = 0; round < 8; round += 1) {
      link.goUp();
      await clock.sleep(1 + round);
      gateway.answersBatches = round % 2 === 0;
      link.goDown();
      await clock.sleep(20);
      append(500 + round, 500 + round);
    }
    gateway.answersBatches = true;
    link.goUp();
    await clock.sleep(60);
    expect(outbox.state.held).toBe(0);
    expect(gateway.receiptOf(outbox.state.epoch).through).toBe(508);
  });

  test('a publish that fails is repeated on the next connection', async () => {
    const { clock, link, outbox, append } = openBench();
    new BookkeepingGateway(link);
    const { hear } = link;
    link.hear = (message) => {
      if (message.topic.endsWith('/counts')) throw new Error('gone while sending');
      hear(message);
    };
    append(0, 3);
    link.goUp();
    await clock.sleep(5);
    link.goDown();
    link.hear = hear;
    link.goUp();
    await clock.sleep(20);
    expect(outbox.state.held).toBe(0);
  });

  test('a receipt of a future version, or none at all, changes nothing and is told', async () => {
    const { clock, link, outbox, events, append } = openBench();
    append(0, 1);
    link.goUp();
    link.receipt({ version: 2, epoch: outbox.state.epoch, everything: 'stored' });
    link.receipt({ version: 1, epoch: outbox.state.epoch, through: 'all' });
    await clock.sleep(5);
    expect(outbox.state.held).toBe(2);
    expect(events.filter(({ kind }) => kind === 'receipt-unreadable')).toHaveLength(2);
  });
});

describe('without a receipt', () => {
  test('a batch is sent again after 30 s and a half, doubling', async () => {
    const { clock, link, append } = openBench();
    const gateway = new BookkeepingGateway(link);
    link.goUp();
    await clock.sleep(5);
    gateway.answersBatches = false;
    const sentAt: number[] = [];
    const { hear } = link;
    link.hear = (message) => {
      if (message.topic.endsWith('/counts')) sentAt.push(clock.nowSeconds());
      hear(message);
    };
    append(0, 2);
    await clock.sleep(600);
    const pauses = sentAt.slice(1).map((at, index) => at - sentAt[index]!);
    // Chance one half makes every pause longer by a quarter.
    expect(pauses.slice(0, 3).map((pause) => Math.round(pause / 7.5) * 7.5)).toEqual([37.5, 75, 150]);
  });

  test('the same intervals come again with the same contents', async () => {
    const { clock, link, append } = openBench();
    const gateway = new BookkeepingGateway(link);
    link.goUp();
    await clock.sleep(5);
    gateway.answersBatches = false;
    append(0, 2);
    await clock.sleep(50);
    const [first, second] = link.batches;
    expect(second!.intervals).toEqual(first!.intervals);
  });
});

describe('backfill', () => {
  test.each(['newest-first', 'oldest-first'] as const)('goes %s', async (backfillOrder) => {
    const { clock, link, append } = openBench({ backfillOrder, backfillIntervalsPerSecond: 50 });
    new BookkeepingGateway(link);
    append(0, 1999);
    link.goUp();
    await clock.sleep(2);
    const first = sequencesOf(link.batches.slice(0, 1));
    expect(first[0]).toBe(backfillOrder === 'newest-first' ? 2000 : 1);
    expect(first[1]! - first[0]!).toBe(backfillOrder === 'newest-first' ? -1 : 1);
  });

  test('keeps to its rate and does not keep live data waiting', async () => {
    const { clock, link, outbox, append } = openBench({ backfillIntervalsPerSecond: 10 });
    new BookkeepingGateway(link);
    append(0, 9_999);
    link.goUp();
    await clock.sleep(1);
    for (let minute = 0; minute < 5; minute += 1) {
      append(10_000 + minute, 10_000 + minute);
      const live = outbox.state.lastSequence;
      await clock.sleep(1);
      expect(sequencesOf(link.batches)).toContain(live);
      await clock.sleep(59);
    }
    const backfilled = sequencesOf(link.batches).filter((sequence) => sequence <= 10_000).length;
    // The bucket holds one batch from the start; then ten a second flow in.
    expect(backfilled).toBeLessThanOrEqual(batchIntervalsMax + 10 * 302);
    expect(backfilled).toBeGreaterThan(10 * 250);
  });

  test('batches stay within their bounds', async () => {
    const { clock, link, append } = openBench({ backfillIntervalsPerSecond: 10_000 });
    new BookkeepingGateway(link);
    append(0, 1999);
    link.goUp();
    await clock.sleep(20);
    expect(sequencesOf(link.batches)).toHaveLength(2000);
    for (const batch of link.batches) expect(batch.intervals.length).toBeLessThanOrEqual(batchIntervalsMax);
    for (const { payload } of link.on('counts')) expect(payload.length).toBeLessThanOrEqual(batchBytesMax);
  });
});

test('the first connection waits for a random time, so that a town does not start at once', async () => {
  const { clock, link, append } = openBench({ startDelaySecondsMax: 60 });
  new BookkeepingGateway(link);
  append(0, 3);
  link.goUp();
  await clock.sleep(29);
  expect(link.said).toEqual([]);
  await clock.sleep(10);
  expect(sequencesOf(link.batches)).toHaveLength(4);
});

test('a gateway restored from an older backup gets again what it has forgotten', async () => {
  const { clock, link, outbox, append } = openBench();
  new BookkeepingGateway(link);
  link.goUp();
  await clock.sleep(5);
  append(0, 9);
  await clock.sleep(5);
  expect(outbox.state.held).toBe(0);
  link.goDown();
  const restored = new BookkeepingGateway(link, '00000000000000bb');
  restored.stored.set(outbox.state.epoch, new Set([1, 2, 3]));
  link.goUp();
  await clock.sleep(20);
  expect(outbox.state.held).toBe(0);
  expect(restored.receiptOf(outbox.state.epoch).through).toBe(10);
});
