import type { Complaint, Parsed, ParseInput } from '../../model/resource.ts';
import { entryId, type RepoEntry, readLine } from './entry.ts';
import type { RepoArguments } from './functions.ts';
import { readKey, type RepoKey } from './key.ts';

/** A package source that apt shall know or not. */
export interface RepoDeclared {
  readonly id: string;
  readonly exists: boolean;
  readonly entry: RepoEntry;
  /** Where a new entry goes. */
  readonly file: string;
  /** Nothing else stands in the file. */
  readonly alone: boolean;
  readonly key: RepoKey | undefined;
  readonly notes: readonly string[];
}

/** Reads a chunk of this kind. */
export function parseRepo(input: ParseInput): Parsed<RepoDeclared> {
  const { name, fun, grains } = input;
  const family = grains.get('os_family');
  if (typeof family === 'string' && family !== 'Debian')
    return wrong({ at: [], summary: `package sources of ${family} are not supported, only those of apt` });
  // The schema has been checked; these are its types.
  const args = input.args as RepoArguments;
  const [type = '', ...others] = name.trim().split(/\s+/);
  const entry = /^deb(-src)?$/.test(type) ? readLine(withSuite(name, args.dist)) : undefined;
  if (entry === undefined)
    return wrong({
      at: ['name'],
      summary: `"${name}" is no entry of apt's package sources`,
      fix:
        type.startsWith('ppa:') || others.length > 0 || fun === 'absent'
          ? 'write it as deb https://address suite component …'
          : 'write name: deb https://address suite component …',
    });
  const id = entryId(entry);
  if (fun === 'absent') {
    const notes = args.keyid === undefined ? [] : ['keyid: no effect, the key stays'];
    return { declared: { id, exists: false, entry, file: '', alone: false, key: undefined, notes } };
  }
  if (args.enabled !== undefined && args.disabled !== undefined)
    return wrong({ at: ['disabled'], summary: 'enabled and disabled say the same thing: keep one of them' });
  const file = args.file ?? '/etc/apt/sources.list';
  const fault = fileFault(file);
  if (fault !== undefined) return wrong({ at: ['file'], summary: `apt does not read "${file}": ${fault}` });

  const options = new Map(entry.options);
  if (args.architectures !== undefined) options.set('arch', listed(args.architectures).join(','));
  if (args.signedby !== undefined) options.set('signed-by', args.signedby);
  const key = readKey(input, args, { uri: entry.uri, file, signedBy: options.get('signed-by') });
  if (key !== undefined && 'complaints' in key) return key;
  if (key !== undefined) options.set('signed-by', key.path);
  return {
    declared: {
      id,
      exists: true,
      entry: {
        ...entry,
        options,
        components: [...new Set([...entry.components, ...listed(args.comps ?? [])])],
        enabled: args.disabled === undefined ? Boolean(args.enabled ?? true) : !args.disabled,
      },
      file,
      alone: args.clean_file ?? false,
      key,
      notes: [],
    },
  };
}

function wrong(complaint: Complaint): { readonly complaints: readonly Complaint[] } {
  return { complaints: [complaint] };
}

/** With `dist` the name may end with the address, as in Salt. */
function withSuite(name: string, dist: string | undefined): string {
  if (dist === undefined) return name;
  const entry = readLine(name) ?? readLine(`${name} ${dist}`);
  if (entry === undefined) return name;
  const options = /\[[^\]]*\]/.exec(name)?.[0] ?? '';
  return [entry.type, options, entry.uri, dist, ...entry.components].join(' ');
}

function listed(value: string | readonly string[]): readonly string[] {
  const all = typeof value === 'string' ? value.split(/[\s,]+/) : value;
  return all.filter((each) => each !== '');
}

/** Names as apt.conf(5) and sources.list(5) have them. */
function fileFault(file: string): string | undefined {
  const base = file.slice(file.lastIndexOf('/') + 1);
  if (!/^[A-Za-z0-9_.-]+$/.test(base)) return 'a name may hold letters, digits, and _ - .';
  return /\.(list|sources)$/.test(base) ? undefined : 'its name ends neither in .list nor in .sources';
}
