import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';

/** Addresses below belong to the module itself. */
export const firstAddress = 4096;
const pageBytes = 65_536;

/** The compiled kernel (scripts/train/kernel/recurrent-kernel.ts) over a memory of its own. */
export interface RecurrentKernel {
  readonly memory: WebAssembly.Memory;
  size(hidden: number, mixed: number, inputs: number, constants: number): void;
  place(index: number, address: number): void;
  read(steps: number): void;
  mix(steps: number): void;
  unmix(steps: number): void;
  unread(steps: number): void;
}

/** Compiles the kernel. Rejects with the compiler's words where it finds a fault. */
export async function compileKernel(): Promise<Uint8Array<ArrayBuffer>> {
  const name = 'recurrent-kernel.ts';
  const source = readFileSync(join(import.meta.dirname, 'kernel', name), 'utf8');
  let binary: Uint8Array | undefined;
  const features = ['--enable', 'simd', '--enable', 'relaxed-simd'];
  const memory = ['--importMemory', '--initialMemory', '1', '--maximumMemory', '65536'];
  const { error, stderr } = await asc.main(
    [
      name,
      '-O3',
      '--runtime',
      'stub',
      ...features,
      ...memory,
      '--disableWarning',
      '--outFile',
      'kernel.wasm',
    ],
    {
      readFile: (file) => (file === name ? source : null),
      writeFile: (_file, contents) => {
        if (typeof contents !== 'string') binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || binary === undefined)
    throw new Error(`kernel: ${stderr.toString()}`, { cause: error });
  return Uint8Array.from(binary);
}

/** Starts a compiled kernel with room for `bytes` of arrays. */
export async function openKernel(binary: Uint8Array<ArrayBuffer>, bytes: number): Promise<RecurrentKernel> {
  const memory = new WebAssembly.Memory({
    initial: Math.ceil((firstAddress + bytes) / pageBytes),
    maximum: 65_536,
  });
  const abort = () => {
    throw new Error('the kernel gave up');
  };
  const { instance } = await WebAssembly.instantiate(binary, { env: { memory, abort } });
  return { ...(instance.exports as unknown as Omit<RecurrentKernel, 'memory'>), memory };
}
