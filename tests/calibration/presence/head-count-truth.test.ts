import { describe, expect, test } from 'vitest';
import { parseHeadCountTruth } from '../../../calibration/presence/head-count-truth.ts';

const at = (time: string) => Date.parse(`2024-04-18T${time}Z`) / 1000;
const parse = (...lines: string[]) => parseHeadCountTruth(lines.join('\n'), 'truth.csv');

describe('counted heads', () => {
  test('are read per minute, as people or as a range', () => {
    const people = parse('utc_minute,people', '2024-04-18T10:00Z,4', '2024-04-18T10:01Z,6');
    expect(people.mean(at('10:00'), at('10:02'))).toBe(5);
    const range = parse(
      'utc_minute,x,occupancy_min,occupancy_max',
      '2024-04-18T10:00Z,9,4,6',
      '2024-04-18T10:01Z,9,5,5',
    );
    expect(range.mean(at('10:00'), at('10:02'))).toBe(5);
  });

  test('are read per interval', () => {
    const truth = parse(
      'utc_minute,people',
      '2024-04-18T10:00Z,4',
      '2024-04-18T10:05Z,8',
      '2024-04-18T10:10Z,8',
    );
    expect(truth.mean(at('10:00'), at('10:05'))).toBe(4);
    expect(truth.mean(at('10:05'), at('10:15'))).toBe(8);
  });

  test('follow from the counts of a line into a place that was empty', () => {
    const truth = parse(
      'utc_minute,in,out',
      '2024-04-18T10:00Z,3,0',
      '2024-04-18T10:01Z,2,1',
      '2024-04-18T10:02Z,0,9',
    );
    expect(truth.mean(at('10:00'), at('10:01'))).toBe(3);
    expect(truth.mean(at('10:01'), at('10:02'))).toBe(4);
    expect(truth.mean(at('10:02'), at('10:03'))).toBe(0);
  });

  test('are bridged over a gap between equal numbers only', () => {
    const lines = ['utc_minute,people', '2024-04-18T10:00Z,0', '2024-04-18T10:01Z,0', '2024-04-18T10:20Z,0'];
    expect(parse(...lines).mean(at('10:05'), at('10:10'))).toBe(0);
    expect(parse(...lines.slice(0, 3), '2024-04-18T10:20Z,7').mean(at('10:05'), at('10:10'))).toBeNull();
    expect(parse(...lines).mean(at('11:05'), at('11:10'))).toBeNull();
  });

  test.each([
    [['minute,people', '2024-04-18T10:00Z,4'], 'line 1: no column utc_minute'],
    [['utc_minute,heads', '2024-04-18T10:00Z,4'], 'line 1: needs people'],
    [['utc_minute,people', 'yesterday,4'], 'line 2: "yesterday" is no UTC time'],
    [['utc_minute,people', '2024-04-18T10:00Z,'], 'line 2: the number of people is no number'],
    [['utc_minute,people', '2024-04-18T10:01Z,1', '2024-04-18T10:00Z,1'], 'line 3: times are not in order'],
    [['utc_minute,people'], 'holds no truth'],
  ])('that cannot be read name file, line and cause', (lines, message) => {
    expect(() => parse(...lines)).toThrow(`truth.csv: ${message}`);
  });
});
