import { readerSentences, retentionRows, shareSentences } from './fact-sentences.ts';
import type { Paper, PaperBlock, PaperField, PaperLanguage } from './paper.ts';
import { type PaperFacts, runningWifiModes, type WifiMode } from './paper-facts.ts';
import { deviceBlocks, footerOf, openField, unverifiedBlocks, whoFields } from './paper-parts.ts';
import { subtitleOf, wifiBlocks } from './privacy-notice.ts';

interface AssessmentTable {
  readonly title: string;
  readonly intro: string;
  readonly headings: Readonly<
    Record<
      | 'threshold'
      | 'who'
      | 'description'
      | 'wifi'
      | 'readers'
      | 'kept'
      | 'necessity'
      | 'risks'
      | 'views'
      | 'decision',
      string
    >
  >;
  readonly thresholdNoWifi: string;
  readonly thresholdWifi: Readonly<Record<Exclude<WifiMode, 'off'>, string>>;
  readonly thresholdChecks: readonly string[];
  readonly keptHead: readonly string[];
  readonly necessity: readonly PaperField[];
  readonly necessityText: readonly string[];
  readonly riskHead: readonly string[];
  readonly risks: readonly (readonly string[])[];
  readonly wifiRisks: Readonly<Record<Exclude<WifiMode, 'off'>, readonly (readonly string[])[]>>;
  readonly toJudge: string;
  readonly views: readonly PaperField[];
  readonly decisionChecks: readonly string[];
  readonly decision: readonly PaperField[];
}

const tables: Readonly<Record<PaperLanguage, AssessmentTable>> = {
  de: {
    title: 'Datenschutz-Folgenabschätzung (DSGVO Art. 35): Vorlage zur Personenzählung',
    intro:
      'Diese Vorlage nimmt die Beschreibung ab, nicht die Bewertung: Gelb markierte Felder und die Spalte „Bewertung“ füllt der ' +
      'Verantwortliche aus, mit Rat der datenschutzbeauftragten Person.',
    headings: {
      threshold: '1. Ist eine Folgenabschätzung nötig?',
      who: '2. Beteiligte',
      description: '3. Beschreibung der Verarbeitung',
      wifi: 'WLAN',
      readers: 'Zugang und Weitergabe',
      kept: 'Speicherdauer',
      necessity: '4. Notwendigkeit und Verhältnismäßigkeit',
      risks: '5. Risiken und Maßnahmen',
      views: '6. Standpunkte',
      decision: '7. Ergebnis',
    },
    thresholdNoWifi:
      'Kein bestätigtes Gerät wertet WLAN aus. Abstände und Bewegungen lassen nach unserer Einschätzung keinen Menschen erkennen. ' +
      'Bleibt es dabei, spricht viel dafür, dass keine Folgenabschätzung nötig ist; halten Sie die Prüfung hier fest.',
    thresholdWifi: {
      rate:
        'WLAN läuft in der Betriebsart „rate“: Es werden Funksignale von Telefonen empfangen, ihre Kennungen nicht gelesen. ' +
        'Prüfen Sie die Liste Ihrer Aufsichtsbehörde nach Art. 35 Abs. 4 DSGVO.',
      hashing:
        'WLAN läuft in der Betriebsart „hashing“: Kennungen von Telefonen werden kurz verarbeitet. Aufsichtsbehörden haben die Zählung ' +
        'von Besuchern über Telefonkennungen wiederholt beanstandet; führen Sie die Folgenabschätzung durch, bevor das Gerät weiterläuft.',
    },
    thresholdChecks: [
      'Liste der Aufsichtsbehörde (Art. 35 Abs. 4 DSGVO) geprüft',
      'Systematische umfangreiche Überwachung öffentlich zugänglicher Bereiche liegt vor (Art. 35 Abs. 3 lit. c)',
      'Folgenabschätzung ist nötig',
      'Folgenabschätzung ist nicht nötig',
    ],
    keptHead: ['Zahlen', 'Aufbewahrung'],
    necessity: [
      openField('Zweck', 'Wozu werden die Zahlen gebraucht? Welche Entscheidung hängt daran?'),
      openField('Rechtsgrundlage', 'DSGVO Art. 6 Abs. 1; für WLAN auch TDDDG § 25'),
      openField('Milderes Mittel', 'Warum reicht Handzählung oder eine Zählung ohne WLAN nicht?'),
    ],
    necessityText: [
      'Erfasst wird die kleinste nützliche Angabe: Anzahlen je Minute, ohne Merkmale der Menschen.',
      'Ausgewertet wird auf dem Gerät; Messwerte, aus denen gezählt wird, verlassen es nicht.',
    ],
    riskHead: ['Risiko', 'Maßnahme', 'Bewertung'],
    risks: [
      [
        'Beschäftigte werden über die Tür beobachtet (Arbeitszeiten, Pausen).',
        'Kein Zeitpunkt einzelner Durchgänge; kleinste Einheit ist die Minute. Betriebsrat beteiligen, Auswertung über Beschäftigte untersagen.',
      ],
      [
        'Aus Minutenwerten einer ruhigen Zeit lässt sich auf einen bekannten Menschen schließen.',
        'Genaue Werte sieht nur, wer Zugang zum Standort hat; wer weitergegebene Zahlen erhält, steht unter 3.',
      ],
      [
        'Das Gerät wird gestohlen oder ausgelesen.',
        'Auf der Karte liegen nur Anzahlen; nie eine Kennung, ein Schlüssel oder ein Messwert eines Menschen.',
      ],
      [
        'Jemand liest den Netzverkehr mit.',
        'Nachrichten in festem Takt und fester Größe, auch wenn niemand kommt; Verschlüsselung (TLS) nach Einrichtung durch den Betreiber.',
      ],
      [
        'Ein fremdes Gerät gibt sich als Zähler aus.',
        'Eigenes Kennwort je Gerät; jedes Gerät darf nur eigene Nachrichten schreiben.',
      ],
    ],
    wifiRisks: {
      rate: [
        [
          'Aus Funksignalen wird auf Menschen geschlossen.',
          'Die Kennung erreicht das Zählprogramm nicht; gezählt werden nur Signale je Stärke und Zeitfenster.',
        ],
      ],
      hashing: [
        [
          'Ein Telefon wird über Sensoren oder Tage wiedererkannt.',
          'Eigener Zufallsschlüssel je Gerät und Zeitfenster von höchstens fünf Minuten, nur im Arbeitsspeicher; Felder werden nie gespeichert, ' +
            'verglichen oder gesendet.',
        ],
        [
          'Das laufende Gerät wird beschlagnahmt.',
          'Die Felder sind verrauscht: Ob ein bestimmtes Telefon da war, lässt sich auch mit Schlüssel nur mit begrenzter Sicherheit sagen.',
        ],
      ],
    },
    toJudge: 'vom Verantwortlichen zu bewerten',
    views: [
      openField('Datenschutzbeauftragte Person', 'Rat und Datum (Art. 35 Abs. 2)'),
      openField('Betriebsrat oder Beschäftigte', 'Standpunkt und Datum'),
      openField(
        'Betroffene oder ihre Vertretung',
        'Standpunkt, oder warum er nicht eingeholt wurde (Art. 35 Abs. 9)',
      ),
    ],
    decisionChecks: [
      'Restrisiko ist vertretbar, Verarbeitung darf laufen',
      'Weitere Maßnahmen sind vorher nötig',
      'Hohes Restrisiko: Aufsichtsbehörde ist zu befragen (Art. 36)',
    ],
    decision: [
      openField('Entschieden von, am', 'Name, Funktion, Datum'),
      openField('Nächste Überprüfung', 'Datum, oder Anlass'),
    ],
  },
  en: {
    title: 'Data protection impact assessment (GDPR Art. 35): template for counting people',
    intro:
      'This template does the description, not the judgement: fields marked yellow and the column “Judgement” are for the controller to fill ' +
      'in, with the advice of the data protection officer.',
    headings: {
      threshold: '1. Is an assessment needed?',
      who: '2. Who takes part',
      description: '3. Description of the processing',
      wifi: 'WiFi',
      readers: 'Access and disclosure',
      kept: 'Retention',
      necessity: '4. Necessity and proportionality',
      risks: '5. Risks and measures',
      views: '6. Views',
      decision: '7. Outcome',
    },
    thresholdNoWifi:
      'No verified device evaluates WiFi. In our assessment distances and motion do not make anybody recognisable. While this stays so, much ' +
      'speaks for no assessment being needed; record the check here.',
    thresholdWifi: {
      rate:
        'WiFi runs in mode “rate”: radio signals of phones are received, their identifiers are not read. Check the list of your supervisory ' +
        'authority by Art. 35(4) GDPR.',
      hashing:
        'WiFi runs in mode “hashing”: identifiers of phones are processed briefly. Supervisory authorities have repeatedly objected to ' +
        'counting visitors by identifiers of phones; carry out the assessment before the device runs on.',
    },
    thresholdChecks: [
      'List of the supervisory authority (Art. 35(4) GDPR) checked',
      'There is systematic monitoring of a publicly accessible area on a large scale (Art. 35(3)(c))',
      'An assessment is needed',
      'No assessment is needed',
    ],
    keptHead: ['Numbers', 'Kept for'],
    necessity: [
      openField('Purpose', 'What are the numbers needed for? Which decision hangs on them?'),
      openField('Legal basis', 'GDPR Art. 6(1); for WiFi in Germany also TDDDG § 25'),
      openField('Milder means', 'Why are counts by hand, or without WiFi, not enough?'),
    ],
    necessityText: [
      'What is captured is the least that is useful: numbers per minute, without features of people.',
      'Evaluation happens on the device; the readings that are counted from do not leave it.',
    ],
    riskHead: ['Risk', 'Measure', 'Judgement'],
    risks: [
      [
        'Staff are watched through the door (hours, breaks).',
        'No time of single passages; the smallest unit is the minute. Involve the works council, forbid evaluation about staff.',
      ],
      [
        'From minutes of a quiet time somebody known can be inferred.',
        'Exact values are seen only by those with access to the site; who gets numbers that are passed on stands under 3.',
      ],
      [
        'The device is stolen or read out.',
        'The card holds numbers only; never an identifier, a key or a reading of a person.',
      ],
      [
        'Somebody listens on the network.',
        'Messages at a fixed cadence and of a fixed size, also when nobody comes; encryption (TLS) once the operator has set it up.',
      ],
      [
        'Another device passes itself off as a counter.',
        'A password of its own for each device; each may write its own messages only.',
      ],
    ],
    wifiRisks: {
      rate: [
        [
          'People are inferred from radio signals.',
          'The identifier does not reach the counting program; only signals by strength and window of time are counted.',
        ],
      ],
      hashing: [
        [
          'A phone is recognised across sensors or days.',
          'A random key of its own for each device and window of at most five minutes, in working memory only; fields are never kept, compared or sent.',
        ],
        [
          'The running device is seized.',
          'The fields are noisy: whether a certain phone was there can be said with limited certainty only, even with the key.',
        ],
      ],
    },
    toJudge: 'for the controller to judge',
    views: [
      openField('Data protection officer', 'advice and date (Art. 35(2))'),
      openField('Works council or staff', 'view and date'),
      openField('Data subjects or their representatives', 'view, or why it was not sought (Art. 35(9))'),
    ],
    decisionChecks: [
      'The remaining risk is acceptable, processing may run',
      'Further measures are needed before',
      'High remaining risk: the supervisory authority is to be consulted (Art. 36)',
    ],
    decision: [
      openField('Decided by, on', 'name, function, date'),
      openField('Next review', 'date, or occasion'),
    ],
  },
};

/** The impact-assessment template of a site: what runs is described, what it means is left to be judged. */
export function impactAssessment(facts: PaperFacts, language: PaperLanguage): Paper {
  const table = tables[language];
  const { headings } = table;
  const heading = (text: string): PaperBlock => ({ kind: 'heading', text });
  const modes = runningWifiModes(facts);
  const active = modes.filter((mode) => mode !== 'off');
  const risks = [...table.risks, ...active.flatMap((mode) => table.wifiRisks[mode])];
  return {
    language,
    title: table.title,
    subtitle: subtitleOf(facts),
    blocks: [
      ...unverifiedBlocks(facts, language),
      { kind: 'text', text: table.intro },
      heading(headings.threshold),
      ...thresholdBlocks(modes, table),
      { kind: 'checks', items: table.thresholdChecks },
      heading(headings.who),
      { kind: 'fields', fields: whoFields(facts, language) },
      heading(headings.description),
      ...deviceBlocks(facts, language),
      heading(headings.wifi),
      ...wifiBlocks(facts, language),
      heading(headings.readers),
      { kind: 'list', items: [...readerSentences(facts, language), ...shareSentences(facts, language)] },
      heading(headings.kept),
      { kind: 'table', head: table.keptHead, rows: retentionRows(facts, language) },
      heading(headings.necessity),
      { kind: 'list', items: table.necessityText },
      { kind: 'fields', fields: table.necessity },
      heading(headings.risks),
      { kind: 'table', head: table.riskHead, rows: risks.map((risk) => [...risk, table.toJudge]) },
      heading(headings.views),
      { kind: 'fields', fields: table.views },
      heading(headings.decision),
      { kind: 'checks', items: table.decisionChecks },
      { kind: 'fields', fields: table.decision },
    ],
    footer: footerOf(facts, language),
  };
}

/** Without a verified report nothing is said about the need: the warning above the text says why. */
function thresholdBlocks(modes: readonly WifiMode[], table: AssessmentTable): PaperBlock[] {
  const active = modes.filter((mode) => mode !== 'off');
  if (active.length > 0) return active.map((mode) => ({ kind: 'text', text: table.thresholdWifi[mode] }));
  return modes.length > 0 ? [{ kind: 'text', text: table.thresholdNoWifi }] : [];
}
