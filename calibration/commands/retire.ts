import { rmSync } from 'node:fs';
import type { EnrolmentNote } from '../../edge-agent/config/installation.ts';
import { Refusal } from '../command.ts';
import { refusalOf } from '../enrolment/claim-place.ts';
import { askPinned, type PinnedGateway } from '../enrolment/enrolment-client.ts';
import { gatewayOf, type InstalledSite, installedSite, putInForce } from '../enrolment/installed-site.ts';
import { endClaim, passwordFileOf } from '../enrolment/pending-claim.ts';
import { type EnrolmentMessages, enrolmentMessages } from '../messages/enrolment.ts';
import { openSite } from '../site/open-site.ts';
import { commandOf, type Job } from '../verb.ts';

const options = { force: { type: 'boolean' }, local: { type: 'boolean' } } as const;
type RetireJob = Job<typeof options>;

const { de, en } = enrolmentMessages;

/** `retire`: lets the device go at its gateway, and here. */
export const retire = commandOf({
  summary: { de: de.summary.retire, en: en.summary.retire },
  help: { de: de.help.retire, en: en.help.retire },
  options,
  run: retireDevice,
});

async function retireDevice(job: RetireJob) {
  const { values, words, dialogue, language, signal } = job;
  const text = enrolmentMessages[language];
  const installed = installedSite(openSite(values, words, dialogue));
  const { enrolment } = installed.contents;
  if (enrolment === null) throw new Refusal('not-enrolled', text.notEnrolled);
  if (!(await dialogue.confirm(text.confirmRetire(enrolment.device, enrolment.gateway)))) {
    throw new Refusal('not-confirmed', words.notConfirmed);
  }
  if (!values.local) {
    const { note, gateway } = gatewayOf(installed, { signal, text });
    await retireThere(job, { note, gateway, text });
  }
  const { revision, hash } = forgetHere(installed);
  dialogue.say('good', text.retired(enrolment.device));
  dialogue.say('info', text.written(installed.file, revision));
  dialogue.say('info', text.restart);
  return { code: 0 as const, result: { kind: 'retired', device: enrolment.device, revision, hash } };
}

/** At the gateway first: broken off then, it is finished by asking again, and the answer is that it is done. */
async function retireThere(
  { values, dialogue }: RetireJob,
  { note, gateway, text }: { note: EnrolmentNote; gateway: PinnedGateway; text: EnrolmentMessages },
): Promise<void> {
  const path = `/v1/enrolments/${note.device}`;
  const known = await askPinned(gateway, { method: 'GET', path }, text);
  if (known.status === 401) return dialogue.say('warning', text.alreadyDead);
  if (known.status !== 200) throw refusalOf(known, gateway.url, text);
  const missing = Number(known.body['missing'] ?? 0);
  if (missing > 0 && !values.force) throw new Refusal('undelivered', text.undelivered(missing), { missing });
  const gone = await askPinned(gateway, { method: 'DELETE', path }, text);
  if (gone.status !== 204) throw refusalOf(gone, gateway.url, text);
}

/** Without a gateway the outbox fills; the password is of no use to anybody. */
function forgetHere(installed: InstalledSite) {
  const { uplink: _, ...agent } = installed.contents.agent;
  const next = putInForce(installed, { ...installed.contents, agent, enrolment: null }, 'retire');
  const { stateDir } = installed.site.config;
  rmSync(passwordFileOf(stateDir), { force: true });
  endClaim(stateDir);
  return next;
}
