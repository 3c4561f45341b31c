import { pathOf } from './names.ts';

/** One assignment of a file of settings. */
export interface Assignment {
  readonly file: string;
  /** Below /proc/sys. */
  readonly path: string;
  readonly value: string;
}

/** The files of settings of a host, with their lines, as they were found. */
export interface StoredFiles {
  readonly manager: string;
  readonly files: readonly string[];
  readonly lines: readonly { readonly file: string; readonly text: string }[];
}

/**
 * The files that are read at boot, in order. Of one name the first directory counts, and names are in order of bytes:
 * sysctl.d(5). /etc/sysctl.conf comes last, but only where sysctl(8) does the work; systemd reads it through a symlink.
 */
export function filesAtBoot({ manager, files }: StoredFiles): readonly string[] {
  const byName = new Map<string, string>();
  for (const file of files) {
    const [, directory, name] = /^(.*\/sysctl\.d)\/([^/]+\.conf)$/.exec(file) ?? [];
    if (name === undefined || directory === undefined) continue;
    const known = byName.get(name);
    if (known === undefined || rank(file) < rank(known)) byName.set(name, file);
  }
  const inOrder = [...byName].sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  const last = manager !== 'systemd' && files.includes('/etc/sysctl.conf') ? ['/etc/sysctl.conf'] : [];
  return [...inOrder.map(([, file]) => file), ...last];
}

const directories = ['/etc/', '/run/', '/usr/local/lib/', '/usr/lib/', '/lib/'];

function rank(file: string): number {
  return directories.findIndex((directory) => file.startsWith(`${directory}sysctl.d/`));
}

/** All assignments of one setting, by files in the order of the boot; those with wildcards say nothing of it. */
export function assignmentsOf(stored: StoredFiles, path: string): readonly Assignment[] {
  const order = [...filesAtBoot(stored), ...stored.files];
  return stored.lines
    .flatMap(({ file, text }) => {
      const at = text.indexOf('=');
      if (at < 0) return [];
      const key = text.slice(0, at).trim().replace(/^-/, '');
      return pathOf(key) === path ? [{ file, path, value: text.slice(at + 1).trim() }] : [];
    })
    .sort((one, other) => order.indexOf(one.file) - order.indexOf(other.file));
}
