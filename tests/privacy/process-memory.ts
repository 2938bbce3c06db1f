import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';

/** Mappings are read in pieces, of which most were never touched and hold zeros only. */
const pieceBytes = 256 * 1024;
const zeros = Buffer.alloc(pieceBytes + 1024);

/**
 * All writable memory of a process, mapping by mapping, through /proc/PID/mem (proc(5)); pieces
 * overlap by `overlapBytes` so that nothing is missed at their edges.
 */
function* writableMemory(pid: number, overlapBytes = 64): Generator<Buffer> {
  const maps = readFileSync(`/proc/${pid}/maps`, 'utf8').trim().split('\n');
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  try {
    for (const line of maps) {
      const match = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
      if (match === null) continue;
      const end = Number.parseInt(match[2]!, 16);
      for (let at = Number.parseInt(match[1]!, 16); at < end; at += pieceBytes) {
        const buffer = Buffer.alloc(Math.min(pieceBytes + overlapBytes, end - at));
        const piece = buffer.subarray(0, readPiece(memory, buffer, at));
        if (!piece.equals(zeros.subarray(0, piece.length))) yield piece;
      }
    }
  } finally {
    closeSync(memory);
  }
}

/** Bytes read; none from a guard page or a mapping that has gone meanwhile. */
function readPiece(memory: number, buffer: Buffer, at: number): number {
  try {
    return readSync(memory, buffer, 0, buffer.length, at);
  } catch {
    return 0;
  }
}

/** How often each pattern lies in the process's memory. */
export function countInMemory(pid: number, patterns: readonly Buffer[]): number[] {
  const counts = patterns.map(() => 0);
  for (const piece of writableMemory(pid)) {
    for (const [index, pattern] of patterns.entries()) {
      for (let at = piece.indexOf(pattern); at >= 0; at = piece.indexOf(pattern, at + 1)) counts[index]! += 1;
    }
  }
  return counts;
}

/** The children of a process whose program has this name. */
export function childrenOf(pid: number, program: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((child) => {
      try {
        const status = readFileSync(`/proc/${child}/status`, 'utf8');
        return (
          new RegExp(`^Name:\\t${program}$`, 'm').test(status) &&
          new RegExp(`^PPid:\\t${pid}$`, 'm').test(status)
        );
      } catch {
        return false;
      }
    });
}
