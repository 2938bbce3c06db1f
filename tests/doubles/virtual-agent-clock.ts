import type { AgentClock } from '../../edge-agent/clock/clock.ts';
import { VirtualClock } from '../../hardware/emulated/virtual-clock.ts';

/** 2026-03-02T08:00:00Z. */
const wallAtZeroSeconds = Date.UTC(2026, 2, 2, 8) / 1000;

/** An agent's clock whose time passes while everybody sleeps. */
export class VirtualAgentClock extends VirtualClock implements AgentClock {
  bootId = 'boot-1';
  /** How far the wall clock is off. */
  wrongBySeconds = 0;
  isSynchronized = true;

  wallSeconds(): number {
    return wallAtZeroSeconds + this.nowSeconds() + this.wrongBySeconds;
  }

  async synchronized(): Promise<boolean> {
    return this.isSynchronized;
  }
}
