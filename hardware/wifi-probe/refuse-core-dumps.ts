import koffi from 'koffi';

/** linux/prctl.h */
const prSetDumpable = 4;
/** asm-generic/resource.h */
const rlimitCore = 4;
/**
 * One byte, not none: the kernel ignores a limit of 0 where core dumps are piped to a program, but
 * aborts the dump at 1 (Linux fs/coredump.c); a file of one byte is below the smallest dump.
 */
const coreBytesMax = 1;

/**
 * Makes sure that no crash writes this process or its children, and with them addresses and keys,
 * to a disk: not dumpable, prctl(2), for this one, and a core limit, setrlimit(2), that children
 * inherit. Throws an Error where the kernel refuses.
 */
export function refuseCoreDumps(): void {
  const library = koffi.load(null);
  const prctl = library.func('int prctl(int option, ulong a, ulong b, ulong c, ulong d)');
  const setrlimit = library.func('int setrlimit(int resource, uint64_t *limits)');
  const limits = BigUint64Array.of(BigInt(coreBytesMax), BigInt(coreBytesMax));
  if (setrlimit(rlimitCore, limits) !== 0) throw new Error(`setrlimit: error ${koffi.errno()}`);
  if (prctl(prSetDumpable, 0, 0, 0, 0) !== 0) throw new Error(`prctl: error ${koffi.errno()}`);
}
