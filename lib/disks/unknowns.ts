import type { Block, HostFacts } from './facts.ts';
import type { Disk } from './identity.ts';

/** Everything that must be known of a disk and its host before anything may be decided, and is not. */
export function findUnknowns(disk: Disk, facts: HostFacts): readonly string[] {
  const unknown: string[] = [];
  if (!facts.root) unknown.push('the probe did not run as root');
  if (!facts.bootId.read) unknown.push(facts.bootId.why);
  if (!facts.markers.read) unknown.push(facts.markers.why);
  for (const block of [disk.block, ...disk.partitions]) unknown.push(...unknownOf(block));
  return unknown;
}

function unknownOf(block: Block): readonly string[] {
  const { name, node, content } = block;
  const unknown: string[] = [];
  if (block.nodeNumber === null) unknown.push(`there is no device node ${node}`);
  else if (block.nodeNumber !== block.number)
    unknown.push(
      `${node} is ${block.nodeNumber}, and ${name} is ${block.number}: the node is of another device`,
    );
  if (block.sizeBytes === null || block.sizeBytes === 0) unknown.push(`${name} reports no size`);
  if (block.kind !== 'partition' && block.sectorSize !== 512 && block.sectorSize !== 4096)
    unknown.push(`${name} has sectors of ${block.sectorSize ?? 'unknown'} bytes`);
  for (const key of ['readOnly', 'removable', 'hidden', 'holders'] as const)
    if (block[key] === null) unknown.push(`${key} of ${name} is not known`);
  if (content === null) return unknown.length > 0 ? unknown : [`nothing was read from ${name}`];
  if (!content.blkid.read) unknown.push(`${name}: ${content.blkid.why}`);
  if (!content.wipefs.read) unknown.push(`${name}: ${content.wipefs.why}`);
  if (block.kind !== 'partition' && !content.table.read) unknown.push(`${name}: ${content.table.why}`);
  return unknown;
}
