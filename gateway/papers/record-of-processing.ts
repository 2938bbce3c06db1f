import { readerSentences, retentionRows, shareSentences } from './fact-sentences.ts';
import type { Paper, PaperBlock, PaperField, PaperLanguage } from './paper.ts';
import { type PaperFacts, runningWifiModes } from './paper-facts.ts';
import { deviceBlocks, footerOf, openField, unverifiedBlocks, whoFields } from './paper-parts.ts';
import { subtitleOf, wifiBlocks } from './privacy-notice.ts';

interface RecordTable {
  readonly title: string;
  readonly intro: string;
  readonly headings: Readonly<
    Record<
      'who' | 'purpose' | 'people' | 'recipients' | 'third' | 'erasure' | 'measures' | 'running' | 'kept',
      string
    >
  >;
  readonly purpose: PaperField;
  readonly basis: PaperField;
  readonly peopleLight: string;
  readonly peopleWifi: { readonly rate: string; readonly hashing: string };
  readonly inside: string;
  readonly outside: string;
  readonly third: PaperField;
  readonly erasureHead: readonly string[];
  readonly erasure: string;
  readonly measures: readonly string[];
  readonly ownMeasures: readonly PaperField[];
}

const tables: Readonly<Record<PaperLanguage, RecordTable>> = {
  de: {
    title: 'Verzeichnis von Verarbeitungstätigkeiten (DSGVO Art. 30 Abs. 1): Personenzählung',
    intro:
      'Gelb markierte Felder füllt der Verantwortliche aus. Alles Übrige ist aus den Meldungen der Geräte und den Einstellungen erzeugt.',
    headings: {
      who: 'a) Verantwortlicher',
      purpose: 'b) Zwecke',
      people: 'c) Betroffene Personen und Daten',
      recipients: 'd) Empfänger',
      third: 'e) Übermittlung in Drittländer',
      erasure: 'f) Löschfristen',
      measures: 'g) Technische und organisatorische Maßnahmen',
      running: 'Was zurzeit läuft',
      kept: 'Stand und Prüfung',
    },
    purpose: {
      label: 'Zwecke',
      value: null,
      hint: 'zum Beispiel: Planung von Öffnungszeiten und Personal, Vergleich von Aktionstagen',
    },
    basis: {
      label: 'Rechtsgrundlage',
      value: null,
      hint: 'DSGVO Art. 6 Abs. 1, für WLAN auch TDDDG § 25; oder: keine personenbezogenen Daten',
    },
    peopleLight:
      'Menschen, die eine Zähllinie überqueren. Gespeichert werden Anzahlen je Minute und Richtung mit Messfehler und Beobachtungszeit. ' +
      'Diese Anzahlen lassen keinen Menschen erkennen.',
    peopleWifi: {
      rate: 'Menschen mit Telefon in Funkreichweite: Es wird gezählt, wie oft nach WLAN-Netzen gesucht wird. Kennungen werden nicht gelesen.',
      hashing:
        'Menschen mit Telefon in Funkreichweite: Die Kennung (MAC-Adresse) wird bis zu fünf Minuten lang im Arbeitsspeicher zu einer verrauschten ' +
        'Schätzung verrechnet und danach gelöscht.',
    },
    inside: 'Zugang zu den genauen Zahlen:',
    outside: 'Weitergabe:',
    third: {
      label: 'Drittländer',
      value: null,
      hint: '„keine“, solange Gateway und Sicherungen in der EU stehen; sonst Land und Grundlage',
    },
    erasureHead: ['Zahlen', 'Aufbewahrung am Gateway'],
    erasure:
      'Ältere Werte werden stündlich von selbst gelöscht. Auf dem Gerät bleiben übermittelte Minutenwerte 35 Tage, nicht übermittelte bis zu 400 Tage.',
    measures: [
      'Zähler ohne Kamera und Mikrofon; Auswertung auf dem Gerät, übertragen werden nur Anzahlen.',
      'Feste Datenformate ohne Feld für Personen, Kennungen, freie Texte oder Zeitpunkte einzelner Durchgänge.',
      'Zugang nur mit Kennwort oder Schlüssel, sobald einer vergeben ist; Änderungen stehen im Protokoll.',
      'Jedes Gerät schreibt und liest nur seine eigenen Nachrichten.',
    ],
    ownMeasures: [
      {
        label: 'Verschlüsselte Übertragung',
        value: null,
        hint: 'TLS zwischen Geräten und Gateway: ja/nein, seit wann',
      },
      {
        label: 'Ort des Gateways, Sicherungen',
        value: null,
        hint: 'Raum oder Rechenzentrum, wer Zutritt hat, wie gesichert wird',
      },
      {
        label: 'Auftragsverarbeitung',
        value: null,
        hint: 'Dienstleister und Vertrag nach DSGVO Art. 28, oder „keine“',
      },
    ],
  },
  en: {
    title: 'Record of processing activities (GDPR Art. 30(1)): counting people',
    intro:
      'Fields marked yellow are for the controller to fill in. All else is made from the reports of the devices and the settings.',
    headings: {
      who: 'a) Controller',
      purpose: 'b) Purposes',
      people: 'c) Data subjects and data',
      recipients: 'd) Recipients',
      third: 'e) Transfers to third countries',
      erasure: 'f) Time limits for erasure',
      measures: 'g) Technical and organisational measures',
      running: 'What runs at present',
      kept: 'State and review',
    },
    purpose: {
      label: 'Purposes',
      value: null,
      hint: 'for example: planning opening hours and staff, comparing campaign days',
    },
    basis: {
      label: 'Legal basis',
      value: null,
      hint: 'GDPR Art. 6(1), for WiFi also TDDDG § 25; or: no personal data',
    },
    peopleLight:
      'People who cross a counted line. Kept are numbers per minute and direction with their error and the time of observation. These ' +
      'numbers do not make anybody recognisable.',
    peopleWifi: {
      rate: 'People with a phone in radio range: it is counted how often phones look for WiFi networks. Identifiers are not read.',
      hashing:
        'People with a phone in radio range: the identifier (MAC address) is worked into a noisy estimate in working memory for up to five ' +
        'minutes and then deleted.',
    },
    inside: 'Access to the exact numbers:',
    outside: 'Passed on:',
    third: {
      label: 'Third countries',
      value: null,
      hint: '“none” while gateway and backups stand in the EU; else country and basis',
    },
    erasureHead: ['Numbers', 'Kept at the gateway for'],
    erasure:
      'Older values are deleted every hour without anybody’s doing. On the device values per minute stay for 35 days once delivered, and for up to 400 days if not.',
    measures: [
      'Counters without camera and microphone; evaluation on the device, only numbers are transmitted.',
      'Closed data formats without a field for persons, identifiers, free text or times of single passages.',
      'Access by password or key only, once one has been given; changes are in the audit log.',
      'Each device writes and reads its own messages only.',
    ],
    ownMeasures: [
      {
        label: 'Encrypted transmission',
        value: null,
        hint: 'TLS between devices and gateway: yes/no, since when',
      },
      {
        label: 'Place of the gateway, backups',
        value: null,
        hint: 'room or data centre, who has access, how backups are made',
      },
      { label: 'Processors', value: null, hint: 'service providers and contract by GDPR Art. 28, or “none”' },
    ],
  },
};

const reviewFields: Readonly<Record<PaperLanguage, readonly PaperField[]>> = {
  de: [
    openField('Geprüft von, am', 'Name und Datum'),
    openField('Nächste Prüfung', 'spätestens, wenn sich etwas an den Geräten ändert'),
  ],
  en: [
    openField('Checked by, on', 'name and date'),
    openField('Next review', 'at the latest when something about the devices changes'),
  ],
};

/** The record of processing activities of a site, for the controller's files. */
export function recordOfProcessing(facts: PaperFacts, language: PaperLanguage): Paper {
  const table = tables[language];
  const { headings } = table;
  const heading = (text: string): PaperBlock => ({ kind: 'heading', text });
  const modes = runningWifiModes(facts);
  const wifiPeople = (['rate', 'hashing'] as const).filter((mode) => modes.includes(mode));
  return {
    language,
    title: table.title,
    subtitle: subtitleOf(facts),
    blocks: [
      ...unverifiedBlocks(facts, language),
      { kind: 'text', text: table.intro },
      heading(headings.who),
      { kind: 'fields', fields: whoFields(facts, language) },
      heading(headings.purpose),
      { kind: 'fields', fields: [table.purpose, table.basis] },
      heading(headings.people),
      { kind: 'list', items: [table.peopleLight, ...wifiPeople.map((mode) => table.peopleWifi[mode])] },
      heading(headings.recipients),
      { kind: 'text', text: table.inside },
      { kind: 'list', items: readerSentences(facts, language) },
      { kind: 'text', text: table.outside },
      { kind: 'list', items: shareSentences(facts, language) },
      heading(headings.third),
      { kind: 'fields', fields: [table.third] },
      heading(headings.erasure),
      { kind: 'table', head: table.erasureHead, rows: retentionRows(facts, language) },
      { kind: 'text', text: table.erasure },
      heading(headings.measures),
      { kind: 'list', items: table.measures },
      { kind: 'fields', fields: table.ownMeasures },
      heading(headings.running),
      ...deviceBlocks(facts, language),
      ...wifiBlocks(facts, language),
      heading(headings.kept),
      { kind: 'fields', fields: reviewFields[language] },
    ],
    footer: footerOf(facts, language),
  };
}
