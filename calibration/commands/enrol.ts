import { rmSync } from 'node:fs';
import type { EnrolmentNote, InstallationContents } from '../../edge-agent/config/installation.ts';
import { writePrivateFile } from '../../edge-agent/config/private-file.ts';
import type { EnrolmentAnswer, EnrolmentText } from '../../gateway/contract/enrolment.ts';
import { parseEnrolmentText } from '../../gateway/contract/enrolment.ts';
import { Refusal, UsageError } from '../command.ts';
import { type ClaimWishes, claimOf, claimPlace } from '../enrolment/claim-place.ts';
import { type InstalledSite, installedSite, putInForce } from '../enrolment/installed-site.ts';
import {
  beginClaim,
  endClaim,
  type PendingClaim,
  passwordFileOf,
  readPassword,
  readPendingClaim,
} from '../enrolment/pending-claim.ts';
import { type EnrolmentMessages, enrolmentMessages } from '../messages/enrolment.ts';
import { openSite } from '../site/open-site.ts';
import { commandOf, type Job } from '../verb.ts';

const options = {
  code: { type: 'string' },
  device: { type: 'string' },
  sensor: { type: 'string' },
  lane: { type: 'string' },
  swapped: { type: 'boolean' },
  replace: { type: 'string' },
} as const;

type EnrolJob = Job<typeof options>;

const { de, en } = enrolmentMessages;

/** `enrol`: claims the device at the gateway with a one-time code, and installs what follows. */
export const enrol = commandOf({
  summary: { de: de.summary.enrol, en: en.summary.enrol },
  help: { de: de.help.enrol, en: en.help.enrol },
  options,
  run: enrolDevice,
});

/**
 *   code ─► password written down ─► claim ─► password in place ─► installation in force ─► done
 *
 * Broken off before the claim nothing has happened; after it the same claim is made again, with the
 * password that was written down, and is answered again.
 */
async function enrolDevice(job: EnrolJob) {
  const { values, words, dialogue, language, signal } = job;
  const text = enrolmentMessages[language];
  const wishes = wishesOf(job, text);
  const site = openSite(values, words, dialogue);
  const installed = installedSite(site);
  const { stateDir } = site.config;
  const code = await codeOf(job, text, readPendingClaim(stateDir));
  const { enrolment } = installed.contents;
  const same = enrolment !== null && enrolment.gateway === code.url && enrolment.pin === code.pin;
  if (enrolment !== null && !same) throw new Refusal('enrolled-elsewhere', text.elsewhere(enrolment.gateway));
  await confirmed(job, text, code);
  // A second line of the same device: it keeps its name and its password.
  const known = same ? readPassword(passwordFileOf(stateDir), text) : null;
  const device = wishes.device ?? (known === null ? undefined : enrolment?.device);
  const pending = beginClaim(stateDir, code, { known, text });
  const claim = claimOf(pending, site.config, { ...wishes, ...(device === undefined ? {} : { device }) });
  const answer = await claimPlace(pending, claim, { signal, text });
  const passwordFile = passwordFileOf(stateDir);
  writePrivateFile(passwordFile, `${pending.password}\n`);
  const installation = putInForce(installed, contentsOf(installed, pending, answer), 'enrol');
  endClaim(stateDir);
  if (installed.installation === null) rmSync(`${site.profileFile}.last-good`, { force: true });
  dialogue.say('good', text.enrolled(answer.device, answer.siteName || answer.site));
  for (const row of answer.assigned) dialogue.say('info', text.assigned(row));
  if (answer.replaced !== null) dialogue.say('info', text.replaced(answer.replaced));
  if (answer.broker.passwords === 'by-operator') {
    dialogue.say('warning', text.byOperator(answer.device, passwordFile));
  }
  dialogue.say('info', text.written(installed.file, installation.revision));
  dialogue.say('info', text.restart);
  const { revision, hash } = installation;
  return { code: 0 as const, result: { kind: 'enrolled', ...answer, file: installed.file, revision, hash } };
}

function wishesOf({ values }: EnrolJob, text: EnrolmentMessages): ClaimWishes {
  const { device, sensor, lane, swapped, replace } = values;
  if (lane !== undefined && !/^([1-9]|1[0-6])$/.test(lane)) throw new UsageError(`--lane ${lane}: 1–16`);
  for (const name of [device, sensor, replace]) {
    if (name !== undefined && !/^[a-z0-9][a-z0-9-]{0,62}$/.test(name)) {
      throw new UsageError(`${name}: a–z, 0–9, -; ${text.badCode}`.split(';')[0]!);
    }
  }
  return {
    ...(device === undefined ? {} : { device }),
    ...(sensor === undefined ? {} : { sensor }),
    ...(lane === undefined ? {} : { lane: Number(lane) }),
    ...(swapped ? { swapped } : {}),
    ...(replace === undefined ? {} : { replaces: replace }),
  };
}

/** The code of the command line, of an unfinished enrolment, or what the technician types. */
async function codeOf(
  { values, dialogue }: EnrolJob,
  text: EnrolmentMessages,
  left: PendingClaim | null,
): Promise<EnrolmentText> {
  if (values.code === undefined && left !== null) {
    dialogue.say('info', text.unfinished);
    return { url: left.url, code: left.code, pin: left.pin };
  }
  const typed = await dialogue.text({
    message: text.askCode,
    option: '--code',
    given: values.code,
    fault: (answer) => (parseEnrolmentText(answer) === null ? text.badCode : undefined),
  });
  const code = parseEnrolmentText(typed);
  if (code === null) throw new UsageError(text.badCode);
  const { protocol, hostname } = new URL(code.url);
  if (protocol !== 'https:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)) {
    throw new UsageError(text.needsHttps);
  }
  return code;
}

async function confirmed(
  { values, dialogue, words }: EnrolJob,
  text: EnrolmentMessages,
  code: EnrolmentText,
) {
  const questions = [
    text.confirmEnrol(code.url, code.pin),
    ...(values.replace === undefined ? [] : [text.confirmReplace(values.replace)]),
  ];
  for (const question of questions) {
    if (!(await dialogue.confirm(question))) throw new Refusal('not-confirmed', words.notConfirmed);
  }
}

/** The next version: as before, under the name and at the broker that the gateway said. */
function contentsOf(
  { site, contents }: InstalledSite,
  pending: PendingClaim,
  answer: EnrolmentAnswer,
): InstallationContents {
  const { device, site: place, siteName, timeZone, broker } = answer;
  const {
    username: _,
    password: __,
    pin: ___,
    ...kept
  } = (contents.agent['uplink'] ?? {}) as Record<string, unknown>;
  const scheme = broker.tls ? 'mqtts' : 'mqtt';
  const uplink = {
    ...kept,
    url: broker.url ?? `${scheme}://${new URL(pending.url).hostname}:${broker.port}`,
    passwordFile: passwordFileOf(site.config.stateDir),
    ...(broker.pin === null ? {} : { pin: broker.pin }),
  };
  const enrolment: EnrolmentNote = {
    ...{ gateway: pending.url, pin: pending.pin, device, site: place, siteName },
    enrolledAt: `${new Date().toISOString().slice(0, 19)}Z`,
  };
  return { ...contents, agent: { timeZone, ...contents.agent, device, uplink }, enrolment };
}
