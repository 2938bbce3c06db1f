import type { Language } from '../command.ts';
import type { FindingSentences } from '../scan/finding.ts';
import type { I2cCode } from '../scan/survey-i2c.ts';
import type { MachineCode } from '../scan/survey-machine.ts';
import type { SerialCode } from '../scan/survey-serial.ts';
import type { WifiCode } from '../scan/survey-wifi.ts';

export type ScanCode = MachineCode | I2cCode | SerialCode | WifiCode;

/** What `scan` says. */
export interface ScanMessages {
  readonly summary: string;
  readonly help: string;
  readonly title: string;
  readonly looking: string;
  readonly sentences: FindingSentences<ScanCode>;
  readonly nothingCounts: string;
  readonly mayWrite: (sensors: string, file: string) => string;
  readonly written: (file: string) => string;
  readonly exists: (file: string) => string;
  readonly deviceName: string;
  readonly badName: string;
  readonly next: string;
}

const english: ScanMessages = {
  summary: 'finds what is plugged in, and says what is missing and how to mend it',
  help: `Looks for sensors: I²C devices, serial ports, Arduinos with Firmata, WiFi adapters that can listen. Says what
each is, what is missing, and the command that mends it. Exit code 1 where no sensor that counts was found.

  scan [--write [--device NAME]]

  --write                 make the agent's configuration (--config) of the sensors found, if there is none
  --device NAME           name of the device in it; the machine's name
  --state-dir FOLDER      where the agent keeps its counts; /var/lib/passant
  --run-dir FOLDER        where it keeps the open minute, in memory; /run/passant
  --practice FILE         look at the machine that FILE describes, for lessons`,
  title: 'What is plugged in',
  looking: 'Looking and asking; an Arduino takes a few seconds to wake …',
  sentences: {
    machine: ({ model, architecture }) => `This machine is a ${model} (${architecture}).`,
    'machine-unfit': ({ model }) =>
      `This machine is a ${model} with a 32-bit system: the agent needs 64 bits. Write a 64-bit Raspberry Pi OS to its card.`,
    'agent-running': () =>
      'The agent is counting now and holds its sensors. Stop it before you calibrate them.',
    'gpiod-missing': () =>
      'For motion detectors and several VL53L1X on the pins of this machine the tools of gpiod are missing.',
    'gpio-denied': ({ path }) => `${path} is there, but you may not use it.`,
    'network-manager-missing': () =>
      'nmcli (NetworkManager) is missing: the verb network cannot list and join WiFi.',
    'i2c-off': () => 'There is no I²C bus: it is switched off, and a VL53L1X cannot be reached.',
    'i2c-denied': ({ path }) => `${path} is there, but you may not use it.`,
    'i2c-failed': ({ path, cause }) =>
      `${path} does not work: ${cause}. A data line held low (wrong wiring, no supply) does this.`,
    'i2c-empty': ({ path }) =>
      `${path}: nobody answers. Check 3.3 V, GND, SDA (pin 3) and SCL (pin 5); XSHUT must not be low.`,
    'i2c-slow': ({ path, kiloHertz }) =>
      `${path} runs at ${kiloHertz} kHz: enough for one sensor, not for several.`,
    'i2c-vl53l1x': ({ path, address }) => `${path} ${address}: VL53L1X, the ceiling sensor. It counts.`,
    'i2c-vl53l0x': ({ path, address }) =>
      `${path} ${address}: VL53L0X. It looks like a VL53L1X but has one zone only and cannot count; take a VL53L1X.`,
    'i2c-clock': ({ path, address }) => `${path} ${address}: a clock with a battery, in use.`,
    'i2c-clock-unused': ({ path, address }) =>
      `${path} ${address}: probably a clock with a battery (DS3231), but the system does not use it.`,
    'i2c-bme280': ({ path, address }) => `${path} ${address}: BME280, temperature and pressure. Not used.`,
    'i2c-lidar': ({ path, address }) =>
      `${path} ${address}: a TF-Luna in I²C mode. Free its pin 5 (not to GND) and connect it to a serial port.`,
    'i2c-unknown': ({ path, address }) => `${path} ${address}: something answers that I do not know.`,
    'serial-none': () => 'No serial port: no lidar and no Arduino is plugged in.',
    'serial-unnamed': () =>
      'udevadm is missing: serial ports can be named by their number only, which changes when something is replugged.',
    'serial-denied': ({ path }) => `${path} is there, but you may not use it.`,
    'serial-console': ({ path }) => `${path}: a login console runs there and would talk into the sensor.`,
    'serial-busy': ({ cause }) => `${cause}`,
    'serial-lidar': ({ name, version, distanceMm }) =>
      `${name}: TF-Luna or TFmini-S, firmware ${version ?? '?'}, sees ${Number(distanceMm) / 1000} m. Two of them across the passage count.`,
    'serial-firmata': ({ name, firmware }) =>
      `${name}: Arduino with ${firmware}. Motion detectors on its pins bear witness; they do not count.`,
    'serial-silent': ({ path, own }) =>
      own === 1
        ? `${path}: the machine's own port, nothing speaks there.`
        : `${path}: nothing that I know speaks there. An Arduino needs StandardFirmata, a lidar 5 V and TX/RX crossed.`,
    'wifi-none': () => 'No WiFi adapter.',
    'wifi-iw-missing': () => 'iw is missing: whether an adapter can listen cannot be asked.',
    'wifi-monitor': ({ interface: name }) => `${name}: listens already (monitor mode).`,
    'wifi-monitor-capable': ({ interface: name }) =>
      `${name}: can listen for phones, if WiFi presence is wanted (off by default).`,
    'wifi-no-monitor': ({ interface: name }) =>
      `${name}: can not listen (no monitor mode); good for the uplink.`,
    'wifi-uplink': ({ interface: name }) => `${name}: connected, the uplink.`,
    'wifi-blocked': () => 'WiFi is switched off by software.',
    'wifi-tcpdump-missing': () => 'For WiFi presence tcpdump is missing.',
  },
  nothingCounts: 'No sensor that counts was found.',
  mayWrite: (sensors, file) => `Write the configuration ${file} with ${sensors}?`,
  written: (file) => `Written: ${file}. Next: mount, baseline.`,
  exists: (file) => `${file} is there already and was left as it is.`,
  deviceName: 'What is this device to be called?',
  badName: 'small letters, digits and hyphens, up to 63',
  next: 'Next: scan --write, or the agent’s configuration by hand; then mount.',
};

const german: ScanMessages = {
  summary: 'findet, was angeschlossen ist, und sagt, was fehlt und wie man es behebt',
  help: `Sucht Sensoren: I²C-Geräte, serielle Anschlüsse, Arduinos mit Firmata, WLAN-Adapter, die horchen können. Sagt, was
jedes ist, was fehlt, und den Befehl, der es behebt. Ende-Code 1, wo kein zählender Sensor gefunden wurde.

  scan [--write [--device NAME]]

  --write                 aus den gefundenen Sensoren die Konfiguration (--config) anlegen, wenn es keine gibt
  --device NAME           Name des Geräts darin; der des Rechners
  --state-dir ORDNER      wo das Zählprogramm seine Zählungen ablegt; /var/lib/passant
  --run-dir ORDNER        wo es die offene Minute hält, im Speicher; /run/passant
  --practice DATEI        den Rechner ansehen, den DATEI beschreibt, zum Üben`,
  title: 'Was angeschlossen ist',
  looking: 'Ich sehe nach und frage; ein Arduino braucht einige Sekunden zum Aufwachen …',
  sentences: {
    machine: ({ model, architecture }) => `Dieser Rechner ist ein ${model} (${architecture}).`,
    'machine-unfit': ({ model }) =>
      `Dieser Rechner ist ein ${model} mit 32-Bit-System: Das Zählprogramm braucht 64 Bit. Ein 64-Bit-Raspberry-Pi-OS auf die Karte schreiben.`,
    'agent-running': () =>
      'Das Zählprogramm läuft gerade und hält seine Sensoren. Vor dem Einmessen anhalten.',
    'gpiod-missing': () =>
      'Für Bewegungsmelder und mehrere VL53L1X an den Pins dieses Rechners fehlen die Werkzeuge von gpiod.',
    'gpio-denied': ({ path }) => `${path} ist da, aber Sie dürfen es nicht benutzen.`,
    'network-manager-missing': () =>
      'nmcli (NetworkManager) fehlt: Der Befehl network kann WLAN weder auflisten noch beitreten.',
    'i2c-off': () => 'Es gibt keinen I²C-Bus: Er ist ausgeschaltet, ein VL53L1X ist nicht zu erreichen.',
    'i2c-denied': ({ path }) => `${path} ist da, aber Sie dürfen es nicht benutzen.`,
    'i2c-failed': ({ path, cause }) =>
      `${path} arbeitet nicht: ${cause}. Das macht eine Leitung, die auf Masse liegt (falsch verdrahtet, keine Spannung).`,
    'i2c-empty': ({ path }) =>
      `${path}: Niemand antwortet. 3,3 V, GND, SDA (Pin 3) und SCL (Pin 5) prüfen; XSHUT darf nicht auf Masse liegen.`,
    'i2c-slow': ({ path, kiloHertz }) =>
      `${path} läuft mit ${kiloHertz} kHz: genug für einen Sensor, nicht für mehrere.`,
    'i2c-vl53l1x': ({ path, address }) => `${path} ${address}: VL53L1X, der Deckensensor. Er zählt.`,
    'i2c-vl53l0x': ({ path, address }) =>
      `${path} ${address}: VL53L0X. Sieht aus wie ein VL53L1X, hat aber nur eine Zone und kann nicht zählen; einen VL53L1X nehmen.`,
    'i2c-clock': ({ path, address }) => `${path} ${address}: eine Uhr mit Batterie, in Gebrauch.`,
    'i2c-clock-unused': ({ path, address }) =>
      `${path} ${address}: vermutlich eine Uhr mit Batterie (DS3231), aber das System benutzt sie nicht.`,
    'i2c-bme280': ({ path, address }) =>
      `${path} ${address}: BME280, Temperatur und Luftdruck. Wird nicht benutzt.`,
    'i2c-lidar': ({ path, address }) =>
      `${path} ${address}: ein TF-Luna im I²C-Modus. Seinen Pin 5 freilassen (nicht an GND) und ihn an einen seriellen Anschluss stecken.`,
    'i2c-unknown': ({ path, address }) => `${path} ${address}: Hier antwortet etwas, das ich nicht kenne.`,
    'serial-none': () => 'Kein serieller Anschluss: Weder Lidar noch Arduino ist eingesteckt.',
    'serial-unnamed': () =>
      'udevadm fehlt: Serielle Anschlüsse lassen sich nur mit ihrer Nummer nennen, und die wechselt beim Umstecken.',
    'serial-denied': ({ path }) => `${path} ist da, aber Sie dürfen es nicht benutzen.`,
    'serial-console': ({ path }) => `${path}: Dort läuft eine Anmeldekonsole und redet dem Sensor hinein.`,
    'serial-busy': ({ cause }) => `${cause}`,
    'serial-lidar': ({ name, version, distanceMm }) =>
      `${name}: TF-Luna oder TFmini-S, Firmware ${version ?? '?'}, sieht ${String(Number(distanceMm) / 1000).replace('.', ',')} m. Zwei davon quer zum Durchgang zählen.`,
    'serial-firmata': ({ name, firmware }) =>
      `${name}: Arduino mit ${firmware}. Bewegungsmelder an seinen Pins bezeugen; sie zählen nicht.`,
    'serial-silent': ({ path, own }) =>
      own === 1
        ? `${path}: der eigene Anschluss des Rechners, dort spricht nichts.`
        : `${path}: Dort spricht nichts, was ich kenne. Ein Arduino braucht StandardFirmata, ein Lidar 5 V und gekreuzte TX/RX.`,
    'wifi-none': () => 'Kein WLAN-Adapter.',
    'wifi-iw-missing': () => 'iw fehlt: Ob ein Adapter horchen kann, lässt sich nicht fragen.',
    'wifi-monitor': ({ interface: name }) => `${name}: horcht schon (Monitormodus).`,
    'wifi-monitor-capable': ({ interface: name }) =>
      `${name}: kann nach Telefonen horchen, wenn WLAN-Präsenz gewünscht ist (ab Werk aus).`,
    'wifi-no-monitor': ({ interface: name }) =>
      `${name}: kann nicht horchen (kein Monitormodus); gut für die Verbindung.`,
    'wifi-uplink': ({ interface: name }) => `${name}: verbunden, die Verbindung zum Gateway.`,
    'wifi-blocked': () => 'WLAN ist per Software ausgeschaltet.',
    'wifi-tcpdump-missing': () => 'Für WLAN-Präsenz fehlt tcpdump.',
  },
  nothingCounts: 'Es wurde kein zählender Sensor gefunden.',
  mayWrite: (sensors, file) => `Die Konfiguration ${file} mit ${sensors} schreiben?`,
  written: (file) => `Geschrieben: ${file}. Weiter mit mount, dann baseline.`,
  exists: (file) => `${file} gibt es schon; sie blieb, wie sie ist.`,
  deviceName: 'Wie soll dieses Gerät heißen?',
  badName: 'Kleinbuchstaben, Ziffern und Bindestriche, bis 63',
  next: 'Weiter: scan --write, oder die Konfiguration von Hand; dann mount.',
};

export const scanMessages: Readonly<Record<Language, ScanMessages>> = { de: german, en: english };
