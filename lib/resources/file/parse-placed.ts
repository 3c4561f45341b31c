import type { Complaint, Parsed, ParseInput } from '../../model/resource.ts';
import {
  type Reader,
  readAttributes,
  readBackup,
  readFlag,
  readMode,
  readPath,
  readText,
  readTexts,
} from './arguments.ts';
import { sha256Of } from './contents.ts';
import { isWithin } from './names.ts';
import { patternFault } from './patterns.ts';
import { type Content, readSource } from './source.ts';
import type {
  Absent,
  Clean,
  Directory,
  Managed,
  Placed,
  Presence,
  Recursion,
  Symlink,
  Transferred,
} from './types.ts';

/** Begins to read one state. */
export function startReading({ args }: ParseInput): Reader {
  return { args, complaints: [] };
}

/** The declaration, unless something was wrong. */
export function finishReading<D>({ complaints }: Reader, declared: D): Parsed<D> {
  return complaints.length > 0 ? { complaints } : { declared };
}

/** The arguments with the mode that `mode: keep` means. */
function keptMode(reader: Reader, source: Content): Reader['args'] | undefined {
  if (reader.args['mode'] !== 'keep' || 'failed' in source || source.executable === undefined)
    return undefined;
  return { ...reader.args, mode: source.executable ? '755' : '644' };
}

/** Path, owner, mode and folders. */
export function readPlaced(reader: Reader, name: string, modeName = 'mode'): Placed {
  const dirMode = modeName === 'dir_mode' ? undefined : readMode(reader, 'dir_mode');
  return {
    path: readPath(reader, 'name', name),
    ...readAttributes(reader, modeName),
    makedirs: readFlag(reader, 'makedirs'),
    ...(dirMode === undefined ? {} : { dirMode }),
  };
}

/** `file.managed`. */
export function parseManaged(input: ParseInput): Parsed<Managed> {
  const reader = startReading(input);
  const source = readSource(reader, input);
  const backup = readBackup(reader);
  const keep = keptMode(reader, source);
  const placed = readPlaced(keep === undefined ? reader : { ...reader, args: keep }, input.name);
  if ('failed' in source) return { complaints: reader.complaints };
  const { content } = source;
  return finishReading(reader, {
    is: 'managed',
    ...placed,
    ...(content === undefined ? {} : { content, sha256: sha256Of(content) }),
    replace: readFlag(reader, 'replace', true),
    create: readFlag(reader, 'create', true),
    ...(backup === undefined ? {} : { backup }),
    hidden: !readFlag(reader, 'show_changes', true),
    follow: readFlag(reader, 'follow_symlinks', true),
    checkCmd: readTexts(reader, 'check_cmd'),
  });
}

/** `file.touch`: the times of a file that is there are left alone, or no second plan would be empty. */
export function parseTouched(input: ParseInput): Parsed<Managed> {
  const reader = startReading(input);
  return finishReading(reader, {
    is: 'managed',
    path: readPath(reader, 'name', input.name),
    makedirs: readFlag(reader, 'makedirs'),
    replace: false,
    create: true,
    hidden: false,
    follow: true,
    checkCmd: [],
  });
}

/** `file.directory`. */
export function parseDirectory(input: ParseInput): Parsed<Directory> {
  const reader = startReading(input);
  const modeName = reader.args['dir_mode'] === undefined ? 'mode' : 'dir_mode';
  const placed = readPlaced(reader, input.name, modeName);
  const fileMode = readMode(reader, 'file_mode');
  const recurse = readRecursion(reader);
  const clean = readClean(reader, input, placed.path);
  return finishReading(reader, {
    is: 'directory',
    ...placed,
    ...(fileMode === undefined ? {} : { fileMode }),
    ...(recurse === undefined ? {} : { recurse }),
    ...(clean === undefined ? {} : { clean }),
    force: readFlag(reader, 'force'),
    allowSymlink: readFlag(reader, 'allow_symlink', true),
  });
}

function readRecursion(reader: Reader): Recursion | undefined {
  const words = readTexts(reader, 'recurse');
  if (words.length === 0) return undefined;
  const { args } = reader;
  const missing = (['user', 'group'] as const).filter(
    (word) => words.includes(word) && args[word] === undefined,
  );
  for (const word of missing)
    reader.complaints.push({
      at: ['recurse'],
      summary: `"recurse" names ${word}, but the state has no "${word}"`,
    });
  const maxDepth = args['max_depth'];
  return {
    user: words.includes('user'),
    group: words.includes('group'),
    mode: words.includes('mode'),
    files: !words.includes('ignore_files'),
    directories: !words.includes('ignore_dirs'),
    ...(typeof maxDepth === 'number' ? { maxDepth } : {}),
  };
}

/** As in Salt, what other file states put below stays when this state requires them. */
export function readClean(reader: Reader, { chunk }: ParseInput, folder: string): Clean | undefined {
  const exclude = readText(reader, 'exclude_pat');
  const fault = exclude === undefined ? undefined : patternFault(exclude);
  if (fault !== undefined)
    reader.complaints.push({ at: ['exclude_pat'], summary: `"exclude_pat" is not a pattern: ${fault}` });
  if (!readFlag(reader, 'clean')) return undefined;
  const required = chunk.requisites
    .filter(
      ({ type }) => type.startsWith('require') || type.startsWith('watch') || type.startsWith('onchanges'),
    )
    .flatMap(({ targets }) => targets)
    .map((key) => /^file_\|-[^]*?_\|-([^]*)_\|-\w+$/.exec(key)?.[1] ?? '')
    .filter((path) => path !== folder && isWithin(path, folder));
  return { keep: [...new Set(required)], ...(exclude === undefined ? {} : { exclude }) };
}

/** `file.symlink`. */
export function parseSymlink(input: ParseInput): Parsed<Symlink> {
  const reader = startReading(input);
  const placed = readPlaced(reader, input.name);
  const target = readText(reader, 'target') ?? '';
  if (target === '' || target.includes('\0'))
    reader.complaints.push({ at: ['target'], summary: 'a symlink needs a target' });
  const kept = readText(reader, 'backupname');
  return finishReading(reader, {
    is: 'symlink',
    ...placed,
    target,
    force: readFlag(reader, 'force'),
    ...(kept === undefined ? {} : { backupName: readPath(reader, 'backupname', kept) }),
  });
}

/** Folders whose removal leaves no host behind. */
const VITAL = new Set(
  [
    '/',
    '/bin',
    '/boot',
    '/dev',
    '/etc',
    '/home',
    '/lib',
    '/lib32',
    '/lib64',
    '/media',
    '/mnt',
    '/opt',
    '/proc',
  ].concat(
    [
      '/root',
      '/run',
      '/sbin',
      '/srv',
      '/sys',
      '/tmp',
      '/usr',
      '/usr/bin',
      '/usr/lib',
      '/usr/lib64',
      '/usr/local',
    ],
    [
      '/usr/sbin',
      '/usr/share',
      '/var',
      '/var/cache',
      '/var/lib',
      '/var/log',
      '/var/run',
      '/var/tmp',
      '/etc/ssh',
    ],
  ),
);

/** `file.absent`. */
export function parseAbsent(input: ParseInput): Parsed<Absent> {
  const reader = startReading(input);
  const path = readPath(reader, 'name', input.name);
  if (VITAL.has(path)) reader.complaints.push(vital(path));
  return finishReading(reader, { is: 'absent', path });
}

function vital(path: string): Complaint {
  return { at: ['name'], summary: `${path} is never removed`, why: 'the host would not work without it' };
}

/** `file.exists` and `file.missing`. */
export function parsePresence(input: ParseInput): Parsed<Presence> {
  const reader = startReading(input);
  const path = readPath(reader, 'name', input.name);
  return finishReading(reader, { is: 'presence', path, exists: input.fun === 'exists' });
}

/** `file.copy` and `file.rename`. */
export function parseTransferred(input: ParseInput): Parsed<Transferred> {
  const reader = startReading(input);
  const placed = readPlaced(reader, input.name);
  const source = readPath(reader, 'source', reader.args['source']);
  if (source === placed.path)
    reader.complaints.push({ at: ['source'], summary: 'source and destination are the same path' });
  const fun = input.fun === 'copy' ? 'copy' : 'rename';
  return finishReading(reader, {
    is: 'transferred',
    fun,
    ...placed,
    source,
    force: readFlag(reader, 'force'),
  });
}
