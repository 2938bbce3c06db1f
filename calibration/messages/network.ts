import type { Language } from '../command.ts';
import type { NetworkCode } from '../network/survey-network.ts';
import type { FindingSentences } from '../scan/finding.ts';

/** What `network` says. */
export interface NetworkMessages {
  readonly summary: string;
  readonly help: string;
  readonly title: string;
  readonly searching: string;
  readonly whichNetwork: string;
  readonly noJoin: string;
  readonly open: string;
  readonly password: (name: string) => string;
  readonly joined: (name: string) => string;
  readonly notThere: (name: string) => string;
  readonly wifiFault: (cause: string) => string;
  readonly sentences: FindingSentences<NetworkCode>;
  readonly good: string;
  readonly bad: string;
}

const english: NetworkMessages = {
  summary: 'uplink: lists and joins WiFi, knows Ethernet and LTE, checks address, gateway and time',
  help: `Looks at the ways out (Ethernet, WiFi, LTE), joins a WiFi network if wished, and checks address, gateway and clock.
Exit code 1 where counts would not get through.

  network [--ssid NAME [--password-file FILE]] [--gateway URL]

  --ssid NAME             join this WiFi network
  --password-file FILE    its password is the first line of FILE; asked for otherwise
  --interface NAME        the WiFi adapter to use
  --gateway URL           mqtt(s)://host:port or http(s)://…; otherwise the uplink of the configuration
  --practice FILE         look at the machine that FILE describes, for lessons`,
  title: 'Way to the gateway',
  searching: 'Looking for networks …',
  whichNetwork: 'Join which WiFi network?',
  noJoin: 'none, leave it as it is',
  open: 'open',
  password: (name) => `Password of ${name}`,
  joined: (name) => `Joined ${name}; it will be joined again after a restart.`,
  notThere: (name) => `--ssid ${name}: no such network within reach`,
  wifiFault: (cause) => `WiFi cannot be asked: ${cause}`,
  sentences: {
    'net-ethernet': ({ interface: name }) => `${name}: cable, connected.`,
    'net-ethernet-unplugged': ({ interface: name }) => `${name}: socket for a cable, nothing plugged in.`,
    'net-lte': ({ interface: name }) => `${name}: mobile network (LTE), connected.`,
    'net-lte-down': ({ interface: name }) =>
      `${name}: LTE modem, not connected (SIM, PIN, APN: nmcli connection).`,
    'net-wifi': ({ interface: name, name: ssid, percent }) => `${name}: WiFi "${ssid}", signal ${percent} %.`,
    'net-wifi-weak': ({ interface: name, name: ssid, percent }) =>
      `${name}: WiFi "${ssid}", signal only ${percent} %: move the antenna, or take a cable.`,
    'net-wifi-down': ({ interface: name }) => `${name}: WiFi, not connected.`,
    'net-address': ({ interface: name, address }) => `${name} has the address ${address}.`,
    'net-address-none': () => 'No address: the network gives none (DHCP), or nothing is connected.',
    'net-address-link-local': ({ interface: name, address }) =>
      `${name} has given itself ${address}: nobody in this network hands out addresses (DHCP).`,
    'net-route-none': () => 'There is no way out of this network (no default route).',
    'gateway-reached': ({ host, port, milliseconds }) =>
      `Gateway ${host}:${port} answers (${milliseconds} ms).`,
    'gateway-unknown': () => 'No gateway is configured yet; enrol does that, or name one with --gateway.',
    'gateway-name-unknown': ({ host }) =>
      `Gateway ${host}: this name is not known here. Is it spelt right, and does the network have a name server?`,
    'gateway-refused': ({ host, port }) =>
      `Gateway ${host} is there, but nothing listens at port ${port}: is the gateway running?`,
    'gateway-silent': ({ host, port }) =>
      `Gateway ${host}:${port} does not answer: a firewall, or another network.`,
    'time-synced': () => 'The clock is kept (NTP).',
    'time-unsynced': () =>
      'Nobody keeps the clock: minutes are stamped by estimate until somebody does. A firewall may block NTP (UDP 123).',
  },
  good: 'Counts will get through.',
  bad: 'Counts would not get through.',
};

const german: NetworkMessages = {
  summary: 'Verbindung: listet WLAN auf und tritt bei, kennt Kabel und LTE, prüft Adresse, Gateway, Uhrzeit',
  help: `Sieht die Wege nach draußen an (Kabel, WLAN, LTE), tritt auf Wunsch einem WLAN bei und prüft Adresse, Gateway und Uhr.
Ende-Code 1, wo Zählungen nicht durchkämen.

  network [--ssid NAME [--password-file DATEI]] [--gateway URL]

  --ssid NAME             diesem WLAN beitreten
  --password-file DATEI   sein Passwort ist die erste Zeile der DATEI; sonst wird gefragt
  --interface NAME        der WLAN-Adapter dafür
  --gateway URL           mqtt(s)://rechner:port oder http(s)://…; sonst der uplink der Konfiguration
  --practice DATEI        den Rechner ansehen, den DATEI beschreibt, zum Üben`,
  title: 'Weg zum Gateway',
  searching: 'Ich suche Netze …',
  whichNetwork: 'Welchem WLAN beitreten?',
  noJoin: 'keinem, so lassen',
  open: 'offen',
  password: (name) => `Passwort von ${name}`,
  joined: (name) => `${name} beigetreten; nach einem Neustart geschieht das von selbst.`,
  notThere: (name) => `--ssid ${name}: kein solches Netz in Reichweite`,
  wifiFault: (cause) => `WLAN lässt sich nicht fragen: ${cause}`,
  sentences: {
    'net-ethernet': ({ interface: name }) => `${name}: Kabel, verbunden.`,
    'net-ethernet-unplugged': ({ interface: name }) => `${name}: Buchse für ein Kabel, nichts eingesteckt.`,
    'net-lte': ({ interface: name }) => `${name}: Mobilfunk (LTE), verbunden.`,
    'net-lte-down': ({ interface: name }) =>
      `${name}: LTE-Modem, nicht verbunden (SIM, PIN, APN: nmcli connection).`,
    'net-wifi': ({ interface: name, name: ssid, percent }) => `${name}: WLAN „${ssid}“, Signal ${percent} %.`,
    'net-wifi-weak': ({ interface: name, name: ssid, percent }) =>
      `${name}: WLAN „${ssid}“, Signal nur ${percent} %: Antenne versetzen oder Kabel nehmen.`,
    'net-wifi-down': ({ interface: name }) => `${name}: WLAN, nicht verbunden.`,
    'net-address': ({ interface: name, address }) => `${name} hat die Adresse ${address}.`,
    'net-address-none': () => 'Keine Adresse: Das Netz gibt keine (DHCP), oder nichts ist verbunden.',
    'net-address-link-local': ({ interface: name, address }) =>
      `${name} hat sich ${address} selbst gegeben: Niemand vergibt in diesem Netz Adressen (DHCP).`,
    'net-route-none': () => 'Aus diesem Netz führt kein Weg hinaus (keine Standardroute).',
    'gateway-reached': ({ host, port, milliseconds }) =>
      `Gateway ${host}:${port} antwortet (${milliseconds} ms).`,
    'gateway-unknown': () =>
      'Noch ist kein Gateway eingetragen; das macht enrol, oder eines mit --gateway nennen.',
    'gateway-name-unknown': ({ host }) =>
      `Gateway ${host}: Diesen Namen kennt hier niemand. Richtig geschrieben? Hat das Netz einen Nameserver?`,
    'gateway-refused': ({ host, port }) =>
      `Gateway ${host} ist da, aber an Port ${port} hört nichts: Läuft das Gateway?`,
    'gateway-silent': ({ host, port }) =>
      `Gateway ${host}:${port} antwortet nicht: eine Firewall oder ein anderes Netz.`,
    'time-synced': () => 'Die Uhr wird gestellt (NTP).',
    'time-unsynced': () =>
      'Niemand stellt die Uhr: Minuten werden so lange nach Schätzung gestempelt. Vielleicht sperrt eine Firewall NTP (UDP 123).',
  },
  good: 'Zählungen kommen durch.',
  bad: 'Zählungen kämen nicht durch.',
};

export const networkMessages: Readonly<Record<Language, NetworkMessages>> = { de: german, en: english };
