import type { Language } from '../command.ts';
import type { ProfileVerdict } from '../recording/judge-profiles.ts';

/** What `verify` says. */
export interface VerifyMessages {
  readonly summary: string;
  readonly help: string;
  readonly title: (recordings: number, reference: string, candidate: string) => string;
  readonly inForce: (revision: number | null) => string;
  readonly before: (revision: number) => string;
  readonly none: string;
  readonly playing: (file: string) => string;
  readonly columns: (reference: string, candidate: string) => readonly string[];
  readonly all: string;
  readonly shares: (name: string, shares: { recall: string; precision: string }) => string;
  readonly verdict: Readonly<Record<ProfileVerdict['verdict'], string>>;
  readonly finishedTorn: (file: string) => string;
  readonly noRecordings: (folder: string) => string;
  readonly adopt: string;
  readonly needsCandidate: string;
}

const english: VerifyMessages = {
  summary: 'replays the recordings against a site profile and refuses one that counts worse',
  help: `Plays all recordings of a folder through today's engine, with a new profile and with the one it would replace. Where
the truth lies beside a recording (walk-test writes it), one error more in all is a refusal: exit code 1.

  verify [--recordings FOLDER]                      the profile in force against the one before it
  verify --candidate FILE [--adopt]                 a new profile against the one in force

  --recordings FOLDER     recordings in the agent's stateDir
  --candidate FILE        the profile to judge
  --adopt                 put it in force if it counts no worse and the truth of some recording is known
  --sensor NAME           which sensor of the profiles; the only one of a recording's kind`,
  title: (recordings, reference, candidate) => `Recordings: ${recordings}. ${candidate} against ${reference}`,
  inForce: (revision) => (revision === null ? 'no profile' : `revision ${revision} (in force)`),
  before: (revision) => `revision ${revision} (before)`,
  none: 'no profile',
  playing: (file) => `Playing ${file}`,
  columns: (reference, candidate) => [
    'recording',
    'people',
    `right: ${reference}`,
    'missed',
    'invented',
    `right: ${candidate}`,
    'missed',
    'invented',
    'in/out',
  ],
  all: 'all with known truth',
  shares: (name, { recall, precision }) =>
    `${name}: counted right ${recall}, counts that were right ${precision}`,
  verdict: {
    better: 'It counts better.',
    equal: 'It counts as well.',
    worse: 'Refused: it counts worse. What is in force stays in force.',
    unknown: 'No recording has its truth beside it, so nothing is proved. Make one with walk-test.',
  },
  finishedTorn: (file) => `A recording that was broken off is readable now: ${file}`,
  noRecordings: (folder) => `${folder}: no recordings; make some with record or walk-test`,
  adopt: 'Put it in force?',
  needsCandidate: '--adopt needs --candidate',
};

const german: VerifyMessages = {
  summary: 'spielt die Aufzeichnungen gegen ein Standortprofil nach und lehnt eines ab, das schlechter zählt',
  help: `Spielt alle Aufzeichnungen eines Ordners durch das heutige Zählwerk, mit einem neuen Profil und mit dem, das es ersetzen
würde. Wo die Wahrheit neben einer Aufzeichnung liegt (walk-test schreibt sie), ist ein Fehler mehr eine Ablehnung:
Rückgabewert 1.

  verify [--recordings ORDNER]                      das geltende Profil gegen das vorige
  verify --candidate DATEI [--adopt]                ein neues Profil gegen das geltende

  --recordings ORDNER     recordings in stateDir des Zählprogramms
  --candidate DATEI       das Profil, um das es geht
  --adopt                 in Kraft setzen, wenn es nicht schlechter zählt und irgendeine Wahrheit bekannt ist
  --sensor NAME           welcher Sensor der Profile; der einzige von der Art einer Aufzeichnung`,
  title: (recordings, reference, candidate) =>
    `Aufzeichnungen: ${recordings}. ${candidate} gegen ${reference}`,
  inForce: (revision) => (revision === null ? 'kein Profil' : `Revision ${revision} (gilt)`),
  before: (revision) => `Revision ${revision} (davor)`,
  none: 'kein Profil',
  playing: (file) => `Spiele ${file}`,
  columns: (reference, candidate) => [
    'Aufzeichnung',
    'Menschen',
    `richtig: ${reference}`,
    'verpasst',
    'erfunden',
    `richtig: ${candidate}`,
    'verpasst',
    'erfunden',
    'hinein/hinaus',
  ],
  all: 'alle mit bekannter Wahrheit',
  shares: (name, { recall, precision }) =>
    `${name}: richtig gezählt ${recall}, richtige Zählungen ${precision}`,
  verdict: {
    better: 'Es zählt besser.',
    equal: 'Es zählt ebenso gut.',
    worse: 'Abgelehnt: Es zählt schlechter. Was gilt, gilt weiter.',
    unknown: 'Neben keiner Aufzeichnung liegt die Wahrheit, also ist nichts bewiesen. walk-test macht eine.',
  },
  finishedTorn: (file) => `Eine abgebrochene Aufzeichnung ist jetzt lesbar: ${file}`,
  noRecordings: (folder) => `${folder}: keine Aufzeichnungen; record oder walk-test machen welche`,
  adopt: 'In Kraft setzen?',
  needsCandidate: '--adopt braucht --candidate',
};

export const verifyMessages: Readonly<Record<Language, VerifyMessages>> = { de: german, en: english };
