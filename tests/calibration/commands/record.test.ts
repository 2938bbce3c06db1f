import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { record } from '../../../calibration/commands/record.ts';
import { writeSiteProfile } from '../../../edge-agent/config/site-profile-file.ts';
import { replayRecording } from '../../../edge-agent/replay.ts';
import { doorProfile, KeptInstallation } from '../../doubles/kept-installation.ts';
import { openSmallDisk } from '../../doubles/small-disk.ts';
import { requirePrograms, requireThat } from '../../require-programs.ts';
import { type EmulatedDoor, emulatedDoor } from '../../terminal/emulated-door.ts';
import { Terminal } from '../../terminal/terminal.ts';

describe('record, without a terminal', () => {
  let kept: KeptInstallation;
  beforeEach(() => {
    kept = new KeptInstallation();
  });
  afterEach(() => kept.close());

  test('records for its time, with the sides and height that were learned on site', async () => {
    const { code, out } = await kept.run(record, ['--seconds', '2', '--json']);
    expect(code).toBe(0);
    const printed = JSON.parse(out);
    expect(printed).toMatchObject({ kind: 'recorded', end: 'time' });
    expect(printed.readings).toBeGreaterThan(30);
    const replay = await replayRecording({ file: printed.file });
    expect(replay).toMatchObject({ sensor: 'vl53l1x', readings: printed.readings });
  });

  test('refuses where the card has less free than must stay so', async () => {
    expect(await kept.run(record, ['--reserve-mb', '100000'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('must stay so'),
    });
  });

  test.each([[['--minutes', '0']], [['--limit-mb', 'all']], [['--sensor', 'nobody']], [['--frames']]])(
    'says what is wrong with %j',
    async (args) => {
      const run = kept.run(record, args).then(({ code, err }) => ({ code, message: err }));
      const { message } = await run.catch((error: Error) => ({ message: error.message }));
      expect(message).toContain(args[0]);
    },
  );

  test('keeps what it has when the card gets full, as a whole recording', async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'passant-full-'));
    const disk = openSmallDisk(folder, 64);
    requireThat(context, disk !== null, 'mounting a small disk is not permitted here');
    try {
      const args = ['--seconds', '30', '--out', folder, '--reserve-mb', '0', '--json'];
      const isBegun = () =>
        readdirSync(folder).some(
          (name) => name.endsWith('.part') && statSync(join(folder, name)).size > 4000,
        );
      const watch = setInterval(() => isBegun() && disk!.fill(), 200);
      const { code, out } = await kept.run(record, args);
      clearInterval(watch);
      expect(code).toBe(0);
      const printed = JSON.parse(out);
      expect(printed.end).toBe('disk');
      const { readings } = await replayRecording({ file: printed.file });
      expect(readings).toBeGreaterThan(30);
    } finally {
      disk!.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('record, played in a terminal', { timeout: 120_000 }, () => {
  let terminal: Terminal;
  let door: EmulatedDoor;
  beforeEach(async (context) => {
    requirePrograms(context, 'tmux');
    terminal = await Terminal.open();
    door = emulatedDoor(terminal);
    mkdirSync(terminal.file('state'));
    writeSiteProfile(door.profileFile, doorProfile);
  });
  afterEach(async () => {
    await terminal?.close();
  });
  const recordings = () => readdirSync(terminal.file('state/recordings')).sort();
  const only = () => terminal.file(`state/recordings/${recordings()[0]}`);

  test('shows how far it is, and counts in the replay what passed', async () => {
    await terminal.calibrate(`record ${door.options} --minutes 5`);
    await terminal.waitFor(/0:\d\d recorded, 4:\d\d to go · [1-9]\d* readings · 0\.\d MB/);
    door.stage('walk in');
    await terminal.waitFor(/0:(0[7-9]|[1-5]\d) recorded/);
    await terminal.press('q');
    expect(await terminal.exitCode()).toBe(0);
    expect(await terminal.screen()).toContain('Finished.');
    expect(await replayRecording({ file: only() })).toMatchObject({ totals: { in: 1, out: 0 } });
  });

  test('Ctrl-C, a pulled plug and a shot each leave a recording that can be read', async () => {
    await terminal.calibrate(`record ${door.options}`);
    await terminal.waitFor(/[1-9]\d* readings/);
    await terminal.press('C-c');
    expect(await terminal.exitCode()).toBe(0);
    await terminal.calibrate(`record ${door.options} --language de`);
    await terminal.waitFor(/[1-9]\d* Messwerte/);
    process.kill(await terminal.programId(), 'SIGKILL');
    await terminal.exitCode();
    await terminal.hangUp();
    await terminal.reopen();
    const torn = terminal.file(`state/recordings/${recordings().find((name) => name.endsWith('.part'))}`);
    utimesSync(torn, 0, 0);
    await terminal.calibrate(`record ${door.options}`);
    await terminal.waitFor('is readable now');
    await terminal.waitFor(/[1-9]\d* readings/);
    door.stage('unplug');
    expect(await terminal.exitCode()).toBe(1);
    expect(await terminal.screen()).toContain('The sensor was lost');
    expect(recordings()).toHaveLength(3);
    for (const name of recordings()) {
      expect(name).toMatch(/\.ndjson$/);
      await replayRecording({ file: terminal.file(`state/recordings/${name}`) });
    }
  });
});
