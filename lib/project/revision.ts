import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { ProjectError } from '../diagnostics/errors.ts';

/** A commit of the project's repository. */
export interface Revision {
  /** As it was asked for: `main`. */
  readonly name: string;
  /** The full hash. */
  readonly commit: string;
}

/** The project's files as they are in a commit, in a folder of their own. */
export interface CheckedOut {
  readonly directory: string;
  /** Links out of the project, and other repositories in it: they are left out. */
  readonly leftOut: readonly string[];
  readonly remove: () => void;
}

/** Bounds on what a revision may hold, in bytes. */
interface RevisionLimits {
  readonly file: number;
  readonly all: number;
}

/** More than a project of states ever needs. */
const revisionLimits: RevisionLimits = { file: 64 * 2 ** 20, all: 512 * 2 ** 20 };

/** So many bytes of files are asked for at once. */
const AT_ONCE = 32 * 2 ** 20;

/** A git that does not answer must not hold a pipeline for ever. */
const TIMEOUT_MS = 60_000;

/** Finds a commit by its name. @throws ProjectError when there is none, no repository, or no git. */
export function findRevision(directory: string, name: string): Revision {
  const { status, stdout, stderr } = git(directory, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${name}^{commit}`,
  ]);
  if (status === 0) return { name, commit: stdout.toString().trim() };
  const said = stderr.toString().trim();
  if (said.includes('not a git repository'))
    throw new ProjectError('SLAB6005', `${directory} is not in a git repository`, {
      fix: 'git init, and commit what is there',
    });
  if (said !== '') throw new ProjectError('SLAB6005', `git says: ${said}`);
  if (name === 'HEAD')
    throw new ProjectError('SLAB6005', 'this repository has no commit yet', { fix: 'commit what is there' });
  throw new ProjectError('SLAB6005', `there is no commit ${name} in this repository`, {
    fix: `fetch it first (git fetch origin ${name}; a shallow clone lacks history: fetch-depth: 0)`,
  });
}

/** The commit from which two revisions go apart; undefined when they have none in common here. */
export function mergeBase(directory: string, one: Revision, other: Revision): Revision | undefined {
  const { status, stdout } = git(directory, ['merge-base', one.commit, other.commit]);
  return status === 0 ? { name: one.name, commit: stdout.toString().trim() } : undefined;
}

/** The commit that the files are of, and whether they differ from it; null outside of a repository. */
export function lastCommit(directory: string): { readonly commit: string | null; readonly dirty: boolean } {
  try {
    return { commit: findRevision(directory, 'HEAD').commit, dirty: isDirty(directory) };
  } catch (error) {
    if (error instanceof ProjectError) return { commit: null, dirty: true };
    throw error;
  }
}

/** Whether files of the project differ from the last commit. */
export function isDirty(directory: string): boolean {
  return git(directory, ['status', '--porcelain', '-z', '--', '.']).stdout.length > 0;
}

/**
 * Writes the files that a commit has in the project's folder to a new temporary folder: blobs as they are stored, by no
 * filter, hook or program of the repository. Links are made only where they stay inside.
 * @throws ProjectError when there is too much of it.
 */
export function checkOutRevision(
  directory: string,
  revision: Revision,
  limits: RevisionLimits = revisionLimits,
): CheckedOut {
  const entries = listEntries(directory, revision);
  const tooLarge = entries.find((entry) => entry.size > limits.file);
  const all = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (tooLarge !== undefined || all > limits.all) {
    const what = tooLarge === undefined ? 'its files together' : tooLarge.path;
    const [size, limit] = tooLarge === undefined ? [all, limits.all] : [tooLarge.size, limits.file];
    throw new ProjectError(
      'SLAB6005',
      `${what} in ${revision.name} has ${size} bytes; more than ${limit} are not read`,
    );
  }
  const target = realpathSync(mkdtempSync(join(tmpdir(), 'slab-revision-')));
  const remove = (): void => rmSync(target, { recursive: true, force: true });
  try {
    const files = entries.filter((entry) => entry.mode === '100644' || entry.mode === '100755');
    for (const [entry, content] of readBlobs(directory, files)) {
      mkdirSync(dirname(join(target, entry.path)), { recursive: true });
      writeFileSync(join(target, entry.path), content, {
        flag: 'wx',
        mode: entry.mode === '100755' ? 0o700 : 0o600,
      });
    }
    const links = entries.filter((entry) => entry.mode === '120000');
    for (const [entry, content] of readBlobs(directory, links)) {
      mkdirSync(dirname(join(target, entry.path)), { recursive: true });
      symlinkSync(content.toString(), join(target, entry.path));
    }
    const outside = dropOutsideLinks(
      target,
      links.map((entry) => entry.path),
    );
    const modules = entries
      .filter((entry) => entry.mode === '160000')
      .map((entry) => `${entry.path} (a repository of its own)`);
    return { directory: target, leftOut: [...outside, ...modules], remove };
  } catch (error) {
    remove();
    throw error;
  }
}

interface Entry {
  readonly mode: string;
  readonly hash: string;
  readonly size: number;
  /** Relative to the project's folder. */
  readonly path: string;
}

function listEntries(directory: string, { commit, name }: Revision): readonly Entry[] {
  const { status, stdout, stderr } = git(directory, ['ls-tree', '-r', '-z', '-l', commit, '--', '.']);
  if (status !== 0)
    throw new ProjectError('SLAB6005', `git cannot list ${name}: ${stderr.toString().trim()}`);
  return stdout
    .toString()
    .split('\0')
    .flatMap((line): Entry[] => {
      const match = /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(line);
      if (match === null) return [];
      const [, mode = '', hash = '', size = '', path = ''] = match;
      const inside = path
        .split('/')
        .every((part) => part !== '..' && part !== '' && part.toLowerCase() !== '.git');
      return inside ? [{ mode, hash, size: size === '-' ? 0 : Number(size), path }] : [];
    });
}

/** The contents of blobs, some megabytes at a time. */
function* readBlobs(directory: string, entries: readonly Entry[]): Generator<readonly [Entry, Buffer]> {
  for (let from = 0; from < entries.length;) {
    let bytes = 0;
    let to = from;
    do bytes += entries[to++]?.size ?? 0;
    while (to < entries.length && bytes < AT_ONCE);
    const part = entries.slice(from, to);
    const input = part.map((entry) => `${entry.hash}\n`).join('');
    const { status, stdout, stderr } = git(directory, ['cat-file', '--batch'], {
      input,
      most: bytes + part.length * 128,
    });
    if (status !== 0)
      throw new ProjectError('SLAB6005', `git cannot read the repository: ${stderr.toString().trim()}`);
    let at = 0;
    for (const entry of part) {
      const end = stdout.indexOf(10, at);
      const said = stdout.toString('utf8', at, end);
      if (said !== `${entry.hash} blob ${entry.size}`)
        throw new ProjectError('SLAB6005', `git cannot read ${entry.path}: ${said}`, {
          fix: 'fetch the whole history, or git fsck',
        });
      yield [entry, stdout.subarray(end + 1, end + 1 + entry.size)];
      at = end + 1 + entry.size + 1;
    }
    from = to;
  }
}

/** Removes links that lead out of a folder, or nowhere. @returns their paths. */
function dropOutsideLinks(root: string, paths: readonly string[]): readonly string[] {
  const dropped: string[] = [];
  for (let left = paths; ;) {
    const bad = left.filter((path) => !leadsInside(root, path));
    for (const path of bad) unlinkSync(join(root, path));
    dropped.push(...bad);
    if (bad.length === 0) return dropped;
    left = left.filter((path) => !bad.includes(path));
  }
}

function leadsInside(root: string, path: string): boolean {
  try {
    const real = realpathSync(join(root, path));
    return real === root || real.startsWith(root + sep);
  } catch {
    // A link to nothing, or in a circle: nobody could read anything through it.
    return false;
  }
}

/** Runs git without its pager, prompts, hooks or any program that a repository names. @throws ProjectError without git. */
function git(
  directory: string,
  words: readonly string[],
  { input = '', most = 256 * 2 ** 20 }: { readonly input?: string; readonly most?: number } = {},
): { readonly status: number | null; readonly stdout: Buffer; readonly stderr: Buffer } {
  const quiet = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];
  const { error, status, stdout, stderr } = spawnSync(
    'git',
    ['-C', directory, '--no-pager', ...quiet, ...words],
    {
      input,
      maxBuffer: most,
      timeout: TIMEOUT_MS,
      env: { ...process.env, GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
    },
  );
  if (error !== undefined) {
    const missing = 'code' in error && error.code === 'ENOENT';
    throw new ProjectError('SLAB6005', missing ? 'there is no program git' : `git failed: ${error.message}`, {
      cause: error,
      ...(missing ? { fix: 'install git' } : {}),
    });
  }
  return { status, stdout, stderr };
}
