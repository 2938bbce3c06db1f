import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { report } from '../../../calibration/commands/report.ts';
import { walkTest } from '../../../calibration/commands/walk-test.ts';
import { KeptInstallation } from '../../doubles/kept-installation.ts';
import { tappedWalks } from '../../doubles/tapped-walks.ts';
import { openGatewayBed } from '../../gateway/gateway-bed.ts';
import { programPath, requirePrograms } from '../../require-programs.ts';

let kept: KeptInstallation;
beforeEach(() => {
  kept = new KeptInstallation();
});
afterEach(() => kept.close());

const place = ['--site-name', 'Papeterie <Lange> & Söhne', '--technician', 'Jana Weber', '--look', '0'];
const write = async (...args: string[]) => {
  const { code, out, err } = await kept.run(report, [...place, '--json', ...args]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const printed = JSON.parse(out) as {
    files: string[];
    fingerprint: string;
    papers: { files: { file: string }[] };
  };
  const [html, pdf, signed] = printed.files as [string, string, string];
  return { ...printed, html, pdf, signed };
};
const check = (file: string, ...args: string[]) => kept.run(report, ['--check', file, ...args]);

/** A recording of a walk test, judged and in the profile. */
async function testedDoor(): Promise<void> {
  mkdirSync(kept.file('recordings'));
  const file = kept.file('recordings/walk-test.ndjson');
  await tappedWalks(file, { profile: 'easy', seed: 5, minutes: 8 });
  expect((await kept.run(walkTest, ['--again', file, '--yes'])).code).toBe(0);
}

describe('report', () => {
  test('says in HTML and PDF what was proved, and what is missing and how to get it', async (context) => {
    requirePrograms(context, 'pdftotext');
    await testedDoor();
    const { html, pdf, papers } = await write();
    expect(papers.files).toEqual([]);
    const page = readFileSync(html, 'utf8');
    expect(page).toContain('Papeterie &lt;Lange&gt; &amp; Söhne');
    expect(page).not.toContain('<Lange>');
    const text = execFileSync(programPath('pdftotext')!, ['-layout', pdf, '-'], { encoding: 'utf8' });
    for (const sentence of [
      'Acceptance report',
      'Proved at a confidence of 95 %',
      'Correction in:',
      'MISSING',
      'run report again with --gateway',
      'VL53L1X at 2.50 m',
      'page 1 of',
      'This sensor is emulated',
    ]) {
      expect(text.replace(/\s+/g, ' ')).toContain(sentence);
    }
    expect(page).toContain('Proved at a confidence of 95 %');
  });

  test('in German, of a counter that nobody tested, says so', async () => {
    const { out } = await kept.run(report, [...place, '--json'], 'de');
    const page = readFileSync(JSON.parse(out).files[0], 'utf8');
    expect(page).toContain('<html lang="de">');
    expect(page).toContain('wurde nicht mit einem Beobachter verglichen');
    expect(page).toContain('Datenschutzhinweise und Türschild FEHLEN');
  });

  test('looks at the sensors through their drivers', async () => {
    const { out } = await kept.run(report, ['--site-name', 'S', '--look', '2', '--json']);
    const { files } = JSON.parse(out);
    const [health] = JSON.parse(readFileSync(files[2], 'utf8')).statement.contents.sensors.map(
      (sensor: { health: object }) => sensor.health,
    );
    expect(health.readingsPerSecond).toBeGreaterThan(20);
    expect(health.goodShare).toBeGreaterThan(0.9);
  });

  test('is signed by a key that only its owner can read, and checked with every file', async () => {
    const { html, pdf, signed, fingerprint } = await write();
    expect(statSync(kept.file('device-key.pem')).mode & 0o777).toBe(0o600);
    for (const file of [html, pdf, signed]) {
      expect(await check(file, '--fingerprint', fingerprint)).toMatchObject({
        code: 0,
        out: expect.stringContaining('Genuine'),
      });
    }
    expect((await write()).fingerprint).toBe(fingerprint);
    expect(await check(pdf, '--fingerprint', '0000 1111')).toMatchObject({
      code: 1,
      err: expect.stringContaining('not by 0000'),
    });
  });

  test.each(['html', 'pdf'] as const)('a changed %s is refused', async (kind) => {
    const files = await write();
    const bytes = readFileSync(files[kind]);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(files[kind], bytes);
    expect(await check(files.signed)).toMatchObject({
      code: 1,
      err: expect.stringContaining('is not what was signed'),
    });
  });

  test('changed contents are refused, and what is no report is named', async () => {
    const { signed } = await write();
    const text = readFileSync(signed, 'utf8');
    writeFileSync(signed, text.replace('Jana Weber', 'Jana Meier'));
    expect(await check(signed)).toMatchObject({
      code: 1,
      err: expect.stringContaining('changed after it was signed'),
    });
    writeFileSync(signed, '{}');
    expect(await check(signed)).toMatchObject({ code: 2, err: expect.stringContaining('no signed report') });
    expect(await check('/nowhere.pdf')).toMatchObject({ code: 2 });
  });

  test('fetches privacy notice and door sign from the gateway, and signs them with it', async () => {
    const site = { id: 'papeterie', name: 'Papeterie', organisation: 'Lange', town: 'Iserlohn', lines: [] };
    const bed = await openGatewayBed({ config: { sites: [site] } });
    try {
      const asked = ['--gateway', bed.gateway.url, '--site', 'papeterie'];
      const { papers, signed } = await write(...asked);
      expect(papers.files).toHaveLength(2);
      for (const { file } of papers.files) {
        const path = join(kept.file('reports'), file);
        expect(readFileSync(path).subarray(0, 5).toString()).toBe('%PDF-');
        expect(JSON.parse(readFileSync(signed, 'utf8')).statement.files).toContainEqual({
          name: file,
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        });
      }
      const unknown = await write('--gateway', bed.gateway.url, '--site', 'nowhere');
      expect(readFileSync(unknown.html, 'utf8')).toContain('nowhere/papers/sign-a4.pdf?language=en: 404');
    } finally {
      await bed.close();
    }
    const gone = await write('--gateway', bed.gateway.url, '--site', 'papeterie');
    expect(readFileSync(gone.html, 'utf8')).toContain('ECONNREFUSED');
  });

  test('takes photographs that are some, and no others', async () => {
    const photo = kept.file('door.png');
    writeFileSync(photo, readFileSync(join(import.meta.dirname, '../../../docs/images/today.png')));
    const { html } = await write('--photo', `${photo}=The door`);
    expect(readFileSync(html, 'utf8')).toContain('alt="The door"');
    expect(await kept.run(report, [...place, '--photo', kept.configFile])).toMatchObject({
      code: 2,
      err: expect.stringContaining('JPEG | PNG'),
    });
  });
});
