import type { Language } from '../command.ts';

/** What every verb says, in the technician's language. */
export interface FrameMessages {
  readonly commonOptions: string;
  readonly commands: string;
  readonly noCommand: (verb: string, known: string) => string;
  readonly missing: (option: string) => string;
  readonly unknownOption: (said: string) => string;
  readonly interrupted: string;
  /** `revision` is null where no profile is in force. */
  readonly remainsInForce: (revision: number | null) => string;
  readonly yes: string;
  readonly no: string;
  readonly notConfirmed: string;
  readonly whichSensor: string;
  readonly noSensor: (file: string, kinds: string) => string;
  readonly noSuchSensor: (name: string, known: string) => string;
  readonly noConfig: (file: string) => string;
  readonly leftDraft: (verb: string, at: string) => string;
  readonly changedMeanwhile: string;
  readonly committed: (file: string, revision: number) => string;
  readonly sensorLost: (sensor: string, seconds: number) => string;
  readonly brokenProfile: (fault: string) => string;
}

const english: FrameMessages = {
  commonOptions: `  --config FILE           configuration of the agent; /etc/passant/agent.json
  --profile FILE          site profile; otherwise the one that the configuration names
  --yes                   go on without asking
  --json                  ask nothing and print one JSON object
  --language de|en        language of messages
  --help                  this text`,
  commands: 'Commands (each knows --help):',
  noCommand: (verb, known) => `${verb}: no command; there are ${known}`,
  missing: (option) => `${option} is missing; see --help`,
  unknownOption: (said) => `${said}; see --help`,
  interrupted: 'Broken off.',
  remainsInForce: (revision) =>
    revision === null
      ? 'Nothing was changed: no site profile is in force.'
      : `Nothing was changed: revision ${revision} of the site profile stays in force.`,
  yes: 'Yes',
  no: 'No',
  notConfirmed: 'Nothing was written. Confirm with --yes.',
  whichSensor: 'Which sensor?',
  noSensor: (file, kinds) => `${file}: no sensor of kind ${kinds}; find it with scan`,
  noSuchSensor: (name, known) => `--sensor ${name}: no such sensor; there are ${known}`,
  noConfig: (file) => `${file}: no such configuration; scan --write makes one, or name another with --config`,
  leftDraft: (verb, at) =>
    `An unfinished draft of ${verb} of ${at} lies here. It is not in force and is replaced.`,
  changedMeanwhile:
    'The site profile was changed by somebody else meanwhile. Nothing was written: start again.',
  committed: (file, revision) => `${file}: revision ${revision} is in force.`,
  sensorLost: (sensor, seconds) => `${sensor}: no reading for ${seconds} s. Is it plugged in?`,
  brokenProfile: (fault) => `The newest site profile is broken, the last good one is in force: ${fault}`,
};

const german: FrameMessages = {
  commonOptions: `  --config DATEI          Konfiguration des Zählprogramms; /etc/passant/agent.json
  --profile DATEI         Standortprofil; sonst das, welches die Konfiguration nennt
  --yes                   ohne Rückfrage weitermachen
  --json                  nichts fragen und ein JSON-Objekt ausgeben
  --language de|en        Sprache der Meldungen
  --help                  dieser Text`,
  commands: 'Befehle (jeder kennt --help):',
  noCommand: (verb, known) => `${verb}: kein Befehl; es gibt ${known}`,
  missing: (option) => `${option} fehlt; siehe --help`,
  unknownOption: (said) => `${said}; siehe --help`,
  interrupted: 'Abgebrochen.',
  remainsInForce: (revision) =>
    revision === null
      ? 'Es wurde nichts geändert: Es gilt kein Standortprofil.'
      : `Es wurde nichts geändert: Revision ${revision} des Standortprofils gilt weiter.`,
  yes: 'Ja',
  no: 'Nein',
  notConfirmed: 'Es wurde nichts geschrieben. Mit --yes bestätigen.',
  whichSensor: 'Welcher Sensor?',
  noSensor: (file, kinds) => `${file}: kein Sensor der Art ${kinds}; scan findet ihn`,
  noSuchSensor: (name, known) => `--sensor ${name}: kein solcher Sensor; es gibt ${known}`,
  noConfig: (file) =>
    `${file}: keine solche Konfiguration; scan --write legt eine an, oder eine andere mit --config nennen`,
  leftDraft: (verb, at) =>
    `Hier liegt ein unfertiger Entwurf von ${verb} vom ${at}. Er gilt nicht und wird ersetzt.`,
  changedMeanwhile:
    'Das Standortprofil wurde inzwischen von anderer Seite geändert. Es wurde nichts geschrieben: neu beginnen.',
  committed: (file, revision) => `${file}: Revision ${revision} gilt.`,
  sensorLost: (sensor, seconds) => `${sensor}: seit ${seconds} s keine Messung. Ist er angeschlossen?`,
  brokenProfile: (fault) => `Das neueste Standortprofil ist beschädigt, es gilt das letzte gute: ${fault}`,
};

export const frameMessages: Readonly<Record<Language, FrameMessages>> = { de: german, en: english };
