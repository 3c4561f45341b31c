import { fieldsOf } from '../../disks/content.ts';
import type { Block, HostFacts, Mount } from '../../disks/facts.ts';
import { nameDevice } from '../../disks/named.ts';
import { isSystem, type MountedDeclared } from './declared.ts';

/** What is mounted last at a place, but for a blocker of ours; undefined when nothing is. */
export function mountedAt(facts: HostFacts, point: string): Mount | undefined {
  const top = facts.mounts.read ? facts.mounts.value.findLast((mount) => mount.point === point) : undefined;
  return top?.source === 'slab-blocked' ? undefined : top;
}

/** What the last mount at a place hides that is mounted there as well, but for a blocker of ours. */
export function mountedBelow(facts: HostFacts, point: string): Mount | undefined {
  const all = facts.mounts.read ? facts.mounts.value.filter((mount) => mount.point === point) : [];
  const below = all.at(-2);
  return below?.source === 'slab-blocked' ? undefined : below;
}

/** The block device that a state means; undefined when it means none, or that cannot be said. */
export function blockOf(facts: HostFacts, device: string): Block | undefined {
  const named = nameDevice(facts, device);
  return named.is === 'device' ? named.device.block : undefined;
}

/** Whether two names are of one device: the same text, or by what the host says of its devices. */
export function isSameDevice(facts: HostFacts, one: string, other: string): boolean {
  if (one === other) return true;
  const block = blockOf(facts, one);
  return block !== undefined && blockOf(facts, other)?.name === block.name;
}

/** Whether what is mounted is what is declared. */
export function isDeclared(
  { device, kind, type, mayBe }: Pick<MountedDeclared, 'device' | 'kind' | 'type' | 'mayBe'>,
  mount: Mount,
  facts: HostFacts,
): boolean {
  if (mayBe.some((pattern) => matches(pattern, mount.source))) return true;
  if (kind === 'block') {
    const block = blockOf(facts, device);
    return block === undefined ? mount.source === device : isMountOf(block, mount, facts);
  }
  if (kind === 'bind') return isBoundFrom(device, mount, facts);
  if (device.startsWith('/') && isLoopOf(device, mount, facts)) return true;
  if (mount.type === type || type === 'none' || type === 'auto' || mount.type.startsWith(`${type}.`)) {
    const plain = (text: string): string =>
      text
        .replace(/^\w+#/, '')
        .replace(/(.)\/+$/, '$1')
        .replaceAll('\\', '/');
    return /^(tmpfs|ramfs|proc|sysfs|devpts)$/.test(type) || plain(mount.source) === plain(device);
  }
  return /^nfs/.test(type) && /^nfs/.test(mount.type) && mount.source === device;
}

/** A btrfs has a number of its own, and may have several devices: the kernel shows one of them, by one of its names. */
function isMountOf(block: Block, mount: Mount, facts: HostFacts): boolean {
  if (!isWhole(mount)) return false;
  if (block.number === mount.number) return true;
  const shown = mount.type === 'btrfs' ? blockOf(facts, mount.source) : undefined;
  if (shown === undefined) return mount.type === 'btrfs' && mount.source === block.node;
  const [one, other] = [fieldsOf(block), fieldsOf(shown)];
  return (
    shown.name === block.name ||
    (one['TYPE'] === 'btrfs' && one['UUID'] === other['UUID'] && one['UUID_SUB'] !== other['UUID_SUB'])
  );
}

/** An image that is mounted by its file is shown as the loop device that mount(8) has made of it. */
function isLoopOf(file: string, mount: Mount, facts: HostFacts): boolean {
  const block = facts.blocks.find(({ number }) => number === mount.number) ?? blockOf(facts, mount.source);
  return block?.backing?.file === file && isWhole(mount);
}

/**
 * Whether a mount shows a file system from its root, or a btrfs from that of a subvolume, and not a directory that is bound. The
 * system's own places may be made of such directories: those of ostree, or of a container.
 */
function isWhole(mount: Mount): boolean {
  const subvolume = mount.superOptions
    .find((option) => option.startsWith('subvol='))
    ?.slice('subvol='.length);
  return mount.root === '/' || isSystem(mount.point) || (mount.type === 'btrfs' && mount.root === subvolume);
}

/** What is mounted, as findmnt has it: with the directory where that is not the whole. */
export function sourceOf(mount: Mount): string {
  return mount.type === 'btrfs' || mount.root === '/' ? mount.source : `${mount.source}[${mount.root}]`;
}

/** Salt's expressions are Python's; one that JavaScript cannot read is taken as a name. */
function matches(pattern: string, text: string): boolean {
  if (pattern === text) return true;
  try {
    return new RegExp(`^(?:${pattern})`).test(text);
  } catch {
    return false;
  }
}

/** A bind mount shows the file system below its source, and the path within that. */
function isBoundFrom(device: string, mount: Mount, facts: HostFacts): boolean {
  if (!facts.mounts.read) return false;
  const below = facts.mounts.value
    .filter(({ point }) => point === '/' || device === point || device.startsWith(`${point}/`))
    .sort((a, b) => a.point.length - b.point.length)
    .at(-1);
  if (below === undefined) return false;
  const rest = below.point === '/' ? device : device.slice(below.point.length);
  const root = `${below.root === '/' ? '' : below.root}${rest}`.replace(/\/+$/, '') || '/';
  return below.number === mount.number && mount.root === root;
}
