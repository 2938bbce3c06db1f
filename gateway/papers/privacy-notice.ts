import { factTable, readerSentences, retentionRows, shareSentences } from './fact-sentences.ts';
import type { Paper, PaperBlock, PaperLanguage } from './paper.ts';
import { type PaperFacts, runningWifiModes, type WifiMode } from './paper-facts.ts';
import { deviceBlocks, footerOf, openField, unverifiedBlocks, whoFields } from './paper-parts.ts';

interface NoticeTable {
  readonly title: string;
  readonly headings: Readonly<
    Record<'who' | 'why' | 'what' | 'not' | 'wifi' | 'readers' | 'kept' | 'basis' | 'rights', string>
  >;
  readonly short: string;
  readonly why: string;
  readonly what: string;
  readonly not: readonly string[];
  readonly notNoWifi: string;
  readonly wifiUnknown: string;
  readonly outside: string;
  readonly keptHead: readonly string[];
  readonly keptOnDevice: string;
  readonly basisLight: string;
  readonly basisWifi: Readonly<Record<Exclude<WifiMode, 'off'>, string>>;
  readonly basisField: { readonly label: string; readonly hint: string };
  readonly rights: readonly string[];
}

const tables: Readonly<Record<PaperLanguage, NoticeTable>> = {
  de: {
    title: 'Hinweis zur Personenzählung',
    headings: {
      who: 'Wer dafür verantwortlich ist',
      why: 'Wozu gezählt wird',
      what: 'Was gemessen wird',
      not: 'Was nicht geschieht',
      wifi: 'WLAN',
      readers: 'Wer die Zahlen sieht',
      kept: 'Wie lange Zahlen aufgehoben werden',
      basis: 'Rechtsgrundlage',
      rights: 'Ihre Rechte',
    },
    short:
      'Hier wird gezählt, wie viele Menschen eine Linie überqueren, etwa eine Ladentür. Gezählt wird die Menge; wer vorbeigeht, ' +
      'wird nicht erkannt.',
    why:
      'Die Zahlen helfen, Öffnungszeiten, Personal und Veranstaltungen zu planen und Tage miteinander zu vergleichen. Zur Überwachung ' +
      'einzelner Menschen, auch der Beschäftigten, dürfen sie nicht verwendet werden und taugen sie nicht.',
    what: 'Diese Angaben stammen von den Geräten selbst:',
    not: [
      'Es gibt keine Kamera und kein Mikrofon in den Zählern.',
      'Niemand wird wiedererkannt: nicht beim zweiten Besuch und nicht an einer anderen Tür.',
      'Der Zeitpunkt eines einzelnen Durchgangs wird weder gespeichert noch gesendet. Die kleinste Einheit ist die Minute.',
      'Name, Gesicht, Alter oder Geschlecht werden nicht erfasst.',
    ],
    notNoWifi: 'Telefone werden nicht erfasst.',
    wifiUnknown: 'Von keinem Gerät liegt eine bestätigte Meldung vor, ob WLAN ausgewertet wird.',
    outside: 'Außerhalb:',
    keptHead: ['Zahlen', 'Aufbewahrung'],
    keptOnDevice:
      'Auf dem Gerät selbst bleiben übermittelte Minutenwerte 35 Tage, nicht übermittelte bis zu 400 Tage.',
    basisLight:
      'Abstände und Bewegungen lassen nach unserer Einschätzung keinen Menschen erkennen; die gezählten Mengen sind keine ' +
      'personenbezogenen Daten.',
    basisWifi: {
      rate: 'WLAN, „rate“: Es werden Funksignale von Telefonen empfangen, ihre Kennungen aber nicht gelesen.',
      hashing:
        'WLAN, „hashing“: Die Kennung eines Telefons wird kurz im Arbeitsspeicher verarbeitet; sie ist ein personenbezogenes Datum.',
    },
    basisField: {
      label: 'Rechtsgrundlage für WLAN',
      hint: 'vom Verantwortlichen zu prüfen und einzutragen (DSGVO Art. 6; TDDDG § 25)',
    },
    rights: [
      'Sie können Auskunft verlangen. Da keine Zahl einem Menschen zugeordnet werden kann, lässt sich aus den Zahlen keine Auskunft ' +
        'über Sie geben (DSGVO Art. 11).',
      'Soweit personenbezogene Daten verarbeitet werden, haben Sie die Rechte auf Auskunft, Berichtigung, Löschung, Einschränkung und ' +
        'Widerspruch (DSGVO Art. 15 bis 18 und 21).',
      'Sie können sich bei der Aufsichtsbehörde beschweren (DSGVO Art. 77).',
      'Wer WLAN an seinem Telefon ausschaltet, sendet keine Suchsignale.',
    ],
  },
  en: {
    title: 'Notice: people are counted here',
    headings: {
      who: 'Who is responsible',
      why: 'What the counting is for',
      what: 'What is measured',
      not: 'What does not happen',
      wifi: 'WiFi',
      readers: 'Who sees the numbers',
      kept: 'How long numbers are kept',
      basis: 'Legal basis',
      rights: 'Your rights',
    },
    short:
      'Here it is counted how many people cross a line, such as a shop door. It is the number that counts; nobody is recognised.',
    why:
      'The numbers help to plan opening hours, staff and events, and to compare days. They may not be used, and are of no use, to watch ' +
      'single people, staff included.',
    what: 'The devices themselves report this:',
    not: [
      'There is no camera and no microphone in the counters.',
      'Nobody is recognised again: not on a second visit and not at another door.',
      'The time of a single passage is neither kept nor sent. The smallest unit is the minute.',
      'Name, face, age or gender are not captured.',
    ],
    notNoWifi: 'Phones are not captured.',
    wifiUnknown: 'No device has a verified report on whether WiFi is evaluated.',
    outside: 'Outside:',
    keptHead: ['Numbers', 'Kept for'],
    keptOnDevice:
      'On the device itself values per minute stay for 35 days once delivered, and for up to 400 days if not.',
    basisLight:
      'In our assessment distances and motion do not make anybody recognisable; the counted numbers are not personal data.',
    basisWifi: {
      rate: 'WiFi, “rate”: radio signals of phones are received, but their identifiers are not read.',
      hashing:
        'WiFi, “hashing”: the identifier of a phone is briefly processed in working memory; it is personal data.',
    },
    basisField: {
      label: 'Legal basis for WiFi',
      hint: 'to be checked and entered by the controller (GDPR Art. 6; in Germany TDDDG § 25)',
    },
    rights: [
      'You may ask for access. As no number can be attributed to a person, the numbers allow no answer about you (GDPR Art. 11).',
      'Where personal data are processed you have the rights of access, rectification, erasure, restriction and objection (GDPR Art. 15 ' +
        'to 18 and 21).',
      'You may complain to the supervisory authority (GDPR Art. 77).',
      'Whoever switches WiFi off on their phone sends no such signals.',
    ],
  },
};

/** The privacy notice (Art. 13 GDPR) of a site, as visitors read it. */
export function privacyNotice(facts: PaperFacts, language: PaperLanguage): Paper {
  const table = tables[language];
  const { headings } = table;
  const heading = (text: string): PaperBlock => ({ kind: 'heading', text });
  const modes = runningWifiModes(facts);
  const active = modes.filter((mode) => mode !== 'off');
  const whole = modes.length > 0 && active.length === 0;
  return {
    language,
    title: table.title,
    subtitle: subtitleOf(facts),
    blocks: [
      ...unverifiedBlocks(facts, language),
      { kind: 'text', text: table.short },
      heading(headings.who),
      { kind: 'fields', fields: whoFields(facts, language) },
      heading(headings.why),
      { kind: 'text', text: table.why },
      heading(headings.what),
      { kind: 'text', text: table.what },
      ...deviceBlocks(facts, language),
      heading(headings.not),
      {
        kind: 'list',
        items:
          whole && facts.devices.every(({ standing }) => standing === 'verified')
            ? [...table.not, table.notNoWifi]
            : table.not,
      },
      heading(headings.wifi),
      ...wifiBlocks(facts, language),
      heading(headings.readers),
      { kind: 'list', items: readerSentences(facts, language) },
      { kind: 'text', text: table.outside },
      { kind: 'list', items: shareSentences(facts, language) },
      heading(headings.kept),
      { kind: 'table', head: table.keptHead, rows: retentionRows(facts, language) },
      { kind: 'text', text: table.keptOnDevice },
      heading(headings.basis),
      { kind: 'text', text: table.basisLight },
      ...basisBlocks(active, table),
      heading(headings.rights),
      { kind: 'list', items: table.rights },
    ],
    footer: footerOf(facts, language),
  };
}

/** One sentence for each mode that verified devices run, with their names where modes differ. */
export function wifiBlocks(facts: PaperFacts, language: PaperLanguage): PaperBlock[] {
  const modes = runningWifiModes(facts);
  if (modes.length === 0) return [{ kind: 'text', text: tables[language].wifiUnknown }];
  return modes.map((mode) => {
    const devices = facts.devices.filter(
      ({ standing, wifiMode }) => standing === 'verified' && wifiMode === mode,
    );
    const names = modes.length > 1 ? `${devices.map(({ device }) => device).join(', ')}: ` : '';
    return { kind: 'text', text: `${names}${factTable(language).wifi[mode]}` };
  });
}

function basisBlocks(active: readonly Exclude<WifiMode, 'off'>[], table: NoticeTable): PaperBlock[] {
  if (active.length === 0) return [];
  const { label, hint } = table.basisField;
  return [
    ...active.map((mode): PaperBlock => ({ kind: 'text', text: table.basisWifi[mode] })),
    { kind: 'fields', fields: [openField(label, hint)] },
  ];
}

/** As `Papeterie Lange, Iserlohn`. */
export function subtitleOf({ site }: PaperFacts): string {
  const name = site.name === '' ? site.id : site.name;
  return site.town === '' ? name : `${name}, ${site.town}`;
}
