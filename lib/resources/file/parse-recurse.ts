import type { Parsed, ParseInput } from '../../model/resource.ts';
import { readBackup, readFlag, readMode, readText } from './arguments.ts';
import { sha256Of } from './contents.ts';
import { foldersAbove, isWithin } from './names.ts';
import { finishReading, readClean, readPlaced, startReading } from './parse-placed.ts';
import { matchesGlob, patternFault } from './patterns.ts';
import { checkVariables } from './source.ts';
import { templateRequest } from './template-request.ts';
import type { Managed, Recursed } from './types.ts';

/** `file.recurse`: every file of a folder of the state tree, and the folders they are in. */
export function parseRecursed(input: ParseInput): Parsed<Recursed> {
  const reader = startReading(input);
  const { path, ...placed } = readPlaced(reader, input.name, 'dir_mode');
  // What may be run is known file by file.
  const keeps = reader.args['file_mode'] === 'keep' && input.files.executable !== undefined;
  const fileMode = keeps ? undefined : readMode(reader, 'file_mode');
  const backup = readBackup(reader);
  const clean = readClean(reader, input, path);
  const { mode, user, group } = placed;
  const owners = { ...(user === undefined ? {} : { user }), ...(group === undefined ? {} : { group }) };
  const source = (readText(reader, 'source') ?? '').replace(/\/+$/, '');
  const uris = source.startsWith('salt://') ? input.files.list(source) : [];
  if (uris.length === 0) {
    const [near] = input.files.near(source);
    const fix = near === undefined ? {} : { fix: `did you mean "${near}"?` };
    const summary = source.startsWith('salt://')
      ? `there are no files below ${source}`
      : `the source "${source}" is not in the state tree`;
    reader.complaints.push({ at: ['source'], summary, code: 'SLAB2106', ...fix });
  }
  const include = readPattern('include_pat');
  const exclude = readPattern('exclude_pat');
  const chosen = uris.filter((uri) => {
    const below = uri.slice(source.length + 1);
    return (
      (include === undefined || matchesGlob(include, below)) &&
      !(exclude !== undefined && matchesGlob(exclude, below))
    );
  });
  checkVariables(reader, input, () =>
    chosen.map((uri) => Buffer.from(input.files.read(uri) ?? []).toString()).join('\n'),
  );
  const rendered = chosen.map((uri) => ({ uri, content: contentOf(uri) }));
  if (reader.complaints.length > 0 || rendered.some(({ content }) => content === undefined))
    return { complaints: reader.complaints };

  const files = rendered.map(({ uri, content = new Uint8Array() }): Managed => ({
    is: 'managed',
    path: pathOf(uri),
    ...owners,
    ...(fileMode === undefined ? {} : { mode: fileMode }),
    ...(keeps ? { mode: input.files.executable?.(uri) === true ? 0o755 : 0o644 } : {}),
    makedirs: false,
    content,
    sha256: sha256Of(content),
    replace: readFlag(reader, 'replace', true),
    create: true,
    ...(backup === undefined ? {} : { backup }),
    hidden: !readFlag(reader, 'show_changes', true),
    follow: readFlag(reader, 'follow_symlinks', true),
    checkCmd: [],
  }));
  const folders = new Set(
    files.flatMap((file) => foldersAbove(file.path)).filter((each) => each !== path && isWithin(each, path)),
  );
  return finishReading(reader, {
    is: 'recursed',
    path,
    makedirs: true,
    ...owners,
    ...(mode === undefined ? {} : { mode, dirMode: mode }),
    files,
    folders: [...folders].sort(),
    ...(clean === undefined
      ? {}
      : { clean: { ...clean, keep: [...clean.keep, ...files.map((file) => file.path)] } }),
  });

  function pathOf(uri: string): string {
    return `${path === '/' ? '' : path}${uri.slice(source.length)}`;
  }

  function readPattern(at: string): string | undefined {
    const pattern = readText(reader, at);
    const fault = pattern === undefined ? undefined : patternFault(pattern);
    if (fault !== undefined)
      reader.complaints.push({ at: [at], summary: `"${at}" is not a pattern: ${fault}` });
    return fault === undefined ? pattern : undefined;
  }

  function contentOf(uri: string): Uint8Array | undefined {
    if (readText(reader, 'template') === undefined) return input.files.read(uri);
    const file = { path: pathOf(uri), mode: 'file_mode' };
    const text = input.files.render({ uri, ...templateRequest(input.chunk, input.unknown, file) });
    return text === undefined ? undefined : Buffer.from(text);
  }
}
