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
  return {
    load(name, from) {
      const relative = /^\.\.?\//.test(name);
      const asking = relative ? findShown(from, all) : undefined;
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

/**
 * The file of a name that errors show, by which templates are known: it begins with the root, and relative names need the path.
 * Where several saltenvs show a file by one name it is the last one's; all are looked at, as it hangs on them which that is.
 */
function findShown(shown: string, all: ReadonlyMap<string, Roots>): RootFile | undefined {
  const known = [...all.values()].flatMap((roots) => roots.unseen().get(shown) ?? []).at(-1);
  if (known === undefined) return undefined;
  for (const roots of all.values()) roots.find(known.path);
  return known;
}
