import type { CorrectionFactor } from '../audit/correction-factor.ts';
import type { PassageKind } from '../audit/passage-tap.ts';
import type { ProvenShare } from '../audit/walk-test-result.ts';
import type { Language } from '../command.ts';

/** What `walk-test` says. */
export interface WalkTestMessages {
  readonly summary: string;
  readonly help: string;
  readonly title: (sensor: string) => string;
  readonly kinds: Readonly<Record<PassageKind, string>>;
  readonly directions: Readonly<Record<'in' | 'out', string>>;
  readonly keys: string;
  readonly live: (live: { in: number; out: number }, people: number, pending: number) => string;
  /** A share with its numbers and interval. */
  readonly share: (share: ProvenShare) => string;
  readonly recall: (share: ProvenShare) => string;
  readonly precision: (share: ProvenShare) => string;
  readonly claim: (percent: number, wished: number, more: number | null) => string;
  readonly nothingYet: string;
  readonly last: (what: string) => string;
  readonly columns: readonly string[];
  readonly all: string;
  readonly invented: (count: number) => string;
  readonly factor: (direction: 'in' | 'out', correction: CorrectionFactor) => string;
  readonly noFactor: (direction: 'in' | 'out', least: number) => string;
  readonly lag: (seconds: number) => string;
  readonly saved: (file: string) => string;
  readonly finishedTorn: (file: string) => string;
  readonly tooFew: (people: number, least: number) => string;
  readonly confirm: (sensor: string) => string;
  readonly mixture: string;
  readonly onPhone: string;
  readonly uploaded: (id: string) => string;
  readonly notUploaded: string;
  readonly noLine: (known: string) => string;
  readonly noTaps: string;
  readonly noBaseline: (sensor: string) => string;
  readonly badToken: string;
  readonly badPercent: (given: string) => string;
  readonly phone: Readonly<Record<string, string>>;
}

/** 0.957 → 95.7, with the language's decimal sign. */
function percent(share: number, locale: string): string {
  const format = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return new Intl.NumberFormat(locale, format).format(share * 100);
}

function shareText({ successes, trials, share, interval95 }: ProvenShare, locale: string): string {
  if (share === null) return '–';
  const [low, high] = interval95.map((end) => percent(end, locale));
  return `${successes}/${trials} = ${percent(share, locale)} % (${low}–${high} %)`;
}

const decimals = (value: number, locale: string, digits: number): string =>
  new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
    value,
  );

const englishKinds: WalkTestMessages['kinds'] = {
  adult: 'adult',
  child: 'child',
  pram: 'with pram or trolley',
  wheelchair: 'wheelchair',
  pair: 'two abreast',
  'turned-back': 'turned back',
  object: 'no person (door, dog, thing)',
};

const english: WalkTestMessages = {
  summary: 'compares the counter with somebody who taps what passes',
  help: `You tap a key, or a button on the telephone, for everybody who passes; taps and counts are aligned one by one. Says
after every tap what may be claimed now. The readings and the taps are kept for replay; the result goes into the
site profile and, with --gateway, becomes the correction that the gateway applies.

  walk-test [--sensor NAME] [--claim PERCENT] [--phone] [--gateway URL --key-file FILE --line LINE]
  walk-test --again RECORDING     judges a kept test anew, with the engine and profile of today

  --sensor NAME           slot of the sensor; the only one, or asked for
  --claim PERCENT         the share of people counted right that you want to claim; 95
  --seconds N             end by itself after so long; otherwise with q
  --minimum-people N      with fewer nothing is written; 20
  --phone                 serve a page with large buttons to a telephone in the same network
  --phone-host ADDRESS    address to listen on; all of this machine's
  --phone-port N          its port; any free one
  --phone-token TEXT      the secret part of its address, 16 characters or more; a random one
  --recordings FOLDER     where recordings are kept; recordings in the agent's stateDir
  --gateway URL           puts the correction at the gateway
  --key-file FILE         file whose first line is a technician's key; or the variable PASSANT_KEY
  --ca-file FILE          certificate of a gateway that made its own
  --line LINE             the line that this sensor counts; the only one the gateway knows for it
  --exchanged             the gateway has its directions exchanged and cannot tell (an old one)`,
  title: (sensor) => `Walk test of sensor ${sensor}`,
  kinds: englishKinds,
  directions: { in: 'in', out: 'out' },
  keys: `[i →] in   [o ←] out   [t] turned back   [x] no person   [u] undo   [q] finished
it was: [a] adult   [c] child   [p] pram, trolley   [w] wheelchair   [2] two abreast`,
  live: (live, people, pending) =>
    `Counter: ${live.in} in, ${live.out} out · judged: ${people} people${pending > 0 ? `, ${pending} taps not judged yet` : ''}`,
  share: (share) => shareText(share, 'en'),
  recall: (share) => `People counted right: ${shareText(share, 'en')}`,
  precision: (share) => `Counts that were right: ${shareText(share, 'en')}`,
  claim: (now, wished, more) =>
    more === 0
      ? `You may claim: at least ${now} % of the people are counted right. That reaches ${wished} %.`
      : `You may claim: at least ${now} %. For ${wished} %: ${more === null ? 'out of reach' : `${more} more without an error`}.`,
  nothingYet: 'Nothing may be claimed yet.',
  last: (what) => `Last: ${what}`,
  columns: ['passage', 'people', 'right', 'missed', 'wrong way', 'double', 'nobody', 'counted right (95 %)'],
  all: 'all',
  invented: (count) => `Counts with nobody near: ${count}`,
  factor: (direction, { factor, standardError, people, counted }) =>
    `Correction ${direction}: ${decimals(factor, 'en', 3)} ± ${decimals(1.96 * standardError, 'en', 3)} (${people} people, ${counted} counted)`,
  noFactor: (direction, least) => `No correction ${direction}: it takes ${least} people of that direction.`,
  lag: (seconds) => `You tap ${decimals(seconds, 'en', 1)} s after a person passes the line.`,
  saved: (file) => `Kept: ${file}`,
  finishedTorn: (file) => `A recording that was broken off is readable now: ${file}`,
  tooFew: (people, least) =>
    `Refused: ${people} people prove too little; at least ${least} are needed. Nothing was written but the recording.`,
  confirm: (sensor) => `Write this result to the site profile of ${sensor}?`,
  mixture: 'The correction holds for a mixture of people like the one you saw: test at a usual hour.',
  onPhone: 'Open this on the telephone (same network), or scan it:',
  uploaded: (id) => `The gateway applies it: ${id}`,
  notUploaded: 'Not sent to a gateway (--gateway, --key-file): the counts stay uncorrected there.',
  noLine: (known) => `--line is missing: the gateway knows ${known || 'no line'} for this sensor`,
  noTaps: 'walk-test: nobody can tap here: without a terminal it takes --phone (and --seconds), or --again',
  noBaseline: (sensor) => `Refused: nobody has learned the empty scene of ${sensor}. Run baseline first.`,
  badToken: '--phone-token: must be 16 to 200 letters, digits, - or _',
  badPercent: (given) => `--claim ${given}: must be a percentage, 50 to 99.9`,
  phone: {
    ...englishKinds,
    language: 'en',
    title: 'Walk test',
    in: 'in',
    out: 'out',
    pram: 'pram, trolley',
    object: 'no person',
    undo: 'undo',
    last: 'Last',
    none: 'Tap when somebody passes the line; say who it was afterwards.',
    connected: 'connected',
    away: 'away: {n} kept here',
  },
};

const germanKinds: WalkTestMessages['kinds'] = {
  adult: 'Erwachsene',
  child: 'Kind',
  pram: 'mit Kinder- oder Einkaufswagen',
  wheelchair: 'Rollstuhl',
  pair: 'zu zweit nebeneinander',
  'turned-back': 'umgekehrt',
  object: 'kein Mensch (Tür, Hund, Ding)',
};

const german: WalkTestMessages = {
  summary: 'vergleicht den Zähler mit jemandem, der tippt, wer vorbeigeht',
  help: `Sie tippen für alle, die durchgehen, eine Taste oder auf dem Telefon; Tippen und Zählungen werden eins zu eins zugeordnet.
Nach jedem Tippen steht da, was sich jetzt behaupten lässt. Messwerte und Tippen werden zum Nachspielen aufgehoben; das
Ergebnis kommt ins Standortprofil und wird mit --gateway die Korrektur, die das Gateway anwendet.

  walk-test [--sensor NAME] [--claim PROZENT] [--phone] [--gateway URL --key-file DATEI --line LINIE]
  walk-test --again AUFZEICHNUNG  beurteilt einen aufgehobenen Test neu, mit heutigem Zählwerk und Profil

  --sensor NAME           Platz des Sensors; der einzige, sonst wird gefragt
  --claim PROZENT         Anteil richtig gezählter Menschen, den Sie behaupten wollen; 95
  --seconds N             nach so langer Zeit von selbst enden; sonst mit q
  --minimum-people N      mit weniger wird nichts geschrieben; 20
  --phone                 einem Telefon im selben Netz eine Seite mit großen Knöpfen geben
  --phone-host ADRESSE    Adresse, an der sie erreichbar ist; alle dieses Rechners
  --phone-port N          ihr Port; irgendein freier
  --phone-token TEXT      der geheime Teil ihrer Adresse, mindestens 16 Zeichen; ein zufälliger
  --recordings ORDNER     wo Aufzeichnungen liegen; recordings in stateDir des Zählprogramms
  --gateway URL           legt die Korrektur beim Gateway ab
  --key-file DATEI        Datei, deren erste Zeile der Schlüssel eines Technikers ist; oder die Variable PASSANT_KEY
  --ca-file DATEI         Zertifikat eines Gateways, das seines selbst gemacht hat
  --line LINIE            die Linie, die dieser Sensor zählt; die einzige, die das Gateway dafür kennt
  --exchanged             das Gateway hat seine Richtungen vertauscht und kann es nicht sagen (ein altes)`,
  title: (sensor) => `Gehtest des Sensors ${sensor}`,
  kinds: germanKinds,
  directions: { in: 'hinein', out: 'hinaus' },
  keys: `[i →] hinein   [o ←] hinaus   [t] umgekehrt   [x] kein Mensch   [u] zurücknehmen   [q] fertig
es war: [a] Erwachsene   [c] Kind   [p] Kinder-, Einkaufswagen   [w] Rollstuhl   [2] zu zweit`,
  live: (live, people, pending) =>
    `Zähler: ${live.in} hinein, ${live.out} hinaus · beurteilt: ${people} Menschen${pending > 0 ? `, ${pending} Mal Tippen noch nicht` : ''}`,
  share: (share) => shareText(share, 'de'),
  recall: (share) => `Richtig gezählte Menschen: ${shareText(share, 'de')}`,
  precision: (share) => `Richtige Zählungen: ${shareText(share, 'de')}`,
  claim: (now, wished, more) =>
    more === 0
      ? `Behaupten lässt sich: mindestens ${now} % der Menschen werden richtig gezählt. Das reicht für ${wished} %.`
      : `Behaupten lässt sich: mindestens ${now} %. Für ${wished} %: ${more === null ? 'außer Reichweite' : `noch ${more} ohne Fehler`}.`,
  nothingYet: 'Noch lässt sich nichts behaupten.',
  last: (what) => `Zuletzt: ${what}`,
  columns: [
    'Durchgang',
    'Menschen',
    'richtig',
    'verpasst',
    'verkehrt',
    'doppelt',
    'niemand',
    'richtig gezählt (95 %)',
  ],
  all: 'alle',
  invented: (count) => `Zählungen ohne jemanden in der Nähe: ${count}`,
  factor: (direction, { factor, standardError, people, counted }) =>
    `Korrektur ${german.directions[direction]}: ${decimals(factor, 'de', 3)} ± ${decimals(1.96 * standardError, 'de', 3)} (${people} Menschen, ${counted} gezählt)`,
  noFactor: (direction, least) =>
    `Keine Korrektur ${german.directions[direction]}: Dafür braucht es ${least} Menschen dieser Richtung.`,
  lag: (seconds) => `Sie tippen ${decimals(seconds, 'de', 1)} s, nachdem jemand die Linie überschreitet.`,
  saved: (file) => `Aufgehoben: ${file}`,
  finishedTorn: (file) => `Eine abgebrochene Aufzeichnung ist jetzt lesbar: ${file}`,
  tooFew: (people, least) =>
    `Abgelehnt: ${people} Menschen beweisen zu wenig; mindestens ${least} sind nötig. Außer der Aufzeichnung wurde nichts geschrieben.`,
  confirm: (sensor) => `Dieses Ergebnis ins Standortprofil von ${sensor} schreiben?`,
  mixture: 'Die Korrektur gilt für ein Gemisch von Menschen wie das gesehene: zu gewöhnlicher Stunde testen.',
  onPhone: 'Auf dem Telefon (im selben Netz) öffnen oder abfotografieren:',
  uploaded: (id) => `Das Gateway wendet sie an: ${id}`,
  notUploaded: 'An kein Gateway geschickt (--gateway, --key-file): Dort bleiben die Zahlen unkorrigiert.',
  noLine: (known) => `--line fehlt: Das Gateway kennt für diesen Sensor ${known || 'keine Linie'}`,
  noTaps:
    'walk-test: Hier kann niemand tippen: ohne Terminal braucht es --phone (und --seconds) oder --again',
  noBaseline: (sensor) =>
    `Abgelehnt: Niemand hat die leere Szene von ${sensor} gelernt. Zuerst baseline ausführen.`,
  badToken: '--phone-token: müssen 16 bis 200 Buchstaben, Ziffern, - oder _ sein',
  badPercent: (given) => `--claim ${given}: muss ein Prozentwert sein, 50 bis 99.9`,
  phone: {
    ...germanKinds,
    language: 'de',
    title: 'Gehtest',
    in: 'hinein',
    out: 'hinaus',
    pram: 'mit Wagen',
    pair: 'zu zweit',
    object: 'kein Mensch',
    undo: 'zurücknehmen',
    last: 'Zuletzt',
    none: 'Tippen, wenn jemand die Linie überschreitet; danach sagen, wer es war.',
    connected: 'verbunden',
    away: 'ohne Verbindung: {n} hier aufgehoben',
  },
};

export const walkTestMessages: Readonly<Record<Language, WalkTestMessages>> = { de: german, en: english };
