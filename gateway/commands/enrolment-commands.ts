import { renderUnicodeCompact } from 'uqr';
import { openConfiguredCertificate } from '../certificate/certificate-source.ts';
import { CertificateError } from '../certificate/server-certificate.ts';
import { buildEnrolmentText, groupedCode } from '../contract/enrolment.ts';
import { EnrolmentRefusal } from '../enrolment/enrolment-refusal.ts';
import { type GatewayAddress, gatewayAddress } from '../enrolment/gateway-address.ts';
import { configureSites, type Enrolment, openEnrolment } from '../enrolment/open-enrolment.ts';
import type { GatewayStore } from '../store/gateway-store.ts';
import { EnrolmentReader } from '../web/api/enrolment-reader.ts';
import { isoTime } from '../web/api/iso-time.ts';
import { type CommandContext, CommandError } from './run-command.ts';

type Context = CommandContext & { readonly store: GatewayStore };

const actor = 'operator';

/** `enrol-code create --site ID --line ID`: one line and a QR code for one counter. */
export async function enrolCodeCreate(context: Context): Promise<void> {
  const { flags, print } = context;
  const site = one(flags['site'], '--site ID');
  const line = one(flags['line'], '--line ID');
  const device = flags['device'] as string | undefined;
  const hours = hoursOf(flags['hours'] as string | undefined);
  const address = await addressOf(context);
  await withEnrolment(context, async (enrolment) => {
    if (context.config.sites) await configureSites(context.config, enrolment, Date.now());
    const made = await enrolment.codes.create({ site, line, hours, ...(device ? { device } : {}) }, actor);
    const { url, pin } = address;
    const text = buildEnrolmentText({ url, code: made.code, pin });
    print(renderUnicodeCompact(text));
    print(text);
    print('');
    print(
      `for one counter at line ${line}, to be named ${made.body.device}; valid until ${isoTime(made.body.expiresMs)}`,
    );
    print(`code ${groupedCode(made.code)} (${made.id}), shown only now; on the counter:`);
    print(`passant-calibrate enrol --code '${text}'`);
    print(
      pin === null
        ? 'no fingerprint: this gateway does not speak HTTPS, so only counters on this machine can be enrolled'
        : `fingerprint of the key (SHA-256, base64url): ${pin}`,
    );
  });
}

/** `enrol-code list`. */
export async function enrolCodeList(context: Context): Promise<void> {
  await withEnrolment(context, async ({ codes }) => {
    for (const { id, body } of await codes.all()) {
      const { site, line, device, expiresMs, claim, createdBy } = body;
      const state =
        claim !== null
          ? `used by ${claim.device}`
          : `${expiresMs <= Date.now() ? 'expired' : 'open until'} ${isoTime(expiresMs)}`;
      context.print(`${id}  ${site}/${line}  ${device}  ${state}  by ${createdBy}`);
    }
  });
}

/** `enrol-code revoke ID`. */
export async function enrolCodeRevoke(context: Context): Promise<void> {
  const id = one(context.words, 'the id of a code');
  await withEnrolment(context, ({ codes }) => codes.revoke(id, actor));
  context.print(`code ${id} is revoked`);
}

/** `device list`: who is enrolled where, and what is in conflict. */
export async function deviceList(context: Context): Promise<void> {
  await withEnrolment(context, async (enrolment) => {
    const reader = readerOf(context, enrolment);
    const { enrolments, conflicts } = await reader.all(() => true);
    for (const { device, state, assigned, missing } of enrolments) {
      const places = assigned
        .filter(({ until }) => until === null)
        .map(
          ({ line, sensor, role, swapped }) => `${line} (${sensor}, ${role}${swapped ? ', swapped' : ''})`,
        );
      context.print(
        `${device}  ${state}  ${places.join(', ') || 'at no line'}  ${missing} intervals missing`,
      );
    }
    for (const { kind, subject, detail } of conflicts)
      context.print(`conflict: ${kind}: ${subject}: ${detail}`);
  });
}

/** `device retire NAME`. */
export async function deviceRetire(context: Context): Promise<void> {
  const device = one(context.words, 'the name of the device');
  await withEnrolment(context, ({ enrolments }) => enrolments.retire(device, actor));
  context.print(`${device} is retired: its password is dead, what it counted stays`);
}

/** `device swap-direction NAME [--sensor NAME] [--from start|now|TIME]`. */
export async function deviceSwap(context: Context): Promise<void> {
  const { flags, words, print } = context;
  const device = one(words, 'the name of the device');
  const from = (flags['from'] as string | undefined) ?? 'start';
  if (from !== 'start' && from !== 'now' && Number.isNaN(Date.parse(from))) {
    throw new CommandError('--from is start, now or a time as 2026-03-02T08:00:00Z');
  }
  const sensor = flags['sensor'] as string | undefined;
  const request = { from: from as 'start' | 'now', ...(sensor ? { sensor } : {}) };
  await withEnrolment(context, ({ enrolments }) => enrolments.swapDirection(device, request, actor));
  print(
    `in and out of ${device}${sensor ? `/${sensor}` : ''} are exchanged from ${from} on; what was observed stays`,
  );
}

async function withEnrolment(context: Context, work: (enrolment: Enrolment) => Promise<void>): Promise<void> {
  const enrolment = await openEnrolment(context.config, context.store, Date.now);
  try {
    await work(enrolment);
  } catch (cause) {
    if (cause instanceof EnrolmentRefusal) throw new CommandError(cause.message);
    throw cause;
  } finally {
    await enrolment.credentials.close();
  }
}

function readerOf({ config, store }: Context, enrolment: Enrolment): EnrolmentReader {
  const configured = config.broker.kind === 'embedded' ? config.broker.credentials : [];
  return new EnrolmentReader({
    store,
    ...enrolment,
    configured: new Set(configured.map(({ device }) => device)),
    broker: () => {
      throw new Error('a command answers no claim');
    },
  });
}

/** Where counters find the gateway, by configuration or by `--url`. */
async function addressOf({ config, flags }: Context): Promise<GatewayAddress> {
  const url = flags['url'] as string | undefined;
  const enrolment =
    url === undefined ? config.enrolment : { ...config.enrolment, url: url.replace(/\/$/, '') };
  const certificate = await openConfiguredCertificate(config, Date.now).catch((cause) => {
    throw cause instanceof CertificateError ? new CommandError(cause.message) : cause;
  });
  const { port } = config.http;
  if (port === 0 && enrolment.url === undefined) {
    throw new CommandError('the port is any free one: name the address with --url');
  }
  const pin = certificate?.current.pin ?? null;
  await certificate?.close();
  return gatewayAddress({ ...config, enrolment }, { port, pin });
}

function hoursOf(text: string | undefined): number {
  const hours = Number(text ?? '1');
  if (!(hours > 0 && hours <= 72)) throw new CommandError('--hours is a number up to 72');
  return hours;
}

function one(value: string | boolean | readonly string[] | undefined, what: string): string {
  const [word, ...more] = [typeof value === 'boolean' ? [] : (value ?? [])].flat();
  if (word === undefined || more.length > 0) throw new CommandError(`name ${what}`);
  return word;
}
