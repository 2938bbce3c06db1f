import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { Completeness, DeviceList } from '../../../contract/http-api.ts';
import { DeviceName } from '../../../contract/names.ts';
import { PageQuery } from '../../../contract/pages-api.ts';
import type { AccessParts } from '../app.ts';
import { completenessOf, deviceList } from '../device-reader.ts';
import { pageOf } from '../pages.ts';

const DeviceParams = Type.Object({ id: DeviceName }, { additionalProperties: false });

/** `GET /v1/devices` and `GET /v1/devices/{id}/completeness`. */
export function addDeviceRoutes(app: FastifyInstance, { reader, store, access }: AccessParts): void {
  app.get<{ Querystring: PageQuery }>(
    '/v1/devices',
    {
      schema: {
        tags: ['devices'],
        summary: 'Devices and their sensors',
        querystring: PageQuery,
        response: { 200: DeviceList },
      },
    },
    async (request) => {
      const sight = access.sightOf(request);
      const { directory, plan } = await reader.directory();
      const siteOf = new Map(plan.lines.map(({ id, site }) => [id, site]));
      const mine = (line: string) => sight.seesSite(siteOf.get(line) ?? '');
      const devices = deviceList(directory, plan)
        .filter(
          ({ sensors }) => sight.principal.sites === 'all' || sensors.some(({ lines }) => lines.some(mine)),
        )
        .map((device) => ({
          ...device,
          sensors: device.sensors.map((sensor) => ({ ...sensor, lines: sensor.lines.filter(mine) })),
        }));
      const { entries, next } = pageOf(devices, request.query, ({ device }) => device);
      return { devices: entries, next };
    },
  );
  app.get<{ Params: { id: string } }>(
    '/v1/devices/:id/completeness',
    {
      schema: {
        tags: ['devices'],
        summary: 'Whether everything a device closed has arrived',
        params: DeviceParams,
        response: { 200: Completeness },
      },
    },
    ({ params }) => completenessOf(store, params.id),
  );
}
