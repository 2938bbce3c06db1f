import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readSiteProfile } from '../../edge-agent/config/site-profile-file.ts';
import type { SiteProfile } from '../../gateway/contract/site-profile.ts';
import { provenShareOf } from '../audit/walk-test-result.ts';
import { Refusal, UsageError } from '../command.ts';
import { Interrupted } from '../dialogue/dialogue.ts';
import { type VerifyMessages, verifyMessages } from '../messages/verify.ts';
import { walkTestMessages } from '../messages/walk-test.ts';
import { plainTable } from '../picture/plain-table.ts';
import {
  type JudgedRecording,
  judgeProfiles,
  type ProfileScore,
  type ProfileVerdict,
} from '../recording/judge-profiles.ts';
import { finishAbandoned } from '../recording/live-recording.ts';
import { historyFolderOf, openSite, type Site } from '../site/open-site.ts';
import { openProfileDraft } from '../site/profile-draft.ts';
import { commandOf, type Job } from '../verb.ts';

const options = {
  recordings: { type: 'string' },
  candidate: { type: 'string' },
  adopt: { type: 'boolean' },
  sensor: { type: 'string' },
} as const;

type VerifyJob = Job<typeof options>;

const { de, en } = verifyMessages;

/** `verify`: does a profile count worse than another on what was recorded here? */
export const verify = commandOf({
  summary: { de: de.summary, en: en.summary },
  help: { de: de.help, en: en.help },
  options,
  run: verifyProfile,
});

/** Two profiles and what to call them. */
interface Contest {
  readonly reference: SiteProfile | null;
  readonly candidate: SiteProfile | null;
  readonly names: readonly [string, string];
}

async function verifyProfile(job: VerifyJob) {
  const { values, words, dialogue, language, signal } = job;
  const text = verifyMessages[language];
  if (values.adopt && values.candidate === undefined) throw new UsageError(text.needsCandidate);
  const site = openSite(values, words, dialogue);
  const contest = contestOf(site, values.candidate, text);
  const folder = values.recordings ?? join(site.config.stateDir, 'recordings');
  for (const torn of await finishAbandoned(folder)) dialogue.say('info', text.finishedTorn(torn));
  const files = recordingsIn(folder);
  if (files.length === 0) throw new UsageError(text.noRecordings(folder));
  dialogue.say('title', text.title(files.length, ...contest.names));
  const judged = await judge(job, files, contest);
  dialogue.say('plain', tableOf(judged, contest, text));
  for (const line of sharesOf(job, judged, contest)) dialogue.say('info', line);
  const { verdict } = judged;
  if (verdict === 'worse') throw new Refusal('counts-worse', text.verdict.worse, { ...judged });
  dialogue.say(verdict === 'unknown' ? 'warning' : 'good', text.verdict[verdict]);
  const result = { kind: 'verified', ...judged };
  if (!values.adopt) return { code: 0 as const, result };
  if (verdict === 'unknown') throw new Refusal('nothing-proved', text.verdict.unknown, { ...judged });
  if (!(await dialogue.confirm(text.adopt)))
    throw new Refusal('not-confirmed', words.notConfirmed, { ...judged });
  signal.throwIfAborted();
  const draft = openProfileDraft(site, 'verify', { words, dialogue });
  for (const sensor of contest.candidate!.sensors) draft.put(sensor);
  const { revision, hash } = draft.commit(words);
  dialogue.say('good', words.committed(site.profileFile, revision));
  return { code: 0 as const, result: { ...result, revision, hash } };
}

function contestOf(site: Site, candidateFile: string | undefined, text: VerifyMessages): Contest {
  const { profile } = site.inForce;
  const inForce = text.inForce(profile?.revision ?? null);
  if (candidateFile !== undefined) {
    const names = [inForce, basename(candidateFile)] as const;
    return { reference: profile, candidate: readSiteProfile(candidateFile), names };
  }
  const before = lastOfHistory(site);
  const name = before === null ? text.none : text.before(before.revision);
  return { reference: before, candidate: profile, names: [name, inForce] };
}

function lastOfHistory(site: Site): SiteProfile | null {
  const folder = historyFolderOf(site.profileFile);
  if (!existsSync(folder)) return null;
  const last = readdirSync(folder)
    .filter((entry) => entry.endsWith('.json'))
    .sort()
    .at(-1);
  return last === undefined ? null : readSiteProfile(join(folder, last));
}

function recordingsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((entry) => entry.endsWith('.ndjson'))
    .sort()
    .map((entry) => join(folder, entry));
}

async function judge(job: VerifyJob, files: readonly string[], contest: Contest): Promise<ProfileVerdict> {
  const { values, dialogue, language, signal } = job;
  const picture = dialogue.live();
  try {
    return await judgeProfiles(files, { ...contest, sensor: values.sensor, signal }, (file) =>
      picture.show(verifyMessages[language].playing(file)),
    );
  } catch (error) {
    if (signal.aborted) throw new Interrupted();
    throw error;
  } finally {
    picture.close();
  }
}

function tableOf(judged: ProfileVerdict, contest: Contest, text: VerifyMessages): string {
  const cells = (score: ProfileScore, known: boolean) =>
    known ? [score.right, score.missed, score.invented].map(String) : ['–', '–', '–'];
  const row = ({ file, people, reference, candidate }: JudgedRecording) => [
    basename(file),
    people === null ? '–' : String(people),
    ...cells(reference, people !== null),
    ...cells(candidate, people !== null),
    `${candidate.in}/${candidate.out}`,
  ];
  const { people, reference, candidate } = judged;
  const all = row({ file: text.all, people, reference, candidate });
  return plainTable([text.columns(...contest.names), ...judged.recordings.map(row), all]);
}

function sharesOf({ language }: VerifyJob, judged: ProfileVerdict, contest: Contest): string[] {
  if (judged.people === 0) return [];
  const { share } = walkTestMessages[language];
  return ([judged.reference, judged.candidate] as const).map((score, at) =>
    verifyMessages[language].shares(contest.names[at]!, {
      recall: share(provenShareOf(score.right, judged.people)),
      precision: share(provenShareOf(score.right, score.right + score.invented)),
    }),
  );
}
