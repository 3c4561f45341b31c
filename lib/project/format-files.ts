import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ProjectError } from '../diagnostics/errors.ts';
import { writeWhole } from './write-whole.ts';

/** The YAML files of a project: SLS of states and pillar, top files, inventories; relative to it, sorted. */
export function projectYamlFiles(directory: string): readonly string[] {
  const states = filesUnder(join(directory, 'states')).filter((path) => path.endsWith('.sls'));
  const inventories = filesUnder(join(directory, 'inventories')).filter(
    (path) => /^[^/]+\/inventory\.yaml$/.test(path) || /^[^/]+\/pillar\/.*\.sls$/.test(path),
  );
  return [
    ...states.map((path) => `states/${path}`),
    ...inventories.map((path) => `inventories/${path}`),
  ].sort();
}

/**
 * Files as a person names them; a folder stands for the SLS and YAML files below it.
 * @throws ProjectError when there is no such file.
 */
export function namedYamlFiles(directory: string, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    const found = statSync(join(directory, name), { throwIfNoEntry: false });
    if (found?.isFile() === true) return [name];
    if (found?.isDirectory() === true)
      return filesUnder(join(directory, name))
        .filter((path) => /\.(sls|ya?ml)$/.test(path))
        .map((path) => join(name, path));
    throw new ProjectError('SLAB6002', `there is no file ${name}`, {
      fix: 'correct the name, or leave it out to format the whole project',
    });
  });
}

/** The bytes of a file. @throws ProjectError when it cannot be read. */
export function readBytes(directory: string, path: string): Uint8Array {
  try {
    return readFileSync(join(directory, path));
  } catch (cause) {
    throw unusable(path, 'read', cause);
  }
}

/** Writes a text in place of a file, which keeps its mode. @throws ProjectError when it cannot be written. */
export function replaceText(directory: string, path: string, text: string): void {
  try {
    const real = realpathSync(join(directory, path));
    writeWhole(real, text, statSync(real).mode & 0o777);
  } catch (cause) {
    throw unusable(path, 'written', cause);
  }
}

function unusable(path: string, what: string, cause: unknown): ProjectError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ProjectError('SLAB6002', `${path} cannot be ${what}: ${reason}`, { cause });
}

/** Regular files at every depth; what a link leads to is somebody else's. */
function filesUnder(folder: string): readonly string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
