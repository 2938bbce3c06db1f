import type { DistanceSensorProfile } from '../../gateway/contract/site-profile.ts';
import { Refusal, UsageError } from '../command.ts';
import { refusalOf } from '../enrolment/claim-place.ts';
import { askPinned } from '../enrolment/enrolment-client.ts';
import { gatewayOf, type InstalledSite, installedSite } from '../enrolment/installed-site.ts';
import { enrolmentMessages } from '../messages/enrolment.ts';
import { chooseSlot, openSite } from '../site/open-site.ts';
import { openProfileDraft } from '../site/profile-draft.ts';
import { commandOf, type Job } from '../verb.ts';

const options = { sensor: { type: 'string' }, from: { type: 'string' } } as const;
type SwapJob = Job<typeof options>;

const { de, en } = enrolmentMessages;

/**
 * `swap-direction`: at the gateway where the device is enrolled, because only the gateway can show the
 * past anew; in the site profile where it is not.
 */
export const swapDirection = commandOf({
  summary: { de: de.summary.swap, en: en.summary.swap },
  help: { de: de.help.swap, en: en.help.swap },
  options,
  run: (job: SwapJob) => {
    const installed = installedSite(openSite(job.values, job.words, job.dialogue));
    return installed.contents.enrolment === null ? swapHere(job, installed) : swapThere(job, installed);
  },
});

async function swapThere(job: SwapJob, installed: InstalledSite) {
  const { values, dialogue, language, signal } = job;
  const text = enrolmentMessages[language];
  const { note, gateway } = gatewayOf(installed, { signal, text });
  const given = values.from;
  if (given !== undefined && given !== 'start' && given !== 'now' && Number.isNaN(Date.parse(given))) {
    throw new UsageError(text.badFrom);
  }
  const from = given ?? (await dialogue.choose(fromQuestion(text)));
  const sensor = values.sensor;
  const wire = from === 'start' || from === 'now' ? from : `${new Date(from).toISOString().slice(0, 19)}Z`;
  const body = { from: wire, ...(sensor === undefined ? {} : { sensor }) };
  const path = `/v1/enrolments/${note.device}/swap-direction`;
  const answer = await askPinned(gateway, { method: 'POST', path, body }, text);
  if (answer.status !== 200) throw refusalOf(answer, gateway.url, text);
  dialogue.say('good', text.swappedAtGateway(from));
  const { assigned } = answer.body;
  return { code: 0 as const, result: { kind: 'swapped', where: 'gateway', from: wire, assigned } };
}

function fromQuestion(text: (typeof enrolmentMessages)['en']) {
  return {
    message: text.askFrom,
    option: '--from',
    choices: [
      { value: 'start' as const, label: text.fromStart },
      { value: 'now' as const, label: text.fromNow },
    ],
  };
}

async function swapHere(job: SwapJob, { site }: InstalledSite) {
  const { values, words, dialogue, language } = job;
  const text = enrolmentMessages[language];
  if (values.from !== undefined && values.from !== 'now')
    throw new Refusal('past-is-fixed', text.onlyFromNow);
  const kinds = ['vl53l1x', 'tf-luna', 'tfmini-s'] as const;
  const slot = await chooseSlot(site, { sensor: values.sensor, kinds }, { dialogue, words });
  const known = site.inForce.profile?.sensors.find(({ sensor }) => sensor === slot.sensor);
  if (known === undefined || !('zones' in known)) throw new Refusal('no-zones', text.noZones(slot.sensor));
  if (!(await dialogue.confirm(`${text.fromNow}?`))) throw new Refusal('not-confirmed', words.notConfirmed);
  const draft = openProfileDraft(site, 'swap-direction', { words, dialogue });
  draft.put(exchanged(known));
  const { revision, hash } = draft.commit(words);
  dialogue.say('good', text.swappedLocally(slot.sensor));
  dialogue.say('info', words.committed(site.profileFile, revision));
  return {
    code: 0 as const,
    result: { kind: 'swapped', where: 'profile', sensor: slot.sensor, revision, hash },
  };
}

function exchanged(profile: DistanceSensorProfile): DistanceSensorProfile {
  return {
    ...profile,
    zones: profile.zones.map((zone) => ({ ...zone, side: zone.side === 'outside' ? 'inside' : 'outside' })),
  };
}
