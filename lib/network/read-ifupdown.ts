/** What one `iface` stanza of ifupdown's says. */
export interface Stanza {
  readonly file: string;
  readonly line: number;
  /** The interface, without the label of an alias. */
  readonly device: string;
  readonly family: string;
  readonly method: string;
  /** Options in their order; `post-up` and `pre-down` as `up` and `down`, which they mean. */
  readonly options: readonly (readonly [key: string, value: string])[];
  /** Takes over what another one says, or is one: `inherits`, an alias. Undefined: it stands alone. */
  readonly beyond: 'inherits' | undefined;
  /** It is read after slab's files are. */
  readonly late: boolean;
}

/** What ifupdown has been told on a host (interfaces(5) of Debian). */
export interface Ifupdown {
  /** Which of the programs of that name is there: `ifupdown`, `ifupdown2`, `ifupdown-ng`, `busybox`, `none`. */
  readonly program: string;
  /** Its unit or init script runs at boot. */
  readonly enabled: boolean;
  /** What runs when an interface comes up: names of the files in if-pre-up.d and if-up.d. */
  readonly hooks: ReadonlySet<string>;
  /** In the order in which they count. */
  readonly stanzas: ReadonlyMap<string, readonly Stanza[]>;
  /** What is brought up at boot, or when it appears: names and patterns. */
  readonly auto: readonly string[];
  /** Patterns whose interfaces are given other stanzas, or other names: `file:line`, by pattern. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Why a line cannot be read. */
  readonly unread: readonly string[];
  /** /etc/network/interfaces reads the folder that slab writes to. */
  readonly readsFolder: boolean;
}

/** The main file. */
export const INTERFACES = '/etc/network/interfaces';
/** Where slab's files for it stand. */
export const INTERFACES_FOLDER = '/etc/network/interfaces.d';

const PROBE = `${INTERFACES_FOLDER}/slab-a`;

/** What is read so far. */
interface Reading {
  readonly stanzas: Map<string, Stanza[]>;
  readonly auto: string[];
  readonly renamed: Map<string, string>;
  readonly unread: string[];
  readonly read: string[];
  /** slab's folder has been read. */
  passed: boolean;
}

/** Reads ifupdown's files among those of a host, from the main one on. @param asked what the probe said of the program */
export function readIfupdown(files: ReadonlyMap<string, string>, asked: readonly string[]): Ifupdown {
  const [program = 'none', enabled = '', ...hooks] = asked;
  const into: Reading = {
    stanzas: new Map(),
    auto: [],
    renamed: new Map(),
    unread: [],
    read: [],
    passed: false,
  };
  if (files.has(INTERFACES)) readFile(INTERFACES, files, into, 0);
  const { stanzas, auto, renamed, unread, read } = into;
  return {
    ...{ program, enabled: enabled === 'enabled', hooks: new Set(hooks) },
    ...{ stanzas, auto, renamed, unread, readsFolder: read.some((each) => isLike(PROBE, each)) },
  };
}

function readFile(file: string, files: ReadonlyMap<string, string>, into: Reading, depth: number): void {
  let options: [string, string][] | undefined;
  for (const { line, words, rest } of linesOf(files.get(file) ?? '')) {
    const [word = '', ...more] = words;
    const at = `${file}:${line}`;
    if (word === 'iface') {
      const [name = '', family = '', method = '', inherits] = more;
      options = [];
      const device = name.split(':')[0] ?? name;
      const stanza: Stanza = {
        ...{ file, line, device, family, method, options },
        beyond: inherits === 'inherits' || method === 'inherits' ? 'inherits' : undefined,
        late:
          into.passed || (file.startsWith(`${INTERFACES_FOLDER}/`) && file > `${INTERFACES_FOLDER}/slab-~`),
      };
      const same = into.stanzas.get(device);
      if (same === undefined) into.stanzas.set(device, [stanza]);
      else same.push(stanza);
    } else if (word === 'auto' || word.startsWith('allow-')) {
      options = undefined;
      if (word === 'auto' || word === 'allow-auto' || word === 'allow-hotplug') into.auto.push(...more);
    } else if (word === 'mapping' || word === 'rename') {
      options = [];
      for (const each of more) into.renamed.set(each.split('=')[0] ?? each, at);
    } else if (word === 'source' || word === 'source-directory') {
      options = undefined;
      for (const pattern of more) {
        const path = pattern.startsWith('/') ? pattern : `${file.replace(/[^/]*$/, '')}${pattern}`;
        if (/[$`~{]/.test(path)) into.unread.push(`${at} reads ${pattern}: write the path there as it is`);
        const glob = word === 'source' ? path : `${path.replace(/\/$/, '')}/*`;
        if (file === INTERFACES) into.read.push(glob);
        const found = [...files.keys()]
          .filter((each) => isLike(each, glob))
          .filter((each) => word === 'source' || /\/[A-Za-z0-9_-]+$/.test(each))
          .sort();
        if (depth < 8) for (const each of found) readFile(each, files, into, depth + 1);
        if (file === INTERFACES && isLike(PROBE, glob)) into.passed = true;
      }
    } else if (/^(no-auto-down|no-scripts)$/.test(word)) options = undefined;
    else if (options === undefined) into.unread.push(`${at} has "${word}", which belongs to no interface`);
    else options.push([word.replace(/^post-up$/, 'up').replace(/^pre-down$/, 'down'), rest]);
  }
}

/** Lines that say something, those that go on with a backslash as one. */
function linesOf(text: string): readonly { line: number; words: readonly string[]; rest: string }[] {
  const lines = text.split('\n');
  const said: { line: number; words: readonly string[]; rest: string }[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = at + 1;
    let whole = (lines[at] ?? '').trim();
    if (whole.startsWith('#')) continue;
    while (whole.endsWith('\\') && at + 1 < lines.length) whole = `${whole.slice(0, -1)}${lines[++at] ?? ''}`;
    const words = whole.trim().split(/\s+/);
    if (words[0] !== '') said.push({ line, words, rest: whole.trim().slice(words[0]?.length).trim() });
  }
  return said;
}

/** As shells match paths. */
export function isLike(path: string, pattern: string): boolean {
  const source = pattern.replaceAll(/\[!?([^\]\\]+)\]|[^]/g, (piece, among?: string) => {
    if (among !== undefined) return `[${piece.startsWith('[!') ? '^' : ''}${among.replaceAll('^', '\\^')}]`;
    return piece === '*' ? '[^/]*' : piece === '?' ? '[^/]' : piece.replace(/[.+^${}()|[\]\\]/, '\\$&');
  });
  return new RegExp(`^${source}$`).test(path) && (!/\/\.[^/]*$/.test(path) || /\/\.[^/]*$/.test(pattern));
}
