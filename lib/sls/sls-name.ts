import { isGlob, matchGlob } from '../regex/glob.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/near.ts';
import { mistake } from './mistake.ts';
import type { RootFile, Roots } from './roots.ts';

/** SLS names of a tree and the files behind them. */
export interface SlsNames {
  /** Every name, sorted: `nginx`, `nginx.conf`. */
  readonly all: readonly string[];
  /** The file of a name: `a/b.sls` before `a/b/init.sls`. */
  find(name: string): RootFile | undefined;
  /** The names a pattern matches; a pattern that matches none stands for itself. */
  expand(pattern: string): readonly string[];
  /** Whether a name or glob means any SLS here. */
  has(pattern: string): boolean;
}

/** Why an SLS that a tree lists has no text: trees list links, and read those that stay inside. */
export const UNREADABLE = {
  why: 'it is a link that leads to nothing, to itself or out of the tree',
  fix: 'put the file itself there, or link to a file of the same tree',
} as const;

/** A requisite on an SLS that is not in the run names at times one that is nowhere. */
export function explainUnknownSls(diagnostic: Diagnostic, names: SlsNames): Diagnostic {
  const name = / names the SLS (\S+), which is not part of this run$/.exec(diagnostic.summary)?.[1];
  if (name === undefined || isGlob(name) || names.has(name)) return diagnostic;
  const { source, code } = diagnostic;
  return mistake(code, diagnostic.summary, source, {
    why: 'there is no such SLS',
    fix: didYouMean(name, names.all) ?? 'correct the name',
  });
}

/** Reads the SLS names of roots. */
export function slsNames(roots: Roots): SlsNames {
  let names: readonly string[] | undefined;
  // Asking for the paths is looking at all of them, however often that was done before.
  const all = (): readonly string[] => {
    const paths = roots.list('', '.sls');
    names ??= [...new Set(paths.map(nameOfPath))];
    return names;
  };
  const find = (name: string): RootFile | undefined => {
    // `include: - .` means the package of the SLS, and Salt calls it `package.` with the dot; what that SLS includes
    // beside itself is `package..name` (render_state, get_state). The file system takes slashes in a row for one.
    const path = name.replaceAll('.', '/').replace(/\/{2,}/g, '/');
    return roots.find(`${path}.sls`) ?? roots.find(`${path}/init.sls`.replace('//', '/'));
  };
  return {
    get all() {
      return all();
    },
    find,
    has: (pattern) =>
      isGlob(pattern) ? all().some((name) => matchGlob(pattern, name)) : find(pattern) !== undefined,
    expand(pattern) {
      if (!isGlob(pattern)) return [pattern];
      const matches = all().filter((name) => matchGlob(pattern, name));
      return matches.length === 0 ? [pattern] : matches;
    },
  };
}

/**
 * The full name of an include: `.x` is beside this SLS, each more dot one package up; the package of an `init.sls` is
 * itself.
 * @returns undefined when the dots lead beyond the top.
 */
export function absoluteName(written: string, sls: string, path: string): string | undefined {
  const dots = /^\.+/.exec(written)?.[0].length ?? 0;
  if (dots === 0) return written;
  const parts = sls.split('.');
  if (path.endsWith('/init.sls')) parts.push('init');
  if (dots > parts.length) return undefined;
  return [...parts.slice(0, parts.length - dots), written.slice(dots)].join('.');
}

function nameOfPath(path: string): string {
  return path
    .replace(/\.sls$/, '')
    .replace(/\/init$/, '')
    .replaceAll('/', '.');
}
