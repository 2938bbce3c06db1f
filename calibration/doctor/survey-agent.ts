import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import Value from 'typebox/value';
import type { AgentConfig } from '../../edge-agent/config.ts';
import { monotonicClock } from '../../hardware/clock.ts';
import type { Machine } from '../../hardware/machine/machine.ts';
import { type Finding, finding } from '../scan/finding.ts';

export type AgentCode =
  | 'agent-counts'
  | 'agent-stopped'
  | 'agent-stuck'
  | 'coverage-good'
  | 'coverage-low'
  | 'coverage-unknown'
  | 'sensor-flag';

/** The agent writes its open minutes down every second. */
const staleSecondsMax = 15;
/** A sensor that looks less than this share of the time misses people. */
const coverageMin = 0.9;
/** A sensor that has just begun says nothing about its coverage. */
const observedSecondsMin = 5;

/** As much as is read here of the agent's file of open minutes (edge-agent/outbox/open-minutes.ts). */
const OpenMinutes = Type.Object({
  version: Type.Literal(1),
  atSeconds: Type.Number(),
  lastSequence: Type.Number(),
  slots: Type.Array(
    Type.Object({
      sensor: Type.String(),
      nowSeconds: Type.Number(),
      cells: Type.Array(
        Type.Object({
          fromSeconds: Type.Number(),
          coverageSeconds: Type.Number(),
          flags: Type.Array(Type.String()),
        }),
      ),
    }),
  ),
});
type OpenMinutes = Static<typeof OpenMinutes>;

/** What the running agent says of itself. */
export interface AgentLook {
  readonly findings: readonly Finding<AgentCode>[];
  /** Sequence of the newest interval in its outbox; null where no agent runs. */
  readonly lastSequence: number | null;
}

/** Whether the agent counts, and how much of the open minute each sensor has looked. */
export async function surveyAgent(machine: Machine, config: AgentConfig): Promise<AgentLook> {
  const unit = (await machine.run('systemctl', 'is-active', 'passant-agent.service'))?.stdout.trim();
  const minutes = readOpenMinutes(config.runDir);
  const age = minutes === null ? Number.POSITIVE_INFINITY : monotonicClock.nowSeconds() - minutes.atSeconds;
  // The monotonic clock begins with the boot: a file of an earlier one may lie in its future.
  if (minutes === null || age > staleSecondsMax || age < 0) {
    const isStuck = unit === 'active';
    const mend = isStuck ? 'sudo systemctl restart passant-agent' : 'sudo systemctl start passant-agent';
    return {
      findings: [finding(isStuck ? 'agent-stuck' : 'agent-stopped', 'bad', { mend })],
      lastSequence: null,
    };
  }
  const sensors = config.sensors.flatMap(({ sensor }) => coverageOf(sensor, minutes));
  return {
    findings: [finding('agent-counts', 'good', { details: { device: config.device } }), ...sensors],
    lastSequence: minutes.lastSequence,
  };
}

function readOpenMinutes(runDir: string): OpenMinutes | null {
  try {
    const value: unknown = JSON.parse(readFileSync(join(runDir, 'open-minutes.json'), 'utf8'));
    return Value.Check(OpenMinutes, value) ? value : null;
  } catch {
    return null;
  }
}

function coverageOf(sensor: string, minutes: OpenMinutes): Finding<AgentCode>[] {
  const slot = minutes.slots.find((one) => one.sensor === sensor);
  const cells = slot?.cells ?? [];
  const observedSeconds =
    slot === undefined || cells.length === 0 ? 0 : slot.nowSeconds - cells[0]!.fromSeconds;
  const details = { sensor };
  if (observedSeconds < observedSecondsMin) return [finding('coverage-unknown', 'hint', { details })];
  const covered = cells.reduce((sum, { coverageSeconds }) => sum + coverageSeconds, 0) / observedSeconds;
  const percent = Math.min(100, Math.round(100 * covered));
  const state = covered < coverageMin ? 'bad' : 'good';
  const flags = [...new Set(cells.flatMap((cell) => cell.flags))];
  return [
    finding(state === 'bad' ? 'coverage-low' : 'coverage-good', state, { details: { ...details, percent } }),
    ...flags.map((flag) => finding<AgentCode>('sensor-flag', 'bad', { details: { ...details, flag } })),
  ];
}
