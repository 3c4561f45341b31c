import type { Block, HostFacts } from './facts.ts';
import type { Disk } from './identity.ts';

/** Who uses a disk or a partition of it, in words; or why that cannot be found out. */
export type Users =
  | { readonly known: true; readonly users: readonly string[]; readonly system: readonly string[] }
  | { readonly known: false; readonly why: string };

/** Where the running system itself lives: a disk below one of these is no data disk. */
const SYSTEM = /^\/$|^\/(boot|usr|var|etc|home|opt|root|run|lib|nix|gnu|sysroot|initrd)(\/|$)/;

/** Every row of the table of users, by device number; mounts of all mount namespaces. */
export function findUsers(
  disk: Disk,
  facts: HostFacts,
  isOwn: (block: Block, point: string) => boolean,
): Users {
  const own = [disk.block, ...disk.partitions];
  const { mounts, mountsOfAll, swaps, exports } = facts;
  for (const answer of [mounts, mountsOfAll, swaps, exports])
    if (!answer.read) return { known: false, why: answer.why };
  if (!mounts.read || !mountsOfAll.read || !swaps.read || !exports.read)
    return { known: false, why: 'users are not known' };
  const users: string[] = [];
  const system: string[] = [];
  for (const block of own) {
    if (block.holders === null) return { known: false, why: `the holders of ${block.name} cannot be read` };
    for (const above of holdersOf(block, facts)) {
      if (disk.partitions.some((part) => part.name === above)) continue;
      users.push(`held by ${above}`);
    }
  }
  const numbers = new Map<string, Block>();
  for (const block of own) {
    numbers.set(block.number, block);
    for (const above of holdersOf(block, facts)) {
      const found = facts.blocks.find((each) => each.name === above);
      if (found !== undefined && !numbers.has(found.number)) numbers.set(found.number, found);
    }
  }
  const blockOf = (mount: { readonly number: string; readonly source: string; readonly type: string }) =>
    numbers.get(mount.number) ??
    (mount.type === 'btrfs' ? own.find((block) => block.node === mount.source) : undefined);
  for (const mount of mounts.value) {
    const block = blockOf(mount);
    if (block === undefined || isOwn(block, mount.point)) continue;
    users.push(`mounted on ${mount.point} (${mount.number})`);
    if (SYSTEM.test(mount.point)) system.push(mount.point);
  }
  const here = new Set(mounts.value.map((mount) => `${mount.number} ${mount.point}`));
  for (const mount of mountsOfAll.value) {
    const block = blockOf(mount);
    if (block === undefined || here.has(`${mount.number} ${mount.point}`)) continue;
    users.push(`mounted by pid ${mount.pid} in another mount namespace (${mount.number} on ${mount.point})`);
  }
  for (const swap of swaps.value)
    if (swap.number !== null && numbers.has(swap.number)) users.push(`swap on ${swap.path}`);
  for (const path of exports.value)
    if (path.number !== null && numbers.has(path.number)) users.push(`exported to others as ${path.path}`);
  for (const { kind, backing, name, sizeBytes } of facts.blocks)
    if (kind === 'loop' && sizeBytes !== 0 && backing?.known !== true)
      return { known: false, why: `what ${name} is a loop device on cannot be read` };
  for (const block of facts.blocks)
    if (
      block.backing?.number !== undefined &&
      block.backing.number !== null &&
      numbers.has(block.backing.number)
    )
      users.push(`${block.name} is a loop device on it`);
  return { known: true, users: [...new Set(users)], system };
}

/** Everything stacked on a device, as far up as it goes. */
function holdersOf(block: Block, facts: HostFacts): readonly string[] {
  const found: string[] = [];
  const look = (names: readonly string[]): void => {
    for (const name of names) {
      if (found.includes(name)) continue;
      found.push(name);
      look(facts.blocks.find((each) => each.name === name)?.holders ?? []);
    }
  };
  look(block.holders ?? []);
  return found;
}
