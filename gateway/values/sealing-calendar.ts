import type { ProtectionRule } from '../contract/protection.ts';
import { cellsOf, localClock, localDay, type Span } from './local-time.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/**
 * The cells in which a line is sealed: quarters or hours of the local clock by day, and all quiet
 * hours of a night as one cell, which is an hour shorter or longer where clocks change in it. Cells
 * follow each other without gaps. Those that start within `range` are returned, in order.
 */
export function sealingCells(range: Span, rule: ProtectionRule, timeZone: string): Span[] {
  if (range.toMs <= range.fromMs) return [];
  // A day earlier and later, so that the nights at both ends are whole: no night is as long as a day.
  const from = localDay(localDay(range.fromMs, timeZone).fromMs - 1, timeZone).fromMs;
  const to = localDay(range.toMs + dayMs, timeZone).toMs;
  const cells: Span[] = [];
  let night: { fromMs: number; toMs: number } | null = null;
  for (const { span, quiet } of stepsOf({ fromMs: from, toMs: to }, rule, timeZone)) {
    if (quiet && night) night.toMs = span.toMs;
    else if (quiet) night = { ...span };
    else {
      if (night) cells.push(night);
      night = null;
      cells.push(span);
    }
  }
  return cells.filter(({ fromMs }) => fromMs >= range.fromMs && fromMs < range.toMs);
}

/** Steps of the local clock from midnight to midnight; the last of a day may be cut by a change of the clock. */
function* stepsOf(
  range: Span,
  rule: ProtectionRule,
  timeZone: string,
): Generator<{ span: Span; quiet: boolean }> {
  const stepMs = rule.cellMinutes * minuteMs;
  for (const day of cellsOf(range, '1d', timeZone)) {
    const regular = day.toMs - day.fromMs === dayMs;
    for (let fromMs = day.fromMs; fromMs < day.toMs; fromMs += stepMs) {
      const minuteOfDay = regular
        ? (fromMs - day.fromMs) / minuteMs
        : localClock(fromMs, timeZone).minuteOfDay;
      yield {
        span: { fromMs, toMs: Math.min(fromMs + stepMs, day.toMs) },
        quiet: isQuiet(minuteOfDay, rule),
      };
    }
  }
}

function isQuiet(minuteOfDay: number, { quietFrom, quietUntil }: ProtectionRule): boolean {
  const [from, until] = [minutesOf(quietFrom), minutesOf(quietUntil)];
  if (from <= until) return from <= minuteOfDay && minuteOfDay < until;
  return minuteOfDay >= from || minuteOfDay < until;
}

/** What is wrong with a rule; null where nothing is. */
export function protectionFault(rule: ProtectionRule): string | null {
  const step = rule.cellMinutes;
  const off = [rule.quietFrom, rule.quietUntil].find((time) => minutesOf(time) % step !== 0);
  return off === undefined ? null : `quiet hours cannot begin or end at ${off} in cells of ${step} minutes`;
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}
