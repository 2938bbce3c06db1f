import { type Resolution, resolutions } from '../contract/http-api.ts';
import { factTable, localDate, retentionRows } from './fact-sentences.ts';
import type { PaperLanguage } from './paper.ts';
import {
  type PaperFacts,
  runningSensorKinds,
  runningWifiModes,
  type SensorKind,
  unverifiedDevices,
  type WifiMode,
} from './paper-facts.ts';
import { subtitleOf } from './privacy-notice.ts';

/**
 * The questions a sign answers, in the order and with the shapes of the taxonomy "Digital Trust for
 * Places and Routines" (https://dtpr.io/taxonomy, CC BY 4.0): who is accountable, what for, with what
 * technology, which data, how processed, how stored, who has access. The drawings are our own.
 */
export const signCategories = [
  'accountable',
  'purpose',
  'tech',
  'data',
  'process',
  'storage',
  'access',
] as const;
export type SignCategory = (typeof signCategories)[number];

export interface SignElement {
  readonly category: SignCategory;
  readonly label: string;
  /** Null where only the operator knows: `hint` says what is missing. */
  readonly text: string | null;
  readonly hint: string;
}

export interface DoorSign {
  readonly language: PaperLanguage;
  readonly title: string;
  readonly subtitle: string;
  readonly place: string;
  readonly elements: readonly SignElement[];
  /** Where the QR code leads, or null where nobody has said. */
  readonly url: string | null;
  readonly scan: string;
  readonly urlHint: string;
  /** Set where the sign must not hang yet. */
  readonly warning: string | null;
  readonly footer: string;
}

interface SignTable {
  readonly title: string;
  readonly subtitle: string;
  readonly labels: Readonly<Record<SignCategory, string>>;
  readonly accountableHint: string;
  readonly purpose: string;
  readonly sensors: Readonly<Record<SensorKind, string>>;
  readonly noSensors: string;
  readonly wifi: Readonly<Record<WifiMode, string>>;
  readonly wifiUnknown: string;
  readonly data: string;
  readonly dataWifi: string;
  readonly process: string;
  readonly processWifi: Readonly<Record<Exclude<WifiMode, 'off'>, string>>;
  readonly open: string;
  readonly inside: string;
  readonly nobodyElse: string;
  readonly outside: Readonly<Record<'partner' | 'public', (cells: string) => string>>;
  readonly scan: string;
  readonly urlHint: string;
  /** Names some of the devices; the papers behind name all. */
  readonly warning: (named: string, more: number) => string;
  readonly footer: (day: string) => string;
}

const tables: Readonly<Record<PaperLanguage, SignTable>> = {
  de: {
    title: 'Hier wird gezählt',
    subtitle: 'Wie viele Menschen, nicht wer.',
    labels: {
      accountable: 'Verantwortlich',
      purpose: 'Zweck',
      tech: 'Technik',
      data: 'Daten',
      process: 'Verarbeitung',
      storage: 'Speicherung',
      access: 'Zugang',
    },
    accountableHint: 'Name und Kontakt',
    purpose: 'Öffnungszeiten, Personal und Veranstaltungen planen',
    sensors: {
      vl53l1x: 'Lichtlaufzeit-Sensor',
      'tf-luna': 'Licht-Abstandssensor',
      'tfmini-s': 'Licht-Abstandssensor',
      ultrasonic: 'Ultraschall-Sensor',
      pir: 'Bewegungsmelder',
      'wifi-probe': 'WLAN-Empfänger',
    },
    noSensors: 'keine bestätigt',
    wifi: { off: 'WLAN: aus.', rate: 'WLAN: an, „rate“.', hashing: 'WLAN: an, „hashing“.' },
    wifiUnknown: 'WLAN: nicht bestätigt.',
    data: 'Anzahl je Minute und Richtung; kein Bild, kein Ton, kein Name',
    dataWifi: '; dazu, wie viel nach WLAN-Netzen gesucht wird',
    process: 'Auf dem Gerät zusammengezählt; niemand wird wiedererkannt.',
    processWifi: {
      rate: 'Kennungen von Telefonen werden nicht gelesen.',
      hashing: 'Kennungen von Telefonen bleiben höchstens 5 Minuten im Arbeitsspeicher.',
    },
    open: 'Alle, die das Netz der Anlage erreichen',
    inside: 'Betreiber und Beauftragte',
    nobodyElse: 'niemand sonst',
    outside: {
      partner: (cells) => `Partner (${cells} oder gröber)`,
      public: (cells) => `öffentlich (${cells} oder gröber)`,
    },
    scan: 'Mehr dazu',
    urlHint: 'QR-Code: Adresse des Hinweises einstellen (publicUrl oder noticeUrl)',
    warning: (named, more) =>
      `Noch nicht aushängen. Nicht bestätigt: ${named}${more > 0 ? ` und ${more} weitere` : ''}.`,
    footer: (day) => `Stand ${day} · Gliederung nach DTPR (dtpr.io)`,
  },
  en: {
    title: 'People are counted here',
    subtitle: 'How many, not who.',
    labels: {
      accountable: 'Accountable',
      purpose: 'Purpose',
      tech: 'Technology',
      data: 'Data',
      process: 'Processing',
      storage: 'Storage',
      access: 'Access',
    },
    accountableHint: 'name and contact',
    purpose: 'Planning opening hours, staff and events',
    sensors: {
      vl53l1x: 'Time-of-flight sensor',
      'tf-luna': 'Light ranging sensor',
      'tfmini-s': 'Light ranging sensor',
      ultrasonic: 'Ultrasonic sensor',
      pir: 'Motion detector',
      'wifi-probe': 'WiFi receiver',
    },
    noSensors: 'none verified',
    wifi: { off: 'WiFi: off.', rate: 'WiFi: on, “rate”.', hashing: 'WiFi: on, “hashing”.' },
    wifiUnknown: 'WiFi: not verified.',
    data: 'Number per minute and direction; no picture, no sound, no name',
    dataWifi: '; and how much phones look for WiFi networks',
    process: 'Added up on the device; nobody is recognised again.',
    processWifi: {
      rate: 'Identifiers of phones are not read.',
      hashing: 'Identifiers of phones stay in working memory for 5 minutes at most.',
    },
    open: 'Everybody who reaches the network of the system',
    inside: 'Operator and those they appoint',
    nobodyElse: 'nobody else',
    outside: {
      partner: (cells) => `partners (${cells} or coarser)`,
      public: (cells) => `public (${cells} or coarser)`,
    },
    scan: 'Read more',
    urlHint: 'QR code: set the address of the notice (publicUrl or noticeUrl)',
    warning: (named, more) =>
      `Do not hang up yet. Unverified: ${named}${more > 0 ? ` and ${more} more` : ''}.`,
    footer: (day) => `As of ${day} · structured after DTPR (dtpr.io)`,
  },
};

/** Names of devices that fit on a small sign. */
const namedOnSign = 3;

/** What the sign at a door says, for both sizes. */
export function doorSign(facts: PaperFacts, language: PaperLanguage): DoorSign {
  const table = tables[language];
  const texts: Readonly<Record<SignCategory, string | null>> = {
    accountable: accountableText(facts),
    purpose: table.purpose,
    tech: techText(facts, table),
    data: runningSensorKinds(facts).includes('wifi-probe')
      ? `${table.data}${table.dataWifi}.`
      : `${table.data}.`,
    process: processText(facts, table),
    storage: retentionRows(facts, language)
      .map(([level, kept]) => `${level}: ${kept}`)
      .join(' · '),
    access: accessText(facts, language),
  };
  return {
    language,
    title: table.title,
    subtitle: table.subtitle,
    place: subtitleOf(facts),
    elements: signCategories.map((category) => ({
      category,
      label: table.labels[category],
      text: texts[category],
      hint: table.accountableHint,
    })),
    url: facts.noticeUrl,
    scan: table.scan,
    urlHint: table.urlHint,
    warning: warningText(facts, table),
    footer: table.footer(localDate(facts.generatedMs, facts.timeZone, language)),
  };
}

function warningText(facts: PaperFacts, table: SignTable): string | null {
  const devices = unverifiedDevices(facts).map(({ device }) => device);
  if (devices.length === 0) return null;
  return table.warning(devices.slice(0, namedOnSign).join(', '), devices.length - namedOnSign);
}

function accountableText({ privacy }: PaperFacts): string | null {
  const { controller, contact } = privacy;
  return controller === undefined || contact === undefined ? null : `${controller}, ${contact}`;
}

function techText(facts: PaperFacts, table: SignTable): string {
  const kinds = [...new Set(runningSensorKinds(facts).map((kind) => table.sensors[kind]))];
  const modes = runningWifiModes(facts);
  // Where one device listens, it does not matter at the door that another one does not.
  const active = modes.filter((mode) => mode !== 'off');
  const told = active.length > 0 ? active : modes;
  const wifi = told.length === 0 ? [table.wifiUnknown] : told.map((mode) => table.wifi[mode]);
  return `${kinds.length === 0 ? table.noSensors : kinds.join(', ')}. ${wifi.join(' ')}`;
}

function processText(facts: PaperFacts, table: SignTable): string {
  const active = runningWifiModes(facts).filter((mode) => mode !== 'off');
  return [table.process, ...active.map((mode) => table.processWifi[mode])].join(' ');
}

/** The finest cells that each audience gets; the notice behind the code says it line by line. */
function accessText(facts: PaperFacts, language: PaperLanguage): string {
  const table = tables[language];
  const { cells } = factTable(language);
  const inside = facts.readers === 'open' ? table.open : table.inside;
  const outside = (['partner', 'public'] as const).flatMap((audience) => {
    const shared = facts.shares
      .filter((share) => share.audience === audience)
      .map(({ resolution }) => resolution);
    return shared.length === 0 ? [] : [table.outside[audience](cells[finest(shared)])];
  });
  return `${[inside, ...(outside.length === 0 ? [table.nobodyElse] : outside)].join('; ')}.`;
}

function finest(shared: readonly Resolution[]): Resolution {
  return resolutions.find((resolution) => shared.includes(resolution))!;
}

/** Every sentence of a sign, for whoever looks for one. */
export function textOfSign(sign: DoorSign): string {
  const { title, subtitle, place, elements, url, scan, urlHint, warning, footer } = sign;
  const texts = elements.flatMap(({ label, text, hint }) => [label, text ?? hint]);
  return [title, subtitle, place, ...texts, url ?? urlHint, scan, warning ?? '', footer].join('\n');
}
