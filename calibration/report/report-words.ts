import type { Language } from '../command.ts';

/** The sentences of an acceptance report. */
export interface ReportWords {
  readonly title: string;
  readonly page: (page: number, pages: number) => string;
  readonly footer: (hash: string) => string;
  readonly none: string;
  readonly labels: Readonly<
    Record<
      | 'site'
      | 'address'
      | 'customer'
      | 'technician'
      | 'line'
      | 'device'
      | 'created'
      | 'software'
      | 'note'
      | 'profile'
      | 'broker'
      | 'height'
      | 'geometry'
      | 'baseline'
      | 'zone'
      | 'wifi'
      | 'tested'
      | 'recording'
      | 'engine',
      string
    >
  >;
  readonly headings: Readonly<
    Record<
      'place' | 'mounting' | 'settings' | 'walkTest' | 'health' | 'privacy' | 'photos' | 'acceptance',
      string
    >
  >;
  readonly ceiling: string;
  readonly side: string;
  readonly simulated: string;
  readonly drawing: (sensor: string) => string;
  readonly notMeasured: (sensor: string) => string;
  readonly zoneValue: (
    side: 'outside' | 'inside',
    idleMm: number | null,
    deviationMm: number | null,
  ) => string;
  readonly wifiOff: string;
  readonly notTested: (sensor: string) => string;
  readonly figures: Readonly<Record<'claim' | 'recall' | 'precision' | 'people', string>>;
  readonly claimValue: (percent: number) => string;
  readonly claim: (percent: number) => string;
  readonly intervals: string;
  readonly healthHead: readonly string[];
  readonly healthGood: string;
  readonly healthBad: (sensors: string) => string;
  readonly notLooked: string;
  readonly withPapers: string;
  readonly paperNames: Readonly<Record<'notice' | 'sign-a4', string>>;
  readonly withoutPapers: (missing: string | null) => string;
  readonly howToPapers: string;
  readonly principles: string;
  readonly signs: readonly string[];
  readonly accepted: string;
  readonly signed: (hash: string, fingerprint: string) => string;
  readonly check: (file: string) => string;
}

const english: ReportWords = {
  title: 'Acceptance report',
  page: (page, pages) => `page ${page} of ${pages}`,
  footer: (hash) => `Passant acceptance report · contents ${hash.slice(0, 16)}`,
  none: '–',
  labels: {
    site: 'Site',
    address: 'Address',
    customer: 'Accepted by',
    technician: 'Technician',
    line: 'Line',
    device: 'Device',
    created: 'Made',
    software: 'Software',
    note: 'Note',
    profile: 'Site profile',
    broker: 'Sends to',
    height: 'Mounting height',
    geometry: 'Looks',
    baseline: 'Empty scene learned',
    zone: 'Zone',
    wifi: 'WiFi presence',
    tested: 'Tested',
    recording: 'Recording',
    engine: 'Counting engine',
  },
  headings: {
    place: 'Site and device',
    mounting: 'Mounting',
    settings: 'Settings',
    walkTest: 'Walk test',
    health: 'Health of the sensors',
    privacy: 'Privacy',
    photos: 'Photographs',
    acceptance: 'Acceptance',
  },
  ceiling: 'down from the ceiling',
  side: 'across the passage',
  simulated: 'This sensor is emulated: its readings are computed, not measured.',
  drawing: (sensor) => `Sensor ${sensor}, side view to scale, computed from the angles of its data sheet`,
  notMeasured: (sensor) => `Nobody has measured how high sensor ${sensor} hangs: no drawing.`,
  zoneValue: (side, idle, deviation) =>
    `${side}${idle === null ? ', empty scene not learned' : `, empty at ${(idle / 1000).toFixed(2)} m${deviation === null ? '' : `, noise ${deviation.toFixed(0)} mm`}`}`,
  wifiOff: 'off',
  notTested: (sensor) =>
    `Sensor ${sensor} was not tested against an observer: how well it counts here is not proved. Run walk-test.`,
  figures: {
    claim: 'counted right, proved',
    recall: 'of the people counted right',
    precision: 'of the counts right',
    people: 'people observed',
  },
  claimValue: (percent) => `≥ ${percent} %`,
  claim: (percent) =>
    percent === 0
      ? 'So few people prove nothing yet.'
      : `Proved at a confidence of 95 % (exact lower bound): at least ${percent} % of the people who pass like those observed are counted, in their direction.`,
  intervals: 'Share of people counted right, with its Wilson 95 % interval',
  healthHead: ['Sensor', 'Readings/s', 'good', 'foreign light', 'remarks'],
  healthGood: 'All sensors that were looked at answered as they should while this report was made.',
  healthBad: (sensors) => `Look again: ${sensors}.`,
  notLooked: 'not looked at',
  withPapers:
    'The gateway made these papers out of the configuration that runs; they lie beside this report and are signed with it:',
  paperNames: { notice: 'Privacy notice', 'sign-a4': 'Door sign with QR code' },
  withoutPapers: (missing) =>
    `Privacy notice and door sign are MISSING from this report${missing === null ? ': no gateway was named, and only it knows who answers for the counting' : `: ${missing}`}.`,
  howToPapers:
    'How to get them: run report again with --gateway URL, --key-file FILE and --site ID. The sign has to hang at the door before the counting begins.',
  principles:
    'Light and motion become anonymous counts of a minute in the device; there is no camera, no picture, and nothing that could recognise anybody. WiFi presence is off unless it is named under Settings; no address is stored.',
  signs: ['Place, date, technician', 'Place, date, accepted by'],
  accepted: 'The counter was handed over as described above.',
  signed: (hash, fingerprint) =>
    `SHA-256 of the contents: ${hash}. Signed by the device's key ${fingerprint}.`,
  check: (file) => `Check: passant-calibrate report --check ${file}`,
};

const german: ReportWords = {
  title: 'Abnahmeprotokoll',
  page: (page, pages) => `Seite ${page} von ${pages}`,
  footer: (hash) => `Abnahmeprotokoll Passant · Inhalt ${hash.slice(0, 16)}`,
  none: '–',
  labels: {
    site: 'Standort',
    address: 'Anschrift',
    customer: 'Abgenommen von',
    technician: 'Techniker',
    line: 'Zähllinie',
    device: 'Gerät',
    created: 'Erstellt',
    software: 'Programm',
    note: 'Bemerkung',
    profile: 'Standortprofil',
    broker: 'Sendet an',
    height: 'Montagehöhe',
    geometry: 'Blickrichtung',
    baseline: 'Leere Szene gelernt',
    zone: 'Zone',
    wifi: 'WLAN-Präsenz',
    tested: 'Geprüft',
    recording: 'Aufzeichnung',
    engine: 'Zählwerk',
  },
  headings: {
    place: 'Standort und Gerät',
    mounting: 'Montage',
    settings: 'Einstellungen',
    walkTest: 'Gehtest',
    health: 'Zustand der Sensoren',
    privacy: 'Datenschutz',
    photos: 'Fotos',
    acceptance: 'Abnahme',
  },
  ceiling: 'von der Decke nach unten',
  side: 'quer durch den Durchgang',
  simulated: 'Dieser Sensor ist emuliert: Seine Messwerte sind gerechnet, nicht gemessen.',
  drawing: (sensor) =>
    `Sensor ${sensor}, Seitenansicht im Maßstab, aus den Winkeln des Datenblatts gerechnet`,
  notMeasured: (sensor) => `Niemand hat gemessen, wie hoch der Sensor ${sensor} hängt: keine Zeichnung.`,
  zoneValue: (side, idle, deviation) =>
    `${side === 'outside' ? 'außen' : 'innen'}${idle === null ? ', leere Szene nicht gelernt' : `, leer bei ${(idle / 1000).toFixed(2).replace('.', ',')} m${deviation === null ? '' : `, Rauschen ${deviation.toFixed(0)} mm`}`}`,
  wifiOff: 'aus',
  notTested: (sensor) =>
    `Der Sensor ${sensor} wurde nicht mit einem Beobachter verglichen: Wie gut er hier zählt, ist nicht bewiesen. walk-test ausführen.`,
  figures: {
    claim: 'richtig gezählt, bewiesen',
    recall: 'der Menschen richtig gezählt',
    precision: 'der Zählungen richtig',
    people: 'Menschen beobachtet',
  },
  claimValue: (percent) => `≥ ${percent} %`,
  claim: (percent) =>
    percent === 0
      ? 'So wenige Menschen beweisen noch nichts.'
      : `Bewiesen mit 95 % Sicherheit (exakte untere Grenze): Von Menschen, die so durchgehen wie die beobachteten, werden mindestens ${percent} % in ihrer Richtung gezählt.`,
  intervals: 'Anteil richtig gezählter Menschen mit 95-%-Intervall nach Wilson',
  healthHead: ['Sensor', 'Messwerte/s', 'gut', 'Fremdlicht', 'Bemerkungen'],
  healthGood: 'Alle betrachteten Sensoren antworteten bei der Erstellung dieses Protokolls, wie sie sollen.',
  healthBad: (sensors) => `Noch einmal ansehen: ${sensors}.`,
  notLooked: 'nicht betrachtet',
  withPapers:
    'Diese Papiere hat das Gateway aus der laufenden Konfiguration erstellt; sie liegen neben diesem Protokoll und sind mit ihm signiert:',
  paperNames: { notice: 'Datenschutzhinweise', 'sign-a4': 'Türschild mit QR-Code' },
  withoutPapers: (missing) =>
    `Datenschutzhinweise und Türschild FEHLEN in diesem Protokoll${missing === null ? ': Es wurde kein Gateway genannt, und nur dieses weiß, wer die Zählung verantwortet' : `: ${missing}`}.`,
  howToPapers:
    'So kommen sie hinein: report noch einmal ausführen, mit --gateway URL, --key-file DATEI und --site KENNUNG. Das Schild muss an der Tür hängen, bevor die Zählung beginnt.',
  principles:
    'Licht und Bewegung werden im Gerät zu anonymen Minutenwerten; es gibt keine Kamera, kein Bild und nichts, woran jemand zu erkennen wäre. WLAN-Präsenz ist aus, wenn sie nicht unter Einstellungen steht; keine Adresse wird gespeichert.',
  signs: ['Ort, Datum, Techniker', 'Ort, Datum, abgenommen von'],
  accepted: 'Der Zähler wurde wie oben beschrieben übergeben.',
  signed: (hash, fingerprint) =>
    `SHA-256 des Inhalts: ${hash}. Signiert mit dem Schlüssel des Geräts ${fingerprint}.`,
  check: (file) => `Prüfen: passant-calibrate report --check ${file}`,
};

export const reportWords: Readonly<Record<Language, ReportWords>> = { de: german, en: english };
