import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Static, type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { CertificateConfig, EnrolmentConfig, Tls } from './certificate-config.ts';
import { DeviceName } from './contract/names.ts';
import { setupFaults } from './setup-faults.ts';
import { SiteConfig } from './site-config.ts';

const closed = { additionalProperties: false } as const;

/** Sites of a large town; a configuration beyond that is a mistake. */
const sitesMax = 2_000;
const Port = (port: number, description: string) =>
  Type.Integer({ minimum: 0, maximum: 65_535, default: port, description });
const Host = Type.String({
  minLength: 1,
  default: '127.0.0.1',
  description: 'Address to listen on. 0.0.0.0 opens it to the network.',
});
const KeptDays = (byDefault: number | null, description: string) =>
  Type.Union([Type.Integer({ minimum: 1, maximum: 100_000 }), Type.Null()], {
    default: byDefault,
    description,
  });

const CredentialConfig = Type.Object(
  {
    device: DeviceName,
    passwordSha256: Type.String({
      pattern: '^[0-9a-f]{64}$',
      description: 'SHA-256 of the device’s password, which is random and long, so it needs no salt.',
    }),
  },
  closed,
);

const EmbeddedBrokerConfig = Type.Object(
  {
    kind: Type.Literal('embedded'),
    host: Host,
    port: Port(1883, 'MQTT port; 0 takes any free one.'),
    tls: Tls,
    credentials: Type.Array(CredentialConfig, {
      default: [],
      maxItems: 10_000,
      description: 'Devices that may connect. Empty: everybody may, so keep it on loopback.',
    }),
  },
  closed,
);

const ExternalBrokerConfig = Type.Object(
  {
    kind: Type.Literal('external'),
    url: Type.String({ pattern: '^mqtts?://', description: 'As mqtt://localhost:1883.' }),
    username: Type.Optional(Type.String({ minLength: 1 })),
    password: Type.Optional(Type.String({ minLength: 1 })),
  },
  { ...closed, description: 'MQTT 5 with a shared subscription where the broker has it, else 3.1.1.' },
);

const CatalogueConfig = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 200 }),
    description: Type.String({ minLength: 1, maxLength: 1_000 }),
    publisher: Type.String({ minLength: 1, maxLength: 200, description: 'Who publishes the open data.' }),
  },
  { ...closed, description: 'Switches the DCAT-AP.de catalogue at /catalog on; needs publicUrl.' },
);
export type CatalogueConfig = Static<typeof CatalogueConfig>;

/** Everything that can be configured; the file is JSON and may leave out whatever has a default. */
export const GatewayConfig = Type.Object(
  {
    http: Type.Object(
      { host: Host, port: Port(8080, 'Page and API; 0 takes any free port.'), tls: Tls },
      { ...closed, default: {} },
    ),
    broker: Type.Union([EmbeddedBrokerConfig, ExternalBrokerConfig], { default: { kind: 'embedded' } }),
    certificate: CertificateConfig,
    enrolment: EnrolmentConfig,
    dataDirectory: Type.String({
      minLength: 1,
      default: './var/gateway',
      description: 'Where the database lies.',
    }),
    devices: Type.Enum(['open', 'known'], {
      default: 'open',
      description: 'open: a device is enrolled by its first message; known: only those named here.',
    }),
    knownDevices: Type.Array(DeviceName, {
      default: [],
      maxItems: 10_000,
      description: 'With devices known, beside those with credentials and those at a line.',
    }),
    timeZone: Type.String({ default: 'Europe/Berlin', description: 'Of sensors that no line has yet.' }),
    sites: Type.Optional(
      Type.Array(SiteConfig, {
        maxItems: sitesMax,
        description: 'Replaces what the database knows at each start; absent leaves it as it is.',
      }),
    ),
    database: Type.Optional(
      Type.Object(
        { url: Type.String({ pattern: '^postgres(ql)?://', description: 'As postgres://user@host/name.' }) },
        { ...closed, description: 'PostgreSQL instead of a file in the data directory.' },
      ),
    ),
    retention: Type.Object(
      {
        minutesDays: KeptDays(400, 'Minutes: as long as devices hold them.'),
        quartersDays: KeptDays(1_100, 'Quarters of an hour: three years to compare.'),
        hoursDays: KeptDays(null, 'Hours.'),
        daysDays: KeptDays(null, 'Days.'),
      },
      { ...closed, default: {}, description: 'Days for which each level is kept; null for ever.' },
    ),
    publicUrl: Type.Optional(
      Type.String({
        pattern: '^https?://[^\\s"<>/][^\\s"<>]{0,200}[^\\s"<>/]$',
        description: 'How others reach this gateway; signs and catalogues name it. No slash at the end.',
      }),
    ),
    catalogue: Type.Optional(CatalogueConfig),
    homeAssistant: Type.Optional(
      Type.Object(
        {
          url: Type.String({
            pattern: '^mqtts?://',
            description: 'The broker that Home Assistant listens to.',
          }),
          username: Type.Optional(Type.String({ minLength: 1 })),
          password: Type.Optional(Type.String({ minLength: 1 })),
          prefix: Type.String({ pattern: '^[A-Za-z0-9_/-]{1,60}$', default: 'homeassistant' }),
        },
        { ...closed, description: 'Tells Home Assistant every line and today’s exact counts.' },
      ),
    ),
    sealFile: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'Second record of sealed cells, kept out of backups; one for all processes of a database.',
      }),
    ),
    access: Type.Enum(['auto', 'closed'], {
      default: 'auto',
      description: 'auto: everybody may read until there is a user or a key; closed: nobody without one.',
    }),
    logLevel: Type.Enum(['debug', 'info', 'warn', 'error', 'silent'], { default: 'info' }),
  },
  { ...closed, description: 'Configuration of the gateway.' },
);
export type GatewayConfig = Static<typeof GatewayConfig>;

/** A configuration or command line that cannot be used; `message` has one line for each fault. */
export class ConfigError extends Error {
  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'ConfigError';
  }
}

const validConfig = Compile(GatewayConfig);

/**
 * Turns what a file or program says into a whole configuration, defaults filled in. `source` names
 * the file in messages. Throws `ConfigError` with all faults at once.
 */
export function parseGatewayConfig(value: unknown, source: string): GatewayConfig {
  const filled = validConfig.Default(structuredClone(value ?? {}));
  if (validConfig.Check(filled)) {
    const faults = setupFaults(filled);
    if (faults.length > 0) throw new ConfigError(faults.map((fault) => `${source}: ${fault}`));
    return filled;
  }
  throw new ConfigError(schemaFaults(filled).map((fault) => `${source}: ${fault}`));
}

/**
 * One line for each faulty field. Each part is judged by itself, because a validator stops after
 * some faults, and the broker as the kind it says it is.
 */
function schemaFaults(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return ['/ is not an object'];
  const { kind } = ((value as Record<string, unknown>)['broker'] ?? {}) as { kind?: unknown };
  const parts: Record<string, TSchema> = {
    ...GatewayConfig.properties,
    broker: kind === 'external' ? ExternalBrokerConfig : EmbeddedBrokerConfig,
  };
  const faults = Object.keys(value)
    .filter((name) => !(name in parts))
    .map((name) => `/${name} is not a setting`);
  for (const [name, schema] of Object.entries(parts)) {
    const part = (value as Record<string, unknown>)[name];
    if (part === undefined) continue;
    for (const { instancePath, message, keyword } of Compile(schema).Errors(part)) {
      // The field too many is named by a fault of its own.
      if (keyword === 'additionalProperties') continue;
      faults.push(`/${name}${instancePath} ${keyword === 'boolean' ? 'is not a setting' : message}`);
    }
  }
  return [...new Set(faults)];
}

export const usage = `passant-gateway: takes counts over MQTT, keeps them, shows them.

  --config FILE        configuration, JSON (docs: gateway/config.ts)
  --port N             port of page and API (default 8080, 0 any free one)
  --host ADDRESS       address of page and API (default 127.0.0.1)
  --data DIRECTORY     where the database lies (default ./var/gateway)
  --broker-port N      port of the embedded broker (default 1883, 0 any free one)
  --tls                page, API and embedded broker speak TLS
  --help               this text

Commands, with --config or --data to find the database:
  key create --partner NAME SCOPE [--audience partner|public|owner|adviser|technician|operator] [--days N]
  key list | key revoke ID
  user create NAME --role ROLE SCOPE             the password is read from stdin
    SCOPE: any number of --site ID, --organisation NAME, --town NAME; operators may leave it out
  enrol-code create --site ID --line ID [--device NAME] [--hours N] [--url URL]
                                                 a code for one counter, as text and as QR
  enrol-code list | enrol-code revoke ID
  device add NAME                                a password for the embedded broker
  device list                                    who is enrolled where, and what is in conflict
  device retire NAME | device swap-direction NAME [--sensor NAME] [--from start|now|TIME]
  import series FILE --format wuerzburg|hystreet|calit2
  import hystreet LOCATION… --url URL --token-file FILE [--since DATE]
  import weather FILE --site ID
  import receipts FILE --site ID
  import school-holidays FILE
  peer-group set ID LINE… | peer-group list
  papers SITE [--language de|en] [--out DIRECTORY] privacy papers of what runs, HTML and PDF
  backup FILE | restore FILE | verify FILE
`;

/** Reads file and command line; flags win over the file. Returns `help` where only that was asked. */
export function readGatewayConfig(argv: readonly string[]): GatewayConfig | 'help' {
  const flags = parseFlags(argv);
  if (flags.help) return 'help';
  const source = flags.config ?? 'command line';
  const file = flags.config === undefined ? {} : readJson(flags.config);
  const value = { ...file };
  const http = { ...(value['http'] as object | undefined) };
  if (flags.port !== undefined) Object.assign(http, { port: numberOf(flags.port) });
  if (flags.host !== undefined) Object.assign(http, { host: flags.host });
  if (flags.tls) Object.assign(http, { tls: true });
  value['http'] = http;
  if (flags.data !== undefined) value['dataDirectory'] = flags.data;
  const broker = {
    ...(flags['broker-port'] === undefined ? {} : { port: numberOf(flags['broker-port']) }),
    ...(flags.tls ? { tls: true } : {}),
  };
  if (Object.keys(broker).length > 0) {
    value['broker'] = { kind: 'embedded', ...(value['broker'] as object | undefined), ...broker };
  }
  return parseGatewayConfig(value, source);
}

function parseFlags(argv: readonly string[]) {
  try {
    const text = { type: 'string' } as const;
    const options = {
      config: text,
      port: text,
      host: text,
      data: text,
      'broker-port': text,
      tls: { type: 'boolean' },
      help: { type: 'boolean' },
    } as const;
    return parseArgs({ args: [...argv], options }).values;
  } catch (cause) {
    throw new ConfigError([(cause as Error).message.split('. ')[0]!]);
  }
}

/** A flag that is no number stays what it is, so that the schema names it. */
function numberOf(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}

function readJson(file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
    throw new Error('not a JSON object');
  } catch (cause) {
    throw new ConfigError([`${file}: ${(cause as Error).message}`]);
  }
}
