import koffi from 'koffi';

/** prctl(2): PR_SET_DUMPABLE and PR_GET_DUMPABLE. */
const setDumpable = 4;
const getDumpable = 3;

/**
 * Forbids core dumps of this process and its memory to other processes of the same user: an address
 * or a key that lives in memory for minutes must not end on a disk (privacy.md, section 6). Returns
 * whether it is so now; false where the system knows no such thing.
 */
export function forbidCoreDumps(): boolean {
  if (process.platform !== 'linux') return false;
  const prctl = koffi
    .load('libc.so.6')
    .func('int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)');
  prctl(setDumpable, 0, 0, 0, 0);
  return prctl(getDumpable, 0, 0, 0, 0) === 0;
}
