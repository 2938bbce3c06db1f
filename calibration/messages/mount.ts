import type { Language } from '../command.ts';
import type { MountCode } from '../mount/mounting-advice.ts';
import type { FindingSentences } from '../scan/finding.ts';

export type DoorKind = 'none' | 'swing' | 'sliding';

/** What `mount` says. */
export interface MountMessages {
  readonly summary: string;
  readonly help: string;
  readonly title: (sensor: string) => string;
  readonly ready: string;
  readonly measuring: (secondsLeft: number) => string;
  readonly side: Readonly<Record<'outside' | 'inside', string>>;
  readonly height: (measured: string) => string;
  readonly badHeight: string;
  readonly moved: string;
  readonly implausible: (metres: string) => string;
  readonly wide: (mm: string) => string;
  readonly drawing: (file: string) => string;
  readonly whichDoor: string;
  readonly doors: Readonly<Record<DoorKind, string>>;
  readonly moveDoor: string;
  readonly watchingDoor: string;
  readonly live: string;
  readonly counted: (inwards: number, outwards: number) => string;
  readonly next: string;
  readonly baselineGone: string;
  readonly sentences: FindingSentences<MountCode>;
}

const metres = (mm: unknown): string => (Number(mm) / 1000).toFixed(2);
const sides = { de: { outside: 'außen', inside: 'innen' }, en: { outside: 'outside', inside: 'inside' } };
const sideOf = (language: Language, side: unknown): string => sides[language][side as 'outside' | 'inside'];

const english: MountMessages = {
  summary: 'measures the height, draws the field of view, warns of door, sun and reflections',
  help: `Measures the height from the distance of the floor, draws the field of view for it, warns of door leaves, sunlight
and reflections, and shows the distances of both zones live, with a beep a count for whoever stands on the ladder.

  mount [--sensor NAME] [--height MM] [--passage MM] [--door none|swing|sliding] [--drawing FILE.svg]

  --sensor NAME           slot of the sensor; the only one, or asked for
  --height MM             floor to lens by the tape (or the free width of lidars); otherwise as measured
  --passage MM            free width of the passage
  --door KIND             none, swing or sliding
  --drawing FILE.svg      where the drawing goes; beside the site profile
  --seconds N             how long is measured, 2 to 60; 4
  --door-seconds N        how long the door is watched where nobody can press a key, 0 to 120; 0
  --live-seconds N        how long the live picture stays where nobody can press a key, 0 to 3600; 0`,
  title: (sensor) => `Mounting of sensor ${sensor}`,
  ready: 'Is nobody under the sensor, and is the door shut?',
  measuring: (left) => `Measuring the distance of the floor: ${left} s`,
  side: sides.en,
  height: (measured) =>
    `Height from floor to lens in mm (the sensor says ${measured}; correct it by the tape)`,
  badHeight: 'whole millimetres, 300 to 6000',
  moved: 'Refused: something moved under the sensor meanwhile. Do it again with nobody there.',
  implausible: (m) =>
    `Refused: the sensor sees something at ${m} m, which is no floor under a sensor at a ceiling. Clear the view, or give --height.`,
  wide: (mm) => `${mm} mm wide`,
  drawing: (file) => `Drawing: ${file}`,
  whichDoor: 'Which door is near the sensor?',
  doors: { none: 'none, or an open passage', swing: 'swing door', sliding: 'sliding door' },
  moveDoor: 'Open and shut the door once, with nobody walking through; then press Enter.',
  watchingDoor: 'Watching the door. Enter: done',
  live: 'Live: a beep for each count. Enter: done',
  counted: (inwards, outwards) => `in ${inwards}   out ${outwards}`,
  next: 'Next: baseline.',
  baselineGone: 'The height has changed: the empty scene has to be learned again with baseline.',
  sentences: {
    'height-good': ({ heightMm, headMm }) =>
      `Height ${metres(heightMm)} m: good. At head height (1.70 m) the view is ${headMm} mm wide.`,
    'height-low': ({ heightMm, headMm }) =>
      `Height ${metres(heightMm)} m is low (2.2 to 3.5 m are good): at head height the view is only ${headMm} mm wide, fast and tall people are missed. Hang it higher.`,
    'height-high': ({ heightMm }) =>
      `Height ${metres(heightMm)} m is high (2.2 to 3.5 m are good): children and dark hair come back too weak. Hang it lower, on a bracket.`,
    'height-differs': ({ heightMm, measuredMm }) =>
      `The tape says ${metres(heightMm)} m, the sensor ${metres(measuredMm)} m: measure again from the floor to the lens.`,
    'passage-wide': ({ passageMm, sensors }) =>
      `The passage is ${metres(passageMm)} m wide: one sensor serves 0.9 m. ${sensors} sensors side by side are needed, or people at the edge are missed.`,
    'zones-differ': ({ differMm }) =>
      `The two zones see floors ${differMm} mm apart: the sensor hangs aslant, or a step, a door frame or a lintel is in view of one of them.`,
    reflections: ({ side, percent }) =>
      `${percent} % of the readings of zone ${sideOf('en', side)} come to nothing: the floor shines, is very dark, or glass and metal reflect. Lay a matt mat.`,
    noisy: ({ side, deviationMm }) =>
      `Zone ${sideOf('en', side)} is noisy (${deviationMm} mm): a dirty or double window before the lens, a shining floor, or a loose mounting.`,
    sunlight: ({ side, ambientKcps }) =>
      `Sun on the floor of zone ${sideOf('en', side)} (${ambientKcps} thousand counts a second of foreign light): while it shines, coverage falls. Shade it, or move the sensor inwards.`,
    'sunlight-unknown': () =>
      'This sensor does not tell foreign light: look yourself whether the sun shines into it in the morning or evening.',
    'door-in-view': ({ side, nearestMm, aboveFloorMm }) =>
      `The door leaf comes into view of zone ${sideOf('en', side)}, ${metres(nearestMm)} m from the sensor (${metres(aboveFloorMm)} m above the floor). It may be counted as a person: keep 30 cm from its swing.`,
    'door-clear': () => 'The door does not come into view.',
    'door-unchecked': () => 'The door was not watched. Keep the sensor 30 cm from the swing of its leaf.',
  },
};

const german: MountMessages = {
  summary: 'misst die Höhe, zeichnet das Sichtfeld, warnt vor Tür, Sonne und Spiegelung',
  help: `Misst die Höhe am Abstand des Bodens, zeichnet das Sichtfeld dafür, warnt vor Türflügeln, Sonne und Spiegelungen
und zeigt die Abstände beider Zonen fortlaufend, mit einem Ton je Zählung für den Menschen auf der Leiter.

  mount [--sensor NAME] [--height MM] [--passage MM] [--door none|swing|sliding] [--drawing DATEI.svg]

  --sensor NAME           Platz des Sensors; der einzige, sonst wird gefragt
  --height MM             Boden bis Linse nach dem Maßband (bei Lidars die freie Breite); sonst wie gemessen
  --passage MM            freie Breite des Durchgangs
  --door ART              none (keine), swing (Flügel) oder sliding (Schiebetür)
  --drawing DATEI.svg     wohin die Zeichnung kommt; neben das Standortprofil
  --seconds N             wie lange gemessen wird, 2 bis 60; 4
  --door-seconds N        wie lange die Tür beobachtet wird, wo niemand eine Taste drückt, 0 bis 120; 0
  --live-seconds N        wie lange das Bild steht, wo niemand eine Taste drückt, 0 bis 3600; 0`,
  title: (sensor) => `Montage des Sensors ${sensor}`,
  ready: 'Ist niemand unter dem Sensor, und ist die Tür zu?',
  measuring: (left) => `Ich messe den Abstand des Bodens: ${left} s`,
  side: sides.de,
  height: (measured) =>
    `Höhe vom Boden bis zur Linse in mm (der Sensor sagt ${measured}; nach dem Maßband berichtigen)`,
  badHeight: 'ganze Millimeter, 300 bis 6000',
  moved:
    'Abgelehnt: Unter dem Sensor hat sich inzwischen etwas bewegt. Noch einmal, ohne dass jemand da ist.',
  implausible: (m) =>
    `Abgelehnt: Der Sensor sieht etwas in ${m} m; das ist kein Boden unter einem Deckensensor. Die Sicht freimachen oder --height angeben.`,
  wide: (mm) => `${mm} mm breit`,
  drawing: (file) => `Zeichnung: ${file}`,
  whichDoor: 'Welche Tür ist beim Sensor?',
  doors: { none: 'keine, oder ein offener Durchgang', swing: 'Flügeltür', sliding: 'Schiebetür' },
  moveDoor: 'Die Tür einmal öffnen und schließen, ohne dass jemand durchgeht; dann Enter drücken.',
  watchingDoor: 'Ich beobachte die Tür. Enter: fertig',
  live: 'Laufendes Bild: ein Ton je Zählung. Enter: fertig',
  counted: (inwards, outwards) => `hinein ${inwards}   hinaus ${outwards}`,
  next: 'Weiter mit baseline.',
  baselineGone: 'Die Höhe hat sich geändert: Die leere Szene muss mit baseline neu gelernt werden.',
  sentences: {
    'height-good': ({ heightMm, headMm }) =>
      `Höhe ${metres(heightMm)} m: gut. In Kopfhöhe (1,70 m) ist das Sichtfeld ${headMm} mm breit.`,
    'height-low': ({ heightMm, headMm }) =>
      `Höhe ${metres(heightMm)} m ist niedrig (gut sind 2,2 bis 3,5 m): In Kopfhöhe ist das Sichtfeld nur ${headMm} mm breit, schnelle und große Menschen entgehen ihm. Höher hängen.`,
    'height-high': ({ heightMm }) =>
      `Höhe ${metres(heightMm)} m ist hoch (gut sind 2,2 bis 3,5 m): Kinder und dunkles Haar werfen zu wenig Licht zurück. Tiefer hängen, an einem Ausleger.`,
    'height-differs': ({ heightMm, measuredMm }) =>
      `Das Maßband sagt ${metres(heightMm)} m, der Sensor ${metres(measuredMm)} m: vom Boden bis zur Linse nachmessen.`,
    'passage-wide': ({ passageMm, sensors }) =>
      `Der Durchgang ist ${metres(passageMm)} m breit: Ein Sensor reicht für 0,9 m. Es braucht ${sensors} Sensoren nebeneinander, sonst entgeht, wer am Rand geht.`,
    'zones-differ': ({ differMm }) =>
      `Die beiden Zonen sehen Böden, die ${differMm} mm auseinanderliegen: Der Sensor hängt schief, oder Stufe, Türrahmen oder Sturz ragt in eine Zone.`,
    reflections: ({ side, percent }) =>
      `${percent} % der Messwerte der Zone ${sideOf('de', side)} bleiben leer: Der Boden spiegelt, ist sehr dunkel, oder Glas und Metall spiegeln. Eine matte Matte legen.`,
    noisy: ({ side, deviationMm }) =>
      `Die Zone ${sideOf('de', side)} rauscht (${deviationMm} mm): verschmutztes oder doppeltes Fenster vor der Linse, spiegelnder Boden oder lose Befestigung.`,
    sunlight: ({ side, ambientKcps }) =>
      `Sonne auf dem Boden der Zone ${sideOf('de', side)} (${ambientKcps} Tausend Zählimpulse Fremdlicht je Sekunde): Solange sie scheint, sinkt die Abdeckung. Beschatten oder den Sensor weiter nach innen setzen.`,
    'sunlight-unknown': () =>
      'Dieser Sensor meldet kein Fremdlicht: selbst nachsehen, ob morgens oder abends die Sonne hineinscheint.',
    'door-in-view': ({ side, nearestMm, aboveFloorMm }) =>
      `Der Türflügel kommt in die Sicht der Zone ${sideOf('de', side)}, ${metres(nearestMm)} m vor dem Sensor (${metres(aboveFloorMm)} m über dem Boden). Er kann als Mensch gezählt werden: 30 cm Abstand von seinem Weg halten.`,
    'door-clear': () => 'Die Tür kommt nicht in die Sicht.',
    'door-unchecked': () => 'Die Tür wurde nicht beobachtet. Den Sensor 30 cm von ihrem Weg entfernt halten.',
  },
};

export const mountMessages: Readonly<Record<Language, MountMessages>> = { de: german, en: english };
