import type { DeviceFacts, PaperFacts } from '../../../gateway/papers/paper-facts.ts';

const nowMs = Date.parse('2026-03-02T12:00:00Z');

export function sampleDevice(changes: Partial<DeviceFacts> = {}): DeviceFacts {
  return {
    device: 'shop-1',
    standing: 'verified',
    lastHeardMs: nowMs,
    software: '0.1.0',
    wifiMode: 'off',
    sensors: [{ sensor: 'door', kind: 'vl53l1x', simulated: false }],
    ...changes,
  };
}

/** A shop with one counter that listens to nothing and shares nothing. */
export function sampleFacts(changes: Partial<PaperFacts> = {}): PaperFacts {
  return {
    site: { id: 'shop', name: 'Papeterie Lange', organisation: 'Lange GmbH', town: 'Iserlohn' },
    timeZone: 'Europe/Berlin',
    privacy: {},
    lines: [{ name: 'Tür', role: 'entrance', kind: 'crossing' }],
    devices: [sampleDevice()],
    imports: [],
    retention: { minutesDays: 400, quartersDays: 1_100, hoursDays: null, daysDays: null },
    shares: [],
    readers: { operator: 1, technician: 0, trader: 1, adviser: 0 },
    protection: { epsilon: 1, cellMinutes: 60, quietFrom: '22:00', quietUntil: '06:00' },
    noticeUrl: null,
    generatedMs: nowMs,
    software: '0.1.0',
    ...changes,
  };
}
