import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { doorSign, textOfSign } from '../../../gateway/papers/door-sign.ts';
import { impactAssessment } from '../../../gateway/papers/impact-assessment.ts';
import { type PaperLanguage, paperLanguages, textOfPaper } from '../../../gateway/papers/paper.ts';
import type {
  DeviceFacts,
  PaperFacts,
  RetentionFacts,
  ShareFacts,
} from '../../../gateway/papers/paper-facts.ts';
import { paperHtml } from '../../../gateway/papers/paper-html.ts';
import { privacyNotice } from '../../../gateway/papers/privacy-notice.ts';
import { recordOfProcessing } from '../../../gateway/papers/record-of-processing.ts';
import { sampleDevice, sampleFacts } from './sample-facts.ts';

const nowMs = Date.parse('2026-03-02T12:00:00Z');
const texts = { notice: privacyNotice, record: recordOfProcessing, assessment: impactAssessment };

/** Everything each paper says, as one text. */
function papersOf(facts: PaperFacts, language: PaperLanguage): Record<string, string> {
  const papers = Object.entries(texts).map(([name, make]) => [name, textOfPaper(make(facts, language))]);
  return { ...Object.fromEntries(papers), sign: textOfSign(doorSign(facts, language)) };
}

/** How the papers speak of each mode; written out here and not taken from their tables. */
const modeWords = {
  de: { off: /WLAN ist ausgeschaltet|WLAN: aus/, rate: /„rate“/, hashing: /„hashing“/ },
  en: { off: /WiFi is switched off|WiFi: off/, rate: /“rate”/, hashing: /“hashing”/ },
} as const;
const modes = ['off', 'rate', 'hashing'] as const;

const device: fc.Arbitrary<DeviceFacts> = fc
  .record({
    standing: fc.constantFrom('verified', 'silent', 'never'),
    wifiMode: fc.constantFrom(...modes),
    kind: fc.constantFrom('vl53l1x', 'tf-luna', 'tfmini-s', 'ultrasonic', 'pir', 'wifi-probe'),
    software: fc.constantFrom('0.1.0', '1.2.3'),
  })
  .map(({ standing, wifiMode, kind, software }) =>
    standing === 'never'
      ? sampleDevice({ standing, lastHeardMs: null, software: null, wifiMode: null, sensors: [] })
      : sampleDevice({
          standing,
          wifiMode,
          software,
          lastHeardMs: standing === 'silent' ? nowMs - 3 * 86_400_000 : nowMs,
          sensors: [{ sensor: 's', kind, simulated: false }],
        }),
  );
const devices = fc
  .array(device, { minLength: 1, maxLength: 4 })
  .map((some) => some.map((one, index) => ({ ...one, device: `counter-${index}` })));
const kept = fc.oneof(fc.constant(null), fc.integer({ min: 2, max: 99_999 }));
const retention: fc.Arbitrary<RetentionFacts> = fc.record({
  minutesDays: kept,
  quartersDays: kept,
  hoursDays: kept,
  daysDays: kept,
});
const share: fc.Arbitrary<ShareFacts> = fc.record({
  line: fc.constantFrom('Tür', 'Straße'),
  audience: fc.constantFrom('partner', 'public'),
  partner: fc.constantFrom(null, 'Stadtmarketing', 'Universität'),
  resolution: fc.constantFrom('1h', '1d', '1w', '1mo'),
  fromMs: fc.constant(nowMs),
  untilMs: fc.constantFrom(null, nowMs + 86_400_000),
});

describe.each([...paperLanguages])('papers in %s', (language) => {
  test('say the WiFi modes that run, and no other', () => {
    fc.assert(
      fc.property(devices, (some) => {
        const facts = sampleFacts({ devices: some });
        const running = new Set(
          some.filter(({ standing }) => standing === 'verified').map(({ wifiMode }) => wifiMode),
        );
        for (const [name, text] of Object.entries(papersOf(facts, language))) {
          // Tables name what a silent device last said; sentences are about what runs.
          const sentences = text
            .split('\n')
            .filter((line) => !/^(aus|an, Betriebsart.*|off|on, mode.*)$/.test(line))
            .join('\n');
          for (const mode of modes) {
            const told = modeWords[language][mode].test(sentences);
            const quietOnSign = name === 'sign' && mode === 'off' && running.size > 1;
            expect([name, mode, told]).toEqual([name, mode, running.has(mode) && !quietOnSign]);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  test('name every device that is silent or never reported, and none that reports', () => {
    fc.assert(
      fc.property(devices, (some) => {
        const facts = sampleFacts({ devices: some });
        const open = some.filter(({ standing }) => standing !== 'verified').map((one) => one.device);
        for (const [name, text] of Object.entries(papersOf(facts, language))) {
          const [, warning = ''] =
            /^((?:Noch nicht aushängen\. |Do not hang up yet\. )?(?:Nicht bestätigt|Unverified): .*)$/m.exec(
              text,
            ) ?? [];
          const named = some.map((one) => one.device).filter((one) => warning.includes(one));
          expect([name, named]).toEqual([name, name === 'sign' ? open.slice(0, 3) : open]);
          if (name === 'sign' && open.length > 3) expect(warning).toMatch(/1 (weitere|more)/);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('say how long each level is kept, as it is configured', () => {
    const levels = {
      de: ['Minutenwerte', 'Viertelstundenwerte', 'Stundenwerte', 'Tageswerte'],
      en: ['Values per minute', 'Values per quarter of an hour', 'Values per hour', 'Values per day'],
    }[language];
    fc.assert(
      fc.property(retention, (configured) => {
        const days = Object.values(configured) as (number | null)[];
        for (const text of Object.values(papersOf(sampleFacts({ retention: configured }), language))) {
          for (const [index, level] of levels.entries()) {
            const told = new RegExp(
              `(?:^|· )${level}(?:: |\n)(?:(\\d+) (?:Tage|days)|ohne Frist|without limit)`,
              'm',
            ).exec(text);
            expect(told?.[1] ?? null, `${level} in ${text}`).toBe(
              days[index] === null ? null : `${days[index]}`,
            );
            expect(told, level).not.toBeNull();
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  test('say what is shared with whom and how finely, or that nothing is', () => {
    const cells = {
      de: { '1h': 'Stunden', '1d': 'Tage', '1w': 'Wochen', '1mo': 'Monate' },
      en: { '1h': 'hours', '1d': 'days', '1w': 'weeks', '1mo': 'months' },
    }[language] as Record<string, string>;
    const nothing = { de: 'an niemanden weitergegeben', en: 'passed on to nobody' }[language];
    const published = { de: /sind veröffentlicht/, en: /is published/ }[language];
    const noise = { de: 'ε = 0,5', en: 'ε = 0.5' }[language];
    fc.assert(
      fc.property(fc.array(share, { maxLength: 4 }), (shares) => {
        const protection = {
          epsilon: 0.5,
          cellMinutes: 15,
          quietFrom: '21:00',
          quietUntil: '07:00',
        } as const;
        const { sign, ...papers } = papersOf(sampleFacts({ shares, protection }), language);
        for (const text of Object.values(papers)) {
          expect(text.includes(nothing)).toBe(shares.length === 0);
          expect(text.includes(noise)).toBe(shares.length > 0);
          expect(published.test(text)).toBe(shares.some(({ audience }) => audience === 'public'));
          for (const { line, audience, partner, resolution, untilMs } of shares) {
            const told = text
              .split('\n')
              .filter((one) => one.includes(line) && one.includes(`: ${cells[resolution]} `));
            expect(
              told.some((one) => audience === 'public' || partner === null || one.includes(partner)),
            ).toBe(true);
            const end = { de: /ohne Enddatum/, en: /without an end/ }[language];
            expect(told.some((one) => end.test(one) === (untilMs === null))).toBe(true);
          }
        }
        const open = { de: /öffentlich \(/, en: /public \(/ }[language];
        expect(open.test(sign!)).toBe(shares.some(({ audience }) => audience === 'public'));
      }),
      { numRuns: 100 },
    );
  });

  test('say whether the gateway is open to whoever reaches it', () => {
    const open = { de: 'Der Zugang ist offen', en: 'Access is open' }[language];
    const closed = sampleFacts();
    for (const make of Object.values(texts)) {
      expect(textOfPaper(make({ ...closed, readers: 'open' }, language))).toContain(open);
      expect(textOfPaper(make(closed, language))).not.toContain(open);
    }
  });

  test('mark what only the operator can say, until the configuration says it', () => {
    const marked = { de: 'Bitte ausfüllen: Name der Firma', en: 'Please fill in: Name of the company' }[
      language
    ];
    expect(paperHtml(privacyNotice(sampleFacts(), language))).toContain(marked);
    const told = sampleFacts({ privacy: { controller: 'Lange & Söhne <GmbH>' } });
    const html = paperHtml(privacyNotice(told, language));
    expect(html).not.toContain(marked);
    expect(html).toContain('Lange &amp; Söhne &lt;GmbH&gt;');
  });

  test('call simulated sensors and imported series what they are', () => {
    const simulated = [{ sensor: 'door', kind: 'vl53l1x', simulated: true } as const];
    const facts = sampleFacts({
      devices: [sampleDevice({ sensors: simulated })],
      imports: ['import-zurich'],
    });
    const text = textOfPaper(privacyNotice(facts, language));
    expect(text).toMatch({ de: /simuliert, misst niemanden/, en: /simulated, measures nobody/ }[language]);
    expect(text).toContain('import-zurich');
  });
});
