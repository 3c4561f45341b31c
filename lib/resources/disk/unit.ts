import type { HostFacts } from '../../disks/facts.ts';
import type { DiskDeclared } from './parse.ts';

/** The systemd unit that mounts a disk at boot. */
export interface MountUnit {
  readonly path: string;
  readonly text: string;
}

const GONE_AT_BOOT = ['tmpfs', 'ramfs', 'rootfs', 'overlay', 'squashfs', 'nfs', 'nfs4', '9p'];

/** Whether a unit for the next boot is wanted: not where the root file system is gone by then. */
export function wantsUnit(declared: DiskDeclared, facts: HostFacts): boolean {
  if (declared.persist !== 'auto') return declared.persist === 'unit';
  const root = facts.mounts.read ? facts.mounts.value.find((mount) => mount.point === '/') : undefined;
  return declared.systemd && root !== undefined && !GONE_AT_BOOT.includes(root.type);
}

/** By the id of the partition, which follows from cluster, host, role, serial number and generation: no other disk has it. */
export function mountUnit(
  declared: DiskDeclared,
  { point, partUuid, filesystem }: { point: string; partUuid: string; filesystem: string },
): MountUnit {
  const device = `/dev/disk/by-partuuid/${partUuid}`;
  return {
    path: `/etc/systemd/system/${escapePath(point)}.mount`,
    text: `# Made by slab (disk.data, role ${declared.role}). Without the disk the boot goes on, and the place stays empty.
[Unit]
Description=Data disk ${declared.role}
After=blockdev@${escapePath(device)}.target

[Mount]
What=${device}
Where=${point}
Type=${filesystem}
Options=${[...declared.options, 'nofail', 'x-systemd.device-timeout=30s'].join(',')}
`,
  };
}

/** As systemd-escape --path has it: systemd.unit(5). */
function escapePath(path: string): string {
  const plain = path.replace(/^\/+|\/+$/g, '');
  return plain
    .split('')
    .map((char, at) =>
      char === '/'
        ? '-'
        : /[A-Za-z0-9:_]/.test(char) || (char === '.' && at > 0)
          ? char
          : Array.from(Buffer.from(char), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(''),
    )
    .join('');
}

/** Whether the host has this very unit. */
export function hasUnit(facts: HostFacts, unit: MountUnit): boolean {
  const units = facts.texts['units'];
  const length = Buffer.byteLength(unit.text.trimEnd());
  return units?.read === true && units.value.includes(`${unit.path} ${length}\n${unit.text.trimEnd()}\n`);
}
