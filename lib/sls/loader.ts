import { posix } from 'node:path';
import { TemplateFailure, type Loader } from '../jinja/api.ts';
import type { RootFile, Roots } from './roots.ts';
import { pathOfUri, saltenvOfUri } from './roots.ts';
import { withoutFinalNewline } from './template-text.ts';

/**
 * Finds imported templates: from the roots of a saltenv, or of the one that `?saltenv=` names, or beside the asking file
 * when the name begins with `./` or `../`.
 */
export function createLoader(saltenv: string, all: ReadonlyMap<string, Roots>): Loader {
  // Templates are known by the name that errors show, which begins with the root; relative names need the path.
  let files: ReadonlyMap<string, RootFile> | undefined;
  return {
    load(name, from) {
      const relative = /^\.\.?\//.test(name);
      if (relative) files ??= filesOf(all);
      const asking = relative ? files?.get(from) : undefined;
      const folder = relative ? posix.dirname(asking?.path ?? '') : '.';
      const path = pathOfUri(relative ? posix.join(folder, name) : name);
      const roots = all.get(saltenvOfUri(name) ?? asking?.saltenv ?? saltenv);
      const found = path === undefined ? undefined : roots?.text(path);
      if (found?.flaw !== undefined) throw new TemplateFailure(found.flaw);
      return found === undefined ? undefined : { file: found.file, text: withoutFinalNewline(found.text) };
    },
    near: (name) => all.get(saltenvOfUri(name) ?? saltenv)?.near(pathOfUri(name) ?? name) ?? [],
  };
}

function filesOf(all: ReadonlyMap<string, Roots>): ReadonlyMap<string, RootFile> {
  const files = new Map<string, RootFile>();
  for (const roots of all.values())
    for (const path of roots.paths) {
      const file = roots.find(path);
      if (file !== undefined) files.set(file.file, file);
    }
  return files;
}
