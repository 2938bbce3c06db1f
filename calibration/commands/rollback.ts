import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Installation,
  type InstallationContents,
  keptVersions,
} from '../../edge-agent/config/installation.ts';
import { readSiteProfile, siteProfileHash } from '../../edge-agent/config/site-profile-file.ts';
import { noProfileHash, type SiteProfile } from '../../gateway/contract/site-profile.ts';
import { Refusal, UsageError } from '../command.ts';
import { baseContents, type InstalledSite, installedSite, putInForce } from '../enrolment/installed-site.ts';
import { enrolmentMessages } from '../messages/enrolment.ts';
import { historyFolderOf, openSite } from '../site/open-site.ts';
import { openProfileDraft } from '../site/profile-draft.ts';
import { commandOf, type Job } from '../verb.ts';

const options = { to: { type: 'string' } } as const;
type RollbackJob = Job<typeof options>;

/** More is not read on a ladder; `--to` takes any. */
const shownMax = 12;
const { de, en } = enrolmentMessages;

/** `rollback`: an earlier version in force again, as a new revision. */
export const rollback = commandOf({
  summary: { de: de.summary.rollback, en: en.summary.rollback },
  help: { de: de.help.rollback, en: en.help.rollback },
  options,
  run: (job: RollbackJob) => {
    const installed = installedSite(openSite(job.values, job.words, job.dialogue));
    return installed.installation === null
      ? rollProfileBack(job, installed)
      : rollInstallationBack(job, installed, installed.installation);
  },
});

async function rollInstallationBack(job: RollbackJob, installed: InstalledSite, inForce: Installation) {
  const { dialogue, language, words } = job;
  const text = enrolmentMessages[language];
  const kept = keptVersions(installed.file).filter(({ hash }) => hash !== inForce.hash);
  const to = await chosen(
    job,
    kept.map(({ revision, hash, madeBy, madeAt }) => ({ revision, hash, hint: `${madeBy}, ${madeAt}` })),
    ['configuration'],
  );
  const old = to === 'configuration' ? baseContents(installed) : kept.find(({ hash }) => hash === to)!;
  if (!(await dialogue.confirm(text.confirmRollback(to))))
    throw new Refusal('not-confirmed', words.notConfirmed);
  const next = putInForce(installed, asOf(old, inForce, installed), 'rollback');
  dialogue.say('good', text.rolledBack(to, next.revision));
  dialogue.say('info', text.restart);
  return { code: 0 as const, result: { kind: 'rolled-back', to, revision: next.revision, hash: next.hash } };
}

/** Old contents under the name and at the gateway of now: credentials that died stay dead. */
function asOf(
  old: InstallationContents,
  inForce: Installation,
  { site }: InstalledSite,
): InstallationContents {
  const { device, uplink } = inForce.agent;
  const { uplink: _, ...agent } = old.agent;
  const { profile, hash } = site.inForce;
  return {
    ...old,
    agent: { ...agent, device, ...(uplink === undefined ? {} : { uplink }) },
    profile: followed(old.profile as SiteProfile | null, profile, hash),
    enrolment: inForce.enrolment,
  };
}

/** A profile with earlier contents that follows the one in force: revisions only count up. */
function followed(old: SiteProfile | null, now: SiteProfile | null, nowHash: string): SiteProfile | null {
  if (old === null || (now !== null && siteProfileHash(old) === nowHash)) return now;
  return { ...old, revision: (now?.revision ?? 0) + 1, parent: nowHash === noProfileHash ? null : nowHash };
}

/** Before the first enrolment only profiles are kept. */
async function rollProfileBack(job: RollbackJob, { site }: InstalledSite) {
  const { dialogue, language, words } = job;
  const text = enrolmentMessages[language];
  const kept = keptProfiles(historyFolderOf(site.profileFile)).filter(
    ({ hash }) => hash !== site.inForce.hash,
  );
  const to = await chosen(
    job,
    kept.map(({ profile, hash }) => ({ revision: profile.revision, hash, hint: '' })),
    [],
  );
  const old = kept.find(({ hash }) => hash === to)!.profile;
  if (!(await dialogue.confirm(text.confirmRollback(to))))
    throw new Refusal('not-confirmed', words.notConfirmed);
  const draft = openProfileDraft(site, 'rollback', { words, dialogue });
  draft.replaceAll(old.sensors);
  const { revision, hash } = draft.commit(words);
  dialogue.say('good', text.rolledBack(to, revision));
  return { code: 0 as const, result: { kind: 'rolled-back', to, revision, hash } };
}

function keptProfiles(folder: string): { readonly profile: SiteProfile; readonly hash: string }[] {
  let entries: string[] = [];
  try {
    entries = readdirSync(folder).filter((entry) => entry.endsWith('.json'));
  } catch {
    // Nothing was kept yet.
  }
  return entries.sort().map((entry) => {
    const profile = readSiteProfile(join(folder, entry));
    return { profile, hash: siteProfileHash(profile) };
  });
}

/** The hash of a kept version, by revision or hash, or one of `others`; the newest of a revision. */
async function chosen(
  { values, dialogue, language }: RollbackJob,
  kept: readonly { readonly revision: number; readonly hash: string; readonly hint: string }[],
  others: readonly string[],
): Promise<string> {
  const text = enrolmentMessages[language];
  if (kept.length === 0 && !others.includes(values.to ?? ''))
    throw new Refusal('no-versions', text.noVersions);
  const wish = values.to;
  const given =
    others.find((other) => other === wish) ??
    kept.findLast(({ hash, revision }) => hash === wish || String(revision) === wish)?.hash;
  if (wish !== undefined && given === undefined) {
    const known = [...kept.map(({ revision }) => String(revision)), ...others];
    throw new UsageError(text.noVersion(wish, [...new Set(known)].join(', ')));
  }
  if (given !== undefined) return given;
  return dialogue.choose({
    message: text.askVersion,
    option: '--to',
    choices: kept
      .slice(-shownMax)
      .reverse()
      .map(({ revision, hash, hint }) => ({ value: hash, label: `${revision} (${hash})`, hint })),
  });
}
