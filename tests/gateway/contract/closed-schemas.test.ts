import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import { CountBatch, Interval, intervalFault } from '../../../gateway/contract/count-batch.ts';
import { DeviceStatus, LiveTotals } from '../../../gateway/contract/device-status.ts';
import * as httpApi from '../../../gateway/contract/http-api.ts';
import { Receipt, Resume } from '../../../gateway/contract/receipt.ts';
import { SiteProfile } from '../../../gateway/contract/site-profile.ts';
import { ToldProfile } from '../../../gateway/contract/told-profile.ts';
import { buildTopic, mayPublish, mayRead, parseTopic } from '../../../gateway/contract/topics.ts';
import { crossing, motion, presence, sampleEpoch } from '../sample-intervals.ts';

/** Paths of all object schemas that would let an unknown field through. */
function openObjects(schema: unknown, path = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { type, additionalProperties } = schema as { type?: unknown; additionalProperties?: unknown };
  const here = type === 'object' && additionalProperties !== false ? [path] : [];
  return [...here, ...Object.entries(schema).flatMap(([name, part]) => openObjects(part, `${path}/${name}`))];
}

/** Strings that may hold any text, which could be about a person. */
function freeTexts(schema: unknown, path = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const bounded = ['pattern', 'enum', 'const'].some((keyword) => keyword in schema);
  const here = (schema as { type?: unknown }).type === 'string' && !bounded ? [path] : [];
  return [...here, ...Object.entries(schema).flatMap(([name, part]) => freeTexts(part, `${path}/${name}`))];
}

const wire = { CountBatch, DeviceStatus, LiveTotals, Receipt, Resume, SiteProfile, ToldProfile };
const answers = Object.entries(httpApi).filter(([, value]) => typeof value === 'object' && 'type' in value);

describe('schemas', () => {
  test.each(Object.entries(wire))('%s on the wire is closed and versioned', (_name, schema) => {
    expect(openObjects(schema)).toEqual([]);
    expect(Object.keys(schema.properties)).toContain('version');
  });

  test('the interface over HTTP has objects to check', () => {
    expect(answers.length).toBeGreaterThan(8);
  });

  test.each(answers)('%s over HTTP is closed', (_name, schema) => {
    expect(openObjects(schema)).toEqual([]);
  });

  test('counts carry no free text', () => {
    expect(freeTexts(CountBatch)).toEqual([]);
  });
});

describe('an interval', () => {
  const valid = Compile(Interval);

  test.each([crossing(1), motion(1), presence(1)])(
    'of kind $kind is valid, and not with a field more',
    (one) => {
      expect(valid.Check(one)).toBe(true);
      expect(intervalFault(one)).toBeNull();
      expect(valid.Check({ ...one, address: 'aa:bb:cc:dd:ee:ff' })).toBe(false);
    },
  );

  test.each([
    ['in 1970', { start: '1970-01-01T00:00:00Z' }],
    ['with local time', { start: '2026-03-02T08:00:00+01:00' }],
    ['of no length', { durationSeconds: 0 }],
    ['longer than five minutes', { durationSeconds: 301 }],
    ['with half a person', { in: 0.5 }],
    ['with fewer than nobody', { out: -1 }],
    ['without a number', { standardErrorIn: Number.NaN }],
    ['with sequence 0', { sequence: 0 }],
    ['of a sensor with spaces', { sensor: 'the door' }],
    ['with a reason of its own', { rejected: { 'was-a-dog': 1 } }],
  ])('%s is refused by the schema', (_name, change) => {
    expect(valid.Check({ ...crossing(1), ...change })).toBe(false);
  });

  test.each([
    ['coverage-exceeds-duration', { coverageSeconds: 61 }],
    ['count-without-coverage', { coverageSeconds: 0 }],
    ['start-not-a-date', { start: '2026-02-30T08:00:00Z' }],
    ['start-not-a-date', { start: '2026-02-03T24:00:00Z' }],
  ])('is refused with the reason %s', (reason, change) => {
    expect(intervalFault({ ...crossing(1), ...change })).toBe(reason);
  });
});

describe('topics', () => {
  test('are built and parsed alike, and nothing else is parsed', () => {
    for (const leaf of ['counts', 'status', 'live', 'resume', 'in-force', 'receipt', 'profile'] as const) {
      expect(parseTopic(buildTopic('shop-1', leaf))).toEqual({ device: 'shop-1', leaf });
    }
    const others = [
      'passant/v2/shop-1/counts',
      'passant/v1/shop-1',
      'passant/v1//counts',
      'passant/v1/a/b/counts',
    ];
    for (const topic of [...others, 'passant/v1/Shop/counts', 'passant/v1/+/counts', '']) {
      expect(parseTopic(topic)).toBeNull();
    }
    expect(() => buildTopic('shop/1', 'counts')).toThrow('shop/1');
  });

  test('belong to their device', () => {
    expect(mayPublish('shop-1', 'passant/v1/shop-1/counts')).toBe(true);
    expect(mayPublish('shop-1', 'passant/v1/shop-1/receipt')).toBe(false);
    expect(mayPublish('shop-1', 'passant/v1/shop-2/counts')).toBe(false);
    expect(mayRead('shop-1', 'passant/v1/shop-1/receipt')).toBe(true);
    expect(mayRead('shop-1', 'passant/v1/+/receipt')).toBe(false);
  });
});

test('a receipt answers by the nonce of its request', () => {
  const receipt = {
    version: 1,
    store: sampleEpoch,
    epoch: sampleEpoch,
    through: 0,
    beyond: [[2, 3]],
    refused: [],
  };
  expect(Compile(Receipt).Check({ ...receipt, answers: '00c0ffee' })).toBe(true);
  expect(Compile(Receipt).Check({ ...receipt, answers: 'x' })).toBe(false);
  expect(Compile(Receipt).Check({ ...receipt, beyond: [[2]] })).toBe(false);
});
