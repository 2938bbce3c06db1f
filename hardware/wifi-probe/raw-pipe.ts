import koffi from 'koffi';

/** fcntl.h: O_CLOEXEC on Linux; other children must not inherit the pipe. */
const closeOnExec = 0o2000000;

export interface RawPipe {
  readonly readDescriptor: number;
  readonly writeDescriptor: number;
}

let pipe2: ReturnType<ReturnType<typeof koffi.load>['func']> | null = null;

/**
 * A pipe of the kernel, pipe2(2). Node's own pipes to children read into buffers that nobody can
 * overwrite; from this one `fs.read` reads into ours. Throws an Error where the kernel has no more.
 */
export function openRawPipe(): RawPipe {
  pipe2 ??= koffi.load(null).func('int pipe2(int *descriptors, int flags)');
  const descriptors = new Int32Array(2);
  if (pipe2(descriptors, closeOnExec) !== 0) throw new Error(`pipe2: error ${koffi.errno()}`);
  return { readDescriptor: descriptors[0]!, writeDescriptor: descriptors[1]! };
}
