import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type EnrolmentBed, openEnrolmentBed } from '../gateway/enrolment/enrolment-bed.ts';
import { requirePrograms } from '../require-programs.ts';
import { emulatedDoor } from './emulated-door.ts';
import { Terminal } from './terminal.ts';

let terminal: Terminal;
let bed: EnrolmentBed;
beforeEach(async (context) => {
  requirePrograms(context, 'tmux');
  terminal = await Terminal.open();
  bed = await openEnrolmentBed();
});
afterEach(async () => {
  await terminal?.close();
  await bed?.close();
});

describe('enrolling, played in a terminal', { timeout: 120_000 }, () => {
  test('asks for the line, shows the fingerprint, and shows and retires what it made, in German', async () => {
    const door = emulatedDoor(terminal);
    const { text } = await bed.code();
    await terminal.calibrate(`enrol ${door.options} --language de`);
    await terminal.waitFor('Die Zeile des Betreibers');
    await terminal.type(text);
    await terminal.press('Enter');
    await terminal.waitFor('muss den Fingerabdruck');
    expect((await terminal.screen()).replace(/[\s│]/g, '')).toContain(bed.gateway.pin);
    expect(existsSync(terminal.file('state/uplink-password'))).toBe(false);
    await terminal.press('Enter');
    expect(await terminal.exitCode()).toBe(0);
    expect(await terminal.screen()).toContain('Angemeldet als "shop-door-1" an Shop');
    const secret = readFileSync(terminal.file('state/uplink-password'), 'utf8').trim();
    expect(await terminal.screen()).not.toContain(secret);
    await terminal.calibrate(`show ${door.options} --language de`);
    expect(await terminal.exitCode()).toBe(0);
    expect(await terminal.screen()).toContain('Das Gateway sagt: enrolled');
    await terminal.calibrate(`retire ${door.options} --language de`);
    await terminal.waitFor('abmelden?');
    await terminal.press('C-c');
    expect(await terminal.exitCode()).toBe(1);
    expect(existsSync(terminal.file('state/uplink-password'))).toBe(true);
    await terminal.calibrate(`retire ${door.options} --language de --yes`);
    expect(await terminal.exitCode()).toBe(0);
    expect(existsSync(terminal.file('state/uplink-password'))).toBe(false);
  });
});
