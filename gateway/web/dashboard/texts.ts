/** Everything the page says, one table for each language. Add a language by adding a table. */
const english = {
  language: 'English',
  today: 'Today',
  yesterday: 'Yesterday',
  in: 'In',
  out: 'Out',
  present: 'Present',
  presentHint: 'in − out',
  perQuarter: 'People per 15 minutes: in upwards, out downwards',
  motionPerQuarter: 'Activations per 15 minutes',
  presencePerQuarter: 'Indicator per 15 minutes, with its standard error',
  standardErrorHint: '± is the standard error of the count',
  running: 'with the minute that is still open: {in} in, {out} out',
  coverage: 'Looked at {share} of the day so far',
  coveragePast: 'Looked at {share} of the day',
  coverageShort: 'looked at {share}',
  gaps: 'hatched: nobody looked',
  nothingYet: 'Nothing has arrived from this day.',
  simulated: 'Simulated',
  simulatedHint: 'The readings of this line are computed, not measured.',
  notPeople: 'Not people',
  presence: 'WiFi indicator',
  presenceNote:
    'How much radio traffic of phones is heard. It tells busy from quiet; it is not a number of people.',
  indicatorMean: 'Mean indicator',
  frames: 'Frames heard',
  motion: 'Motion',
  motionNote: 'Motion detectors notice that something moves. They are a witness, not a count of people.',
  activations: 'Activations',
  activeTime: 'Time with motion',
  asTable: 'Numbers as a table',
  time: 'Time',
  coverageColumn: 'Looked at',
  indicator: 'Indicator',
  standardError: '±',
  roleEntrance: 'Entrance',
  roleStreet: 'Street',
  roleWindow: 'Shop window',
  roleInside: 'Inside',
  unassignedSite: 'Not yet assigned',
  unassignedNote:
    'Sensors that no line has yet. Assign them in the configuration, and nothing counted is lost.',
  siteTotal: 'All entrances',
  emptyTitle: 'No counter has reported yet',
  emptyText: 'Connect a counter to this gateway. It appears here by itself with its first minute.',
  live: 'Live',
  connecting: 'Connecting …',
  offline: 'Connection lost; trying again',
  alarm: 'Storage refuses: counters keep their counts until it takes them again',
  footer: 'Counted without knowing who. Observed values, never scaled.',
  interface: 'Interface for programs',
};

export type Texts = typeof english;

const german: Texts = {
  language: 'Deutsch',
  today: 'Heute',
  yesterday: 'Gestern',
  in: 'Hinein',
  out: 'Hinaus',
  present: 'Anwesend',
  presentHint: 'hinein − hinaus',
  perQuarter: 'Personen je 15 Minuten: hinein nach oben, hinaus nach unten',
  motionPerQuarter: 'Auslösungen je 15 Minuten',
  presencePerQuarter: 'Indikator je 15 Minuten mit Standardfehler',
  standardErrorHint: '± ist der Standardfehler der Zählung',
  running: 'mit der noch offenen Minute: {in} hinein, {out} hinaus',
  coverage: 'Bisher {share} des Tages erfasst',
  coveragePast: '{share} des Tages erfasst',
  coverageShort: '{share} erfasst',
  gaps: 'schraffiert: niemand hat hingesehen',
  nothingYet: 'Von diesem Tag ist nichts angekommen.',
  simulated: 'Simuliert',
  simulatedHint: 'Die Messwerte dieser Linie sind berechnet, nicht gemessen.',
  notPeople: 'Keine Personenzahl',
  presence: 'WLAN-Indikator',
  presenceNote:
    'Wie viel Funkverkehr von Telefonen zu hören ist. Er trennt belebt von ruhig; eine Personenzahl ist er nicht.',
  indicatorMean: 'Mittlerer Indikator',
  frames: 'Gehörte Pakete',
  motion: 'Bewegung',
  motionNote:
    'Bewegungsmelder bemerken, dass sich etwas bewegt. Sie sind Zeugen, keine Zählung von Personen.',
  activations: 'Auslösungen',
  activeTime: 'Zeit mit Bewegung',
  asTable: 'Zahlen als Tabelle',
  time: 'Zeit',
  coverageColumn: 'Erfasst',
  indicator: 'Indikator',
  standardError: '±',
  roleEntrance: 'Eingang',
  roleStreet: 'Straße',
  roleWindow: 'Schaufenster',
  roleInside: 'Innenraum',
  unassignedSite: 'Noch nicht zugeordnet',
  unassignedNote: 'Sensoren ohne Linie. In der Konfiguration zuordnen; Gezähltes geht dabei nicht verloren.',
  siteTotal: 'Alle Eingänge',
  emptyTitle: 'Noch hat sich kein Zähler gemeldet',
  emptyText:
    'Verbinden Sie einen Zähler mit diesem Gateway. Er erscheint hier von selbst mit seiner ersten Minute.',
  live: 'Live',
  connecting: 'Verbindet …',
  offline: 'Verbindung verloren; neuer Versuch läuft',
  alarm: 'Speicher nimmt nichts an: Zähler behalten ihre Zahlen, bis er es wieder tut',
  footer: 'Gezählt, ohne zu wissen, wer. Beobachtete Werte, nie hochgerechnet.',
  interface: 'Schnittstelle für Programme',
};

export const languages = { de: german, en: english } as const;
export type Language = keyof typeof languages;

const storageKey = 'passant-language';

/** The language chosen before, else the first of the browser's that the page has, else English. */
export function preferredLanguage(): Language {
  const wanted = [localStorage.getItem(storageKey) ?? '', ...navigator.languages];
  for (const tag of wanted) {
    const language = tag.slice(0, 2).toLowerCase();
    if (language in languages) return language as Language;
  }
  return 'en';
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(storageKey, language);
}

/** Fills `{name}` in a text. */
export function filled(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (_match, name: string) => values[name] ?? '');
}
