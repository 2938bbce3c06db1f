import type { RowSource } from './interval-row.ts';
import { OutboxError } from './outbox.ts';
import type { OutboxStatements } from './outbox-statements.ts';

/** The few texts that all rows share, as numbers: sources and boots. */
export class RowDictionary {
  readonly #statements: OutboxStatements;
  readonly #sources = new Map<string, number>();
  readonly #sourcesById = new Map<number, RowSource>();
  readonly #boots = new Map<string, number>();
  readonly #bootsById = new Map<number, string>();

  constructor(statements: OutboxStatements) {
    this.#statements = statements;
  }

  /** Reads what the file has; also after a transaction that was rolled back. */
  load(): void {
    this.#sources.clear();
    this.#sourcesById.clear();
    this.#boots.clear();
    this.#bootsById.clear();
    for (const row of this.#statements.sources.all() as { id: number; source: string }[]) {
      this.#sources.set(row.source, row.id);
      this.#sourcesById.set(row.id, JSON.parse(row.source) as RowSource);
    }
    for (const row of this.#statements.boots.all() as { id: number; boot: string }[]) {
      this.#boots.set(row.boot, row.id);
      this.#bootsById.set(row.id, row.boot);
    }
  }

  /** The number of a source, given one where it has none; within the caller's transaction. */
  numberOfSource(source: RowSource): number {
    const text = JSON.stringify(source);
    const known = this.#sources.get(text);
    if (known !== undefined) return known;
    const id = Number(this.#statements.addSource.run(text).lastInsertRowid);
    this.#sources.set(text, id);
    this.#sourcesById.set(id, source);
    return id;
  }

  /** Throws `OutboxError` `damaged` for a number that no source has. */
  source(id: number): RowSource {
    const source = this.#sourcesById.get(id);
    if (source === undefined)
      throw new OutboxError('damaged', `outbox: an interval of source ${id}, which is gone`);
    return source;
  }

  numberOfBoot(boot: string): number {
    const known = this.#boots.get(boot);
    if (known !== undefined) return known;
    const id = Number(this.#statements.addBoot.run(boot).lastInsertRowid);
    this.#boots.set(boot, id);
    this.#bootsById.set(id, boot);
    return id;
  }

  /** Throws `OutboxError` `damaged` for a number that no boot has. */
  boot(id: number): string {
    const boot = this.#bootsById.get(id);
    if (boot === undefined)
      throw new OutboxError('damaged', `outbox: an interval of boot ${id}, which is gone`);
    return boot;
  }

  /** Null for a boot without intervals. */
  knownBoot(boot: string): number | null {
    return this.#boots.get(boot) ?? null;
  }
}
