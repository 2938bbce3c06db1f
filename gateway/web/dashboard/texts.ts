/** Everything the page says, one table for each language. Add a language by adding a table. */
const english = {
  language: 'English',
  today: 'Today',
  yesterday: 'Yesterday',
  in: 'In',
  out: 'Out',
  present: 'Present',
  presentHint: 'in − out',
  lastHours: 'Last 24 hours',
  spanLabel: 'How much to show',
  spanHours: '24 h',
  spanDay: 'Day',
  spanWeek: 'Week',
  spanMonth: 'Month',
  date: 'Date',
  earlier: 'Earlier',
  later: 'Later',
  compare: 'Week before',
  growth: '{change} (± {error}) in against the week before, same times',
  noComparison: 'The week before has nothing to compare with',
  beforeShort: 'week before {in} in',
  quarter: '15 minutes',
  hour: 'hour',
  day: 'day',
  perCell: 'People per {cell}, in upwards, out downwards; shaded: 95 % interval',
  motionPerCell: 'Activations per {cell}',
  presencePerCell: 'Indicator per {cell}, with its standard error',
  standardErrorHint: '± is the standard error of the count',
  running: 'with the minute that is still open: {in} in, {out} out',
  coverage: 'Looked at {share} of the time so far',
  coveragePast: 'Looked at {share} of the time',
  coverageShort: 'looked at {share}',
  strip: 'green strip: looked at',
  gaps: 'hatched: hardly or not',
  nothingYet: 'Nothing has arrived from this time.',
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
  login: 'Log in to see numbers',
  logIn: 'Log in',
  logOut: 'Log out',
  logInTitle: 'Who is there?',
  logInText: 'This gateway shows its numbers to those it knows.',
  sharedTitle: 'Shared with you',
  sharedText: 'What traders have shared is answered by the interface for programs, as protected numbers.',
  user: 'Name',
  password: 'Password',
  wrongPassword: 'Name or password is wrong.',
  tooMany: 'Too many attempts. Wait a moment.',
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
  lastHours: 'Letzte 24 Stunden',
  spanLabel: 'Wie viel zu sehen ist',
  spanHours: '24 h',
  spanDay: 'Tag',
  spanWeek: 'Woche',
  spanMonth: 'Monat',
  date: 'Datum',
  earlier: 'Früher',
  later: 'Später',
  compare: 'Vorwoche',
  growth: '{change} (± {error}) hinein gegenüber der Vorwoche, gleiche Zeiten',
  noComparison: 'Aus der Vorwoche ist nichts zu vergleichen da',
  beforeShort: 'Vorwoche {in} hinein',
  quarter: '15 Minuten',
  hour: 'Stunde',
  day: 'Tag',
  perCell: 'Personen je {cell}, hinein nach oben, hinaus nach unten; schattiert: 95-%-Intervall',
  motionPerCell: 'Auslösungen je {cell}',
  presencePerCell: 'Indikator je {cell} mit Standardfehler',
  standardErrorHint: '± ist der Standardfehler der Zählung',
  running: 'mit der noch offenen Minute: {in} hinein, {out} hinaus',
  coverage: 'Bisher {share} der Zeit erfasst',
  coveragePast: '{share} der Zeit erfasst',
  coverageShort: '{share} erfasst',
  strip: 'grüner Streifen: erfasst',
  gaps: 'schraffiert: kaum oder nicht',
  nothingYet: 'Aus dieser Zeit ist nichts angekommen.',
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
  login: 'Anmelden, um Zahlen zu sehen',
  logIn: 'Anmelden',
  logOut: 'Abmelden',
  logInTitle: 'Wer ist da?',
  logInText: 'Dieses Gateway zeigt seine Zahlen denen, die es kennt.',
  sharedTitle: 'Für Sie freigegeben',
  sharedText:
    'Was Händler freigegeben haben, gibt die Schnittstelle für Programme aus, als geschützte Zahlen.',
  user: 'Name',
  password: 'Passwort',
  wrongPassword: 'Name oder Passwort ist falsch.',
  tooMany: 'Zu viele Versuche. Bitte kurz warten.',
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
