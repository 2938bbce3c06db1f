import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CrossingCounts, SiteList } from '../../../gateway/contract/http-api.ts';
import { noProfileHash } from '../../../gateway/contract/site-profile.ts';
import { openSqliteCountStore } from '../../../gateway/store/sqlite/sqlite-count-store.ts';
import { hashPassword } from '../../../gateway/web/access/credentials.ts';
import { languages } from '../../../gateway/web/dashboard/texts.ts';
import { programPath, requirePrograms } from '../../require-programs.ts';
import { type GatewayBed, openGatewayBed, openTestDevice, type TestDevice } from '../gateway-bed.ts';
import { crossing, payload, presence, sampleEpoch } from '../sample-intervals.ts';

const sites = [
  {
    id: 'papeterie',
    name: 'Papeterie Lange',
    organisation: 'Lange GmbH',
    town: 'Iserlohn',
    lines: [
      { id: 'papeterie-door', name: 'Main door', sensors: [{ device: 'shop-1', sensor: 'door' }] },
      { id: 'papeterie-yard', name: 'Yard door', sensors: [{ device: 'shop-1', sensor: 'yard' }] },
    ],
  },
];

let browser: Browser | undefined;
let bed: GatewayBed | undefined;
let device: TestDevice | undefined;

beforeAll(async () => {
  const executablePath = programPath('chromium');
  if (executablePath === null) return;
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  bed = await openGatewayBed({ config: { sites } });
  device = await openTestDevice(bed.gateway.brokerUrl, 'shop-1');
});
afterAll(async () => {
  await device?.close();
  await browser?.close();
  await bed?.close();
});

/** Opens the page and fails the test where the browser finds anything wrong with it. */
async function openPage(url: string, locale: string, look: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser!.newContext({ locale, viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  await look(page);
  expect(complaints).toEqual([]);
  await context.close();
}

const number = (page: Page, line: string, name: string) =>
  page.locator(`[data-line="${line}"] [data-figure="${name}"] .number`).textContent();

/** Minutes of the local day that is now, so that the page shows them. */
const startedAt = Date.now();
const minute = (sequence: number) => new Date(startedAt - 1_000 + sequence).toISOString();

describe('the page', () => {
  test('of an empty gateway says what to do, in the language of the browser', async (context) => {
    requirePrograms(context, 'chromium');
    const empty = await openGatewayBed();
    await openPage(empty.gateway.url, 'de-DE', async (page) => {
      await expect.poll(() => page.locator('main h2').textContent()).toBe(languages.de.emptyTitle);
      expect(await page.locator('html').getAttribute('lang')).toBe('de');
      await page.locator('button[data-language="en"]').click();
      expect(await page.locator('main h2').textContent()).toBe(languages.en.emptyTitle);
    });
    await empty.close();
  });

  test('shows the numbers of the API, follows them, and names what is simulated or no people', async (context) => {
    requirePrograms(context, 'chromium');
    const intervals = [
      crossing(1, { start: minute(1), in: 30, out: 12 }),
      crossing(2, { start: minute(2), in: 5, out: 6, sensor: 'yard' }),
      presence(3, { start: minute(3) }),
    ];
    await device!.publish('status', JSON.stringify(status));
    await device!.publish('counts', payload(intervals));
    await device!.receipted(3);
    await openPage(bed!.gateway.url, 'en-GB', async (page) => {
      await expect.poll(() => number(page, 'papeterie-door', 'in')).toBe('30');
      const [site] = (await bed!.get<SiteList>('/v1/sites')).sites;
      const query = new URLSearchParams({ ...site!.today, resolution: '15m' });
      for (const { id } of site!.lines) {
        const { total } = await bed!.get<CrossingCounts>(`/v1/lines/${id}/counts?${query}`);
        expect(await number(page, id, 'in')).toBe(String(total.in));
        expect(await number(page, id, 'out')).toBe(String(total.out));
        expect(await number(page, id, 'present')).toBe(String(total.in! - total.out!).replace('-', '−'));
      }
      expect(await page.locator('.site-sum .number').allTextContents()).toEqual(['35', '18', '17']);
      await expect.poll(() => page.locator('[data-line="papeterie-door"] canvas').count()).toBe(1);

      // Only the yard's readings are computed; only the indicator is not people.
      const badges = (line: string) => page.locator(`[data-line="${line}"] .badge`).allTextContents();
      expect(await badges('papeterie-door')).toEqual([]);
      expect(await badges('papeterie-yard')).toEqual([languages.en.simulated]);
      expect(await badges('shop-1.wifi')).toEqual([languages.en.presence, languages.en.notPeople]);

      await device!.publish('counts', payload([crossing(4, { start: minute(4), in: 4, out: 0 })]));
      await expect.poll(() => number(page, 'papeterie-door', 'in')).toBe('34');
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBeLessThanOrEqual(390);
    });
  });
});

describe('a range of the page', () => {
  const dayMs = 86_400_000;
  let shop: GatewayBed | undefined;
  afterAll(() => shop?.close());
  const at = (page: Page, selector: string) => page.locator(`[data-line="papeterie-door"] ${selector}`);
  const local = (daysAgo: number) =>
    new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Berlin' }).format(Date.now() - daysAgo * dayMs);

  test('is chosen by keyboard, kept in the address, and compared with the week before', async (context) => {
    requirePrograms(context, 'chromium');
    shop = await openGatewayBed({ config: { sites } });
    const sender = await openTestDevice(shop.gateway.brokerUrl, 'shop-1');
    // An hour around noon, so that every day is the local one in summer and in winter.
    const noon = (daysAgo: number, minute: number) =>
      new Date(Date.parse(`${local(daysAgo)}T11:00:00Z`) + minute * 60_000).toISOString();
    const minutes = [1, 8].flatMap((daysAgo, week) =>
      Array.from({ length: 60 }, (_, index) =>
        crossing(60 * week + index + 1, {
          start: noon(daysAgo, index),
          in: week === 0 || index < 40 ? 2 : 0,
          out: 1,
          standardErrorIn: 4 / Math.sqrt(60),
        }),
      ),
    );
    await sender.publish('counts', payload(minutes));
    await sender.receipted(120);
    await sender.close();
    await openPage(`${shop.gateway.url}/#day=${local(1)}`, 'en-GB', async (page) => {
      await expect.poll(() => number(page, 'papeterie-door', 'in')).toBe('120');
      // 120 against 80: a half more; ± 1.5 × √((4/120)² + (4/80)²) = 9 %.
      await expect.poll(() => at(page, '.growth').textContent()).toMatch(/^\+50% \(± 9%\)/);
      await page.locator('[data-step="earlier"]').focus();
      await page.keyboard.press('Enter');
      await expect.poll(() => at(page, '.readout').textContent()).toBe(languages.en.nothingYet);
      expect(page.url()).toContain(`#day=${local(2)}`);
      await page.keyboard.press('Tab');
      await page.locator('input[type="date"]').fill(local(8));
      await expect.poll(() => number(page, 'papeterie-door', 'in')).toBe('80');
      expect(await at(page, '.growth').textContent()).toBe(languages.en.noComparison);
      await page.locator('[data-span="month"]').focus();
      await page.keyboard.press('Space');
      await expect.poll(() => page.url()).toContain('#month=');
      expect(await page.locator('[data-compare]').count()).toBe(0);
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(languages.en.spanMonth);
      await page.locator('[data-span="week"]').click();
      await page.locator('[data-step="today"]').click();
      expect(page.url()).toMatch(/#week$/);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    });
  });

  test('draws the interval of each value and a strip of what was looked at', async (context) => {
    requirePrograms(context, 'chromium');
    await openPage(`${shop!.gateway.url}/#day=${local(1)}`, 'en-GB', async (page) => {
      await expect.poll(() => number(page, 'papeterie-door', 'in')).toBe('120');
      const colors = await page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('[data-line="papeterie-door"] canvas')!;
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        const found: Record<string, number> = {};
        for (let index = 0; index < data.length; index += 4) {
          const name = data.slice(index, index + 4).join(',');
          found[name] = (found[name] ?? 0) + 1;
        }
        return found;
      });
      // --looked where the hour was looked at, --grid where it was not; the band darkens the bar's --above.
      expect(colors['21,128,61,255']).toBeGreaterThan(20);
      const shaded = Object.keys(colors).filter(
        (color) => color.endsWith('255') && color !== '29,78,216,255',
      );
      expect(colors['29,78,216,255']).toBeGreaterThan(20);
      expect(shaded.length).toBeGreaterThan(3);
    });
  });
});

describe('a closed page', () => {
  test('asks who is there, shows what is theirs, and forgets it when they leave', async (context) => {
    requirePrograms(context, 'chromium');
    const closed = await openGatewayBed({ config: { sites, access: 'closed' } });
    const store = await openSqliteCountStore(join(closed.dataDirectory, 'counts.sqlite'));
    const password = await hashPassword('ein langes Passwort');
    const users = { anna: 'trader', ihk: 'partner' };
    for (const [id, role] of Object.entries(users)) {
      const body = { name: id, role, sites: ['papeterie'], password };
      await store.put([{ kind: 'user', id, body }], Date.now());
    }
    await store.close();
    const context390 = await browser!.newContext({ locale: 'de-DE', viewport: { width: 390, height: 844 } });
    const page = await context390.newPage();
    await page.goto(closed.gateway.url);
    const { de } = languages;
    await expect.poll(() => page.locator('main h2').textContent()).toBe(de.logInTitle);
    await page.getByLabel(de.user).fill('anna');
    await page.getByLabel(de.password).fill('geraten');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('[role="alert"]').textContent()).toBe(de.wrongPassword);
    await page.getByLabel(de.password).fill('ein langes Passwort');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('main h2').textContent()).toBe('Papeterie Lange');
    await expect.poll(() => page.locator('#link-state').getAttribute('data-state')).toBe('live');
    expect(await context390.cookies()).toMatchObject([{ httpOnly: true, sameSite: 'Strict' }]);
    await page.locator('[data-leave]').click();
    await expect.poll(() => page.locator('main h2').textContent()).toBe(de.logInTitle);
    expect(await page.locator('main').textContent()).not.toContain('Papeterie');
    await page.getByLabel(de.user).fill('ihk');
    await page.getByLabel(de.password).fill('ein langes Passwort');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('main h2').textContent()).toBe(de.sharedTitle);
    await context390.close();
    await closed.close();
  });
});

test('every language has every text', () => {
  for (const texts of Object.values(languages)) {
    expect(Object.keys(texts)).toEqual(Object.keys(languages.en));
    for (const text of Object.values(texts)) expect(text).not.toBe('');
  }
});

const status = {
  version: 1,
  online: true,
  software: '0.1.0',
  bootId: 'b0',
  startedAt: null,
  epoch: sampleEpoch,
  profile: noProfileHash,
  clock: 'synced',
  wifiMode: 'rate',
  sensors: [
    { sensor: 'door', kind: 'vl53l1x', simulated: false, state: 'counting', flags: [] },
    { sensor: 'yard', kind: 'vl53l1x', simulated: true, state: 'counting', flags: [] },
    { sensor: 'wifi', kind: 'wifi-probe', simulated: false, state: 'counting', flags: [] },
  ],
  health: { outboxHeld: 0, outboxFull: false, epochReason: 'first' },
};
