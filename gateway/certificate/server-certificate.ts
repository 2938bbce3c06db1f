import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { keyFingerprint } from './key-fingerprint.ts';
import { isDue, makeCertificate, openSelfMadeKey, readSelfMadeCertificate } from './self-made-certificate.ts';

/** Where key and certificate come from: files, or made by ourselves in a folder of the data directory. */
export type CertificateSource =
  | { readonly kind: 'files'; readonly certificateFile: string; readonly keyFile: string }
  | { readonly kind: 'self-made'; readonly folder: string; readonly names: readonly string[] };

/** Key and certificate (with its chain) as PEM, and the fingerprint of the public key. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
  readonly pin: string;
  readonly endsMs: number;
}

/** A certificate that cannot be used; one line that names the file. */
export class CertificateError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CertificateError';
  }
}

/** How often the end is looked at, and whether somebody has renewed the files. */
const lookMs = 3_600_000;

/** Key and certificate of the servers in this process, renewed while they run. */
export class ServerCertificate {
  readonly #source: CertificateSource;
  readonly #now: () => number;
  readonly #listeners: ((renewed: KeyAndCertificate) => void)[] = [];
  #current: KeyAndCertificate;
  #timer: NodeJS.Timeout | undefined;

  constructor(source: CertificateSource, now: () => number, current: KeyAndCertificate) {
    this.#source = source;
    this.#now = now;
    this.#current = current;
  }

  get current(): KeyAndCertificate {
    return this.#current;
  }

  onRenewed(listener: (renewed: KeyAndCertificate) => void): void {
    this.#listeners.push(listener);
  }

  /** Takes a renewed certificate, or makes one where it is due. Rejects with a `CertificateError`. */
  async look(): Promise<void> {
    const found = await load(this.#source, this.#now());
    if (found.cert === this.#current.cert && found.key === this.#current.key) return;
    this.#current = found;
    for (const listener of this.#listeners) listener(found);
  }

  /** Looks every hour until `close`; what fails is told and tried again, and the old one goes on. */
  watch(failed: (cause: unknown) => void): void {
    this.#timer = setInterval(() => void this.look().catch(failed), lookMs);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
  }
}

/** Reads or makes key and certificate. Rejects with a `CertificateError`. */
export async function openServerCertificate(
  source: CertificateSource,
  now: () => number,
): Promise<ServerCertificate> {
  return new ServerCertificate(source, now, await load(source, now()));
}

async function load(source: CertificateSource, nowMs: number): Promise<KeyAndCertificate> {
  if (source.kind === 'files') {
    const { certificateFile, keyFile } = source;
    return checked({ cert: read(certificateFile), key: read(keyFile) }, `${certificateFile}, ${keyFile}`);
  }
  const { folder } = source;
  const own = /^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*$/i.test(hostname()) ? [hostname()] : [];
  const names = [...new Set([...source.names, ...own, 'localhost', '127.0.0.1', '::1'])];
  try {
    const key = openSelfMadeKey(folder);
    const found = readSelfMadeCertificate(folder);
    const cert =
      found !== null && !isDue(found, { names, key, nowMs })
        ? found
        : await makeCertificate(key, { folder, names }, nowMs);
    return checked({ key, cert }, folder);
  } catch (cause) {
    if (cause instanceof CertificateError) throw cause;
    throw new CertificateError(`${folder}: ${(cause as Error).message}`, { cause });
  }
}

function checked({ key, cert }: { key: string; cert: string }, where: string): KeyAndCertificate {
  try {
    const certificate = new X509Certificate(cert);
    if (!certificate.checkPrivateKey(createPrivateKey(key))) {
      throw new Error('the key is not the one of the certificate');
    }
    return { key, cert, pin: keyFingerprint(key), endsMs: Date.parse(certificate.validTo) };
  } catch (cause) {
    throw new CertificateError(`${where}: ${(cause as Error).message}`, { cause });
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CertificateError(`${file}: ${(cause as Error).message}`, { cause });
  }
}
