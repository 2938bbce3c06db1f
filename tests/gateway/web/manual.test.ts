import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GatewayConfig } from '../../../gateway/config.ts';
import {
  epochsPerDeviceMax,
  rangesPerEpochMax,
  sensorsPerDeviceMax,
} from '../../../gateway/store/count-store.ts';
import { cellsMax } from '../../../gateway/web/api/line-source.ts';
import { problems } from '../../../gateway/web/api/problems.ts';
import { listenersMax } from '../../../gateway/web/live-board.ts';

const manual = readFileSync(join(import.meta.dirname, '../../../docs/gateway.md'), 'utf8');

describe('the operators’ manual', () => {
  test('lists exactly the errors that the interface answers, with their status', () => {
    const listed = [...manual.matchAll(/^\| `([a-z-]+)` \| (\d{3}) \|/gm)].map(([, code, status]) => [
      code,
      Number(status),
    ]);
    const answered = Object.entries(problems).map(([code, { status }]) => [code, status]);
    expect(listed.sort()).toEqual(answered.sort());
  });

  test('names every setting', () => {
    for (const name of Object.keys(GatewayConfig.properties))
      expect(manual).toMatch(new RegExp(`\`${name}[\`.]`));
  });

  test('states the limits that the code has', () => {
    const whole = new Intl.NumberFormat('en-GB');
    for (const [limit, what] of [
      [epochsPerDeviceMax, 'epochs'],
      [rangesPerEpochMax, 'ranges'],
      [sensorsPerDeviceMax, 'sensors'],
      [cellsMax, 'cells'],
      [listenersMax, 'screens'],
    ] as const) {
      expect(manual).toContain(`${whole.format(limit)} ${what}`);
    }
  });
});
