import { mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { writeFileWhole } from '../../edge-agent/config/write-file-whole.ts';
import type { SlotConfig } from '../../edge-agent/config.ts';
import { Refusal, UsageError } from '../command.ts';
import { reportMessages } from '../messages/report.ts';
import { gatewayAccess } from '../remote/gateway-client.ts';
import { checkFiles } from '../report/check-files.ts';
import { openDeviceKey } from '../report/device-key.ts';
import { fetchPapers } from '../report/gateway-papers.ts';
import { gatherSensor } from '../report/gather-report.ts';
import { lookAtSensor } from '../report/look-at-sensor.ts';
import { type LoadedPhoto, loadPhoto, photosMax } from '../report/photo.ts';
import type { ReportContents, SensorHealth } from '../report/report-contents.ts';
import { reportDocument } from '../report/report-document.ts';
import { reportHtml } from '../report/report-html.ts';
import { reportPdf } from '../report/report-pdf.ts';
import { contentsHash, sha256, signReport } from '../report/signed-report.ts';
import { openSite, type Site } from '../site/open-site.ts';
import { openSensorFeed } from '../site/sensor-feed.ts';
import { commandOf, type Job } from '../verb.ts';
import { wholeNumberOption } from '../whole-number-option.ts';

const options = {
  'site-name': { type: 'string' },
  address: { type: 'string' },
  technician: { type: 'string' },
  customer: { type: 'string' },
  line: { type: 'string' },
  note: { type: 'string' },
  photo: { type: 'string', multiple: true },
  look: { type: 'string' },
  out: { type: 'string' },
  gateway: { type: 'string' },
  'key-file': { type: 'string' },
  'ca-file': { type: 'string' },
  site: { type: 'string' },
  check: { type: 'string' },
  fingerprint: { type: 'string' },
} as const;

type ReportJob = Job<typeof options>;

const { de, en } = reportMessages;
const lookedAt: readonly string[] = ['vl53l1x', 'tf-luna', 'tfmini-s'];

/** `report`: the acceptance report, and its check. */
export const report = commandOf({
  summary: { de: de.summary, en: en.summary },
  help: { de: de.help, en: en.help },
  options,
  run: async (job) =>
    job.values.check === undefined ? writeReport(job) : checkReportFile(job, job.values.check),
});

async function writeReport(job: ReportJob) {
  const { values, words, dialogue, language } = job;
  const text = reportMessages[language];
  const access = gatewayAccess(values, job.signal);
  const photos = photosOf(job);
  const site = openSite(values, words, dialogue);
  dialogue.say('title', text.title);
  const place = await askPlace(job);
  const sensors = [];
  for (const slot of site.config.sensors)
    sensors.push(await gatherSensor(site, slot, await look(job, site, slot)));
  for (const { sensor, profile, walkTest } of sensors) {
    if (profile !== null && walkTest === null) dialogue.say('warning', text.untested(sensor));
  }
  const createdAt = `${new Date().toISOString().slice(0, 19)}Z`;
  const { device } = site.config;
  const folder = values.out ?? join(site.config.stateDir, 'reports');
  mkdirSync(folder, { recursive: true });
  const stem = `acceptance-${device}-${createdAt.replaceAll(':', '')}-${language}`;
  const papers = await fetchPapers(access, { site: values.site, language, folder, stem });
  if (papers.files.length < 2) dialogue.say('warning', text.withoutPapers);
  const { profile, hash } = site.inForce;
  const contents: ReportContents = {
    createdAt,
    device,
    software: softwareVersion(),
    site: place,
    profile: profile === null ? null : { revision: profile.revision, hash },
    broker: site.config.uplink?.url.replace(/\/\/[^@/]*@/, '//') ?? null,
    sensors,
    photos: photos.map(({ caption, type, sha256: hashOfPhoto }) => ({ caption, type, sha256: hashOfPhoto })),
    papers,
  };
  const written = await writeFiles(job, { contents, photos, folder, stem, site });
  for (const file of written.files) dialogue.say('good', text.written(file));
  return { code: 0 as const, result: { kind: 'reported', ...written, papers } };
}

async function askPlace({ values, dialogue, language }: ReportJob): Promise<ReportContents['site']> {
  const text = reportMessages[language];
  const ask = (message: string, option: 'site-name' | 'address' | 'technician' | 'customer') =>
    dialogue.text({ message, option: `--${option}`, given: values[option], initial: '' });
  return {
    name: await ask(text.site, 'site-name'),
    address: await ask(text.address, 'address'),
    technician: await ask(text.technician, 'technician'),
    customer: await ask(text.customer, 'customer'),
    line: values.line ?? '',
    note: values.note ?? '',
  };
}

/** A sensor that does not answer is a finding of the report, not its end. */
async function look(job: ReportJob, site: Site, slot: SlotConfig): Promise<SensorHealth | null> {
  const { values, dialogue, language } = job;
  const text = reportMessages[language];
  const seconds = wholeNumberOption(values.look, {
    option: '--look',
    initial: 4,
    minimum: 0,
    maximum: 60,
    language,
  });
  if (seconds === 0 || !lookedAt.includes(slot.source.kind)) return null;
  dialogue.say('info', text.looking(slot.sensor, seconds));
  const profile = site.inForce.profile?.sensors.find(({ sensor }) => sensor === slot.sensor) ?? null;
  try {
    const feed = await openSensorFeed(slot, job);
    try {
      return await lookAtSensor(feed, profile, seconds);
    } finally {
      await feed.close();
    }
  } catch (error) {
    const isSilent = error instanceof Refusal || (error as Error).name === 'SensorError';
    if (!isSilent) throw error;
    return { seconds, readingsPerSecond: 0, goodShare: 0, ambientKcps: null, flags: [text.lost] };
  }
}

function photosOf({ values, language }: ReportJob): LoadedPhoto[] {
  const given = values.photo ?? [];
  if (given.length > photosMax) throw new UsageError(reportMessages[language].tooManyPhotos(photosMax));
  return given.map(loadPhoto);
}

async function writeFiles(
  { language, signal }: ReportJob,
  report: {
    readonly contents: ReportContents;
    readonly photos: readonly LoadedPhoto[];
    readonly folder: string;
    readonly stem: string;
    readonly site: Site;
  },
): Promise<{
  readonly files: readonly string[];
  readonly contentsSha256: string;
  readonly fingerprint: string;
}> {
  const { contents, photos, folder, stem, site } = report;
  const key = openDeviceKey(join(site.config.stateDir, 'device-key.pem'));
  const hash = contentsHash(contents);
  const seal = { hash, fingerprint: key.fingerprint, file: `${stem}.pdf` };
  const document = reportDocument(contents, { language, seal, photos: photos.map(({ dataUrl }) => dataUrl) });
  const html = reportHtml(document);
  const pdf = await reportPdf(document);
  signal.throwIfAborted();
  const listed = [
    { name: `${stem}.html`, sha256: sha256(html) },
    { name: `${stem}.pdf`, sha256: sha256(pdf) },
    ...contents.papers.files.map(({ file }) => ({
      name: file,
      sha256: sha256(readFileSync(join(folder, file))),
    })),
  ];
  const files = [`${stem}.html`, `${stem}.pdf`, `${stem}.signed.json`].map((name) => join(folder, name));
  writeFileWhole(files[0]!, html);
  writeFileWhole(files[1]!, pdf);
  // Last: where it is, everything that it names is there and whole.
  writeFileWhole(files[2]!, `${JSON.stringify(signReport(contents, listed, key), null, 1)}\n`);
  return { files, contentsSha256: hash, fingerprint: key.fingerprint };
}

async function checkReportFile({ values, dialogue, language }: ReportJob, file: string) {
  const text = reportMessages[language];
  const checked = checkFiles(file, values.fingerprint, text);
  dialogue.say('good', text.genuine(checked.fingerprint, checked.createdAt));
  for (const { name, state } of checked.files) {
    dialogue.say(
      state === 'good' ? 'good' : 'warning',
      state === 'good' ? text.fileGood(name) : text.fileMissing(name),
    );
  }
  return { code: 0 as const, result: { kind: 'genuine', file: basename(file), ...checked } };
}

function softwareVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return `Passant ${(JSON.parse(manifest) as { version: string }).version}`;
}
