import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { Completeness, DeviceList } from '../../../contract/http-api.ts';
import { DeviceName } from '../../../contract/names.ts';
import type { AppParts } from '../app.ts';
import { completenessOf, deviceList } from '../device-reader.ts';

const DeviceParams = Type.Object({ id: DeviceName }, { additionalProperties: false });

/** `GET /v1/devices` and `GET /v1/devices/{id}/completeness`. */
export function addDeviceRoutes(app: FastifyInstance, { reader, store }: AppParts): void {
  app.get(
    '/v1/devices',
    { schema: { tags: ['devices'], summary: 'Devices and their sensors', response: { 200: DeviceList } } },
    async () => {
      const { directory, plan } = await reader.directory();
      return { devices: deviceList(directory, plan) };
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
