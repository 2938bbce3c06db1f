import type { Resolution } from '../contract/http-api.ts';
import type { ProtectionRule } from '../contract/protection.ts';
import type { PaperLanguage } from './paper.ts';
import type {
  InsideRole,
  PaperFacts,
  RetentionFacts,
  SensorKind,
  ShareFacts,
  WifiMode,
} from './paper-facts.ts';

/** Sentences about facts, one table a language: every paper says a fact in these words. */
interface FactTable {
  readonly sensors: Readonly<Record<SensorKind, string>>;
  readonly simulated: string;
  /** A sensor's or device's WiFi mode in a table. */
  readonly wifiShort: Readonly<Record<WifiMode, string>>;
  readonly wifi: Readonly<Record<WifiMode, string>>;
  readonly unknown: string;
  readonly retentionLevels: Readonly<Record<keyof RetentionFacts, string>>;
  readonly days: (days: number) => string;
  readonly forEver: string;
  readonly cells: Readonly<Record<Resolution, string>>;
  readonly roles: Readonly<Record<InsideRole, (count: number) => string>>;
  readonly open: string;
  readonly nobodyInside: string;
  readonly notShared: string;
  readonly share: (share: ShareFacts, day: (atMs: number) => string, cells: string) => string;
  readonly protectedCells: (protection: ProtectionRule) => string;
}

const tables: Readonly<Record<PaperLanguage, FactTable>> = {
  de: {
    sensors: {
      vl53l1x: 'Lichtlaufzeit-Sensor VL53L1X: misst Abstände mit unsichtbarem Licht, nimmt kein Bild auf',
      'tf-luna': 'Licht-Abstandssensor TF-Luna: misst einen Abstand, nimmt kein Bild auf',
      'tfmini-s': 'Licht-Abstandssensor TFmini-S: misst einen Abstand, nimmt kein Bild auf',
      ultrasonic: 'Ultraschall-Abstandssensor: misst einen Abstand, nimmt kein Bild auf',
      pir: 'Bewegungsmelder (PIR): bemerkt Wärmebewegung, nimmt kein Bild auf',
      'wifi-probe': 'WLAN-Empfänger: hört, wie oft Telefone nach WLAN-Netzen suchen',
    },
    simulated: 'simuliert, misst niemanden',
    wifiShort: { off: 'aus', rate: 'an, Betriebsart „rate“', hashing: 'an, Betriebsart „hashing“' },
    wifi: {
      off: 'WLAN ist ausgeschaltet. Funksignale von Telefonen werden nicht ausgewertet.',
      rate:
        'WLAN ist eingeschaltet, Betriebsart „rate“. Das Gerät zählt, wie oft Telefone in der Umgebung nach WLAN-Netzen suchen, ' +
        'getrennt nach Signalstärke. Die Kennung der Telefone (MAC-Adresse) wird dabei nicht gelesen: Das Betriebssystem schneidet ' +
        'sie ab, bevor das Zählprogramm das Signal erhält. Gespeichert wird je Zeitfenster eine Zahl, kein Telefon.',
      hashing:
        'WLAN ist eingeschaltet, Betriebsart „hashing“. Das Gerät schätzt, wie viele Telefone in der Umgebung nach WLAN-Netzen suchen. ' +
        'Dazu liest es die Kennung der Telefone (MAC-Adresse) im Arbeitsspeicher, verrechnet sie mit einem zufälligen Schlüssel und ' +
        'setzt eines von wenigen, absichtlich verrauschten Feldern. Schlüssel und Felder werden spätestens nach fünf Minuten gelöscht. ' +
        'Gespeichert und gesendet wird nur die geschätzte Zahl mit ihrem Fehler, nie eine Kennung.',
    },
    unknown: 'nicht gemeldet',
    retentionLevels: {
      minutesDays: 'Minutenwerte',
      quartersDays: 'Viertelstundenwerte',
      hoursDays: 'Stundenwerte',
      daysDays: 'Tageswerte',
    },
    days: (days) => (days === 1 ? '1 Tag' : `${days} Tage`),
    forEver: 'ohne Frist',
    cells: {
      '1m': 'Minuten',
      '5m': 'fünf Minuten',
      '15m': 'Viertelstunden',
      '1h': 'Stunden',
      '1d': 'Tage',
      '1w': 'Wochen',
      '1mo': 'Monate',
    },
    roles: {
      operator: (count) => `Betrieb der Anlage: ${count} ${count === 1 ? 'Zugang' : 'Zugänge'}`,
      technician: (count) => `Technik: ${count} ${count === 1 ? 'Zugang' : 'Zugänge'}`,
      trader: (count) => `Inhaberin oder Inhaber: ${count} ${count === 1 ? 'Zugang' : 'Zugänge'}`,
      adviser: (count) => `Beratung: ${count} ${count === 1 ? 'Zugang' : 'Zugänge'}`,
    },
    open: 'Der Zugang ist offen: Wer die Adresse der Anlage im Netz erreicht, kann alle Zahlen lesen.',
    nobodyInside: 'Zurzeit hat niemand einen Zugang.',
    notShared: 'Die Zahlen werden an niemanden weitergegeben und nicht veröffentlicht.',
    share: ({ line, audience, partner, fromMs, untilMs }, day, cells) => {
      const to =
        audience === 'public'
          ? 'sind veröffentlicht'
          : partner === null
            ? 'erhalten alle Partner mit Zugang'
            : `erhält der Partner „${partner}“`;
      const until = untilMs === null ? 'ohne Enddatum' : `bis ${day(untilMs)}`;
      return `„${line}“ ${to}: ${cells} oder gröber, ab ${day(fromMs)}, ${until}.`;
    },
    protectedCells: ({ epsilon, cellMinutes, quietFrom, quietUntil }) =>
      `Weitergegeben werden nur versiegelte Zahlen: Abschnitte von ${cellMinutes} Minuten, die Ruhezeit von ${quietFrom} bis ` +
      `${quietUntil} Uhr als ein Abschnitt, jede Zahl einmal zufällig verändert (ε = ${String(epsilon).replace('.', ',')}). Geschützt ist damit ` +
      'der einzelne Durchgang, nicht eine Person mit all ihren Durchgängen.',
  },
  en: {
    sensors: {
      vl53l1x: 'Time-of-flight sensor VL53L1X: measures distances with invisible light, takes no picture',
      'tf-luna': 'Light ranging sensor TF-Luna: measures one distance, takes no picture',
      'tfmini-s': 'Light ranging sensor TFmini-S: measures one distance, takes no picture',
      ultrasonic: 'Ultrasonic ranging sensor: measures one distance, takes no picture',
      pir: 'Motion detector (PIR): notices moving warmth, takes no picture',
      'wifi-probe': 'WiFi receiver: hears how often phones look for WiFi networks',
    },
    simulated: 'simulated, measures nobody',
    wifiShort: { off: 'off', rate: 'on, mode “rate”', hashing: 'on, mode “hashing”' },
    wifi: {
      off: 'WiFi is switched off. Radio signals of phones are not evaluated.',
      rate:
        'WiFi is switched on, mode “rate”. The device counts how often phones nearby look for WiFi networks, by signal strength. ' +
        'The identifier of a phone (MAC address) is not read: the operating system cuts it off before the counting program gets the ' +
        'signal. What is kept is one number for each window of time, and no phone.',
      hashing:
        'WiFi is switched on, mode “hashing”. The device estimates how many phones nearby look for WiFi networks. For that it reads ' +
        'the identifier of a phone (MAC address) in working memory, combines it with a random key and sets one of a few fields that are ' +
        'noisy on purpose. Key and fields are deleted after five minutes at the latest. Only the estimated number and its ' +
        'error are kept and sent, never an identifier.',
    },
    unknown: 'not reported',
    retentionLevels: {
      minutesDays: 'Values per minute',
      quartersDays: 'Values per quarter of an hour',
      hoursDays: 'Values per hour',
      daysDays: 'Values per day',
    },
    days: (days) => (days === 1 ? '1 day' : `${days} days`),
    forEver: 'without limit',
    cells: {
      '1m': 'minutes',
      '5m': 'five minutes',
      '15m': 'quarters of an hour',
      '1h': 'hours',
      '1d': 'days',
      '1w': 'weeks',
      '1mo': 'months',
    },
    roles: {
      operator: (count) => `Operation of the system: ${count} ${count === 1 ? 'account' : 'accounts'}`,
      technician: (count) => `Technicians: ${count} ${count === 1 ? 'account' : 'accounts'}`,
      trader: (count) => `Owner of the shop: ${count} ${count === 1 ? 'account' : 'accounts'}`,
      adviser: (count) => `Advisers: ${count} ${count === 1 ? 'account' : 'accounts'}`,
    },
    open: 'Access is open: whoever reaches the address of the system on the network can read all numbers.',
    nobodyInside: 'At present nobody has an account.',
    notShared: 'The numbers are passed on to nobody and are not published.',
    share: ({ line, audience, partner, fromMs, untilMs }, day, cells) => {
      const to =
        audience === 'public'
          ? 'is published'
          : partner === null
            ? 'is passed on to every partner with a key'
            : `is passed on to the partner “${partner}”`;
      const until = untilMs === null ? 'without an end' : `until ${day(untilMs)}`;
      return `“${line}” ${to}: ${cells} or coarser, from ${day(fromMs)}, ${until}.`;
    },
    protectedCells: ({ epsilon, cellMinutes, quietFrom, quietUntil }) =>
      `What is passed on are sealed numbers only: cells of ${cellMinutes} minutes, the quiet time from ${quietFrom} to ${quietUntil} ` +
      `as one cell, each number changed at random once (ε = ${epsilon}). This protects a single passage, not a person with all ` +
      'their passages.',
  },
};

export function factTable(language: PaperLanguage): FactTable {
  return tables[language];
}

/** One row for each level that is kept: what, and for how long. */
export function retentionRows({ retention }: PaperFacts, language: PaperLanguage): [string, string][] {
  const { retentionLevels, days, forEver } = factTable(language);
  return (Object.keys(retentionLevels) as (keyof RetentionFacts)[]).map((level) => {
    const kept = retention[level];
    return [retentionLevels[level], kept === null ? forEver : days(kept)];
  });
}

/** Who reads the exact numbers. */
export function readerSentences({ readers }: PaperFacts, language: PaperLanguage): string[] {
  const { open, roles, nobodyInside } = factTable(language);
  if (readers === 'open') return [open];
  const known = (Object.keys(roles) as InsideRole[]).filter((role) => readers[role] > 0);
  return known.length === 0 ? [nobodyInside] : known.map((role) => roles[role](readers[role]));
}

/** Who gets numbers outside, and what is done to the numbers before. */
export function shareSentences(facts: PaperFacts, language: PaperLanguage): string[] {
  const { notShared, share, cells, protectedCells } = factTable(language);
  if (facts.shares.length === 0) return [notShared];
  const day = (atMs: number) => localDate(atMs, facts.timeZone, language);
  const shares = facts.shares.map((one) => share(one, day, cells[one.resolution]));
  return [...shares, protectedCells(facts.protection)];
}

/** As `2. März 2026`. */
export function localDate(atMs: number, timeZone: string, language: PaperLanguage): string {
  return new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', {
    dateStyle: 'long',
    timeZone,
  }).format(atMs);
}

/** As `2. März 2026 um 09:00 MEZ`. */
export function localMoment(atMs: number, timeZone: string, language: PaperLanguage): string {
  const locale = language === 'de' ? 'de-DE' : 'en-GB';
  const long = { dateStyle: 'long', timeStyle: 'short', timeZone } as const;
  return new Intl.DateTimeFormat(locale, long).format(atMs);
}
