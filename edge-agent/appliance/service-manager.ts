import koffi from 'koffi';

/** socket(2) and sendto(2) of Linux: AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC. */
const addressFamilyUnix = 1;
const socketDatagram = 2 | 0o2000000;
/** unix(7): a path of at most 108 bytes after the two of the family. */
const pathBytesMax = 108;

/** What a supervised service says to systemd (sd_notify(3)). */
export interface ServiceManager {
  /** Half of the watchdog's patience, in seconds; null where nobody watches. */
  readonly watchdogSeconds: number | null;
  notify(state: 'READY=1' | 'WATCHDOG=1' | 'STOPPING=1'): void;
}

/**
 * The service manager that the environment names, or one that hears nothing. A notification that
 * cannot be sent is let go: the manager's own timeouts decide then.
 */
export function openServiceManager(environment: NodeJS.ProcessEnv): ServiceManager {
  const path = environment['NOTIFY_SOCKET'];
  if (path === undefined || process.platform !== 'linux') return { watchdogSeconds: null, notify: () => {} };
  const watchdogMicroseconds = Number(environment['WATCHDOG_USEC']);
  const isForUs = Number(environment['WATCHDOG_PID'] ?? process.pid) === process.pid;
  return {
    watchdogSeconds: watchdogMicroseconds > 0 && isForUs ? watchdogMicroseconds / 2e6 : null,
    notify: datagramSender(path),
  };
}

function datagramSender(path: string): (text: string) => void {
  const libc = koffi.load('libc.so.6');
  const socket = libc.func('int socket(int family, int type, int protocol)');
  const sendto = libc.func(
    'long sendto(int socket, const void *bytes, size_t length, int flags, const void *address, uint32_t addressLength)',
  );
  const address = socketAddress(path);
  const descriptor = socket(addressFamilyUnix, socketDatagram, 0) as number;
  return (text) => {
    const bytes = Buffer.from(text);
    sendto(descriptor, bytes, bytes.length, 0, address, address.length);
  };
}

/** struct sockaddr_un; a path that begins with @ is in the abstract name space (unix(7)). */
function socketAddress(path: string): Buffer {
  const name = Buffer.from(path.startsWith('@') ? `\0${path.slice(1)}` : path);
  if (name.length > pathBytesMax - 1)
    throw new Error(`NOTIFY_SOCKET is longer than ${pathBytesMax - 1} bytes`);
  const family = Buffer.alloc(2);
  family.writeUInt16LE(addressFamilyUnix);
  return Buffer.concat([family, name, ...(path.startsWith('@') ? [] : [Buffer.alloc(1)])]);
}
