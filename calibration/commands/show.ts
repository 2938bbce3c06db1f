import { keptVersions } from '../../edge-agent/config/installation.ts';
import { configurationNotes } from '../../edge-agent/config.ts';
import type { Enrolment } from '../../gateway/contract/enrolment.ts';
import { Refusal } from '../command.ts';
import { refusalOf } from '../enrolment/claim-place.ts';
import { askPinned } from '../enrolment/enrolment-client.ts';
import { gatewayOf, type InstalledSite, installedSite } from '../enrolment/installed-site.ts';
import { enrolmentMessages } from '../messages/enrolment.ts';
import { openSite } from '../site/open-site.ts';
import { commandOf, type Job } from '../verb.ts';

const options = { offline: { type: 'boolean' } } as const;
type ShowJob = Job<typeof options>;

const { de, en } = enrolmentMessages;

/** `show`: what is in force here, how it came to be, and what the gateway knows. */
export const show = commandOf({
  summary: { de: de.summary.show, en: en.summary.show },
  help: { de: de.help.show, en: en.help.show },
  options,
  run: showDevice,
});

async function showDevice(job: ShowJob) {
  const { values, words, dialogue, language } = job;
  const text = enrolmentMessages[language];
  const site = openSite(values, words, dialogue);
  const installed = installedSite(site);
  const { installation, contents } = installed;
  const notes = configurationNotes(site.configFile);
  const history = keptVersions(installed.file).map(({ revision, hash, parent, madeBy, madeAt }) => ({
    ...{ revision, hash, parent, madeBy, madeAt, inForce: hash === installation?.hash },
  }));
  if (installation === null) dialogue.say('info', text.noInstallation);
  else {
    const { revision, hash, madeBy, madeAt } = installation;
    dialogue.say('info', text.inForce(revision, hash, madeBy, madeAt));
  }
  const { profile, hash } = site.inForce;
  dialogue.say('info', text.profileInForce(profile?.revision ?? null, hash));
  for (const note of notes) dialogue.say('warning', note);
  const gateway = await gatewayKnows(job, installed);
  if (history.length > 0) dialogue.say('info', text.history);
  for (const { revision, hash: name, madeBy, madeAt, inForce } of history) {
    dialogue.say('plain', `${inForce ? '▸' : ' '} ${revision}  ${name}  ${madeBy}  ${madeAt}`);
  }
  const { revision = null, hash: version = null, parent = null } = installation ?? {};
  const result = {
    kind: 'shown',
    device: site.config.device,
    inForce: {
      file: installation === null ? site.configFile : installed.file,
      revision,
      hash: version,
      parent,
    },
    profile: { revision: profile?.revision ?? null, hash, origin: site.inForce.origin },
    enrolment: contents.enrolment,
    ...{ notes, history, gateway },
  };
  return { code: 0 as const, result };
}

/** Null where the device is not enrolled or nobody asks; a refusal is shown, and no reason to show nothing. */
async function gatewayKnows(job: ShowJob, installed: InstalledSite): Promise<object | null> {
  const { values, dialogue, language, signal } = job;
  const text = enrolmentMessages[language];
  const { enrolment } = installed.contents;
  if (enrolment === null) {
    dialogue.say('info', text.notEnrolled);
    return null;
  }
  dialogue.say('info', text.at(enrolment.gateway, enrolment.device));
  if (values.offline) return null;
  try {
    const { note, gateway } = gatewayOf(installed, { signal, text });
    const answer = await askPinned(gateway, { method: 'GET', path: `/v1/enrolments/${note.device}` }, text);
    if (answer.status !== 200) throw refusalOf(answer, gateway.url, text);
    const { state, missing, assigned, profile, conflicts } = answer.body as unknown as Enrolment;
    dialogue.say('info', text.gatewayKnows(state, missing));
    for (const row of assigned) if (row.until === null) dialogue.say('info', text.assigned(row));
    dialogue.say('info', text.profileAtGateway(profile));
    for (const { detail } of conflicts) dialogue.say('warning', text.conflict(detail));
    return answer.body;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    dialogue.say('warning', error.message);
    return { refused: error.reason, message: error.message };
  }
}
