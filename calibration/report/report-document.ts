import { resultLines, resultTable } from '../audit/walk-test-text.ts';
import type { Language } from '../command.ts';
import { beamMounting, ceilingMounting, drawingWords } from '../drawings/mounting-drawing.ts';
import { walkTestMessages } from '../messages/walk-test.ts';
import { intervalDrawing } from './interval-drawing.ts';
import type { ReportBlock, ReportDocument } from './report-block.ts';
import type { ReportContents, ReportedSensor } from './report-contents.ts';
import { type ReportWords, reportWords } from './report-words.ts';

/** Free width that a drawing of beams assumes where nobody measured it, metres. */
const passageM = 1.4;

export interface ReportSeal {
  readonly hash: string;
  readonly fingerprint: string;
  /** The file whose check is named in the report. */
  readonly file: string;
}

/** The contents in the words of a language, ready to be laid out. `photos` are data URLs in the contents' order. */
export function reportDocument(
  contents: ReportContents,
  { language, photos, seal }: { language: Language; photos: readonly string[]; seal: ReportSeal },
): ReportDocument {
  const words = reportWords[language];
  const parts = { contents, words, language };
  return {
    language,
    title: words.title,
    subtitle: `${contents.site.name || contents.device} · ${dateOf(contents.createdAt, language)}`,
    footer: words.footer(seal.hash),
    page: words.page,
    sections: [
      summary(parts),
      place(parts),
      mounting(parts),
      settings(parts),
      walkTests(parts),
      health(parts),
      privacy(parts),
      photographs(parts, photos),
      acceptance(parts, seal),
    ],
  };
}

interface Parts {
  readonly contents: ReportContents;
  readonly words: ReportWords;
  readonly language: Language;
}

const heading = (text: string): ReportBlock => ({ kind: 'heading', text });

function summary({ contents, words, language }: Parts): ReportBlock[] {
  const tested = contents.sensors.flatMap(({ walkTest }) => (walkTest === null ? [] : [walkTest.result]));
  const [first] = tested;
  if (tested.length !== 1 || first === undefined) return [];
  const percent = (share: number | null) =>
    share === null ? words.none : `${numberOf(share * 100, language, 1)} %`;
  return [
    {
      kind: 'figures',
      figures: [
        { value: words.claimValue(first.recall.claimPercent), label: words.figures.claim },
        { value: percent(first.recall.share), label: words.figures.recall },
        { value: percent(first.precision.share), label: words.figures.precision },
        { value: String(first.recall.trials), label: words.figures.people },
      ],
    },
  ];
}

function place({ contents, words, language }: Parts): ReportBlock[] {
  const { site, device, software, createdAt } = contents;
  const { labels } = words;
  const fields: (readonly [string, string])[] = [
    [labels.site, site.name],
    [labels.address, site.address],
    [labels.line, site.line],
    [labels.device, device],
    [labels.software, software],
    [labels.created, dateOf(createdAt, language)],
    [labels.technician, site.technician],
    [labels.customer, site.customer],
    [labels.note, site.note],
  ];
  return [
    heading(words.headings.place),
    { kind: 'fields', fields: fields.map(([name, value]) => [name, value || words.none]) },
  ];
}

function mounting({ contents, words, language }: Parts): ReportBlock[] {
  const drawn = contents.sensors.flatMap((sensor): ReportBlock[] => {
    const heightMm = sensor.profile?.mountingHeightMm;
    if (sensor.profile === null) return [];
    if (heightMm === undefined) return [{ kind: 'text', text: words.notMeasured(sensor.sensor) }];
    const beams = sensor.profile.geometry === 'side';
    const svg = beams
      ? beamMounting((sensor.spacingMm ?? 250) / 1000, heightMm / 1000 || passageM, drawingWords[language])
      : ceilingMounting(heightMm / 1000, drawingWords[language]);
    return [{ kind: 'drawing', svg, caption: words.drawing(sensor.sensor) }];
  });
  return drawn.length === 0 ? [] : [heading(words.headings.mounting), ...drawn];
}

function settings(parts: Parts): ReportBlock[] {
  const { contents, words } = parts;
  const { labels, none } = words;
  const { profile, broker } = contents;
  return [
    heading(words.headings.settings),
    {
      kind: 'fields',
      fields: [
        [labels.profile, profile === null ? none : `${profile.revision} (${profile.hash})`],
        [labels.broker, broker ?? none],
      ],
    },
    ...contents.sensors.map(
      (sensor): ReportBlock => ({ kind: 'fields', fields: sensorFields(sensor, parts) }),
    ),
    ...(contents.sensors.some(({ simulated }) => simulated)
      ? [{ kind: 'notice', tone: 'warning', text: words.simulated } as const]
      : []),
  ];
}

function sensorFields(sensor: ReportedSensor, { words, language }: Parts): (readonly [string, string])[] {
  const { labels } = words;
  const { profile } = sensor;
  const learned: (readonly [string, string])[] =
    profile === null
      ? []
      : [
          [
            labels.height,
            profile.mountingHeightMm === undefined ? words.none : `${profile.mountingHeightMm} mm`,
          ],
          [labels.geometry, profile.geometry === 'side' ? words.side : words.ceiling],
          [
            labels.baseline,
            profile.baselineAt === undefined ? words.none : dateOf(profile.baselineAt, language),
          ],
          ...profile.zones.map(
            ({ zone, side, idleMm, idleDeviationMm }) =>
              [
                `${labels.zone} ${zone}`,
                words.zoneValue(side, idleMm ?? null, idleDeviationMm ?? null),
              ] as const,
          ),
        ];
  const wifi: (readonly [string, string])[] =
    sensor.kind === 'wifi-probe' ? [[labels.wifi, sensor.wifi ?? words.wifiOff]] : [];
  return [[sensor.sensor, sensor.kind], ...Object.entries(sensor.settings), ...learned, ...wifi];
}

function walkTests({ contents, words, language }: Parts): ReportBlock[] {
  const counting = contents.sensors.filter(({ profile }) => profile !== null);
  const text = walkTestMessages[language];
  const blocks = counting.flatMap(({ sensor, walkTest }): ReportBlock[] => {
    if (walkTest === null) return [{ kind: 'notice', tone: 'warning', text: words.notTested(sensor) }];
    const { result } = walkTest;
    const [head, ...rows] = resultTable(result, text);
    const shares = [
      ...result.kinds.map(({ kind, recall }) => ({ label: text.kinds[kind], share: recall })),
      { label: text.all, share: result.recall },
    ];
    return [
      {
        kind: 'fields',
        fields: [
          [words.labels.tested, `${sensor}, ${dateOf(walkTest.at, language)}`],
          [words.labels.engine, walkTest.engine],
          [
            words.labels.recording,
            `${walkTest.recording} (SHA-256 ${walkTest.recordingSha256.slice(0, 16)})`,
          ],
        ],
      },
      { kind: 'table', head: head!, rows },
      {
        kind: 'drawing',
        svg: intervalDrawing(shares, (share) => numberOf(share * 100, language, 0)),
        caption: words.intervals,
      },
      { kind: 'notice', tone: 'good', text: words.claim(result.recall.claimPercent) },
      ...resultLines(result, text).map((line): ReportBlock => ({ kind: 'text', text: line })),
    ];
  });
  return blocks.length === 0 ? [] : [heading(words.headings.walkTest), ...blocks];
}

function health({ contents, words, language }: Parts): ReportBlock[] {
  const rows = contents.sensors.map(({ sensor, health: found }) =>
    found === null
      ? [sensor, words.none, words.none, words.none, words.notLooked]
      : [
          sensor,
          numberOf(found.readingsPerSecond, language, 1),
          `${numberOf(found.goodShare * 100, language, 1)} %`,
          found.ambientKcps === null ? words.none : `${numberOf(found.ambientKcps, language, 0)} kcps`,
          found.flags.join(', ') || words.none,
        ],
  );
  const bad = contents.sensors.filter(
    ({ health: found }) => found !== null && (found.flags.length > 0 || found.goodShare < 0.9),
  );
  return [
    heading(words.headings.health),
    { kind: 'table', head: words.healthHead, rows },
    bad.length > 0
      ? { kind: 'notice', tone: 'warning', text: words.healthBad(bad.map(({ sensor }) => sensor).join(', ')) }
      : { kind: 'notice', tone: 'good', text: words.healthGood },
  ];
}

function privacy({ contents, words }: Parts): ReportBlock[] {
  const { files, missing } = contents.papers;
  const isWhole = files.length === 2;
  return [
    heading(words.headings.privacy),
    { kind: 'text', text: words.principles },
    ...(files.length > 0
      ? ([
          { kind: 'text', text: words.withPapers },
          { kind: 'fields', fields: files.map(({ name, file }) => [words.paperNames[name], file] as const) },
        ] as const)
      : []),
    ...(isWhole
      ? []
      : ([
          { kind: 'notice', tone: 'warning', text: words.withoutPapers(missing) },
          { kind: 'text', text: words.howToPapers },
        ] as const)),
  ];
}

function photographs({ contents, words }: Parts, photos: readonly string[]): ReportBlock[] {
  if (photos.length === 0) return [];
  const shown = photos.map(
    (dataUrl, at): ReportBlock => ({
      kind: 'photo',
      dataUrl,
      caption: contents.photos[at]!.caption,
    }),
  );
  return [heading(words.headings.photos), ...shown];
}

function acceptance({ words }: Parts, seal: ReportSeal): ReportBlock[] {
  return [
    heading(words.headings.acceptance),
    { kind: 'text', text: words.accepted },
    { kind: 'signatures', names: words.signs },
    { kind: 'mono', text: words.signed(seal.hash, seal.fingerprint) },
    { kind: 'mono', text: words.check(seal.file) },
  ];
}

function dateOf(time: string, language: Language): string {
  const format = { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' } as const;
  return `${new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', format).format(new Date(time))} UTC`;
}

function numberOf(value: number, language: Language, digits: number): string {
  return new Intl.NumberFormat(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}
