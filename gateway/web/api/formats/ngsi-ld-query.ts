import { Compile } from 'typebox/compile';
import { LineId } from '../../../contract/http-api.ts';
import type { Span } from '../../../values/local-time.ts';
import { Problem } from '../problems.ts';
import { momentOf } from '../request-range.ts';

/** What an NGSI-LD query asks for. */
export interface NgsiQuery {
  readonly range: Span;
  /** Null for every line. */
  readonly line: string | null;
}

const validLine = Compile(LineId);
const form = 'q is dateObservedFrom>=TIME;dateObservedTo<=TIME, optionally ;line=="ID".';

/**
 * Reads the query language of NGSI-LD (ETSI GS CIM 009, 4.9) as far as a series of counts needs it: terms
 * joined by `;`, each with one comparison. A time may stand in quotes. Throws a `Problem`.
 */
export function readNgsiQuery(text: string): NgsiQuery {
  const terms = new Map<string, string>();
  for (const term of text.split(';')) {
    const [, key, value] =
      /^(dateObservedFrom>=|dateObservedTo<=|line==)"?([^"]*)"?$/.exec(term.trim()) ?? [];
    if (key === undefined || value === undefined || terms.has(key))
      throw new Problem('invalid-request', form);
    terms.set(key, value);
  }
  const line = terms.get('line==') ?? null;
  if (line !== null && !validLine.Check(line)) throw new Problem('invalid-request', form);
  return {
    range: {
      fromMs: momentOf('dateObservedFrom', terms.get('dateObservedFrom>=')),
      toMs: momentOf('dateObservedTo', terms.get('dateObservedTo<=')),
    },
    line,
  };
}
