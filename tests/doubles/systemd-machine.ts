import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const systemd = '/lib/systemd/systemd';
const bootSecondsMax = 20;

/** A control group of its own before the namespaces: what the machine does to groups stays below it. */
const outerScript = `set -e
[ "$(readlink /proc/self/ns/mnt)" != "$(readlink /proc/$PPID/ns/mnt)" ]
mount --make-rprivate /
mount -t cgroup2 cgroup2 /mnt
mkdir "/mnt/passant-machine-$$"
echo $$ >"/mnt/passant-machine-$$/cgroup.procs"
exec unshare --mount --pid --fork --cgroup --uts --ipc --mount-proc --kill-child=KILL "$@"
`;

/** Takes the machine's control groups away when nothing runs in them any more. */
const clearScript = `mount --make-rprivate / && mount -t cgroup2 cgroup2 /mnt || exit 1
[ -d "/mnt/passant-machine-$1" ] || exit 0
for _ in 1 2 3 4 5 6 7 8 9 10; do
  find "/mnt/passant-machine-$1" -depth -type d -exec rmdir {} + 2>/dev/null && exit 0
  sleep 0.1
done
`;

/**
 * What the machine does before systemd takes over. The host's files are read-only for it, and every
 * folder that is written to is a file system of its own: a boot cleans up where it believes to be
 * alone. It does not boot where that cannot be had. The checkout lies where the unit expects it.
 */
const bootScript = `set -e
folder=$1 checkout=$2
mount --make-rprivate /
mount -o remount,bind,ro /
mount -o remount,bind,ro /proc/sys 2>/dev/null || { mount --bind /proc/sys /proc/sys; mount -o remount,bind,ro /proc/sys; }
mount -t tmpfs tmpfs /run
mkdir -p /run/machine /run/layers/upper /run/layers/work /run/systemd/system /run/lock
cp -r "$folder/." /run/machine
mount -t tmpfs -o mode=755 tmpfs /opt
mkdir /opt/passant
mount --bind "$checkout" /opt/passant
for own in /tmp /var/tmp /var/lib /var/cache /var/log /dev/shm; do mount -t tmpfs -o mode=1777 tmpfs $own; done
chmod 755 /var/lib /var/cache /var/log
mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/layers/upper,workdir=/run/layers/work /etc
mount -t tmpfs tmpfs /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
for own in /tmp /var/tmp /var/lib /run; do [ "$(stat -fc %T $own)" = tmpfs ]; done
if touch /usr/passant-probe 2>/dev/null; then echo 'the host could be written to' >&2; exit 1; fi
for group in passant i2c gpio dialout; do getent group $group >/dev/null || groupadd --system $group; done
getent passwd passant >/dev/null || useradd --system --no-log-init --gid passant passant
mkdir -p /etc/passant
cp -r /run/machine/etc/. /etc
cp -r /run/machine/units/. /run/systemd/system
export container=passant-test SYSTEMD_UNIT_PATH=/run/systemd/system
exec ${systemd} --system --unit=machine.target --log-target=null --show-status=no
`;

/** Of the host's units none: these are the ones that a service without further ado refers to. */
const emptyUnit = `[Unit]
DefaultDependencies=no
AllowIsolate=yes
`;
const emptyUnits = ['machine', 'sysinit', 'basic', 'shutdown', 'local-fs', 'time-set', 'network-online'];

/** A real systemd as process 1 of a machine made of namespaces. */
export class SystemdMachine {
  readonly #supervisor: ChildProcess;
  readonly #folder: string;
  readonly #pid: number;

  constructor(parts: { supervisor: ChildProcess; folder: string; pid: number }) {
    this.#supervisor = parts.supervisor;
    this.#folder = parts.folder;
    this.#pid = parts.pid;
  }

  /** Runs systemctl; what it says on stdout. Throws where it fails. */
  systemctl(...parameters: string[]): string {
    const inside = ['-t', String(this.#pid), '-m', '-p', 'systemctl', ...parameters];
    return execFileSync('nsenter', inside, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  }

  /** One property of a unit. */
  show(unit: string, property: string): string {
    return this.systemctl('show', unit, '-p', property, '--value');
  }

  /** A file of the machine as seen from here. */
  path(file: string): string {
    return join('/proc', String(this.#pid), 'root', file);
  }

  /** Process numbers of a unit as seen from here, launcher first. */
  processesOf(unit: string): number[] {
    const file = join(this.path('/sys/fs/cgroup/system.slice'), unit, 'cgroup.procs');
    return readFileSync(file, 'utf8').trim().split('\n').map(Number);
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.#supervisor.once('exit', resolve));
    process.kill(this.#pid, 'SIGKILL');
    await gone;
    clearGroups(this.#supervisor.pid!);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function clearGroups(supervisor: number): void {
  const script = ['bash', '--norc', '-c', clearScript, 'clear', String(supervisor)];
  spawnSync('unshare', ['--mount', ...script], { stdio: 'ignore' });
}

/** Whether this user may make such machines here. */
export function canBootSystemd(): boolean {
  if (!existsSync(systemd) || process.getuid?.() !== 0) return false;
  const mounts = 'mount --make-rprivate / && mount -o remount,bind,ro /';
  const script = ['bash', '--norc', '-c', outerScript, 'outer', 'sh', '-c', mounts];
  const { pid, status } = spawnSync('unshare', ['--mount', ...script], { stdio: 'ignore' });
  clearGroups(pid);
  return status === 0;
}

/** Boots a machine with `units` in its /run/systemd/system and `etc` in its /etc, by relative path. */
export async function bootSystemd(parts: {
  checkout: string;
  units: Readonly<Record<string, string>>;
  etc: Readonly<Record<string, string>>;
}): Promise<SystemdMachine> {
  const folder = mkdtempSync(join(tmpdir(), 'passant-systemd-'));
  const files: Record<string, string> = {};
  for (const name of emptyUnits) files[`units/${name}.target`] = emptyUnit;
  for (const [name, text] of Object.entries(parts.units)) files[`units/${name}`] = text;
  for (const [name, text] of Object.entries(parts.etc)) files[`etc/${name}`] = text;
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const script = ['bash', '--norc', '-c', bootScript, 'boot', folder, parts.checkout];
  const supervisor = spawn('unshare', ['--mount', 'bash', '--norc', '-c', outerScript, 'outer', ...script], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
  let said = '';
  supervisor.stderr!.on('data', (bytes: Buffer) => {
    said += bytes.toString();
  });
  const until = Date.now() + bootSecondsMax * 1000;
  while (Date.now() < until && supervisor.exitCode === null) {
    const pid = childOf(supervisor.pid!);
    const machine = pid === null ? null : new SystemdMachine({ supervisor, folder, pid });
    if (machine !== null && existsSync(machine.path('/run/systemd/private'))) return machine;
    await sleep(50);
  }
  supervisor.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
  throw new Error(`systemd does not boot: ${said}`);
}

function childOf(pid: number): number | null {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return children === '' ? null : Number(children.split(' ')[0]);
  } catch {
    return null;
  }
}
