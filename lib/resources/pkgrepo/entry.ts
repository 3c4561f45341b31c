/** One package source of apt: a type, an address and a suite. */
export interface RepoEntry {
  readonly type: 'deb' | 'deb-src';
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
  /** By the names that one-line entries have: `arch`, `signed-by`. */
  readonly options: ReadonlyMap<string, string>;
  readonly enabled: boolean;
}

/** What tells entries apart; apt takes two with the same for one that was configured twice. */
export function entryId({ type, uri, suite }: Pick<RepoEntry, 'type' | 'uri' | 'suite'>): string {
  return `${type} ${uri.replace(/\/+$/, '')} ${suite}`;
}

/** Reads a one-line entry as in sources.list(5); a `#` before it disables it. */
export function readLine(line: string): RepoEntry | undefined {
  const match =
    /^\s*(#[#\s]*)?(deb|deb-src)\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+([^\s#]+)((?:\s+[^\s#]+)*)\s*(?:#.*)?$/.exec(
      line,
    );
  if (match === null) return undefined;
  const [, hash, type, options = '', uri = '', suite = '', components = ''] = match;
  // Prose in a comment reads like an entry until its address.
  if (!/^[a-z][a-z0-9+.-]*:/.test(uri)) return undefined;
  return {
    type: type === 'deb' ? 'deb' : 'deb-src',
    uri,
    suite,
    components: words(components),
    options: new Map(
      words(options).flatMap((word): [string, string][] => {
        const [name = '', ...value] = word.split('=');
        return name === '' ? [] : [[name.toLowerCase(), value.join('=')]];
      }),
    ),
    enabled: hash === undefined,
  };
}

/** An entry as one line. */
export function printLine({ type, uri, suite, components, options, enabled }: RepoEntry): string {
  const given = [...options].map(([name, value]) => `${name}=${value}`);
  return [
    ...(enabled ? [] : ['#']),
    type,
    ...(given.length === 0 ? [] : [`[${given.join(' ')}]`]),
    uri,
    suite,
    ...components,
  ].join(' ');
}

/** Names of options in one-line entries, and of the fields that say the same; others are the same but for capitals. */
const FIELDS: ReadonlyMap<string, string> = new Map([
  ['arch', 'Architectures'],
  ['lang', 'Languages'],
  ['target', 'Targets'],
]);

/** Reads a stanza of a `.sources` file: one entry for each type, address and suite in it. */
export function readStanza(stanza: string): readonly RepoEntry[] {
  const fields = new Map<string, string>();
  let last = '';
  for (const line of stanza.split('\n').filter((each) => !each.startsWith('#'))) {
    const field = /^([A-Za-z][\w-]*):\s*(.*)$/.exec(line);
    if (field !== null) {
      last = (field[1] ?? '').toLowerCase();
      fields.set(last, (field[2] ?? '').trim());
    } else if (/^\s/.test(line) && last !== '')
      fields.set(last, `${fields.get(last) ?? ''}\n${line.trim()}`.trim());
  }
  const take = (name: string): readonly string[] => {
    const value = words(fields.get(name) ?? '');
    fields.delete(name);
    return value;
  };
  const [types, uris, suites, components] = ['types', 'uris', 'suites', 'components'].map(take);
  const [enabled = 'yes'] = take('enabled');
  const options = new Map(
    [...fields].map(([field, value]): [string, string] => {
      const [short] = [...FIELDS].find(([, long]) => long.toLowerCase() === field) ?? [field];
      return [short, FIELDS.has(short) ? words(value).join(',') : value];
    }),
  );
  const on = !/^(no|false|0|off|without|disable)$/i.test(enabled);
  return (types ?? []).flatMap((type) =>
    (uris ?? []).flatMap((uri) =>
      (suites ?? []).map((suite): RepoEntry => {
        const sort = type === 'deb' ? 'deb' : 'deb-src';
        return { type: sort, uri, suite, components: components ?? [], options, enabled: on };
      }),
    ),
  );
}

/** An entry as a stanza of a `.sources` file. */
export function printStanza({ type, uri, suite, components, options, enabled }: RepoEntry): string {
  const others = [...options].map(([name, value]) => {
    const field = FIELDS.get(name);
    const text = field === undefined ? value : value.split(',').join(' ');
    return `${field ?? name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())}: ${text}`;
  });
  return [
    ...(enabled ? [] : ['Enabled: no']),
    `Types: ${type}`,
    `URIs: ${uri}`,
    `Suites: ${suite}`,
    ...(components.length === 0 ? [] : [`Components: ${components.join(' ')}`]),
    ...others,
  ].join('\n');
}

/** Whether apt makes the same of both. */
export function sameEntry(one: RepoEntry, other: RepoEntry): boolean {
  return entryText(one) === entryText(other);
}

/** An entry in one spelling. */
function entryText(entry: RepoEntry): string {
  const { components, options, enabled } = entry;
  const sorted = [...options].map(([name, value]) => `${name}=${value.split(',').sort().join(',')}`).sort();
  return JSON.stringify([entryId(entry), [...components].sort(), sorted, enabled]);
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
