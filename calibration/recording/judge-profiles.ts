import { replayRecording } from '../../edge-agent/replay.ts';
import type { SiteProfile } from '../../gateway/contract/site-profile.ts';
import { matchCrossings } from '../audit/crossing-match.ts';
import { readRecordingTruth } from './recording-truth.ts';

/** What a profile counts in one recording; rights and wrongs only where the truth is known. */
export interface ProfileScore {
  readonly in: number;
  readonly out: number;
  readonly right: number;
  readonly missed: number;
  readonly invented: number;
}

/** One recording, counted with both profiles. */
export interface JudgedRecording {
  readonly file: string;
  /** People who really passed; null where nobody knows. */
  readonly people: number | null;
  readonly reference: ProfileScore;
  readonly candidate: ProfileScore;
}

export interface ProfileVerdict {
  readonly recordings: readonly JudgedRecording[];
  readonly reference: ProfileScore;
  readonly candidate: ProfileScore;
  /** People in the recordings whose truth is known. */
  readonly people: number;
  /** `worse`: more errors (missed and invented) over all recordings whose truth is known. */
  readonly verdict: 'better' | 'equal' | 'worse' | 'unknown';
}

export interface ProfilesToJudge {
  readonly reference: SiteProfile | null;
  readonly candidate: SiteProfile | null;
  readonly sensor: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Plays recordings with two profiles through the code the agent runs. The readings are the same for
 * both, so every difference is the profile's, and one error more is worse. Throws `SensorError`.
 */
export async function judgeProfiles(
  files: readonly string[],
  profiles: ProfilesToJudge,
  progress: (file: string) => void = () => {},
): Promise<ProfileVerdict> {
  const recordings: JudgedRecording[] = [];
  for (const file of files) {
    profiles.signal.throwIfAborted();
    progress(file);
    const truth = readRecordingTruth(file);
    const reference = await score(file, profiles, { profile: profiles.reference, truth });
    const candidate = await score(file, profiles, { profile: profiles.candidate, truth });
    if (reference === null || candidate === null) continue;
    recordings.push({ file, people: truth?.length ?? null, reference, candidate });
  }
  const known = recordings.filter(({ people }) => people !== null);
  const [reference, candidate] = [known.map((row) => row.reference), known.map((row) => row.candidate)].map(
    sum,
  );
  const more = errors(candidate!) - errors(reference!);
  return {
    recordings,
    reference: reference!,
    candidate: candidate!,
    people: known.reduce((total, { people }) => total + people!, 0),
    verdict: known.length === 0 ? 'unknown' : more > 0 ? 'worse' : more < 0 ? 'better' : 'equal',
  };
}

/** Null for a recording that counts no people. */
async function score(
  file: string,
  { sensor, signal }: ProfilesToJudge,
  { profile, truth }: { profile: SiteProfile | null; truth: ReturnType<typeof readRecordingTruth> },
): Promise<ProfileScore | null> {
  const replay = await replayRecording({
    file,
    signal,
    ...(profile === null ? {} : { profile }),
    ...(sensor === undefined ? {} : { sensor }),
  });
  if (!('crossings' in replay)) return null;
  const { crossings, totals } = replay;
  const { pairs, missed, invented } = matchCrossings(truth ?? [], crossings);
  return {
    ...totals,
    right: pairs.length,
    missed: missed.length,
    invented: truth === null ? 0 : invented.length,
  };
}

const errors = ({ missed, invented }: ProfileScore): number => missed + invented;

function sum(scores: readonly ProfileScore[]): ProfileScore {
  const total = (field: keyof ProfileScore) => scores.reduce((value, row) => value + row[field], 0);
  return {
    in: total('in'),
    out: total('out'),
    right: total('right'),
    missed: total('missed'),
    invented: total('invented'),
  };
}
