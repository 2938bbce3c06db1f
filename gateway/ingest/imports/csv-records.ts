/** A file that cannot be imported; nothing of it has been. */
export class ImportError extends Error {
  constructor(line: number, fault: string) {
    super(`line ${line}: ${fault}`);
    this.name = 'ImportError';
  }
}

export interface CsvRecord {
  /** From 1, as editors count. */
  readonly line: number;
  readonly fields: readonly string[];
}

/** No honest row is longer; a gigabyte without a line end must not end up in memory. */
const lineCharactersMax = 65_536;
/** Three centuries of hours: more rows are another kind of file. */
const importRowsMax = 3_000_000;

/**
 * Reads records one by one, whatever the size of the file. Fields may be quoted (RFC 4180) but not
 * run over lines. Every record has as many fields as the first. Throws an `ImportError`.
 */
export async function* readCsvRecords(
  chunks: AsyncIterable<Uint8Array>,
  delimiter: ',' | ';',
): AsyncGenerator<CsvRecord> {
  let width: number | null = null;
  for await (const { line, text } of readLines(chunks)) {
    if (text === '') continue;
    if (line > importRowsMax) throw new ImportError(line, `more than ${importRowsMax} lines`);
    const fields = fieldsOf(text, delimiter, line);
    width ??= fields.length;
    if (fields.length !== width) {
      throw new ImportError(line, `${fields.length} fields between "${delimiter}" instead of ${width}`);
    }
    yield { line, fields };
  }
}

async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<{ line: number; text: string }> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  let rest = '';
  const decoded = (bytes?: Uint8Array) => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch {
      throw new ImportError(line, 'not UTF-8; save the file as UTF-8');
    }
  };
  for await (const chunk of chunks) {
    rest += decoded(chunk);
    const lines = rest.split('\n');
    rest = lines.pop()!;
    for (const text of lines) {
      yield { line, text: text.replace(/\r$/, '') };
      line += 1;
    }
    if (rest.length > lineCharactersMax)
      throw new ImportError(line, `longer than ${lineCharactersMax} characters`);
  }
  rest += decoded();
  if (rest !== '') yield { line, text: rest.replace(/\r$/, '') };
}

function fieldsOf(text: string, delimiter: ',' | ';', line: number): string[] {
  if (!text.includes('"')) return text.split(delimiter);
  const fields: string[] = [];
  const field =
    delimiter === ',' ? /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y : /(?:"((?:[^"]|"")*)"|([^";]*))(;|$)/y;
  for (;;) {
    const match = field.exec(text);
    if (match === null) throw new ImportError(line, 'a quotation mark where none may be');
    fields.push(match[1] === undefined ? match[2]! : match[1].replaceAll('""', '"'));
    if (match[3] === '') return fields;
  }
}
