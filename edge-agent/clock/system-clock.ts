import { readFileSync } from 'node:fs';
import { monotonicClock } from '../../hardware/clock.ts';
import type { AgentClock } from './clock.ts';
import { isSynchronized } from './sync-evidence.ts';

/** `trusted`: the wall clock is taken as it is, for machines without time synchronisation. */
export type ClockMode = 'system' | 'trusted';

/** The id of this boot; a random one where the kernel gives none, so that nothing is carried over. */
function readBootId(randomId: () => string): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return randomId();
  }
}

/** The clock of this machine. */
export function openSystemClock(mode: ClockMode, randomId: () => string): AgentClock {
  return {
    ...monotonicClock,
    bootId: readBootId(randomId),
    wallSeconds: () => Date.now() / 1000,
    synchronized: mode === 'trusted' ? async () => true : isSynchronized,
  };
}
