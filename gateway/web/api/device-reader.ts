import type { Completeness, Device } from '../../contract/http-api.ts';
import { type EpochAccount, emptyAccount, missingRanges } from '../../store/account.ts';
import type { CountStore, DeviceRecord, Directory } from '../../store/count-store.ts';
import type { SitePlan } from '../../values/site-plan.ts';
import { isoTime } from './iso-time.ts';
import { Problem } from './problems.ts';

/** Ranges that one answer lists; the numbers beside them are always whole. */
const rangesListedMax = 1_000;

type Tally = { sent: number; stored: number; refused: number; gone: number; reused: number };

/** Devices as the API shows them. */
export function deviceList(directory: Directory, plan: SitePlan): Device[] {
  return directory.devices.map((record) => {
    const { status } = record;
    return {
      device: record.device,
      online: status?.online ?? null,
      firstSeen: isoTime(record.firstSeenMs),
      lastSeen: isoTime(record.lastSeenMs),
      software: status?.software ?? null,
      clock: status?.clock ?? null,
      wifiMode: status?.wifiMode ?? null,
      outboxHeld: status?.health.outboxHeld ?? null,
      outboxFull: status?.health.outboxFull ?? null,
      push: status?.push ?? null,
      sensors: sensorsOf(record, directory, plan),
    };
  });
}

function sensorsOf(record: DeviceRecord, directory: Directory, plan: SitePlan): Device['sensors'] {
  const delivered = directory.sensors.filter(({ device }) => device === record.device);
  const said = record.status?.sensors ?? [];
  const names = new Set([...said, ...delivered].map(({ sensor }) => sensor));
  return [...names].map((sensor) => {
    const state = said.find((entry) => entry.sensor === sensor);
    return {
      sensor,
      kind: delivered.find((entry) => entry.sensor === sensor)?.kind ?? null,
      state: state?.state ?? null,
      simulated: state?.simulated ?? false,
      flags: [...(state?.flags ?? [])],
      lines: plan.assignments
        .filter((entry) => entry.device === record.device && entry.sensor === sensor)
        .map(({ line }) => line),
    };
  });
}

/** Whether all that a device closed has arrived. Throws a `Problem` for an unknown device. */
export async function completenessOf(store: CountStore, device: string): Promise<Completeness> {
  const { devices } = await store.readDirectory();
  const record = devices.find((entry) => entry.device === device);
  if (!record) throw new Problem('not-found', `There is no device "${device}".`);
  const epochs = withStatus(await store.readAccounts(device), record).map(epochCompleteness);
  const totals = { sent: 0, stored: 0, refused: 0, gone: 0, reused: 0 };
  for (const epoch of epochs) for (const name of tallyNames) totals[name] += epoch[name];
  const missing = totals.sent - totals.stored - totals.refused - totals.gone;
  return { device, store: store.id, totals: { ...totals, missing }, epochs };
}

const tallyNames = ['sent', 'stored', 'refused', 'gone', 'reused'] as const;

/** The device may have said that it is further than what has arrived, or speak of an epoch never heard. */
function withStatus(accounts: readonly EpochAccount[], { device, status }: DeviceRecord): EpochAccount[] {
  if (status === null) return [...accounts];
  const said = status.health.lastSequence ?? 0;
  const known = accounts.some(({ epoch }) => epoch === status.epoch);
  const all = known ? accounts : [...accounts, emptyAccount(device, status.epoch)];
  return all.map((account) =>
    account.epoch === status.epoch ? { ...account, sent: Math.max(account.sent, said) } : account,
  );
}

function epochCompleteness(account: EpochAccount): Completeness['epochs'][number] {
  const tally: Tally = { sent: account.sent, stored: 0, refused: 0, gone: 0, reused: 0 };
  const refusals: Completeness['epochs'][number]['refusals'] = [];
  for (const { from, to, disposition } of account.ranges) {
    const number = to - from + 1;
    if (disposition === 'stored' || disposition === 'gone') tally[disposition] += number;
    else {
      tally.refused += number;
      refusals.push({ from, to, reason: disposition });
    }
  }
  for (const { from, to, disposition } of account.reused) {
    tally.reused += to - from + 1;
    refusals.push({ from, to, reason: disposition });
  }
  return {
    epoch: account.epoch,
    through: account.through,
    ...tally,
    missing: missingRanges(account).slice(0, rangesListedMax),
    refusals: refusals.slice(-rangesListedMax),
  };
}
