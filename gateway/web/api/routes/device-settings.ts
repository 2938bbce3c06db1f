import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { DeviceSettingsBody, DeviceSettingsState } from '../../../contract/device-settings.ts';
import { DeviceName } from '../../../contract/names.ts';
import { noProfileHash } from '../../../contract/site-profile.ts';
import type { DeviceRecord } from '../../../store/count-store.ts';
import type { AccessParts } from '../app.ts';
import { Problem } from '../problems.ts';

const DeviceParams = Type.Object({ id: DeviceName }, { additionalProperties: false });

/** `GET` and `PUT /v1/devices/{id}/settings`: what the gateway is master of, and whether the device has it. */
export function addDeviceSettingsRoutes(
  app: FastifyInstance,
  { store, access, pushes, now }: AccessParts,
): void {
  const recordOf = async (device: string): Promise<DeviceRecord> => {
    const { devices } = await store.readDirectory();
    const record = devices.find((entry) => entry.device === device);
    if (record === undefined) throw new Problem('not-found', `There is no device "${device}".`);
    return record;
  };
  const answer = ({ device, status }: DeviceRecord) => pushes.stateOf(device, status);
  app.get<{ Params: { id: string } }>(
    '/v1/devices/:id/settings',
    {
      schema: {
        tags: ['devices'],
        summary: 'Settings pushed to a device, and what it has made of them',
        params: DeviceParams,
        response: { 200: DeviceSettingsState },
      },
    },
    async ({ params }) => answer(await recordOf(params.id)),
  );
  app.put<{ Params: { id: string }; Body: DeviceSettingsBody }>(
    '/v1/devices/:id/settings',
    {
      schema: {
        tags: ['devices'],
        summary: 'Push settings to a device, onto the profile it runs',
        params: DeviceParams,
        body: DeviceSettingsBody,
        response: { 200: DeviceSettingsState },
      },
    },
    async (request) => {
      const record = await recordOf(request.params.id);
      const { settings, parent = record.status?.profile ?? noProfileHash } = request.body;
      await pushes.push(record.device, { parent, settings });
      const { actor } = access.sightOf(request).principal;
      const subject = record.device;
      await store.appendAudit({ atMs: now(), actor, action: 'settings-pushed', subject });
      return answer(record);
    },
  );
}
