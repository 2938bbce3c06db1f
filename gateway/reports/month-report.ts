import type { LineRole } from '../contract/http-api.ts';
import type { PaperLanguage } from '../papers/paper.ts';
import { cellsOf, localClock, type Span } from '../values/local-time.ts';
import {
  coverageOf,
  gatherInto,
  type PeopleCell,
  peopleOf,
  sumOfSeen,
} from '../values/measures/people-cell.ts';
import { type FactorErrors, interval95, type Uncertain } from '../values/uncertain.ts';

/** A number with its 95 % interval, or null where nobody looked. */
export interface Figure {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface ReportDay {
  /** As 2026-03-02, on the local calendar. */
  readonly date: string;
  /** 1 Monday to 7 Sunday. */
  readonly weekday: number;
  readonly people: Figure | null;
  readonly coverage: number;
}

/** One line in one month. */
export interface LineReport {
  readonly id: string;
  readonly name: string;
  readonly siteName: string;
  readonly role: LineRole;
  readonly simulated: boolean;
  /** `published` where noise was drawn for an audience that is not the owner. */
  readonly value: 'corrected' | 'published';
  readonly days: readonly ReportDay[];
  readonly total: Figure | null;
  readonly coverage: number;
  readonly before: { readonly total: Figure | null; readonly coverage: number };
  /** Mean people by weekday and local hour, Monday first; null where no such hour was seen whole. */
  readonly week: readonly (readonly (number | null)[])[];
  readonly findings: readonly { readonly de: string; readonly en: string }[];
}

export interface MonthReport {
  readonly language: PaperLanguage;
  /** A line's name or a town's. */
  readonly title: string;
  /** As 2026-03. */
  readonly month: string;
  readonly timeZone: string;
  readonly lines: readonly LineReport[];
  readonly generatedMs: number;
  readonly software: string;
}

export interface LineSource
  extends Pick<LineReport, 'id' | 'name' | 'siteName' | 'role' | 'simulated' | 'value' | 'findings'> {
  readonly hours: readonly PeopleCell[];
  readonly hoursBefore: readonly PeopleCell[];
  readonly errors: FactorErrors;
  readonly range: Span;
  readonly before: Span;
  readonly timeZone: string;
}

/** Hours looked at for less than this share say too little of how busy such an hour is. */
const wholeFrom = 0.95;

/** Lays a month of hours out as a report shows it. */
export function lineReport(source: LineSource): LineReport {
  const {
    id,
    name,
    siteName,
    role,
    simulated,
    value,
    findings,
    hours,
    hoursBefore,
    range,
    before,
    timeZone,
  } = source;
  const figure = (cells: readonly PeopleCell[]) =>
    figureOf(sumOfSeen(cells.map((cell) => peopleOf(cell, role))), source);
  const days = gatherInto(cellsOf(range, '1d', timeZone), hours).map(({ span, cells }) => ({
    ...dayOf(span, timeZone),
    people: figure(cells),
    coverage: coverageOf(cells, span),
  }));
  return {
    id,
    name,
    siteName,
    role,
    simulated,
    value,
    findings,
    days,
    total: figure(hours),
    coverage: coverageOf(hours, range),
    before: { total: figure(hoursBefore), coverage: coverageOf(hoursBefore, before) },
    week: weekOf(hours, role, timeZone),
  };
}

/** People are not fewer than none; noise may make a published number negative, which is left as it is. */
function figureOf(
  number: Uncertain | null,
  { errors, value }: Pick<LineSource, 'errors' | 'value'>,
): Figure | null {
  if (number === null) return null;
  const [low, high] = interval95(number, errors);
  return { value: number.value, low: value === 'corrected' ? Math.max(0, low) : low, high };
}

function dayOf({ fromMs }: Span, timeZone: string): { date: string; weekday: number } {
  const { date, weekday } = localClock(fromMs, timeZone);
  return { date, weekday };
}

/** Hours of a sealed night stand together in their first: alone they say nothing and are left out. */
function weekOf(hours: readonly PeopleCell[], role: LineRole, timeZone: string): (number | null)[][] {
  const sums = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => ({ people: 0, hours: 0 })));
  for (const cell of hours) {
    const people = peopleOf(cell, role);
    if (people === null || cell.coverage < wholeFrom || cell.merged) continue;
    const { weekday, minuteOfDay } = localClock(cell.span.fromMs, timeZone);
    const sum = sums[weekday - 1]![Math.floor(minuteOfDay / 60)]!;
    sum.people += people.value;
    sum.hours += 1;
  }
  return sums.map((day) => day.map((sum) => (sum.hours === 0 ? null : sum.people / sum.hours)));
}
