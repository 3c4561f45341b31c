import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SlabError } from '../diagnostics/errors.ts';
import type { LabForm } from './host.ts';
import { run, searchPath } from './process.ts';

/** Something this machine lacks. */
export interface Missing {
  readonly what: string;
  /** Something to type or to do. */
  readonly fix: string;
}

/** What the lab needs to know of this machine. */
export interface MachineFacts {
  readonly platform: string;
  readonly root: boolean;
  /** Whether a program is there, by name or by path. */
  readonly has: (program: string) => boolean;
  /** File systems the kernel can mount. */
  readonly fileSystems: ReadonlySet<string>;
  /** Whether root may make namespaces and mounts: not in most containers. */
  readonly namespaces: boolean;
}

/** Debian's proxy for listening sockets; part of systemd, but in no folder of programs. */
const socketProxy = '/lib/systemd/systemd-socket-proxyd';

/** Programs by what needs them, with the Debian package they are in; `|` where one of two will do. */
const programs: Readonly<Record<'build' | LabForm, readonly (readonly [string, string])[]>> = {
  build: [
    ['mmdebstrap|debootstrap', 'mmdebstrap'],
    ['chroot', 'coreutils'],
    ['flock', 'util-linux'],
  ],
  light: [
    ['ssh-keygen', 'openssh-client'],
    ['unshare', 'util-linux'],
  ],
  systemd: [
    ['ssh-keygen', 'openssh-client'],
    ['unshare', 'util-linux'],
    ['nsenter', 'util-linux'],
    ['losetup', 'mount'],
    ['ip', 'iproute2'],
    ['systemd-nspawn', 'systemd-container'],
    ['systemd-socket-activate', 'systemd'],
    [socketProxy, 'systemd'],
  ],
  vm: [
    ['ssh-keygen', 'openssh-client'],
    ['unshare', 'util-linux'],
    ['nsenter', 'util-linux'],
    ['ip', 'iproute2'],
    ['systemd-socket-activate', 'systemd'],
    [socketProxy, 'systemd'],
    ['qemu-system-x86_64', 'qemu-system-x86'],
    ['qemu-img', 'qemu-utils'],
    ['mke2fs', 'e2fsprogs'],
    ['lz4', 'lz4'],
    ['cpio', 'cpio'],
  ],
};

/** Everything that this machine lacks for hosts of this form, each with what to do; empty when it can run them. */
export function missingFor(form: LabForm, build: boolean, machine: MachineFacts): readonly Missing[] {
  if (machine.platform !== 'linux')
    return [{ what: `this machine runs ${machine.platform}, and the lab needs Linux`, fix: ownHost }];
  const wanted = [...(build ? programs.build : []), ...programs[form]];
  const absent = wanted.filter(([names]) => !names.split('|').some(machine.has));
  const missing = absent.map(([names, pkg]) => ({
    what: `${names.replace('|', ' or ')} is not installed`,
    fix: `apt-get install ${pkg}`,
  }));
  if (!machine.root) missing.unshift({ what: 'the lab needs root', fix: `run it with sudo, or ${ownHost}` });
  for (const fileSystem of ['overlay', 'cgroup2'])
    if (!machine.fileSystems.has(fileSystem))
      missing.push({
        what: `the kernel has no ${fileSystem} file system`,
        fix: `modprobe ${fileSystem}, or ${ownHost}`,
      });
  if (machine.root && !machine.namespaces)
    missing.push({
      what: 'root may not make namespaces here (a container?)',
      fix: `use a machine of its own, or ${ownHost}`,
    });
  return missing;
}

const ownHost =
  'use a host of your own: any Debian with sshd, named in inventories/<environment>/inventory.yaml';

/** Looks at this machine; mounts nothing that stays. */
export async function readMachine(): Promise<MachineFacts> {
  const platform = process.platform;
  const root = process.getuid?.() === 0;
  if (platform !== 'linux')
    return { platform, root, has: () => false, fileSystems: new Set(), namespaces: false };
  let fileSystems = readFileSystems();
  if (root && !fileSystems.has('overlay')) {
    await run('modprobe', ['overlay']); // often a module that nothing has asked for yet
    fileSystems = readFileSystems();
  }
  const namespaces =
    root && (await run('unshare', ['--mount', '--net', '--uts', '--pid', '--fork', 'true'])).code === 0;
  return { platform, root, has: isThere, fileSystems, namespaces };
}

/** @throws SlabError SLAB6003 that names everything missing, when anything is. */
export function refuseIfMissing(missing: readonly Missing[]): void {
  if (missing.length === 0) return;
  throw new SlabError('SLAB6003', `the lab cannot run here: ${missing.map(({ what }) => what).join('; ')}`, {
    fix: fixFor(missing),
  });
}

/** What to do about all of it; packages go into one line. */
export function fixFor(missing: readonly Missing[]): string {
  const install = 'apt-get install ';
  const packages = missing
    .filter(({ fix }) => fix.startsWith(install))
    .map(({ fix }) => fix.slice(install.length));
  const others = missing.map(({ fix }) => fix).filter((fix) => !fix.startsWith(install));
  const lines = packages.length === 0 ? others : [install + [...new Set(packages)].join(' '), ...others];
  return [...new Set(lines)].join('\n');
}

function isThere(program: string): boolean {
  const paths = program.includes('/')
    ? [program]
    : searchPath.split(':').map((folder) => join(folder, program));
  return paths.some((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function readFileSystems(): ReadonlySet<string> {
  return new Set(
    readFileSync('/proc/filesystems', 'utf8')
      .split('\n')
      .map((line) => line.split('\t').at(-1) ?? ''),
  );
}
