import { fieldsOf } from './content.ts';
import type { Block, HostFacts } from './facts.ts';
import { namesOf } from './named.ts';
import { jsonOf } from './scanners.ts';

/**
 * The tag of a logical volume, and the subsystem of a LUKS header, whose content slab has not finished.
 * @public for kinds that make them
 */
export const PENDING = { tag: 'slab.pending', subsystem: 'slab-pending' } as const;

/**
 * The tag of a logical volume from which lvcreate has not erased the signatures of what lay on its extents before: what is
 * seen on it may be the file system of a volume that was removed. It is pending once that is done.
 */
const UNWIPED = 'slab.unwiped';

/**
 * Whether the device was made by slab and nobody has used it: what shows through of the old content below it was proved or
 * given up by name before it was made.
 */
export function isPending(block: Block, facts: HostFacts): boolean {
  if (block.dm === null) return false;
  if (block.dm.uuid.startsWith('CRYPT-LUKS2-'))
    return (block.slaves ?? []).some((name) =>
      facts.blocks.some((each) => each.name === name && fieldsOf(each)['SUBSYSTEM'] === PENDING.subsystem),
    );
  return tagsOf(block, facts).includes(PENDING.tag) && !isUnwiped(block, facts);
}

/** Whether the making of a volume was cut short before its old signatures were erased. */
export function isUnwiped(block: Block, facts: HostFacts): boolean {
  return tagsOf(block, facts).includes(UNWIPED);
}

function tagsOf(block: Block, facts: HostFacts): readonly string[] {
  const lvs = facts.texts['lvs'];
  if (block.dm?.uuid.startsWith('LVM-') !== true || lvs?.read !== true) return [];
  const names = namesOf(facts, block);
  return volumesOf(lvs.value).flatMap(({ lv_path: path, lv_tags: tags }) =>
    typeof path === 'string' && names.includes(path) && typeof tags === 'string' ? tags.split(',') : [],
  );
}

function volumesOf(text: string): readonly Readonly<Record<string, unknown>>[] {
  const report = jsonOf(text)?.['report'];
  const [first] = Array.isArray(report) ? (report as readonly { readonly lv?: unknown }[]) : [];
  return Array.isArray(first?.lv) ? (first.lv as readonly Readonly<Record<string, unknown>>[]) : [];
}
