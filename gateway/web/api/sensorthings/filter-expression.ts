import { Problem } from '../problems.ts';

/**
 * `$filter` of OGC SensorThings 1.1 (18-088, 9.3.3.5): comparisons, `and`, `or`, `not`, parentheses, functions of
 * text and of time. Names are paths of properties and of single related entities, as `Datastream/@iot.id`.
 */
export type Filter =
  | { readonly kind: 'and'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly of: Filter }
  | { readonly kind: Comparison; readonly left: Operand; readonly right: Operand }
  | { readonly kind: FilterFunction; readonly left: Operand; readonly right: Operand };

export type Operand =
  | { readonly kind: 'path'; readonly names: readonly string[] }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'time'; readonly fromMs: number; readonly toMs: number };

const comparisons = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const;
type Comparison = (typeof comparisons)[number];
const functions = ['startswith', 'endswith', 'substringof', 'before', 'after', 'during'] as const;
type FilterFunction = (typeof functions)[number];

/** Brackets within brackets: nobody writes more, and a deeper one would end on the stack. */
const depthMax = 30;

const tokenPattern =
  /\s*(?:(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)(?:\/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))?)|('(?:[^']|'')*')|(-?\d+(?:\.\d+)?(?![\w-]))|([(),])|([A-Za-z@_][\w@.-]*(?:\/[A-Za-z@_][\w@.-]*)*))/y;

type Token =
  | { readonly kind: 'sign'; readonly text: string }
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'operand'; readonly operand: Operand };

/** Throws a `Problem` that names the place where the text is no filter. */
export function parseFilter(text: string): Filter {
  return new FilterParser(text).whole();
}

class FilterParser {
  readonly #tokens: Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  whole(): Filter {
    const filter = this.#or();
    if (this.#next < this.#tokens.length) throw refused('something follows where the filter should end');
    return filter;
  }

  #or(): Filter {
    let left = this.#and();
    while (this.#takes('or')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): Filter {
    let left = this.#not();
    while (this.#takes('and')) left = { kind: 'and', left, right: this.#not() };
    return left;
  }

  #not(): Filter {
    this.#depth += 1;
    if (this.#depth > depthMax) throw refused('it is nested too deep');
    const filter: Filter = this.#takes('not') ? { kind: 'not', of: this.#not() } : this.#primary();
    this.#depth -= 1;
    return filter;
  }

  #primary(): Filter {
    if (this.#takes('(')) {
      const filter = this.#or();
      this.#expect(')');
      return filter;
    }
    const name = this.#tokens[this.#next];
    const called = functions.find((one) => name?.kind === 'name' && one === name.text);
    if (called !== undefined && textOf(this.#tokens[this.#next + 1]) === '(') return this.#call(called);
    const left = this.#operand();
    const operator = comparisons.find((one) => this.#takes(one));
    if (operator === undefined) throw refused('a comparison (eq, ne, gt, ge, lt, le) is missing');
    return { kind: operator, left, right: this.#operand() };
  }

  #call(kind: FilterFunction): Filter {
    this.#next += 2;
    const left = this.#operand();
    this.#expect(',');
    const right = this.#operand();
    this.#expect(')');
    // The odd one out: OData 3 has the part first.
    return kind === 'substringof' ? { kind, left: right, right: left } : { kind, left, right };
  }

  #operand(): Operand {
    const token = this.#tokens[this.#next];
    this.#next += 1;
    if (token?.kind === 'operand') return token.operand;
    if (token?.kind === 'name') return { kind: 'path', names: token.text.split('/') };
    throw refused('a name or a value is missing');
  }

  #takes(text: string): boolean {
    if (textOf(this.#tokens[this.#next]) !== text) return false;
    this.#next += 1;
    return true;
  }

  #expect(sign: string): void {
    if (!this.#takes(sign)) throw refused(`"${sign}" is missing`);
  }
}

function textOf(token: Token | undefined): string | null {
  return token === undefined || token.kind === 'operand' ? null : token.text;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(tokenPattern);
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex;
    const found = pattern.exec(text);
    if (found === null) throw refused(`character ${at + 1} begins nothing that is known`);
    tokens.push(tokenOf(found));
  }
  return tokens;
}

function tokenOf([, time, quoted, number, sign, name]: RegExpExecArray): Token {
  const literal = (value: string | number | boolean | null): Token => ({
    kind: 'operand',
    operand: { kind: 'literal', value },
  });
  if (time !== undefined) return { kind: 'operand', operand: timeOf(time) };
  if (quoted !== undefined) return literal(quoted.slice(1, -1).replaceAll("''", "'"));
  if (number !== undefined) return literal(Number(number));
  if (sign !== undefined) return { kind: 'sign', text: sign };
  if (name === 'null') return literal(null);
  if (name === 'true' || name === 'false') return literal(name === 'true');
  return { kind: 'name', text: name! };
}

/** An instant or an interval, as `2026-03-02T08:00:00Z` or two of them with a slash. Throws where it is none. */
export function timeOf(text: string): Operand & { kind: 'time' } {
  const [from = '', to = from] = text.split('/');
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  if (Number.isNaN(fromMs) || Number.isNaN(toMs)) throw refused(`"${text}" is no time`);
  return { kind: 'time', fromMs, toMs };
}

function refused(why: string): Problem {
  return new Problem('invalid-request', `$filter cannot be read: ${why}.`);
}
