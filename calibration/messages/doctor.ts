import type { Language } from '../command.ts';
import type { AgentCode } from '../doctor/survey-agent.ts';
import type { BrokerCode } from '../doctor/survey-broker.ts';
import type { HealthCode } from '../doctor/survey-health.ts';
import type { NetworkCode } from '../network/survey-network.ts';
import type { FindingSentences } from '../scan/finding.ts';
import { networkMessages } from './network.ts';

export type DoctorCode =
  | AgentCode
  | BrokerCode
  | HealthCode
  | Extract<NetworkCode, 'time-synced' | 'time-unsynced'>
  | 'profile-good'
  | 'profile-none'
  | 'profile-broken';

/** What `doctor` says. */
export interface DoctorMessages {
  readonly summary: string;
  readonly help: string;
  readonly title: (device: string) => string;
  readonly sentences: FindingSentences<DoctorCode>;
  readonly good: string;
  readonly bad: (problems: number) => string;
}

const english: DoctorMessages = {
  summary: 'examines a running counter; the exit code tells whether it is well',
  help: `Examines a running counter: clock, card and its wear, temperature, supply, agent, broker, receipts, coverage, site
profile. Exit code 0 where all is well, 1 where something must be mended: the sentence says what, and which command does it.

  doctor

  --practice FILE         look at the machine that FILE describes, for lessons`,
  title: (device) => `Examination of ${device}`,
  sentences: {
    'time-synced': networkMessages.en.sentences['time-synced'],
    'time-unsynced': networkMessages.en.sentences['time-unsynced'],
    'disk-good': ({ folder, megabytes }) => `${folder}: ${megabytes} MB free.`,
    'disk-full': ({ folder, megabytes }) =>
      `${folder}: only ${megabytes} MB free. The outbox needs up to 200.`,
    'disk-missing': ({ folder }) => `${folder} is missing.`,
    'disk-read-only': ({ folder }) =>
      `${folder} can no longer be written: the card fails. Replace it now; what it holds can still be read.`,
    'card-good': ({ card, percent }) => `Card ${card}: ${percent} % of its life used.`,
    'card-worn': ({ card, percent }) => `Card ${card}: ${percent} % of its life used. Replace it.`,
    'card-written': ({ card, gigabytes }) =>
      `Card ${card}: ${gigabytes} GB written so far; it does not tell its wear.`,
    'temperature-good': ({ celsius }) => `Processor: ${celsius} °C.`,
    'temperature-high': ({ celsius }) =>
      `Processor: ${celsius} °C. It slows down from 80 °C: more air, less sun.`,
    'voltage-good': () => 'Supply: 5 V as it should be.',
    'voltage-low': () =>
      'Supply: the voltage is too low now. Sensors restart then: a better supply, a shorter and thicker lead.',
    'voltage-was-low': () =>
      'Supply: the voltage was too low since the start. A better supply, a shorter and thicker lead.',
    throttled: () => 'The processor is slowed down now (heat or supply).',
    'agent-counts': ({ device }) => `The agent of ${device} counts.`,
    'agent-stopped': () => 'The agent does not run: nothing is counted.',
    'agent-stuck': () => 'The agent runs but does not count.',
    'coverage-good': ({ sensor, percent }) => `Sensor ${sensor}: looks ${percent} % of the time.`,
    'coverage-low': ({ sensor, percent }) =>
      `Sensor ${sensor}: looks only ${percent} % of the time. People are missed; mount says why (sun, reflections, wiring).`,
    'coverage-unknown': ({ sensor }) =>
      `Sensor ${sensor}: has not been looking long enough to tell; ask again in a minute.`,
    'sensor-flag': ({ sensor, flag }) => `Sensor ${sensor} reports: ${flag}.`,
    'broker-none': () => 'No gateway is configured: counts stay on the card. enrol does that.',
    'broker-secret-unreadable': ({ cause }) => `Password or certificate cannot be read: ${cause}`,
    'broker-reached': ({ url }) => `Broker ${url}: lets this device in.`,
    'broker-denied': ({ url }) => `Broker ${url}: refuses name or password of this device. Enrol it again.`,
    'broker-certificate': ({ url, cause }) =>
      `Broker ${url}: its certificate is not the one that was pinned (${cause}). Is it the right gateway?`,
    'broker-unreachable': ({ url, cause }) =>
      `Broker ${url}: not reached (${cause}). network says where it ends.`,
    'receipts-good': ({ through, behind }) =>
      `Gateway has confirmed everything up to number ${through}; ${behind} on the way.`,
    'receipts-none': () => 'The gateway has confirmed nothing yet.',
    'receipts-behind': ({ through, behind }) =>
      `${behind} minutes wait for the gateway's receipt (confirmed up to ${through}). They are safe on the card.`,
    'profile-good': ({ revision }) => `Site profile: revision ${revision}.`,
    'profile-none': () => 'No site profile: mount and baseline have not been done.',
    'profile-broken': ({ fault }) =>
      `The newest site profile is broken, the last good one is in force: ${fault}`,
  },
  good: 'All is well.',
  bad: (problems) => (problems === 1 ? 'One thing must be mended.' : `${problems} things must be mended.`),
};

const german: DoctorMessages = {
  summary: 'untersucht einen laufenden Zähler; der Ende-Code sagt, ob er gesund ist',
  help: `Untersucht einen laufenden Zähler: Uhr, Karte und ihre Abnutzung, Temperatur, Spannung, Zählprogramm, Broker, Quittungen,
Abdeckung, Standortprofil. Ende-Code 0, wo alles gut ist, 1, wo etwas zu beheben ist: Der Satz sagt was, und welcher Befehl.

  doctor

  --practice DATEI        den Rechner ansehen, den DATEI beschreibt, zum Üben`,
  title: (device) => `Untersuchung von ${device}`,
  sentences: {
    'time-synced': networkMessages.de.sentences['time-synced'],
    'time-unsynced': networkMessages.de.sentences['time-unsynced'],
    'disk-good': ({ folder, megabytes }) => `${folder}: ${megabytes} MB frei.`,
    'disk-full': ({ folder, megabytes }) =>
      `${folder}: nur ${megabytes} MB frei. Der Ausgang braucht bis zu 200.`,
    'disk-missing': ({ folder }) => `${folder} fehlt.`,
    'disk-read-only': ({ folder }) =>
      `${folder} lässt sich nicht mehr beschreiben: Die Karte versagt. Jetzt ersetzen; was darauf ist, lässt sich noch lesen.`,
    'card-good': ({ card, percent }) => `Karte ${card}: ${percent} % ihres Lebens verbraucht.`,
    'card-worn': ({ card, percent }) => `Karte ${card}: ${percent} % ihres Lebens verbraucht. Ersetzen.`,
    'card-written': ({ card, gigabytes }) =>
      `Karte ${card}: bisher ${gigabytes} GB geschrieben; ihre Abnutzung verrät sie nicht.`,
    'temperature-good': ({ celsius }) => `Prozessor: ${celsius} °C.`,
    'temperature-high': ({ celsius }) =>
      `Prozessor: ${celsius} °C. Ab 80 °C wird er langsamer: mehr Luft, weniger Sonne.`,
    'voltage-good': () => 'Spannung: 5 V, wie es sein soll.',
    'voltage-low': () =>
      'Spannung: jetzt zu niedrig. Sensoren starten dann neu: besseres Netzteil, kürzere und dickere Leitung.',
    'voltage-was-low': () =>
      'Spannung: seit dem Start einmal zu niedrig. Besseres Netzteil, kürzere und dickere Leitung.',
    throttled: () => 'Der Prozessor ist gerade gedrosselt (Wärme oder Spannung).',
    'agent-counts': ({ device }) => `Das Zählprogramm von ${device} zählt.`,
    'agent-stopped': () => 'Das Zählprogramm läuft nicht: Es wird nichts gezählt.',
    'agent-stuck': () => 'Das Zählprogramm läuft, zählt aber nicht.',
    'coverage-good': ({ sensor, percent }) => `Sensor ${sensor}: sieht ${percent} % der Zeit hin.`,
    'coverage-low': ({ sensor, percent }) =>
      `Sensor ${sensor}: sieht nur ${percent} % der Zeit hin. Es entgehen Menschen; mount sagt warum (Sonne, Spiegelung, Verdrahtung).`,
    'coverage-unknown': ({ sensor }) =>
      `Sensor ${sensor}: sieht noch nicht lange genug hin; in einer Minute noch einmal fragen.`,
    'sensor-flag': ({ sensor, flag }) => `Sensor ${sensor} meldet: ${flag}.`,
    'broker-none': () => 'Kein Gateway eingetragen: Die Zählungen bleiben auf der Karte. Das macht enrol.',
    'broker-secret-unreadable': ({ cause }) => `Passwort oder Zertifikat lässt sich nicht lesen: ${cause}`,
    'broker-reached': ({ url }) => `Broker ${url}: lässt dieses Gerät ein.`,
    'broker-denied': ({ url }) =>
      `Broker ${url}: weist Name oder Passwort dieses Geräts ab. Mit enrol neu anmelden.`,
    'broker-certificate': ({ url, cause }) =>
      `Broker ${url}: Sein Zertifikat ist nicht das gemerkte (${cause}). Ist es das richtige Gateway?`,
    'broker-unreachable': ({ url, cause }) =>
      `Broker ${url}: nicht erreicht (${cause}). network sagt, wo es endet.`,
    'receipts-good': ({ through, behind }) =>
      `Das Gateway hat alles bis Nummer ${through} quittiert; ${behind} unterwegs.`,
    'receipts-none': () => 'Das Gateway hat noch nichts quittiert.',
    'receipts-behind': ({ through, behind }) =>
      `${behind} Minuten warten auf die Quittung des Gateways (quittiert bis ${through}). Auf der Karte sind sie sicher.`,
    'profile-good': ({ revision }) => `Standortprofil: Revision ${revision}.`,
    'profile-none': () => 'Kein Standortprofil: mount und baseline stehen aus.',
    'profile-broken': ({ fault }) =>
      `Das neueste Standortprofil ist beschädigt, es gilt das letzte gute: ${fault}`,
  },
  good: 'Alles in Ordnung.',
  bad: (problems) => (problems === 1 ? 'Eines ist zu beheben.' : `${problems} Dinge sind zu beheben.`),
};

export const doctorMessages: Readonly<Record<Language, DoctorMessages>> = { de: german, en: english };
