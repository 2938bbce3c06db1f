import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  CertificateError,
  openServerCertificate,
  type ServerCertificate,
} from '../../../gateway/certificate/server-certificate.ts';
import { requirePrograms } from '../../require-programs.ts';

const dayMs = 86_400_000;
let folder: string;
let nowMs: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'passant-certificate-'));
  nowMs = Date.now();
});
afterEach(() => rmSync(folder, { recursive: true }));

const place = (names: readonly string[] = []) => ({
  kind: 'self-made' as const,
  folder: join(folder, 'tls'),
  names,
});
const open = (names?: readonly string[]) => openServerCertificate(place(names), () => nowMs);
const x509 = ({ current }: ServerCertificate) => new X509Certificate(current.cert);

describe('a self-made certificate', () => {
  test('has a key that only its owner may read, also when somebody has loosened it', async () => {
    await open();
    const key = join(folder, 'tls', 'key.pem');
    expect(statSync(key).mode & 0o777).toBe(0o600);
    chmodSync(key, 0o644);
    await open();
    expect(statSync(key).mode & 0o777).toBe(0o600);
  });

  test('is for this machine and the names that were asked for', async () => {
    const certificate = x509(await open(['counts.example', '192.0.2.7']));
    expect(certificate.checkHost('counts.example')).toBe('counts.example');
    expect(certificate.checkHost('localhost')).toBe('localhost');
    for (const address of ['192.0.2.7', '127.0.0.1', '::1'])
      expect(certificate.checkIP(address)).toBe(address);
    expect(certificate.checkHost('other.example')).toBeUndefined();
  });

  test('stays while it is good, is renewed before its end with the same key, and also for another name', async () => {
    const first = await open();
    const { cert, pin } = first.current;
    expect((await open()).current.cert).toBe(cert);
    nowMs += 304 * dayMs;
    expect((await open()).current.cert).toBe(cert);
    nowMs += 2 * dayMs;
    const renewed = await open();
    expect(renewed.current.cert).not.toBe(cert);
    expect(renewed.current.pin).toBe(pin);
    expect(Date.parse(x509(renewed).validTo)).toBeGreaterThan(nowMs + 360 * dayMs);
    const named = await open(['counts.example']);
    expect(named.current.cert).not.toBe(renewed.current.cert);
    expect(named.current.pin).toBe(pin);
  });

  test('that is damaged is made anew with the same key', async () => {
    const { pin } = (await open()).current;
    writeFileSync(join(folder, 'tls', 'certificate.pem'), 'torn');
    expect((await open()).current.pin).toBe(pin);
  });

  test('of two processes that begin together has one key', async () => {
    const both = await Promise.all([open(), open(), open()]);
    expect(new Set(both.map(({ current }) => current.pin)).size).toBe(1);
  });

  test('is shown by a server that runs, from the moment in which it is renewed', async () => {
    const certificate = await open();
    const server = createServer(certificate.current, (socket) => socket.end());
    certificate.onRenewed((renewed) => server.setSecureContext(renewed));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const shown = () =>
      new Promise<string>((resolve, reject) => {
        const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
          resolve(socket.getPeerX509Certificate()!.validTo);
          socket.destroy();
        });
        socket.on('error', reject);
      });
    const before = await shown();
    nowMs += 306 * dayMs;
    await certificate.look();
    const after = await shown();
    expect(Date.parse(after) - Date.parse(before)).toBeGreaterThan(300 * dayMs);
    await new Promise((resolve) => server.close(resolve));
  });

  test('has the fingerprint that openssl computes', async (context) => {
    requirePrograms(context, 'openssl');
    const { pin } = (await open()).current;
    const file = join(folder, 'tls', 'certificate.pem');
    const spki = spawnSync('sh', [
      '-c',
      `openssl x509 -in ${file} -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary`,
    ]).stdout;
    expect(spki.toString('base64url')).toBe(pin);
    const verified = spawnSync('openssl', ['verify', '-CAfile', file, file], { encoding: 'utf8' });
    expect(verified.stdout).toContain('OK');
  });
});

describe('a certificate by files', () => {
  test('is read again when it has been renewed', async () => {
    const made = await open();
    const [certificateFile, keyFile] = [join(folder, 'server.crt'), join(folder, 'server.key')];
    copyFileSync(join(folder, 'tls', 'certificate.pem'), certificateFile);
    copyFileSync(join(folder, 'tls', 'key.pem'), keyFile);
    const source = { kind: 'files' as const, certificateFile, keyFile };
    const certificate = await openServerCertificate(source, () => nowMs);
    expect(certificate.current.pin).toBe(made.current.pin);
    nowMs += 306 * dayMs;
    await open();
    const renewals: string[] = [];
    certificate.onRenewed(({ cert }) => renewals.push(cert));
    await certificate.look();
    expect(renewals).toEqual([]);
    copyFileSync(join(folder, 'tls', 'certificate.pem'), certificateFile);
    await certificate.look();
    expect(renewals).toEqual([readFileSync(certificateFile, 'utf8')]);
  });

  test('of another key, missing or torn is named in one line', async () => {
    await open();
    const other = await openServerCertificate(
      { kind: 'self-made', folder: join(folder, 'other'), names: [] },
      () => nowMs,
    );
    expect(other.current.key).toContain('PRIVATE KEY');
    const certificateFile = join(folder, 'tls', 'certificate.pem');
    const open2 = (keyFile: string) =>
      openServerCertificate({ kind: 'files', certificateFile, keyFile }, () => nowMs);
    for (const keyFile of [join(folder, 'other', 'key.pem'), join(folder, 'nothing.pem'), certificateFile]) {
      const fault = await open2(keyFile).catch((cause: unknown) => cause);
      expect(fault).toBeInstanceOf(CertificateError);
      expect((fault as Error).message).toContain(keyFile);
      expect((fault as Error).message).not.toContain('\n');
    }
  });
});
