import { existsSync, mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { writeFileWhole } from '../../edge-agent/config/write-file-whole.ts';
import { Refusal } from '../command.ts';
import { Interrupted } from '../dialogue/dialogue.ts';
import { type ScanCode, scanMessages } from '../messages/scan.ts';
import { chooseMachine } from '../scan/choose-machine.ts';
import type { Finding } from '../scan/finding.ts';
import { foundConfiguration, foundSensors } from '../scan/found-configuration.ts';
import { surveyI2c } from '../scan/survey-i2c.ts';
import { surveyMachine } from '../scan/survey-machine.ts';
import { surveySerial } from '../scan/survey-serial.ts';
import { surveyWifi } from '../scan/survey-wifi.ts';
import { printedFindings, tellFindings } from '../scan/tell-findings.ts';
import { configFileOf } from '../site/open-site.ts';
import { commandOf, type Job } from '../verb.ts';

const options = {
  write: { type: 'boolean' },
  device: { type: 'string' },
  'state-dir': { type: 'string' },
  'run-dir': { type: 'string' },
  practice: { type: 'string' },
} as const;

const { de, en } = scanMessages;

/** `scan`: what is plugged in, and what is missing. */
export const scan = commandOf({
  summary: { de: de.summary, en: en.summary },
  help: { de: de.help, en: en.help },
  options,
  run: lookAround,
});

async function lookAround(job: Job<typeof options>) {
  const { values, dialogue, signal, language } = job;
  const text = scanMessages[language];
  dialogue.say('title', text.title);
  const { machine, emulationOf } = chooseMachine(values.practice);
  dialogue.say('info', text.looking);
  const findings: Finding<ScanCode>[] = [];
  for (const survey of [
    () => surveyMachine(machine),
    () => surveyI2c(machine, emulationOf),
    () => surveySerial(machine, signal),
    () => surveyWifi(machine),
  ]) {
    const found: Finding<ScanCode>[] = await survey();
    if (signal.aborted) throw new Interrupted();
    tellFindings(found, text.sentences, dialogue);
    findings.push(...found);
  }
  const sensors = foundSensors(findings);
  const counts = sensors.some(({ source }) => source.kind !== 'pir');
  if (!counts) dialogue.say('bad', text.nothingCounts);
  const configuration = counts ? await writeConfiguration(job, sensors) : null;
  const printed = printedFindings(findings, text.sentences);
  return {
    code: counts ? (0 as const) : (1 as const),
    result: { kind: 'scanned', counts, findings: printed, sensors, configuration },
  };
}

/** Makes the first configuration, where it is wished and there is none; returns its file. */
async function writeConfiguration(
  job: Job<typeof options>,
  sensors: ReturnType<typeof foundSensors>,
): Promise<string | null> {
  const { values, dialogue, words, language } = job;
  const text = scanMessages[language];
  const file = configFileOf(values);
  if (!values.write) {
    dialogue.say('info', text.next);
    return null;
  }
  if (existsSync(file)) {
    dialogue.say('warning', text.exists(file));
    return null;
  }
  const device = await dialogue.text({
    message: text.deviceName,
    option: '--device',
    given: values.device,
    initial: deviceNameFrom(hostname()),
    fault: (name) => (/^[a-z0-9][a-z0-9-]{0,62}$/.test(name) ? undefined : text.badName),
  });
  const names = sensors.map(({ sensor, source }) => `${sensor} (${source.kind})`).join(', ');
  if (!(await dialogue.confirm(text.mayWrite(names, file))))
    throw new Refusal('not-confirmed', words.notConfirmed);
  mkdirSync(dirname(file), { recursive: true });
  const folders = { stateDir: values['state-dir'], runDir: values['run-dir'] };
  const configuration = foundConfiguration({ device, ...folders, sensors }, file);
  writeFileWhole(file, `${JSON.stringify(configuration, null, 2)}\n`);
  dialogue.say('good', text.written(file));
  return file;
}

function deviceNameFrom(host: string): string {
  const name = host
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name.slice(0, 63) || 'counter';
}
