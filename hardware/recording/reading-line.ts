import { SensorError } from '../sensor.ts';

/** The fields a reading line may carry. What a line does not carry is NaN, `bytes` the empty string. */
export interface ReadingLine {
  t: number;
  zone: number;
  mm: number;
  status: number;
  active: number;
  signalKcps: number;
  ambientKcps: number;
  sigmaMm: number;
  spads: number;
  bytes: string;
}

type NumberField = Exclude<keyof ReadingLine, 'bytes'>;

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const braceOpen = 0x7b;
const braceClose = 0x7d;
const zero = 0x30;
const nine = 0x39;
const minus = 0x2d;
const point = 0x2e;

/** Exactly representable powers of ten; a mantissa below 2^53 divided by one of them rounds once. */
const powersOfTen = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);
const mantissaDigitsMax = 15;

const numberFields: readonly NumberField[] = [
  't',
  'zone',
  'mm',
  'status',
  'active',
  'signalKcps',
  'ambientKcps',
  'sigmaMm',
  'spads',
];
const fieldNames: readonly { readonly name: NumberField; readonly codes: Uint8Array }[] = numberFields.map(
  (name) => ({ name, codes: Buffer.from(name) }),
);

/**
 * Parses one line of a recording in place, without allocating where it is written as this program
 * writes it: flat, without spaces, numbers without exponents. Anything else goes through JSON.parse,
 * so every JSON is understood and only the usual one is fast.
 */
export class ReadingLineParser {
  readonly line: ReadingLine = emptyLine();
  /** Where the number ended that was read last; -1 after one that the fast way cannot read. */
  #end = 0;

  /** Fills `line` from `bytes[from, to)`; returns null, or the cause why it is no reading. */
  parse(bytes: Buffer, from: number, to: number): string | null {
    clear(this.line);
    if (this.#parseFast(bytes, from, to)) return null;
    clear(this.line);
    return parseSlowly(bytes.toString('utf8', from, to), this.line);
  }

  #parseFast(bytes: Buffer, from: number, to: number): boolean {
    if (bytes[from] !== braceOpen || bytes[to - 1] !== braceClose) return false;
    let at = from + 1;
    for (;;) {
      if (bytes[at] !== quote) return false;
      let nameEnd = at + 1;
      while (nameEnd < to && bytes[nameEnd] !== quote) nameEnd += 1;
      if (bytes[nameEnd + 1] !== colon) return false;
      const name = fieldAt(bytes, at + 1, nameEnd);
      if (name === null) return false;
      const value = this.#number(bytes, nameEnd + 2);
      if (this.#end < 0) return false;
      this.line[name] = value;
      if (bytes[this.#end] === braceClose) return this.#end === to - 1;
      if (bytes[this.#end] !== comma) return false;
      at = this.#end + 1;
    }
  }

  /** A number as JSON writes it without an exponent; sets `#end`. */
  #number(bytes: Buffer, from: number): number {
    let at = from;
    const negative = bytes[at] === minus;
    if (negative) at += 1;
    const first = at;
    let mantissa = 0;
    let pointAt = -1;
    for (; ; at += 1) {
      const code = bytes[at]!;
      if (code >= zero && code <= nine) mantissa = mantissa * 10 + (code - zero);
      else if (code === point && pointAt < 0 && at > first) pointAt = at;
      else break;
    }
    const fractionDigits = pointAt < 0 ? 0 : at - pointAt - 1;
    const digits = at - first - (pointAt < 0 ? 0 : 1);
    const leadingZero = bytes[first] === zero && digits - fractionDigits > 1;
    const wellFormed = digits > 0 && digits <= mantissaDigitsMax && !leadingZero;
    if (!wellFormed || (pointAt >= 0 && fractionDigits === 0)) {
      this.#end = -1;
      return Number.NaN;
    }
    this.#end = at;
    const value = fractionDigits === 0 ? mantissa : mantissa / powersOfTen[fractionDigits]!;
    return negative ? -value : value;
  }
}

function fieldAt(bytes: Buffer, from: number, to: number): NumberField | null {
  next: for (const { name, codes } of fieldNames) {
    if (codes.length !== to - from) continue;
    for (let offset = 0; offset < codes.length; offset += 1) {
      if (codes[offset] !== bytes[from + offset]) continue next;
    }
    return name;
  }
  return null;
}

function parseSlowly(text: string, line: ReadingLine): string | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'not JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'not a JSON object';
  const fields = value as Record<string, unknown>;
  for (const name of numberFields) {
    const field = fields[name];
    if (field === undefined) continue;
    if (typeof field === 'number') line[name] = field;
    else if (name === 'active' && typeof field === 'boolean') line.active = field ? 1 : 0;
    else return `"${name}" is not a ${name === 'active' ? 'boolean' : 'number'}`;
  }
  if (fields['bytes'] !== undefined) {
    if (typeof fields['bytes'] !== 'string') return '"bytes" is not a string';
    line.bytes = fields['bytes'];
  }
  return null;
}

function emptyLine(): ReadingLine {
  const line = { bytes: '' } as ReadingLine;
  for (const name of numberFields) line[name] = Number.NaN;
  return line;
}

function clear(line: ReadingLine): void {
  line.t = Number.NaN;
  line.zone = Number.NaN;
  line.mm = Number.NaN;
  line.status = Number.NaN;
  line.active = Number.NaN;
  line.signalKcps = Number.NaN;
  line.ambientKcps = Number.NaN;
  line.sigmaMm = Number.NaN;
  line.spads = Number.NaN;
  line.bytes = '';
}

/** The error for a line of a recording: names file, line and cause. */
export function lineError(file: string, lineNumber: number, cause: string): SensorError {
  return new SensorError('recording-invalid', `${file}: line ${lineNumber}: ${cause}`);
}
