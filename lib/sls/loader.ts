import { posix } from 'node:path';
import type { Loader } from '../jinja/api.ts';
import type { Roots } from './roots.ts';
import { pathOfUri } from './roots.ts';
import { withoutFinalNewline } from './template-text.ts';

/** Finds imported templates: from the roots, or beside the asking file when the name begins with `./` or `../`. */
export function createLoader(roots: Roots): Loader {
  // Templates are known by the name that errors show, which begins with the root; relative names need the path.
  const pathOfFile = new Map<string, string>();
  for (const path of roots.paths) {
    const file = roots.find(path)?.file;
    if (file !== undefined) pathOfFile.set(file, path);
  }
  return {
    load(name, from) {
      const relative = /^\.\.?\//.test(name);
      const folder = relative ? posix.dirname(pathOfFile.get(from) ?? '') : '.';
      const path = pathOfUri(relative ? posix.join(folder, name) : name);
      const found = path === undefined ? undefined : roots.text(path);
      return found === undefined ? undefined : { file: found.file, text: withoutFinalNewline(found.text) };
    },
    near: (name) => roots.near(pathOfUri(name) ?? name),
  };
}
