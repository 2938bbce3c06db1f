import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { placeOfSensor, putCalibrations } from '../../../calibration/audit/apply-walk-test.ts';
import type { GatewayAccess } from '../../../calibration/remote/gateway-client.ts';
import type { Calibration } from '../../../gateway/contract/calibration.ts';
import type { Enrolment } from '../../../gateway/contract/enrolment.ts';

let server: Server;
let access: GatewayAccess;
let enrolment: Enrolment | null;
let devices: unknown[];
let put: { path: string; body: Calibration }[];

/** A gateway that answers what is set, in the contract's form. */
beforeEach(async () => {
  [enrolment, devices, put] = [null, [], []];
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (part: Buffer) => {
      text += part;
    });
    request.on('end', () => {
      if (request.method === 'PUT') {
        put.push({ path: request.url!, body: JSON.parse(text) as Calibration });
        response.writeHead(204).end();
      } else if (request.url === '/v1/devices') response.end(JSON.stringify({ devices }));
      else if (request.url === '/v1/enrolments/shop-1' && enrolment) response.end(JSON.stringify(enrolment));
      else response.writeHead(404).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  access = { url, key: null, ca: null, signal: new AbortController().signal };
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const row = (changes: object) => ({
  line: 'shop-door',
  sensor: 'door',
  role: 'counts' as const,
  lane: 0,
  swapped: false,
  from: null,
  until: null,
  ...changes,
});
const enrolled = (...assigned: Enrolment['assigned']): Enrolment => ({
  device: 'shop-1',
  state: 'enrolled',
  assigned,
  missing: 0,
  profile: null,
  profiles: [],
  conflicts: [],
});
const sought = { device: 'shop-1', sensor: 'door', line: undefined };

test('a sensor whose directions the gateway turns round is corrected the other way round', async () => {
  enrolment = enrolled(
    row({ line: 'old-door', until: '2026-01-01T00:00:00Z' }),
    row({ swapped: true }),
    row({ line: 'yard', sensor: 'yard' }),
  );
  const place = await placeOfSensor(access, sought);
  expect(place).toMatchObject({ line: 'shop-door', exchanged: true });
  const correction = { factor: 1.1, standardError: 0.02, people: 99, counted: 90 };
  await putCalibrations(
    access,
    { ...sought, line: place.line!, exchanged: place.exchanged },
    {
      at: '2026-03-02T08:20:00Z',
      engine: 'crossing/2',
      seconds: 600,
      people: 99,
      recognised: 90,
      crossings: 90,
      in: correction,
    },
  );
  expect(put).toMatchObject([
    { path: '/v1/calibrations/walk-shop-door-out-202603020820', body: { direction: 'out', factor: 1.1 } },
  ]);
});

test('a sensor that was never enrolled is found among the devices, and one at several lines is not guessed', async () => {
  devices = [{ device: 'shop-1', sensors: [{ sensor: 'door', lines: ['shop-1.door'] }] }];
  expect(await placeOfSensor(access, sought)).toMatchObject({ line: 'shop-1.door', exchanged: false });
  devices = [{ device: 'shop-1', sensors: [{ sensor: 'door', lines: ['a', 'b'] }] }];
  expect(await placeOfSensor(access, sought)).toMatchObject({ line: null, known: ['a', 'b'] });
  expect(await placeOfSensor(access, { ...sought, line: 'b' })).toMatchObject({ line: 'b' });
});
