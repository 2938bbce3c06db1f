import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AssignmentBody,
  countTogether,
  effectiveSetup,
} from '../../../gateway/enrolment/effective-setup.ts';
import type { AssignmentRecord, Setup } from '../../../gateway/store/count-store.ts';

const row = (changes: Partial<AssignmentRecord> = {}): AssignmentRecord => ({
  ...{ line: 'door', device: 'configured', sensor: 'door', role: 'counts', lane: 0, sign: 1 },
  ...{ fromMs: null, untilMs: null },
  ...changes,
});
const enrolled = (changes: Partial<AssignmentBody> = {}): AssignmentBody => ({
  ...row({ device: 'enrolled', fromMs: 1_000 }),
  origin: 'enrolment',
  ...changes,
});
const setup = (assignments: readonly AssignmentRecord[]): Setup => ({
  sites: [],
  lines: [{ id: 'door', site: 'shop', name: 'Door', role: 'entrance', kind: 'crossing' }],
  assignments,
});
const kinds = (result: ReturnType<typeof effectiveSetup>) => result.conflicts.map(({ kind }) => kind);

describe('what is in force', () => {
  test('is the configuration where nothing was decided', () => {
    const configured = setup([row(), row({ sensor: 'pir', role: 'witness' })]);
    expect(effectiveSetup(configured, [])).toEqual({ setup: configured, conflicts: [] });
  });

  test('is both where they speak of different times, lanes or roles', () => {
    const apart = setup([row({ untilMs: 1_000 }), row({ sensor: 'pir', role: 'witness' })]);
    const result = effectiveSetup(apart, [enrolled()]);
    expect(result.setup.assignments).toHaveLength(3);
    expect(result.conflicts).toEqual([]);
  });

  test('is the enrolment where both count at the same time, before and after it the configuration', () => {
    const result = effectiveSetup(setup([row()]), [enrolled({ untilMs: 2_000 })]);
    const spans = result.setup.assignments.map(({ device, fromMs, untilMs }) => [device, fromMs, untilMs]);
    expect(spans).toEqual([
      ['configured', null, 1_000],
      ['configured', 2_000, null],
      ['enrolled', 1_000, 2_000],
    ]);
    expect(kinds(result)).toEqual(['configuration-set-aside']);
  });

  test('takes a change of a configured row, and tells until the file says the same', () => {
    const change = { ...row({ sign: -1 as const, untilMs: 5_000 }), origin: 'configuration' as const };
    const result = effectiveSetup(setup([row()]), [change]);
    expect(result.setup.assignments).toEqual([row({ sign: -1, untilMs: 5_000 })]);
    expect(kinds(result)).toEqual(['configuration-overridden']);
    const mended = effectiveSetup(setup([row({ sign: -1, untilMs: 5_000 })]), [change]);
    expect(mended.conflicts).toEqual([]);
    // The row is gone from the file: so is its change.
    expect(effectiveSetup(setup([]), [change]).setup.assignments).toEqual([]);
  });

  test('tells of a device enrolled at a line that the file has lost', () => {
    const result = effectiveSetup({ ...setup([]), lines: [] }, [enrolled()]);
    expect(result.setup.assignments).toEqual([]);
    expect(kinds(result)).toEqual(['line-unknown']);
  });

  test('never counts two devices at once, whatever file and enrolments say, and loses no enrolment', () => {
    const time = fc.option(fc.integer({ min: 0, max: 20 }), { nil: null });
    const span = fc
      .tuple(time, time)
      .filter(([from, until]) => from === null || until === null || from < until);
    const spans = fc.array(span, { maxLength: 4 });
    fc.assert(
      fc.property(spans, span, (configured, [fromMs, untilMs]) => {
        const rows = configured.map(([from, until], index) =>
          row({ device: `configured-${index}`, fromMs: from, untilMs: until }),
        );
        const decided = enrolled({ fromMs, untilMs });
        const { setup: inForce } = effectiveSetup(setup(rows), [decided]);
        const { origin: _, ...plain } = decided;
        expect(inForce.assignments).toContainEqual(plain);
        for (const other of inForce.assignments) {
          if (other.device !== 'enrolled') expect(countTogether(other, decided)).toBe(false);
        }
      }),
    );
  });
});
