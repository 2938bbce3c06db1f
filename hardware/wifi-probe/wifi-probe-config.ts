import { type Static, Type } from 'typebox';

const Command = (description: string, fallback: string[]) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 256 }), {
      minItems: 1,
      maxItems: 16,
      default: fallback,
      description,
    }),
  );

/**
 * A WiFi adapter in monitor mode. There is no mode here on purpose: only the site profile switches
 * listening on, and says how.
 */
export const WifiProbeConfig = Type.Object(
  {
    kind: Type.Literal('wifi-probe'),
    interface: Type.String({
      pattern: '^[A-Za-z0-9_.-]{1,15}$',
      description: 'Network interface in monitor mode, e.g. wlan1mon; not the one of the uplink.',
    }),
    captureCommand: Command('Program, and arguments before ours, that captures.', ['tcpdump']),
    channels: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1, maximum: 196 }), {
        maxItems: 16,
        uniqueItems: true,
        default: [],
        description: 'Channels to visit in turn; none leaves the interface where it is.',
      }),
    ),
    channelSeconds: Type.Optional(
      Type.Number({ minimum: 0.1, maximum: 60, default: 0.5, description: 'Time spent on each channel.' }),
    ),
    channelCommand: Command('Sets a channel; {interface} and {channel} are filled in.', [
      'iw',
      'dev',
      '{interface}',
      'set',
      'channel',
      '{channel}',
    ]),
  },
  { additionalProperties: false },
);
export type WifiProbeConfig = Static<typeof WifiProbeConfig>;

/** What the site profile permits; without a mode nothing is opened. */
export interface WifiPermission {
  readonly mode: 'rate' | 'hashing';
  /** Mode `hashing`: no process holds an address for longer than a window. */
  readonly windowSeconds: number;
}
