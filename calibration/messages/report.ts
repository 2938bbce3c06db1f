import type { Language } from '../command.ts';

/** What `report` says. */
export interface ReportMessages {
  readonly summary: string;
  readonly help: string;
  readonly title: string;
  readonly site: string;
  readonly address: string;
  readonly technician: string;
  readonly customer: string;
  readonly looking: (sensor: string, seconds: number) => string;
  readonly lost: string;
  readonly untested: (sensor: string) => string;
  readonly withoutPapers: string;
  readonly written: (file: string) => string;
  readonly tooManyPhotos: (most: number) => string;
  readonly genuine: (fingerprint: string, createdAt: string) => string;
  readonly otherKey: (found: string, expected: string) => string;
  readonly fileGood: (name: string) => string;
  readonly fileChanged: (name: string) => string;
  readonly fileMissing: (name: string) => string;
  readonly forged: (file: string) => string;
  readonly unreadable: (file: string, cause: string) => string;
  readonly notListed: (name: string) => string;
}

const english: ReportMessages = {
  summary: 'writes the acceptance report, or checks one',
  help: `Writes the acceptance report as HTML and PDF: site, mounting, settings, walk test with its intervals, health of the sensors,
papers. A third file, ….signed.json, holds the contents and the hashes of all files, signed with the device's key.

  report [--site-name TEXT] [--gateway URL --key-file FILE --site ID]
  report --check FILE [--fingerprint TEXT]

  --site-name TEXT        what the place is called; asked for
  --address TEXT          its address; asked for
  --technician TEXT       who installed; asked for
  --customer TEXT         who accepts; asked for
  --line TEXT             what is counted
  --note TEXT             a remark
  --photo FILE[=CAPTION]  JPEG or PNG, up to 8 times; show no people
  --look SECONDS          how long each sensor is looked at, 0 to 60; 4
  --out FOLDER            reports in the agent's stateDir
  --gateway URL           fetches privacy notice and door sign
  --key-file FILE         file whose first line is a technician's key; or the variable PASSANT_KEY
  --ca-file FILE          certificate of a gateway that made its own
  --site ID               the site at the gateway
  --check FILE            the signed file, the HTML or the PDF: is it what the device signed?
  --fingerprint TEXT      with --check: the key that must have signed`,
  title: 'Acceptance report',
  site: 'What is the place called?',
  address: 'Its address?',
  technician: 'Who installed the counter?',
  customer: 'Who accepts it?',
  looking: (sensor, seconds) => `Looking at ${sensor} for ${seconds} s`,
  lost: 'no answer',
  untested: (sensor) =>
    `${sensor} was not tested against an observer; the report says so. Run walk-test first.`,
  withoutPapers: 'Privacy notice and door sign are missing; the report says how to get them.',
  written: (file) => `Written: ${file}`,
  tooManyPhotos: (most) => `--photo: at most ${most}`,
  genuine: (fingerprint, at) => `Genuine: signed on ${at} by the key ${fingerprint}.`,
  otherKey: (found, expected) => `Refused: signed by the key ${found}, not by ${expected}.`,
  fileGood: (name) => `Unchanged: ${name}`,
  fileChanged: (name) => `Refused: ${name} is not what was signed.`,
  fileMissing: (name) => `Not here: ${name}`,
  forged: (file) => `Refused: ${file} was changed after it was signed.`,
  unreadable: (file, cause) => `${file}: no signed report (${cause})`,
  notListed: (name) => `Refused: ${name} does not belong to this report.`,
};

const german: ReportMessages = {
  summary: 'schreibt das Abnahmeprotokoll oder prüft eines',
  help: `Schreibt das Abnahmeprotokoll als HTML und PDF: Standort, Montage, Einstellungen, Gehtest mit Intervallen, Zustand der
Sensoren, Papiere. Eine dritte Datei, ….signed.json, enthält den Inhalt und die Prüfsummen aller Dateien, signiert mit
dem Schlüssel des Geräts.

  report [--site-name TEXT] [--gateway URL --key-file DATEI --site KENNUNG]
  report --check DATEI [--fingerprint TEXT]

  --site-name TEXT        wie der Ort heißt; sonst wird gefragt
  --address TEXT          seine Anschrift; sonst wird gefragt
  --technician TEXT       wer montiert hat; sonst wird gefragt
  --customer TEXT         wer abnimmt; sonst wird gefragt
  --line TEXT             was gezählt wird
  --note TEXT             eine Bemerkung
  --photo DATEI[=TEXT]    JPEG oder PNG, bis zu achtmal; keine Menschen zeigen
  --look SEKUNDEN         wie lange jeder Sensor betrachtet wird, 0 bis 60; 4
  --out ORDNER            reports in stateDir des Zählprogramms
  --gateway URL           holt Datenschutzhinweise und Türschild
  --key-file DATEI        Datei, deren erste Zeile der Schlüssel eines Technikers ist; oder die Variable PASSANT_KEY
  --ca-file DATEI         Zertifikat eines Gateways, das seines selbst gemacht hat
  --site KENNUNG          der Standort beim Gateway
  --check DATEI           die signierte Datei, das HTML oder das PDF: Ist es, was das Gerät signiert hat?
  --fingerprint TEXT      zu --check: der Schlüssel, der signiert haben muss`,
  title: 'Abnahmeprotokoll',
  site: 'Wie heißt der Ort?',
  address: 'Seine Anschrift?',
  technician: 'Wer hat den Zähler montiert?',
  customer: 'Wer nimmt ihn ab?',
  looking: (sensor, seconds) => `Betrachte ${sensor} für ${seconds} s`,
  lost: 'keine Antwort',
  untested: (sensor) =>
    `${sensor} wurde nicht mit einem Beobachter verglichen; das steht im Protokoll. Zuerst walk-test ausführen.`,
  withoutPapers: 'Datenschutzhinweise und Türschild fehlen; im Protokoll steht, wie sie hineinkommen.',
  written: (file) => `Geschrieben: ${file}`,
  tooManyPhotos: (most) => `--photo: höchstens ${most}`,
  genuine: (fingerprint, at) => `Echt: signiert am ${at} mit dem Schlüssel ${fingerprint}.`,
  otherKey: (found, expected) => `Abgelehnt: signiert mit dem Schlüssel ${found}, nicht mit ${expected}.`,
  fileGood: (name) => `Unverändert: ${name}`,
  fileChanged: (name) => `Abgelehnt: ${name} ist nicht, was signiert wurde.`,
  fileMissing: (name) => `Nicht hier: ${name}`,
  forged: (file) => `Abgelehnt: ${file} wurde nach dem Signieren verändert.`,
  unreadable: (file, cause) => `${file}: kein signiertes Protokoll (${cause})`,
  notListed: (name) => `Abgelehnt: ${name} gehört nicht zu diesem Protokoll.`,
};

export const reportMessages: Readonly<Record<Language, ReportMessages>> = { de: german, en: english };
