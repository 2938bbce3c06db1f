import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import koffi from 'koffi';

/** linux/if_tun.h */
const setInterface = 0x400454ca;
const setLinkType = 0x400454cd;
const tunFlag = 0x0001;
/** linux/if_arp.h: ARPHRD_IEEE80211_RADIOTAP */
const radiotapLinkType = 803;

/** Why this machine cannot have a fake monitor interface, or null where it can. */
export function fakeMonitorFault(): string | null {
  if (process.getuid?.() !== 0) return 'a TUN interface needs root';
  if (!existsSync('/dev/net/tun')) return 'there is no /dev/net/tun';
  try {
    new FakeMonitor('passantprobe').close();
    return null;
  } catch (error) {
    return `a TUN interface cannot be made: ${(error as Error).message}`;
  }
}

/** A network interface of the kernel that hears what the test writes, as a monitor interface would. */
export class FakeMonitor {
  readonly name: string;
  readonly #descriptor: number;

  constructor(name: string) {
    this.name = name;
    this.#descriptor = openSync('/dev/net/tun', 'r+');
    try {
      const library = koffi.load(null);
      const ioctlPointer = library.func('int ioctl(int descriptor, ulong request, uint8_t *argument)');
      const ioctlNumber = library.func('int ioctl(int descriptor, ulong request, ulong argument)');
      const request = Buffer.alloc(40);
      request.write(name, 0, 'latin1');
      request.writeUInt16LE(tunFlag, 16);
      if (ioctlPointer(this.#descriptor, setInterface, request) < 0) throw new Error('TUNSETIFF is refused');
      if (ioctlNumber(this.#descriptor, setLinkType, radiotapLinkType) < 0) {
        throw new Error('TUNSETLINK is refused');
      }
      execFileSync('ip', ['link', 'set', name, 'up'], { stdio: 'pipe' });
    } catch (error) {
      closeSync(this.#descriptor);
      throw error;
    }
  }

  /** Lets the interface hear one packet: a radiotap header and an 802.11 frame. */
  hear(packet: Uint8Array): void {
    // Flags and protocol of the TUN packet header; the protocol is not looked at by a packet socket.
    writeSync(this.#descriptor, Buffer.concat([Buffer.of(0, 0, 0, 4), packet]));
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
