import type { Machine } from '../../hardware/machine/machine.ts';
import { type Finding, finding } from './finding.ts';
import { groupCommand, installCommand } from './mending.ts';

export type MachineCode =
  | 'machine'
  | 'machine-unfit'
  | 'agent-running'
  | 'gpiod-missing'
  | 'gpio-denied'
  | 'network-manager-missing';

/** Looks at the machine itself and the tools that drivers call. */
export async function surveyMachine(machine: Machine): Promise<Finding<MachineCode>[]> {
  const findings: Finding<MachineCode>[] = [];
  const model = (await machine.read('/proc/device-tree/model'))?.replace(/\0/g, '');
  const architecture = (await machine.run('uname', '-m'))?.stdout.trim() ?? '?';
  const details = { model: model ?? architecture, architecture };
  // Node 24 is made for 64 bits only (docs/hardware.md, "Raspberry Pi models").
  findings.push(
    /^armv[67]/.test(architecture)
      ? finding('machine-unfit', 'bad', { details })
      : finding('machine', 'good', { details }),
  );
  if ((await machine.run('systemctl', 'is-active', 'passant-agent.service'))?.stdout.trim() === 'active') {
    findings.push(finding('agent-running', 'hint', { mend: 'sudo systemctl stop passant-agent' }));
  }
  const chips = (await machine.list('/dev')).filter((name) => /^gpiochip\d+$/.test(name));
  if (chips.length > 0) {
    if ((await machine.run('gpiomon', '--version')) === null) {
      findings.push(finding('gpiod-missing', 'hint', { mend: installCommand('gpiod') }));
    }
    if ((await machine.access(`/dev/${chips[0]}`)) === 'denied') {
      findings.push(
        finding('gpio-denied', 'bad', { details: { path: `/dev/${chips[0]}` }, mend: groupCommand('gpio') }),
      );
    }
  }
  if ((await machine.run('nmcli', '--version')) === null) {
    findings.push(finding('network-manager-missing', 'hint', { mend: installCommand('network-manager') }));
  }
  return findings;
}
