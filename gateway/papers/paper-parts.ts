import { factTable, localMoment } from './fact-sentences.ts';
import type { PaperBlock, PaperField, PaperLanguage } from './paper.ts';
import { type DeviceFacts, type PaperFacts, unverifiedDevices } from './paper-facts.ts';

/** Parts that several papers have, in both languages. */
interface PartTable {
  readonly unverified: (devices: readonly string[]) => string;
  readonly silent: (device: string, lastHeard: string) => string;
  readonly never: (device: string) => string;
  readonly deviceHead: readonly string[];
  readonly verified: string;
  readonly silentSince: (lastHeard: string) => string;
  readonly neverHeard: string;
  readonly noSensors: string;
  readonly noDevices: string;
  readonly imports: (names: readonly string[]) => string;
  readonly who: Readonly<
    Record<
      'controller' | 'address' | 'contact' | 'dataProtectionOfficer' | 'supervisoryAuthority',
      { label: string; hint: string }
    >
  >;
  readonly footer: (moment: string, software: string) => string;
}

const tables: Readonly<Record<PaperLanguage, PartTable>> = {
  de: {
    unverified: (devices) =>
      `Nicht bestätigt: ${devices.join('; ')}. Was dort jetzt läuft, ist nicht sicher. Dieses Papier gilt dafür erst, wenn alle ` +
      'Geräte sich wieder gemeldet haben und das Papier neu erzeugt wurde.',
    silent: (device, lastHeard) => `„${device}“ (zuletzt gehört am ${lastHeard})`,
    never: (device) => `„${device}“ (hat noch nie gemeldet, was läuft)`,
    deviceHead: ['Gerät', 'Sensoren', 'WLAN', 'Software', 'Stand'],
    verified: 'bestätigt',
    silentSince: (lastHeard) => `NICHT BESTÄTIGT, zuletzt gehört am ${lastHeard}`,
    neverHeard: 'NICHT BESTÄTIGT, hat nie gemeldet',
    noSensors: 'keine gemeldet',
    noDevices: 'Dem Standort ist kein Gerät zugeordnet.',
    imports: (names) =>
      `Dazu stehen eingelesene Zahlenreihen anderer am Standort: ${names.join(', ')}. Für sie hängt hier kein Gerät.`,
    who: {
      controller: {
        label: 'Verantwortlich',
        hint: 'Name der Firma oder Person, die über die Zählung entscheidet',
      },
      address: { label: 'Anschrift', hint: 'Straße, Hausnummer, Postleitzahl, Ort' },
      contact: { label: 'Kontakt', hint: 'E-Mail-Adresse oder Telefonnummer' },
      dataProtectionOfficer: {
        label: 'Datenschutzbeauftragte Person',
        hint: 'Kontakt, oder „nicht bestellt“',
      },
      supervisoryAuthority: { label: 'Aufsichtsbehörde', hint: 'Datenschutzaufsicht des Bundeslandes' },
    },
    footer: (moment, software) =>
      `Erzeugt am ${moment} aus dem, was die Geräte melden und was am Gateway ${software} eingestellt ist. Keine Rechtsberatung.`,
  },
  en: {
    unverified: (devices) =>
      `Unverified: ${devices.join('; ')}. What runs there now is not certain. This paper covers it only once all devices have ` +
      'reported again and the paper has been made anew.',
    silent: (device, lastHeard) => `“${device}” (last heard on ${lastHeard})`,
    never: (device) => `“${device}” (has never reported what it runs)`,
    deviceHead: ['Device', 'Sensors', 'WiFi', 'Software', 'Standing'],
    verified: 'verified',
    silentSince: (lastHeard) => `UNVERIFIED, last heard on ${lastHeard}`,
    neverHeard: 'UNVERIFIED, has never reported',
    noSensors: 'none reported',
    noDevices: 'No device is assigned to this site.',
    imports: (names) =>
      `Imported series of others stand at this site too: ${names.join(', ')}. No device of theirs hangs here.`,
    who: {
      controller: {
        label: 'Controller',
        hint: 'Name of the company or person who decides about the counting',
      },
      address: { label: 'Address', hint: 'Street, number, postcode, town' },
      contact: { label: 'Contact', hint: 'E-mail address or telephone number' },
      dataProtectionOfficer: { label: 'Data protection officer', hint: 'Contact, or “none appointed”' },
      supervisoryAuthority: {
        label: 'Supervisory authority',
        hint: 'Data protection authority of the state',
      },
    },
    footer: (moment, software) =>
      `Made on ${moment} from what the devices report and what is configured at gateway ${software}. Not legal advice.`,
  },
};

export function footerOf(facts: PaperFacts, language: PaperLanguage): string {
  return tables[language].footer(localMoment(facts.generatedMs, facts.timeZone, language), facts.software);
}

/** A warning that names every device whose running state is not known; none where all are. */
export function unverifiedBlocks(facts: PaperFacts, language: PaperLanguage): PaperBlock[] {
  const table = tables[language];
  const named = unverifiedDevices(facts).map((device) =>
    device.standing === 'never'
      ? table.never(device.device)
      : table.silent(device.device, localMoment(device.lastHeardMs!, facts.timeZone, language)),
  );
  return named.length === 0 ? [] : [{ kind: 'warning', text: table.unverified(named) }];
}

/** What each device reports as running. */
export function deviceBlocks(facts: PaperFacts, language: PaperLanguage): PaperBlock[] {
  const table = tables[language];
  const blocks: PaperBlock[] = [
    facts.devices.length === 0
      ? { kind: 'text', text: table.noDevices }
      : {
          kind: 'table',
          head: table.deviceHead,
          rows: facts.devices.map((device) => deviceRow(device, facts, language)),
        },
  ];
  if (facts.imports.length > 0) blocks.push({ kind: 'text', text: table.imports(facts.imports) });
  return blocks;
}

function deviceRow(device: DeviceFacts, facts: PaperFacts, language: PaperLanguage): string[] {
  const table = tables[language];
  const { sensors, wifiShort, unknown, simulated } = factTable(language);
  const kinds = device.sensors.map(({ kind, simulated: isSimulated }) =>
    isSimulated ? `${sensors[kind]} (${simulated})` : sensors[kind],
  );
  const lastHeard =
    device.lastHeardMs === null ? '' : localMoment(device.lastHeardMs, facts.timeZone, language);
  const standing = {
    verified: table.verified,
    silent: table.silentSince(lastHeard),
    never: table.neverHeard,
  };
  return [
    device.device,
    kinds.length === 0 ? table.noSensors : kinds.join('; '),
    device.wifiMode === null ? unknown : wifiShort[device.wifiMode],
    device.software ?? unknown,
    standing[device.standing],
  ];
}

/** Who answers for the counting; what the configuration does not say is left for the operator. */
export function whoFields(facts: PaperFacts, language: PaperLanguage): PaperField[] {
  const { who } = tables[language];
  return (Object.keys(who) as (keyof typeof who)[]).map((name) => ({
    ...who[name],
    value: facts.privacy[name] ?? null,
  }));
}

/** A field that only the operator can fill in. */
export function openField(label: string, hint: string): PaperField {
  return { label, hint, value: null };
}
