import type { LineRole } from '../../contract/http-api.ts';
import type { MeasureDefinition, MeasureId } from '../../contract/measures.ts';

type Definition = Omit<MeasureDefinition, 'id'>;

const counting = {
  de: 'Zählfehler: wie weit der wahre Wert vom gezählten entfernt liegen kann.',
  en: 'Counting error: how far the truth may be from what was counted.',
};
const scatter = {
  de: 'Zählfehler und die Streuung von Woche zu Woche.',
  en: 'Counting error and the scatter from week to week.',
};
const doors: LineRole[] = ['entrance', 'inside'];
const anyPeople: LineRole[] = ['entrance', 'street', 'window', 'inside'];

/** The one place where measures are defined; interface, files, findings and manual read it here. */
const definitions: Readonly<Record<MeasureId, Definition>> = {
  entrances: {
    name: { de: 'Eintritte', en: 'entrances' },
    unit: 'people',
    definition: {
      de: 'Personen, die die Linie von außen nach innen überschritten haben.',
      en: 'People who crossed the line from outside to inside.',
    },
    formula: 'Σ in',
    interval: counting,
    roles: doors,
    needs: [],
    resolutions: ['1h', '1d', '1w', '1mo', '15m'],
  },
  'passers-by': {
    name: { de: 'Passanten', en: 'passers-by' },
    unit: 'people',
    definition: {
      de: 'Personen, die die Linie in einer der beiden Richtungen überschritten haben.',
      en: 'People who crossed the line in either direction.',
    },
    formula: 'Σ (in + out)',
    interval: counting,
    roles: ['street', 'window'],
    needs: [],
    resolutions: ['1h', '1d', '1w', '1mo', '15m'],
  },
  occupancy: {
    name: { de: 'Anwesende', en: 'occupancy' },
    unit: 'people',
    definition: {
      de: 'Eintritte minus Austritte seit 4 Uhr Ortszeit, am Ende der Zelle; jede Nacht wird auf 0 zurückgesetzt. Nie bei 0 abgeschnitten: eine negative Zahl zeigt den Fehler.',
      en: 'Entrances minus exits since 4:00 local time, at the end of the cell; reset to 0 every night. Never cut off at 0: a negative number shows the error.',
    },
    formula: 'Σ since reset (in − out)',
    interval: {
      de: 'Driftschranke: Der Zählfehler summiert sich bis zum Rücksetzen; unbeobachtete Zeit vergrößert sie, nach einer Lücke ist nichts bekannt.',
      en: 'Drift bound: counting errors add up until the reset; time not looked at widens it, after a gap nothing is known.',
    },
    roles: doors,
    needs: [],
    resolutions: ['15m', '1h'],
  },
  'capture-rate': {
    name: { de: 'Abschöpfungsquote', en: 'capture rate' },
    unit: 'percent',
    definition: {
      de: 'Eintritte je 100 Passanten der Straße, die um die Gehzeit früher an der Straßenlinie vorbeigingen.',
      en: 'Entrances per 100 passers-by of the street, who passed the street’s line earlier by the time they walk.',
    },
    formula: '100 · Σ in(t) / Σ (in + out of the street)(t − lag)',
    interval: counting,
    roles: ['entrance'],
    needs: ['street-line'],
    resolutions: ['1d', '1h', '1w', '1mo'],
  },
  conversion: {
    name: { de: 'Konversion', en: 'conversion' },
    unit: 'percent',
    definition: {
      de: 'Kassenbons je 100 Eintritte, aus den hochgeladenen Bons des Standorts.',
      en: 'Receipts per 100 entrances, from the receipts uploaded for the site.',
    },
    formula: '100 · Σ receipts / Σ in',
    interval: counting,
    roles: ['entrance'],
    needs: ['receipts'],
    resolutions: ['1d', '1h', '1w', '1mo'],
  },
  dwell: {
    name: { de: 'mittlere Aufenthaltsdauer', en: 'mean dwell' },
    unit: 'minutes',
    definition: {
      de: 'Mittlere Zeit der Austritte minus mittlere Zeit der Eintritte eines Tages. Niemand wird verfolgt; es gibt nur den Mittelwert der Menge.',
      en: 'Mean time of the exits minus mean time of the entrances of a day. Nobody is followed; there is only the mean of the crowd.',
    },
    formula: 'Σ t·out / Σ out − Σ t·in / Σ in',
    interval: {
      de: 'Zählfehler und die Länge der Zellen; gilt für Tage, die leer beginnen und enden.',
      en: 'Counting error and the length of the cells; holds for days that begin and end empty.',
    },
    roles: doors,
    needs: [],
    resolutions: ['1d'],
  },
  'stopping-rate': {
    name: { de: 'Stehenbleibquote', en: 'stopping rate' },
    unit: 'percent',
    definition: {
      de: 'Wege am Schaufenster, die verweilten oder umkehrten, je 100 Vorbeigegangene.',
      en: 'Paths at the window that lingered or turned back, per 100 who passed.',
    },
    formula: '100 · Σ (lingered + turned-back) / Σ (in + out)',
    interval: {
      de: 'Zählfehler; die Zahl der Stehengebliebenen mit dem Fehler einer Poisson-Zahl, da der Zähler für sie keinen nennt.',
      en: 'Counting error; those who stopped with the error of a Poisson count, since the counter states none for them.',
    },
    roles: ['window'],
    needs: ['rejected-paths'],
    resolutions: ['1d', '1h', '1w', '1mo'],
  },
  'peak-hour': {
    name: { de: 'Spitzenstunde', en: 'peak hour' },
    unit: 'people',
    definition: {
      de: 'Die Stunde der Ortszeit mit den meisten Personen im Mittel der Tage der Zelle, und wie viele es waren.',
      en: 'The hour of the local clock with most people, on average over the days of the cell, and how many they were.',
    },
    formula: 'max over h of mean over days (people in hour h)',
    interval: counting,
    roles: anyPeople,
    needs: [],
    resolutions: ['1d', '1w', '1mo'],
  },
  'week-profile': {
    name: { de: 'Wochenprofil', en: 'week profile' },
    unit: 'people',
    definition: {
      de: 'Mittel der Personen je Wochentag und Stunde der Ortszeit; ab vier beobachteten Wochen.',
      en: 'Mean of the people by weekday and hour of the local clock; from four observed weeks on.',
    },
    formula: 'mean over weeks (people at weekday w, hour h)',
    interval: scatter,
    roles: anyPeople,
    needs: [],
    resolutions: ['1h'],
  },
  'against-last-week': {
    name: { de: 'gegen Vorwoche', en: 'against last week' },
    unit: 'percent',
    definition: {
      de: 'Veränderung gegen dieselbe Zeit eine Woche früher, aus den Stunden, die beide Male beobachtet wurden.',
      en: 'Change against the same time one week earlier, from the hours that were looked at both times.',
    },
    formula: '100 · (Σ people / Σ people one week before − 1)',
    interval: counting,
    roles: anyPeople,
    needs: ['weeks-before'],
    resolutions: ['1d', '1h', '1w'],
  },
  'against-last-year': {
    name: { de: 'gegen Vorjahr', en: 'against last year' },
    unit: 'percent',
    definition: {
      de: 'Veränderung gegen dieselben Wochentage 52 Wochen früher, aus den Stunden, die beide Male beobachtet wurden.',
      en: 'Change against the same weekdays 52 weeks earlier, from the hours that were looked at both times.',
    },
    formula: '100 · (Σ people / Σ people 52 weeks before − 1)',
    interval: counting,
    roles: anyPeople,
    needs: ['year-before'],
    resolutions: ['1w', '1d', '1h'],
  },
  growth: {
    name: { de: 'Wachstum', en: 'growth' },
    unit: 'percent',
    definition: {
      de: 'Veränderung des Zeitraums gegen denselben 52 Wochen früher, mit der Wahrscheinlichkeit, dass es nur Streuung ist.',
      en: 'Change of the range against the same one 52 weeks earlier, with the probability that it is scatter alone.',
    },
    formula: '100 · (Σ y / Σ x − 1) over pairs of weeks (x, y); variance of a ratio estimator',
    interval: scatter,
    roles: anyPeople,
    needs: ['year-before'],
    resolutions: ['1w'],
  },
  'presence-index': {
    name: { de: 'Präsenzindex', en: 'presence index' },
    unit: 'index',
    definition: {
      de: 'Präsenzindikator gegen das Mittel derselben Zeit der vier Wochen davor; 100 ist wie üblich. Keine Personenzahl.',
      en: 'Presence indicator against the mean of the same time of the four weeks before; 100 is as usual. Not a number of people.',
    },
    formula: '100 · indicator / mean of indicator 1 to 4 weeks before',
    interval: {
      de: 'Fehler des Indikators, wie der Zähler ihn angibt.',
      en: 'Error of the indicator as its counter states it.',
    },
    roles: ['street', 'inside', 'entrance', 'window'],
    needs: ['weeks-before'],
    resolutions: ['1h', '1d'],
  },
};

export const measureDefinitions: readonly MeasureDefinition[] = Object.entries(definitions).map(
  ([id, definition]) => ({ id: id as MeasureId, ...definition }),
);

export function definitionOf(measure: MeasureId): MeasureDefinition {
  return { id: measure, ...definitions[measure] };
}
