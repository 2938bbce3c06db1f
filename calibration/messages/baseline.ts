import type { EmptyZone, SceneFault } from '../baseline/empty-scene.ts';
import type { Language } from '../command.ts';

/** What `baseline` says. */
export interface BaselineMessages {
  readonly summary: string;
  readonly help: string;
  readonly title: (sensor: string) => string;
  readonly ready: string;
  readonly learning: (secondsLeft: number) => string;
  readonly side: Readonly<Record<'outside' | 'inside', string>>;
  readonly learned: (zone: EmptyZone) => string;
  readonly fault: (fault: SceneFault, zone: EmptyZone, expectedMm: number) => string;
  readonly heightUnknown: string;
  readonly badHeight: string;
  readonly badSeconds: (option: string, value: string, limits: string) => string;
  readonly walkIn: string;
  readonly waitingForWalk: (secondsLeft: number) => string;
  readonly rightWay: string;
  readonly wrongWay: string;
  readonly onceMore: string;
  readonly severalPeople: string;
  readonly nobodyWalked: (seconds: number) => string;
  readonly notChecked: string;
}

const metres = (mm: number): string => (mm / 1000).toFixed(2);
const sides = { de: { outside: 'außen', inside: 'innen' }, en: { outside: 'outside', inside: 'inside' } };

const english: BaselineMessages = {
  summary: 'learns the empty scene and, from one walk in, the direction',
  help: `Learns the distances of the empty scene; one walk in then sets the direction. Refuses, and says why, while
somebody stands there, while readings are noisy or clipped, and in strong sun.

  baseline [--sensor NAME] [--height MM] [--seconds N] [--no-walk]

  --sensor NAME           slot of the sensor; the only one, or asked for
  --height MM             floor to lens (or free width), where mount has not measured it
  --seconds N             how long the empty scene is looked at, 2 to 120; 8
  --walk-seconds N        how long to wait for the walk in, 5 to 600; 60
  --no-walk               leave the direction as it is`,
  title: (sensor) => `Empty scene of sensor ${sensor}`,
  ready: 'Is nobody under the sensor, and does the door stand as it usually does?',
  learning: (left) => `Please stay away from the sensor: ${left} s`,
  side: sides.en,
  learned: (zone) =>
    `${sides.en[zone.side]}: ${metres(zone.idleMm)} m, noise ${Math.round(zone.deviationMm)} mm, ${zone.readings} readings`,
  fault: (fault, zone, expected) =>
    ({
      'too-few-readings': `Refused: zone ${sides.en[zone.side]} gave only ${zone.readings} readings. Look longer (--seconds) or check the wiring with scan.`,
      'somebody-there': `Refused: somebody or something stands ${metres(zone.idleMm)} m under the sensor (zone ${sides.en[zone.side]}); the floor should be at ${metres(expected)} m. Clear the passage, or measure the height again with mount.`,
      'somebody-passed': `Refused: something moved in zone ${sides.en[zone.side]} meanwhile (nearest ${metres(zone.nearestMm)} m). Do it again with nobody there; a door leaf must stand still.`,
      noisy: `Refused: zone ${sides.en[zone.side]} is noisy: ${Math.round(zone.deviationMm)} mm of standard deviation. A shining or very dark floor, a dirty window in front of the lens, or a loose mounting does this.`,
      'clipped-by-edge': `Refused: the view of zone ${sides.en[zone.side]} is clipped at ${metres(zone.idleMm)} m, far above the floor: a door frame, a lintel or the housing is in the way. Move or tilt the sensor.`,
      'clipped-by-range': `Refused: ${Math.round(100 * zone.badShare)} % of the readings of zone ${sides.en[zone.side]} come to nothing: they are clipped where the sensor's range ends. The floor is too dark, shines, or is too far away: lay a matt mat, or mount it lower.`,
      sunlight: `Refused: the sun swamps zone ${sides.en[zone.side]} (${Math.round(zone.ambientKcps ?? 0)} thousand counts a second of foreign light). Shade the floor, or learn after sunset and expect gaps in the coverage by day.`,
    })[fault],
  heightUnknown: 'Refused: nobody has measured how high the sensor hangs. Run mount first, or give --height.',
  badHeight: 'must be whole millimetres, 300 to 6000',
  badSeconds: (option, value, limits) => `${option} ${value}: must be ${limits} seconds`,
  walkIn: 'Now one person walks in, once, from outside to inside.',
  waitingForWalk: (left) => `Waiting for one walk in: ${left} s`,
  rightWay: 'One person walked in, and was counted as in.',
  wrongWay: 'One person walked in and was counted as out: the sides are exchanged.',
  onceMore: 'More than one person was seen: once more, with one.',
  severalPeople: 'Refused: each time more than one person was seen. Do it again when the passage is quiet.',
  nobodyWalked: (seconds) =>
    `Refused: nobody was seen walking in within ${seconds} s. The empty scene was not put in force; do it again.`,
  notChecked: 'The direction was left as it is. Check it with walk-test.',
};

const german: BaselineMessages = {
  summary: 'lernt die leere Szene und an einem Gang hinein die Richtung',
  help: `Lernt die Abstände der leeren Szene; ein Gang hinein legt dann die Richtung fest. Lehnt mit Begründung ab,
solange jemand darunter steht, die Messwerte rauschen oder abgeschnitten sind, und bei starker Sonne.

  baseline [--sensor NAME] [--height MM] [--seconds N] [--no-walk]

  --sensor NAME           Platz des Sensors; der einzige, sonst wird gefragt
  --height MM             Boden bis Linse (oder freie Breite), wo mount sie nicht gemessen hat
  --seconds N             wie lange die leere Szene betrachtet wird, 2 bis 120; 8
  --walk-seconds N        wie lange auf den Gang hinein gewartet wird, 5 bis 600; 60
  --no-walk               die Richtung lassen, wie sie ist`,
  title: (sensor) => `Leere Szene des Sensors ${sensor}`,
  ready: 'Ist niemand unter dem Sensor, und steht die Tür wie gewöhnlich?',
  learning: (left) => `Bitte nicht unter den Sensor treten: ${left} s`,
  side: sides.de,
  learned: (zone) =>
    `${sides.de[zone.side]}: ${metres(zone.idleMm)} m, Rauschen ${Math.round(zone.deviationMm)} mm, ${zone.readings} Messwerte`,
  fault: (fault, zone, expected) =>
    ({
      'too-few-readings': `Abgelehnt: Die Zone ${sides.de[zone.side]} gab nur ${zone.readings} Messwerte. Länger messen (--seconds) oder die Verdrahtung mit scan prüfen.`,
      'somebody-there': `Abgelehnt: ${metres(zone.idleMm)} m unter dem Sensor steht jemand oder etwas (Zone ${sides.de[zone.side]}); der Boden müsste bei ${metres(expected)} m liegen. Den Durchgang freimachen oder die Höhe mit mount neu messen.`,
      'somebody-passed': `Abgelehnt: In der Zone ${sides.de[zone.side]} hat sich inzwischen etwas bewegt (nächster Abstand ${metres(zone.nearestMm)} m). Noch einmal, ohne dass jemand da ist; ein Türflügel muss stillstehen.`,
      noisy: `Abgelehnt: Die Zone ${sides.de[zone.side]} rauscht: Standardabweichung ${Math.round(zone.deviationMm)} mm. Ursachen: spiegelnder oder sehr dunkler Boden, verschmutztes Fenster vor der Linse, lose Befestigung.`,
      'clipped-by-edge': `Abgelehnt: Die Sicht der Zone ${sides.de[zone.side]} ist bei ${metres(zone.idleMm)} m abgeschnitten, weit über dem Boden: Türrahmen, Sturz oder Gehäuse ist im Weg. Den Sensor versetzen oder neigen.`,
      'clipped-by-range': `Abgelehnt: ${Math.round(100 * zone.badShare)} % der Messwerte der Zone ${sides.de[zone.side]} bleiben leer: Sie sind an der Reichweite des Sensors abgeschnitten. Der Boden ist zu dunkel, spiegelt oder ist zu weit weg: eine matte Matte legen oder tiefer montieren.`,
      sunlight: `Abgelehnt: Die Sonne blendet die Zone ${sides.de[zone.side]} (${Math.round(zone.ambientKcps ?? 0)} Tausend Zählimpulse Fremdlicht je Sekunde). Den Boden beschatten oder nach Sonnenuntergang lernen; tagsüber wird die Abdeckung Lücken haben.`,
    })[fault],
  heightUnknown:
    'Abgelehnt: Niemand hat gemessen, wie hoch der Sensor hängt. Zuerst mount ausführen oder --height angeben.',
  badHeight: 'muss in ganzen Millimetern angegeben sein, 300 bis 6000',
  badSeconds: (option, value, limits) => `${option} ${value}: muss zwischen ${limits} Sekunden liegen`,
  walkIn: 'Jetzt geht eine Person einmal von außen nach innen.',
  waitingForWalk: (left) => `Warte auf einen Gang hinein: ${left} s`,
  rightWay: 'Eine Person ging hinein und wurde als Eintritt gezählt.',
  wrongWay: 'Eine Person ging hinein und wurde als Austritt gezählt: Die Seiten werden vertauscht.',
  onceMore: 'Mehr als eine Person war zu sehen: noch einmal, mit einer.',
  severalPeople: 'Abgelehnt: Jedes Mal war mehr als eine Person zu sehen. Noch einmal, wenn es ruhig ist.',
  nobodyWalked: (seconds) =>
    `Abgelehnt: Innerhalb von ${seconds} s ging niemand hinein. Die leere Szene gilt nicht; noch einmal.`,
  notChecked: 'Die Richtung blieb, wie sie ist. Mit walk-test prüfen.',
};

export const baselineMessages: Readonly<Record<Language, BaselineMessages>> = { de: german, en: english };
