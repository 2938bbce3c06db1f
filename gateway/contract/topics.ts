/**
 * Topics, built and parsed in one place: `passant/v1/{device}/{leaf}`.
 * A device may publish and read its own topics only.
 */

const prefix = 'passant/v1/';
const fromDevice = ['counts', 'status', 'live', 'resume', 'in-force'] as const;
const toDevice = ['receipt', 'profile'] as const;

export type TopicLeaf = (typeof fromDevice)[number] | (typeof toDevice)[number];

const leaves: ReadonlySet<string> = new Set([...fromDevice, ...toDevice]);
const deviceName = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** The topic of one device's leaf, as `passant/v1/iserlohn-1/counts`. */
export function buildTopic(device: string, leaf: TopicLeaf): string {
  if (!deviceName.test(device)) throw new Error(`"${device}" is not a device name`);
  return `${prefix}${device}/${leaf}`;
}

/** Leaves that a gateway listens to. */
export const deviceLeaves: readonly (typeof fromDevice)[number][] = fromDevice;

/** The filter under which a gateway hears one leaf of all devices. */
export function topicOfAllDevices(leaf: (typeof fromDevice)[number]): string {
  return `${prefix}+/${leaf}`;
}

/** Device and leaf of a topic, or null where it is none of ours. */
export function parseTopic(topic: string): { device: string; leaf: TopicLeaf } | null {
  if (!topic.startsWith(prefix)) return null;
  const [device, leaf, ...more] = topic.slice(prefix.length).split('/');
  if (device === undefined || leaf === undefined || more.length > 0) return null;
  if (!deviceName.test(device) || !leaves.has(leaf)) return null;
  return { device, leaf: leaf as TopicLeaf };
}

/** Whether a device may publish to a topic: only its own, and only those that lead to the gateway. */
export function mayPublish(device: string, topic: string): boolean {
  const parsed = parseTopic(topic);
  return parsed?.device === device && (fromDevice as readonly string[]).includes(parsed.leaf);
}

/** Whether a device may read a topic: its own only. */
export function mayRead(device: string, topic: string): boolean {
  return parseTopic(topic)?.device === device;
}
