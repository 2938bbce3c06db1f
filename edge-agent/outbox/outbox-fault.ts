import { OutboxError } from './outbox.ts';

/** The fault behind an error of SQLite or the file system; our own faults are handed through. */
export function outboxFault(cause: unknown, file: string): OutboxError {
  if (cause instanceof OutboxError) return cause;
  const { code = '', message = String(cause) } = cause as { code?: string; message?: string };
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') {
    return new OutboxError('disk-full', `${file}: no room on the card`, { cause });
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return new OutboxError('damaged', `${file}: damaged (${message})`, { cause });
  }
  const busy = code.startsWith('SQLITE_BUSY');
  return new OutboxError('unwritable', `${file}: ${busy ? 'another process has it open' : message}`, {
    cause,
  });
}
