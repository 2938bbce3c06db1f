import type { Language } from '../command.ts';
import type { FittedPresence, RefusedPresence } from '../presence/fit-presence-model.ts';
import { deviationPeopleMin, fitWindowsMin } from '../presence/fit-presence-model.ts';

/** What `wifi-fit` says, in the technician's language. */
export interface WifiFitMessages {
  readonly help: string;
  readonly confirm: (profile: string) => string;
  readonly notConfirmed: string;
  readonly written: (profile: string, revision: number) => string;
  readonly refused: (refusal: RefusedPresence) => string;
  readonly fitted: (fitted: FittedPresence, unit: 'rate' | 'hashing') => string;
  readonly unknownOption: (option: string) => string;
  readonly missingOption: (option: string) => string;
  readonly badValue: (option: string, value: string, wanted: string) => string;
  readonly severalSensors: string;
}

const two = (value: number): string => value.toFixed(2);

const english: WifiFitMessages = {
  help: `Learns how many people the WiFi indicator means, from a capture and what somebody counted.

  wifi-fit --capture FILE --truth FILE.csv --wifi-mode rate|hashing --profile FILE [--yes]

  --capture FILE          pcap or pcapng with radiotap, of a day with few and with many people
  --truth FILE.csv        utc_minute and people, or occupancy_min and occupancy_max, or in and out
  --wifi-mode MODE        rate (reads no address) or hashing
  --profile FILE          created, or its WiFi sensor replaced with a new revision
  --sensor NAME           slot of the sensor in the profile; "wifi" in a new one
  --window SECONDS        30 to 300; 300
  --minimum-signal DBM    weaker frames come from next door; -70
  --epsilon E, --bits M   of mode hashing; 2, and as many as the busiest window has radios
  --seed N                makes the coins of mode hashing reproducible
  --yes                   write without asking
  --json                  print one JSON object
  --lang de|en            language of messages`,
  confirm: (profile) =>
    `Write the model to ${profile}? This names the mode and so switches WiFi presence on. [y/N] `,
  notConfirmed: 'Nothing was written. Confirm with --yes.',
  written: (profile, revision) => `Written to ${profile}, revision ${revision}.`,
  refused: (refusal) =>
    ({
      'too-few-windows': `Refused: ${refusal.windows} windows with a known number of people; at least ${fitWindowsMin} are needed.`,
      'no-variation': `Refused: the number of people hardly changes (standard deviation ${two(refusal.deviationPeople)}, at least ${deviationPeopleMin} is needed). Take a day on which the place was also empty.`,
      'no-relation': `Refused: the indicator does not follow the people. Left-out windows err by ${two(refusal.meanAbsoluteError ?? Number.NaN)}, hardly better than always saying the mean. Do capture and truth belong together (UTC)?`,
    })[refusal.reason],
  fitted: (fitted, mode) =>
    `people = ${fitted.line.factor.toPrecision(3)} × (${mode === 'rate' ? 'busy seconds' : 'radios'} − ${two(fitted.line.floor)}), from ${fitted.windows} windows.
Leave-one-out: mean absolute error ${two(fitted.meanAbsoluteError)} people, root mean square ${two(fitted.rootMeanSquareError)}; always saying the mean would err by ${two(fitted.meanAbsoluteDeviation)}. r = ${fitted.correlation.toFixed(3)}.
The error grows with the model's age: learn again when phones, furniture or the listener have changed.`,
  unknownOption: (option) => `${option}: unknown option; see --help`,
  missingOption: (option) => `${option} is missing; see --help`,
  badValue: (option, value, wanted) => `${option} ${value}: must be ${wanted}`,
  severalSensors: 'the profile has several WiFi sensors: name one with --sensor',
};

const german: WifiFitMessages = {
  help: `Lernt aus einer Aufzeichnung und gezählten Köpfen, wie viele Menschen der WLAN-Anzeiger bedeutet.

  wifi-fit --capture DATEI --truth DATEI.csv --wifi-mode rate|hashing --profile DATEI [--yes]

  --capture DATEI         pcap oder pcapng mit Radiotap, von einem Tag mit wenigen und mit vielen Menschen
  --truth DATEI.csv       utc_minute und people, oder occupancy_min und occupancy_max, oder in und out
  --wifi-mode MODUS       rate (liest keine Adresse) oder hashing
  --profile DATEI         wird angelegt, oder ihr WLAN-Sensor erhält eine neue Revision
  --sensor NAME           Platz des Sensors im Profil; in einem neuen "wifi"
  --window SEKUNDEN       30 bis 300; 300
  --minimum-signal DBM    schwächere Pakete kommen von nebenan; -70
  --epsilon E, --bits M   für den Modus hashing; 2, und so viele wie das vollste Fenster Geräte hat
  --seed N                macht die Münzwürfe des Modus hashing wiederholbar
  --yes                   ohne Rückfrage schreiben
  --json                  ein JSON-Objekt ausgeben
  --lang de|en            Sprache der Meldungen`,
  confirm: (profile) =>
    `Das Modell nach ${profile} schreiben? Das nennt den Modus und schaltet die WLAN-Präsenz damit ein. [j/N] `,
  notConfirmed: 'Es wurde nichts geschrieben. Mit --yes bestätigen.',
  written: (profile, revision) => `Geschrieben nach ${profile}, Revision ${revision}.`,
  refused: (refusal) =>
    ({
      'too-few-windows': `Abgelehnt: ${refusal.windows} Fenster mit bekannter Zahl von Menschen; mindestens ${fitWindowsMin} sind nötig.`,
      'no-variation': `Abgelehnt: Die Zahl der Menschen ändert sich kaum (Standardabweichung ${two(refusal.deviationPeople)}, mindestens ${deviationPeopleMin} ist nötig). Einen Tag nehmen, an dem der Ort auch leer war.`,
      'no-relation': `Abgelehnt: Der Anzeiger folgt den Menschen nicht. Ausgelassene Fenster irren um ${two(refusal.meanAbsoluteError ?? Number.NaN)}, kaum besser als immer der Mittelwert. Gehören Aufzeichnung und Zählung zusammen (UTC)?`,
    })[refusal.reason],
  fitted: (fitted, mode) =>
    `Menschen = ${fitted.line.factor.toPrecision(3)} × (${mode === 'rate' ? 'belegte Sekunden' : 'Geräte'} − ${two(fitted.line.floor)}), aus ${fitted.windows} Fenstern.
Je ein Fenster ausgelassen: mittlerer absoluter Fehler ${two(fitted.meanAbsoluteError)} Menschen, quadratisches Mittel ${two(fitted.rootMeanSquareError)}; immer der Mittelwert irrte um ${two(fitted.meanAbsoluteDeviation)}. r = ${fitted.correlation.toFixed(3)}.
Der Fehler wächst mit dem Alter des Modells: neu lernen, wenn sich Telefone, Einrichtung oder Empfänger geändert haben.`,
  unknownOption: (option) => `${option}: unbekannte Option; siehe --help`,
  missingOption: (option) => `${option} fehlt; siehe --help`,
  badValue: (option, value, wanted) => `${option} ${value}: muss ${wanted} sein`,
  severalSensors: 'das Profil hat mehrere WLAN-Sensoren: einen mit --sensor nennen',
};

export const wifiFitMessages: Readonly<Record<Language, WifiFitMessages>> = { de: german, en: english };
