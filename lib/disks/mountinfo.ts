import type { ForeignMount, Mount } from './facts.ts';

/** Reads one line of a mountinfo file (proc(5)); undefined when it is none. */
export function readMount(line: string): Mount | undefined {
  const [head = '', tail] = line.split(' - ');
  const [id, parent, number, root, point, options] = head.split(' ');
  const [type, source, superOptions] = (tail ?? '').split(' ');
  if (
    id === undefined ||
    parent === undefined ||
    number === undefined ||
    root === undefined ||
    point === undefined ||
    options === undefined ||
    type === undefined ||
    source === undefined ||
    !/^[0-9]+:[0-9]+$/.test(number)
  )
    return undefined;
  return {
    id,
    parent,
    number,
    root: plain(root),
    point: plain(point),
    options: options.split(','),
    type,
    source: plain(source),
    superOptions: (superOptions ?? '').split(',').filter((option) => option !== ''),
  };
}

/**
 * Whether nobody can write to a file system: after errors the kernel makes it so by itself. ext4 shows that as `emergency_ro`, and
 * one that was shut down as `shutdown`, since Linux 6.15.
 */
export function isReadOnly({ superOptions }: Pick<Mount, 'superOptions'>): boolean {
  return superOptions.some((option) => /^(ro|emergency_ro|shutdown)$/.test(option));
}

/** The same with a file name and a colon before it, as `grep -H` has it. */
export function readForeignMount(line: string): ForeignMount | undefined {
  const [, pid, rest] = /^\/proc\/([0-9]+)\/mountinfo:(.*)$/.exec(line) ?? [];
  const mount = rest === undefined ? undefined : readMount(rest);
  return mount === undefined || pid === undefined ? undefined : { ...mount, pid };
}

/** Blanks, tabs, newlines and backslashes are written in octal. */
function plain(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}
