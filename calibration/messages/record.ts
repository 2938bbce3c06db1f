import type { Language } from '../command.ts';

/** Why a recording ended. */
export type RecordingEnd = 'time' | 'key' | 'size' | 'disk' | 'interrupted' | 'sensor-lost';

/** What `record` says. */
export interface RecordMessages {
  readonly summary: string;
  readonly help: string;
  readonly title: (sensor: string, file: string) => string;
  readonly progress: (state: {
    seconds: number;
    leftSeconds: number;
    readings: number;
    bytes: number;
    freeBytes: number;
  }) => string;
  readonly ended: Readonly<Record<RecordingEnd, string>>;
  readonly kept: (file: string, seconds: number, bytes: number) => string;
  readonly finishedTorn: (file: string) => string;
  readonly noRoom: (free: number, reserve: number) => string;
  readonly nothing: string;
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
const minutes = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

const english: RecordMessages = {
  summary: 'records the readings of a sensor',
  help: `Records what a sensor reads, for replay and verify. Ends with q, Ctrl-C, after the time, at the size, or when the card
gets full; the file has its name only when it is whole. WiFi is never recorded: probe requests carry addresses.

  record [--sensor NAME] [--minutes N] [--out FOLDER]

  --sensor NAME           slot of the sensor; the only one, or asked for
  --minutes N             length, 1 to 1440; 60
  --seconds N             length in seconds instead, 1 to 86400
  --limit-mb N            largest file, 1 to 10000; 500 (a day of one VL53L1X is about 350)
  --reserve-mb N          what must stay free on the card, 0 to 100000; 200
  --out FOLDER            where to; recordings in the agent's stateDir`,
  title: (sensor, file) => `Recording ${sensor} to ${file}`,
  progress: ({ seconds, leftSeconds, readings, bytes, freeBytes }) =>
    `${minutes(seconds)} recorded, ${minutes(leftSeconds)} to go · ${readings} readings · ${megabytes(bytes)} MB · ${megabytes(freeBytes)} MB free on the card\n[q] finished`,
  ended: {
    time: 'The time is over.',
    key: 'Finished.',
    size: 'The file has reached its largest size (--limit-mb).',
    disk: 'The card is nearly full (--reserve-mb).',
    interrupted: 'Broken off; what was read until then is kept.',
    'sensor-lost': 'The sensor was lost; what was read until then is kept.',
  },
  kept: (file, seconds, bytes) => `Kept: ${file}, ${minutes(seconds)}, ${megabytes(bytes)} MB`,
  finishedTorn: (file) => `A recording that was broken off is readable now: ${file}`,
  noRoom: (free, reserve) =>
    `Refused: ${megabytes(free)} MB are free on the card, and ${megabytes(reserve)} MB must stay so (--reserve-mb).`,
  nothing: 'Nothing was read.',
};

const german: RecordMessages = {
  summary: 'zeichnet die Messwerte eines Sensors auf',
  help: `Zeichnet auf, was ein Sensor misst, zum Nachspielen und für verify. Endet mit q, Strg-C, nach der Zeit, bei der Größe, oder
wenn die Karte voll wird; ihren Namen hat die Datei erst, wenn sie ganz ist. WLAN wird nie aufgezeichnet: Die Pakete
enthalten Adressen.

  record [--sensor NAME] [--minutes N] [--out ORDNER]

  --sensor NAME           Platz des Sensors; der einzige, sonst wird gefragt
  --minutes N             Länge, 1 bis 1440; 60
  --seconds N             Länge stattdessen in Sekunden, 1 bis 86400
  --limit-mb N            größte Datei, 1 bis 10000; 500 (ein Tag eines VL53L1X braucht etwa 350)
  --reserve-mb N          was auf der Karte frei bleiben muss, 0 bis 100000; 200
  --out ORDNER            wohin; recordings in stateDir des Zählprogramms`,
  title: (sensor, file) => `Aufzeichnung von ${sensor} nach ${file}`,
  progress: ({ seconds, leftSeconds, readings, bytes, freeBytes }) =>
    `${minutes(seconds)} aufgezeichnet, noch ${minutes(leftSeconds)} · ${readings} Messwerte · ${megabytes(bytes)} MB · ${megabytes(freeBytes)} MB frei auf der Karte\n[q] fertig`,
  ended: {
    time: 'Die Zeit ist um.',
    key: 'Fertig.',
    size: 'Die Datei hat ihre größte Größe erreicht (--limit-mb).',
    disk: 'Die Karte ist fast voll (--reserve-mb).',
    interrupted: 'Abgebrochen; was bis dahin gemessen war, ist aufgehoben.',
    'sensor-lost': 'Der Sensor ging verloren; was bis dahin gemessen war, ist aufgehoben.',
  },
  kept: (file, seconds, bytes) => `Aufgehoben: ${file}, ${minutes(seconds)}, ${megabytes(bytes)} MB`,
  finishedTorn: (file) => `Eine abgebrochene Aufzeichnung ist jetzt lesbar: ${file}`,
  noRoom: (free, reserve) =>
    `Abgelehnt: Auf der Karte sind ${megabytes(free)} MB frei, und ${megabytes(reserve)} MB müssen es bleiben (--reserve-mb).`,
  nothing: 'Es wurde nichts gemessen.',
};

export const recordMessages: Readonly<Record<Language, RecordMessages>> = { de: german, en: english };
