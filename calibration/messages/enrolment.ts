import type { Looseness } from '../../edge-agent/config/private-file.ts';
import type { TrustFault } from '../../edge-agent/uplink/pinned-socket.ts';
import type { Assigned } from '../../gateway/contract/enrolment.ts';
import type { Language } from '../command.ts';

type VerbName = 'enrol' | 'retire' | 'swap' | 'rollback' | 'show';

/** What the verbs about gateway and versions say, in the technician's language. */
export interface EnrolmentMessages {
  readonly summary: Readonly<Record<VerbName, string>>;
  readonly help: Readonly<Record<VerbName, string>>;
  readonly askCode: string;
  readonly badCode: string;
  readonly needsHttps: string;
  readonly unfinished: string;
  readonly elsewhere: (gateway: string) => string;
  readonly confirmEnrol: (gateway: string, pin: string | null) => string;
  readonly confirmReplace: (old: string) => string;
  readonly enrolled: (device: string, site: string) => string;
  readonly assigned: (row: Assigned) => string;
  readonly replaced: (old: string) => string;
  readonly byOperator: (device: string, file: string) => string;
  readonly written: (file: string, revision: number) => string;
  readonly restart: string;
  readonly problem: (code: string, detail: string) => string;
  readonly untrusted: (url: string, fault: TrustFault) => string;
  readonly unreachable: (url: string, why: string) => string;
  readonly strange: (url: string, status: number) => string;
  readonly loose: (file: string, loose: Looseness) => string;
  readonly unreadable: (file: string, why: string) => string;
  readonly notEnrolled: string;
  readonly noPassword: (file: string) => string;
  readonly undelivered: (missing: number) => string;
  readonly confirmRetire: (device: string, gateway: string) => string;
  readonly retired: (device: string) => string;
  readonly alreadyDead: string;
  readonly askFrom: string;
  readonly fromStart: string;
  readonly fromNow: string;
  readonly swappedAtGateway: (from: string) => string;
  readonly swappedLocally: (sensor: string) => string;
  readonly noZones: (sensor: string) => string;
  readonly onlyFromNow: string;
  readonly badFrom: string;
  readonly askVersion: string;
  readonly noVersions: string;
  readonly noVersion: (to: string, known: string) => string;
  readonly alreadyInForce: string;
  readonly confirmRollback: (to: string) => string;
  readonly rolledBack: (to: string, revision: number) => string;
  readonly inForce: (revision: number, hash: string, by: string, at: string) => string;
  readonly noInstallation: string;
  readonly profileInForce: (revision: number | null, hash: string) => string;
  readonly at: (gateway: string, device: string) => string;
  readonly gatewayKnows: (state: string, missing: number) => string;
  readonly profileAtGateway: (hash: string | null) => string;
  readonly conflict: (detail: string) => string;
  readonly history: string;
}

/** The lines of a help text, without the one that makes it readable here. */
const trimmed = (own: string): string => own.trim();

const english: EnrolmentMessages = {
  summary: {
    enrol: 'takes the counter in at a gateway with a one-time code',
    retire: 'lets the counter go: its password dies, its counts stay',
    swap: 'exchanges in and out',
    rollback: 'puts an earlier version in force again',
    show: 'shows what is in force, its history, and what the gateway knows',
  },
  help: {
    enrol: trimmed(`
Takes this counter in at a gateway, with a code that the operator made there (enrol-code create).

  enrol --code 'https://gateway:8443/#enrol.CODE.FINGERPRINT'

  --code TEXT             the line of the operator, or what the QR code says
  --device NAME           another name than the operator proposed
  --sensor NAME           the sensor for the line, where several would do
  --lane N                one of several sensors of a wide passage, from 1
  --swapped               the sensor's in is the line's out
  --replace NAME          take over from this counter: its time ends now, its counts stay

Broken off at any moment it is begun again with the same code, or finished without one.`),
    retire: trimmed(`
Lets this counter go at its gateway: its password dies at once, what it counted stays.

  retire [--force] [--local]

  --force                 although the gateway has not got everything yet
  --local                 forget the gateway here, without asking it`),
    swap: trimmed(`
Exchanges in and out. An enrolled counter is turned round at the gateway, also for the past; one that is not
enrolled in its site profile, from now on. What was observed is never changed.

  swap-direction [--sensor NAME] [--from start|now|TIME]

  --from start            since the counter hangs there (asked where it is not given)
  --from now              it was turned round today
  --from TIME             as 2026-03-02T08:00:00Z`),
    rollback: trimmed(`
Puts an earlier version of site profile and configuration in force again, as a new revision. Name, gateway and
password stay as they are now.

  rollback [--to REVISION|HASH|configuration]

  --to configuration      what the configuration file says today`),
    show: trimmed(`
Shows what is in force, the versions that are kept, and what the gateway knows of this counter.

  show [--offline]

  --offline               do not ask the gateway`),
  },
  askCode: 'The operator’s line (address, code and fingerprint)',
  badCode: 'That is no enrolment code: https://…/#enrol.CODE.FINGERPRINT',
  needsHttps: 'Codes travel over HTTPS only; plain HTTP within this machine.',
  unfinished: 'An unfinished enrolment lies here: it is finished now.',
  elsewhere: (gateway) => `This counter is enrolled at ${gateway}: retire it first.`,
  confirmEnrol: (gateway, pin) =>
    `Enrol at ${gateway}?${pin === null ? '' : ` Its key must have the fingerprint ${pin}.`}`,
  confirmReplace: (old) => `Take over from "${old}"? Its password dies at once.`,
  enrolled: (device, site) => `Enrolled as "${device}" at ${site}.`,
  assigned: ({ line, sensor, role, lane, swapped }) =>
    `  ${sensor} at line ${line}: ${{ counts: 'counts', lane: `lane ${lane}`, witness: 'witness' }[role]}${swapped ? ', swapped' : ''}`,
  replaced: (old) => `"${old}" is replaced; what it counted stays.`,
  byOperator: (device, file) =>
    `The broker keeps passwords of its own: the operator enters "${device}" there with the password in ${file}.`,
  written: (file, revision) => `${file}: revision ${revision} is in force.`,
  restart: 'Restart the agent: systemctl restart passant-agent',
  problem: (code, detail) =>
    ({
      'code-unknown': 'The gateway does not know this code; it may have been revoked. Ask for a new one.',
      'code-expired': 'The code has expired. Ask for a new one.',
      'code-used': `The code has been used. ${detail}`,
      'device-taken': `The name is taken: ${detail} Choose another with --device.`,
      'line-taken': `Another counter counts there: ${detail} See --replace and --lane.`,
      'not-replaceable': `Nothing is replaced: ${detail}`,
      'sensor-unclear': `Which sensor? ${detail} See --sensor.`,
      'too-many-requests': 'Too many attempts: wait half a minute.',
      unauthenticated: 'The gateway does not know this counter’s password (any more).',
    })[code] ?? `The gateway refuses: ${detail}`,
  untrusted: (url, fault) =>
    ({
      'other-key': `${url}: another key answers than the one in the code. Nothing was sent. Somebody may stand in between: do not go on, ask the operator.`,
      expired: `${url}: the gateway's certificate has expired. The operator must renew it. Nothing was sent.`,
      'not-yet-valid': `${url}: the gateway's certificate is not valid yet: is this clock right? Nothing was sent.`,
    })[fault],
  unreachable: (url, why) => `${url}: no answer (${why}). Nothing is lost: try again with the same code.`,
  strange: (url, status) => `${url}: answered ${status}, which no gateway does.`,
  loose: (file, { kind, mode, uid }) =>
    ({
      'others-read': `${file}: others may read it (mode ${mode}). chmod 600 it.`,
      'others-write': `${file}: others may write there (mode ${mode}). chmod go-w it.`,
      foreign: `${file}: belongs to user ${uid}. Work as root, or chown it.`,
    })[kind],
  unreadable: (file, why) => `${file}: ${why}`,
  notEnrolled: 'This counter is not enrolled.',
  noPassword: (file) => `${file}: the password is gone. Enrol again with --replace and a new name.`,
  undelivered: (missing) => `${missing} intervals are still on their way: wait, or --force.`,
  confirmRetire: (device, gateway) => `Let "${device}" go at ${gateway}? Its password dies at once.`,
  retired: (device) => `"${device}" is retired. Counting goes on without a gateway.`,
  alreadyDead: 'The gateway does not know the password any more: forgotten here, too.',
  askFrom: 'From when on?',
  fromStart: 'since it hangs there: the past is shown anew',
  fromNow: 'from now on: it was turned round today',
  swappedAtGateway: (from) =>
    `In and out are exchanged at the gateway, from ${from}. What was observed stays.`,
  swappedLocally: (sensor) =>
    `${sensor}: in and out are exchanged in the site profile, from the next start on.`,
  noZones: (sensor) => `${sensor}: the site profile knows no sides of it yet; learn them with baseline.`,
  onlyFromNow: 'Without a gateway the past cannot be turned round: --from now.',
  badFrom: '--from is start, now or a time as 2026-03-02T08:00:00Z',
  askVersion: 'Which version?',
  noVersions: 'No earlier version is kept.',
  noVersion: (to, known) => `--to ${to}: no such version; there are ${known}`,
  alreadyInForce: 'That is in force already.',
  confirmRollback: (to) => `Put version ${to} in force again?`,
  rolledBack: (to, revision) => `Version ${to} is in force again, as revision ${revision}.`,
  inForce: (revision, hash, by, at) => `In force: revision ${revision} (${hash}), made by ${by} at ${at}`,
  noInstallation: 'Not installed yet: configuration and site profile lie in files of their own.',
  profileInForce: (revision, hash) =>
    revision === null ? 'Site profile: none' : `Site profile: revision ${revision} (${hash})`,
  at: (gateway, device) => `Enrolled at ${gateway} as ${device}`,
  gatewayKnows: (state, missing) => `The gateway says: ${state}, ${missing} intervals on their way`,
  profileAtGateway: (hash) => `  it has heard of site profile ${hash ?? 'none'}`,
  conflict: (detail) => `  conflict: ${detail}`,
  history: 'Versions kept:',
};

const german: EnrolmentMessages = {
  summary: {
    enrol: 'meldet den Zähler mit einem Einmalcode an einem Gateway an',
    retire: 'meldet den Zähler ab: sein Passwort erlischt, seine Zahlen bleiben',
    swap: 'vertauscht Ein und Aus',
    rollback: 'setzt eine frühere Version wieder in Kraft',
    show: 'zeigt, was gilt, den Verlauf und was das Gateway weiß',
  },
  help: {
    enrol: trimmed(`
Meldet diesen Zähler an einem Gateway an, mit einem Code, den der Betreiber dort erzeugt hat (enrol-code create).

  enrol --code 'https://gateway:8443/#enrol.CODE.FINGERABDRUCK'

  --code TEXT             die Zeile des Betreibers, oder was der QR-Code sagt
  --device NAME           ein anderer Name, als der Betreiber vorschlägt
  --sensor NAME           der Sensor für die Linie, wo mehrere in Frage kommen
  --lane N                einer von mehreren Sensoren eines breiten Durchgangs, ab 1
  --swapped               das Ein des Sensors ist das Aus der Linie
  --replace NAME          diesen Zähler ablösen: seine Zeit endet jetzt, seine Zahlen bleiben

Jederzeit unterbrochen, wird mit demselben Code neu begonnen oder ohne Code beendet.`),
    retire: trimmed(`
Meldet diesen Zähler an seinem Gateway ab: Sein Passwort erlischt sofort, was er gezählt hat, bleibt.

  retire [--force] [--local]

  --force                 obwohl das Gateway noch nicht alles hat
  --local                 das Gateway hier vergessen, ohne es zu fragen`),
    swap: trimmed(`
Vertauscht Ein und Aus. Ein angemeldeter Zähler wird am Gateway umgedreht, auch für die Vergangenheit; ein nicht
angemeldeter im Standortprofil, ab jetzt. Beobachtetes wird nie verändert.

  swap-direction [--sensor NAME] [--from start|now|ZEIT]

  --from start            seit der Zähler dort hängt (wird sonst gefragt)
  --from now              er wurde heute umgedreht
  --from ZEIT             wie 2026-03-02T08:00:00Z`),
    rollback: trimmed(`
Setzt eine frühere Version von Standortprofil und Konfiguration wieder in Kraft, als neue Revision. Name, Gateway und
Passwort bleiben, wie sie jetzt sind.

  rollback [--to REVISION|HASH|configuration]

  --to configuration      was die Konfigurationsdatei heute sagt`),
    show: trimmed(`
Zeigt, was gilt, die aufbewahrten Versionen und was das Gateway von diesem Zähler weiß.

  show [--offline]

  --offline               das Gateway nicht fragen`),
  },
  askCode: 'Die Zeile des Betreibers (Adresse, Code und Fingerabdruck)',
  badCode: 'Das ist kein Anmeldecode: https://…/#enrol.CODE.FINGERABDRUCK',
  needsHttps: 'Codes reisen nur über HTTPS; einfaches HTTP nur innerhalb dieses Geräts.',
  unfinished: 'Hier liegt eine unterbrochene Anmeldung: Sie wird jetzt beendet.',
  elsewhere: (gateway) => `Dieser Zähler ist an ${gateway} angemeldet: erst mit retire abmelden.`,
  confirmEnrol: (gateway, pin) =>
    `An ${gateway} anmelden?${pin === null ? '' : ` Dessen Schlüssel muss den Fingerabdruck ${pin} haben.`}`,
  confirmReplace: (old) => `"${old}" ablösen? Sein Passwort erlischt sofort.`,
  enrolled: (device, site) => `Angemeldet als "${device}" an ${site}.`,
  assigned: ({ line, sensor, role, lane, swapped }) =>
    `  ${sensor} an Linie ${line}: ${{ counts: 'zählt', lane: `Spur ${lane}`, witness: 'Zeuge' }[role]}${swapped ? ', vertauscht' : ''}`,
  replaced: (old) => `"${old}" ist abgelöst; was er gezählt hat, bleibt.`,
  byOperator: (device, file) =>
    `Der Broker führt eigene Passwörter: Der Betreiber trägt dort "${device}" mit dem Passwort aus ${file} ein.`,
  written: (file, revision) => `${file}: Revision ${revision} gilt.`,
  restart: 'Das Zählprogramm neu starten: systemctl restart passant-agent',
  problem: (code, detail) =>
    ({
      'code-unknown':
        'Das Gateway kennt diesen Code nicht; vielleicht wurde er zurückgezogen. Einen neuen anfordern.',
      'code-expired': 'Der Code ist abgelaufen. Einen neuen anfordern.',
      'code-used': `Der Code ist verbraucht. ${detail}`,
      'device-taken': `Der Name ist vergeben: ${detail} Mit --device einen anderen wählen.`,
      'line-taken': `Dort zählt ein anderer Zähler: ${detail} Siehe --replace und --lane.`,
      'not-replaceable': `Nichts wird abgelöst: ${detail}`,
      'sensor-unclear': `Welcher Sensor? ${detail} Siehe --sensor.`,
      'too-many-requests': 'Zu viele Versuche: eine halbe Minute warten.',
      unauthenticated: 'Das Gateway kennt das Passwort dieses Zählers nicht (mehr).',
    })[code] ?? `Das Gateway lehnt ab: ${detail}`,
  untrusted: (url, fault) =>
    ({
      'other-key': `${url}: Es antwortet ein anderer Schlüssel als der im Code. Nichts wurde gesendet. Vielleicht steht jemand dazwischen: nicht weitermachen, den Betreiber fragen.`,
      expired: `${url}: Das Zertifikat des Gateways ist abgelaufen. Der Betreiber muss es erneuern. Nichts wurde gesendet.`,
      'not-yet-valid': `${url}: Das Zertifikat des Gateways gilt noch nicht: Geht diese Uhr richtig? Nichts wurde gesendet.`,
    })[fault],
  unreachable: (url, why) =>
    `${url}: keine Antwort (${why}). Nichts ist verloren: mit demselben Code noch einmal versuchen.`,
  strange: (url, status) => `${url}: antwortet ${status}, das tut kein Gateway.`,
  loose: (file, { kind, mode, uid }) =>
    ({
      'others-read': `${file}: Andere dürfen sie lesen (Rechte ${mode}). chmod 600.`,
      'others-write': `${file}: Andere dürfen dort schreiben (Rechte ${mode}). chmod go-w.`,
      foreign: `${file}: gehört Benutzer ${uid}. Als root arbeiten, oder chown.`,
    })[kind],
  unreadable: (file, why) => `${file}: ${why}`,
  notEnrolled: 'Dieser Zähler ist nicht angemeldet.',
  noPassword: (file) => `${file}: Das Passwort ist fort. Mit --replace und neuem Namen neu anmelden.`,
  undelivered: (missing) => `${missing} Intervalle sind noch unterwegs: warten, oder --force.`,
  confirmRetire: (device, gateway) => `"${device}" an ${gateway} abmelden? Sein Passwort erlischt sofort.`,
  retired: (device) => `"${device}" ist abgemeldet. Gezählt wird weiter, ohne Gateway.`,
  alreadyDead: 'Das Gateway kennt das Passwort nicht mehr: auch hier vergessen.',
  askFrom: 'Ab wann?',
  fromStart: 'seit er dort hängt: die Vergangenheit wird neu gezeigt',
  fromNow: 'ab jetzt: er wurde heute umgedreht',
  swappedAtGateway: (from) => `Ein und Aus sind am Gateway vertauscht, ab ${from}. Beobachtetes bleibt.`,
  swappedLocally: (sensor) =>
    `${sensor}: Ein und Aus sind im Standortprofil vertauscht, ab dem nächsten Start.`,
  noZones: (sensor) => `${sensor}: Das Standortprofil kennt seine Seiten noch nicht; baseline lernt sie.`,
  onlyFromNow: 'Ohne Gateway lässt sich die Vergangenheit nicht umdrehen: --from now.',
  badFrom: '--from ist start, now oder eine Zeit wie 2026-03-02T08:00:00Z',
  askVersion: 'Welche Version?',
  noVersions: 'Keine frühere Version ist aufbewahrt.',
  noVersion: (to, known) => `--to ${to}: keine solche Version; es gibt ${known}`,
  alreadyInForce: 'Das gilt schon.',
  confirmRollback: (to) => `Version ${to} wieder in Kraft setzen?`,
  rolledBack: (to, revision) => `Version ${to} gilt wieder, als Revision ${revision}.`,
  inForce: (revision, hash, by, at) => `Es gilt: Revision ${revision} (${hash}), von ${by} um ${at}`,
  noInstallation: 'Noch nicht eingerichtet: Konfiguration und Standortprofil liegen in eigenen Dateien.',
  profileInForce: (revision, hash) =>
    revision === null ? 'Standortprofil: keines' : `Standortprofil: Revision ${revision} (${hash})`,
  at: (gateway, device) => `Angemeldet an ${gateway} als ${device}`,
  gatewayKnows: (state, missing) => `Das Gateway sagt: ${state}, ${missing} Intervalle unterwegs`,
  profileAtGateway: (hash) => `  es hat vom Standortprofil ${hash ?? '(keinem)'} gehört`,
  conflict: (detail) => `  Widerspruch: ${detail}`,
  history: 'Aufbewahrte Versionen:',
};

export const enrolmentMessages: Readonly<Record<Language, EnrolmentMessages>> = { de: german, en: english };
