import type { ProvenShare } from '../audit/walk-test-result.ts';
import type { Language } from '../command.ts';
import { burstsMin, type RangeVerdict } from '../presence/signal-range.ts';
import { walkTestMessages } from './walk-test.ts';

export type RangePhase = 'background' | 'near' | 'far';

/** What `wifi-range` says. */
export interface WifiRangeMessages {
  readonly summary: string;
  readonly help: string;
  readonly title: (sensor: string) => string;
  readonly ready: Readonly<Record<RangePhase, string>>;
  readonly listening: (phase: RangePhase, leftSeconds: number, bursts: number) => string;
  readonly found: (verdict: Extract<RangeVerdict, { kind: 'found' }>) => string;
  readonly refused: (verdict: Extract<RangeVerdict, { kind: 'refused' }>) => string;
  readonly wifiOff: string;
  readonly modelDropped: string;
  readonly confirm: string;
  readonly bothFiles: string;
}

const shares = (language: Language, kept: ProvenShare, leftOut: ProvenShare): readonly [string, string] => {
  const { share } = walkTestMessages[language];
  return [share(kept), share(leftOut)];
};

const english: WifiRangeMessages = {
  summary: 'finds the signal below which WiFi is the far side of the street',
  help: `Somebody walks with a telephone (WiFi on, its list of networks open so that it searches) along the near side, then along
the far side. Finds the signal strength that parts the two, refuses where they overlap. Strengths are counted and
nothing else: no address is read, no frame is kept.

  wifi-range [--sensor NAME] [--seconds N]
  wifi-range --near FILE --far FILE [--background FILE]     from captures made before

  --sensor NAME           slot of the WiFi sensor; the only one, or asked for
  --seconds N             length of each walk, 5 to 1800; 120
  --no-background         leave out the first phase, in which nobody walks and others' telephones are measured
  --near, --far, --background FILE   pcap or pcapng with radiotap`,
  title: (sensor) => `Range of the WiFi sensor ${sensor}`,
  ready: {
    background: 'Your telephone’s WiFi off: first only the others are heard. Begin?',
    near: 'Now walk up and down the near side, WiFi on, the list of networks open. Begin?',
    far: 'Now the far side of the street, in the same way. Begin?',
  },
  listening: (phase, left, bursts) =>
    `${{ background: 'Others only', near: 'Near side', far: 'Far side' }[phase]}: ${left} s · ${bursts} bursts heard`,
  found: ({ minimumSignalDbm, nearKept, farLeftOut }) => {
    const [kept, leftOut] = shares('en', nearKept, farLeftOut);
    return `Threshold ${minimumSignalDbm} dBm: of the near side ${kept} are kept, of the far side ${leftOut} are left out.`;
  },
  refused: (verdict) => {
    if (verdict.reason !== 'overlap') {
      const side = verdict.reason === 'too-few-near' ? 'near' : 'far';
      return `Refused: only ${verdict.bursts} bursts of the ${side} side; ${burstsMin} are needed. Keep the telephone's list of networks open, or walk longer (--seconds).`;
    }
    const [kept, leftOut] = shares('en', verdict.nearKept, verdict.farLeftOut);
    return `Refused: the two sides overlap. Even at the best threshold (${verdict.minimumSignalDbm} dBm) only ${kept} of the near side are kept and ${leftOut} of the far side are left out. Turn the antenna away from the street or shield it.`;
  },
  wifiOff:
    'Refused: the site profile names no WiFi mode for this sensor, so WiFi presence is off and nothing is listened to. wifi-fit switches it on; give it the threshold as --minimum-signal.',
  modelDropped: 'The presence model was learned with another threshold and is dropped: run wifi-fit again.',
  confirm: 'Write this threshold to the site profile?',
  bothFiles: '--near and --far go together',
};

const german: WifiRangeMessages = {
  summary: 'findet die Signalstärke, unter der WLAN die andere Straßenseite ist',
  help: `Jemand geht mit einem Telefon (WLAN an, die Liste der Netze offen, damit es sucht) die nahe Seite entlang, dann die ferne.
Findet die Signalstärke, die beide trennt, und lehnt ab, wo sie sich überdecken. Gezählt werden Signalstärken und sonst
nichts: Keine Adresse wird gelesen, kein Paket aufgehoben.

  wifi-range [--sensor NAME] [--seconds N]
  wifi-range --near DATEI --far DATEI [--background DATEI]  aus vorhandenen Aufzeichnungen

  --sensor NAME           Platz des WLAN-Sensors; der einzige, sonst wird gefragt
  --seconds N             Länge jedes Gangs, 5 bis 1800; 120
  --no-background         den ersten Abschnitt weglassen, in dem niemand geht und die Telefone anderer gemessen werden
  --near, --far, --background DATEI  pcap oder pcapng mit Radiotap`,
  title: (sensor) => `Reichweite des WLAN-Sensors ${sensor}`,
  ready: {
    background: 'WLAN am eigenen Telefon aus: Zuerst werden nur die anderen gehört. Beginnen?',
    near: 'Jetzt auf der nahen Seite auf und ab gehen, WLAN an, Liste der Netze offen. Beginnen?',
    far: 'Jetzt ebenso auf der anderen Straßenseite. Beginnen?',
  },
  listening: (phase, left, bursts) =>
    `${{ background: 'Nur die anderen', near: 'Nahe Seite', far: 'Ferne Seite' }[phase]}: ${left} s · ${bursts} Bündel gehört`,
  found: ({ minimumSignalDbm, nearKept, farLeftOut }) => {
    const [kept, leftOut] = shares('de', nearKept, farLeftOut);
    return `Schwelle ${minimumSignalDbm} dBm: Von der nahen Seite bleiben ${kept}, von der fernen fallen ${leftOut} weg.`;
  },
  refused: (verdict) => {
    if (verdict.reason !== 'overlap') {
      const side = verdict.reason === 'too-few-near' ? 'nahen' : 'fernen';
      return `Abgelehnt: nur ${verdict.bursts} Bündel von der ${side} Seite; ${burstsMin} sind nötig. Die Liste der Netze am Telefon offen lassen oder länger gehen (--seconds).`;
    }
    const [kept, leftOut] = shares('de', verdict.nearKept, verdict.farLeftOut);
    return `Abgelehnt: Die beiden Seiten überdecken sich. Selbst bei der besten Schwelle (${verdict.minimumSignalDbm} dBm) bleiben von der nahen Seite nur ${kept}, und von der fernen fallen nur ${leftOut} weg. Die Antenne von der Straße wegdrehen oder abschirmen.`;
  },
  wifiOff:
    'Abgelehnt: Das Standortprofil nennt für diesen Sensor keinen WLAN-Modus, also ist die WLAN-Präsenz aus und es wird nicht gehorcht. wifi-fit schaltet sie ein; dort die Schwelle als --minimum-signal angeben.',
  modelDropped:
    'Das Präsenzmodell wurde mit einer anderen Schwelle gelernt und entfällt: wifi-fit noch einmal ausführen.',
  confirm: 'Diese Schwelle ins Standortprofil schreiben?',
  bothFiles: '--near und --far gehören zusammen',
};

export const wifiRangeMessages: Readonly<Record<Language, WifiRangeMessages>> = { de: german, en: english };
