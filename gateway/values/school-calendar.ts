/** School holidays: first and last local date, both included. */
export interface SchoolHoliday {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** A calendar of one state has some ten entries a year; thousands are another kind of file. */
const eventsMax = 2_000;

/** An iCalendar file that cannot be imported; the message names the line. */
export class CalendarError extends Error {
  constructor(line: number, fault: string) {
    super(`line ${line}: ${fault}`);
    this.name = 'CalendarError';
  }
}

interface OpenEvent {
  readonly line: number;
  summary?: string;
  start?: string;
  end?: string;
}

/**
 * Reads the all-day events of an iCalendar file (RFC 5545; 3.1 line folding, 3.6.1 VEVENT). `DTEND`
 * of a date is exclusive there; a missing one means a single day. Throws a `CalendarError`; nothing
 * is half read.
 */
export function parseSchoolCalendar(text: string): SchoolHoliday[] {
  const lines = unfolded(text);
  if (lines[0]?.text !== 'BEGIN:VCALENDAR') throw new CalendarError(1, 'BEGIN:VCALENDAR is missing');
  const holidays: SchoolHoliday[] = [];
  let event: OpenEvent | null = null;
  for (const { text: content, number } of lines) {
    const [head = '', value = ''] = splitOnce(content, ':');
    const [name] = head.split(';');
    if (content === 'BEGIN:VEVENT') {
      if (event) throw new CalendarError(number, 'an event within an event');
      event = { line: number };
    } else if (content === 'END:VEVENT') {
      if (!event) throw new CalendarError(number, 'the end of an event that never began');
      holidays.push(holidayOf(event));
      if (holidays.length > eventsMax) throw new CalendarError(number, `more than ${eventsMax} events`);
      event = null;
    } else if (event && name === 'SUMMARY') event.summary = unescaped(value);
    else if (event && name === 'DTSTART') event.start = dateOf(value, number);
    else if (event && name === 'DTEND') event.end = dateOf(value, number);
  }
  if (event) throw new CalendarError(event.line, 'an event without an end');
  return holidays.sort((left, right) => (left.from < right.from ? -1 : 1));
}

/** Lines that begin with a blank continue the one before (RFC 5545, 3.1). */
function unfolded(text: string): { text: string; number: number }[] {
  const lines: { text: string; number: number }[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const last = lines.at(-1);
    if (last && /^[ \t]/.test(raw)) last.text += raw.slice(1);
    else if (raw !== '') lines.push({ text: raw, number: index + 1 });
  }
  return lines;
}

function holidayOf(event: OpenEvent): SchoolHoliday {
  const { line, summary, start, end } = event;
  if (start === undefined) throw new CalendarError(line, 'an event without DTSTART');
  const to = end === undefined || end <= start ? start : dayBefore(end);
  return { name: (summary ?? '').slice(0, 120), from: start, to };
}

function dateOf(value: string, line: number): string {
  const match = /^(\d{4})(\d\d)(\d\d)(T\d{6}Z?)?$/.exec(value);
  const date = match ? `${match[1]}-${match[2]}-${match[3]}` : '';
  if (Number.isNaN(Date.parse(date)) || new Date(date).toISOString().slice(0, 10) !== date) {
    throw new CalendarError(line, 'not a date');
  }
  return date;
}

function dayBefore(date: string): string {
  return new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10);
}

function splitOnce(text: string, at: string): [string, string] {
  const position = text.indexOf(at);
  return position < 0 ? [text, ''] : [text.slice(0, position), text.slice(position + 1)];
}

/** RFC 5545, 3.3.11. */
function unescaped(text: string): string {
  return text.replace(/\\([\\;,nN])/g, (_, escaped: string) => (/n/i.test(escaped) ? ' ' : escaped));
}
