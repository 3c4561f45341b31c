import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/near.ts';
import type { Engine } from '../jinja/api.ts';
import type { Tree } from '../model/ports.ts';
import type { Divergence } from './divergence.ts';
import { besideFormer } from './former.ts';
import { mistake } from './mistake.ts';
import type { Renderer, SlsDocument } from './renderer.ts';
import type { RootFile, Roots, Trees } from './roots.ts';
import { lookThrough, textOf } from './roots.ts';
import type { SlsNames } from './sls-name.ts';
import { slsNames } from './sls-name.ts';
import { slsVariables, type HostVariables } from './template-variables.ts';
import type { TopFile } from './top.ts';
import { readTop } from './top.ts';

/** The roots of one saltenv (states or pillar) with everything that is kept about them from host to host. */
export interface TreeCompiler {
  readonly saltenv: string;
  readonly roots: Roots;
  readonly names: SlsNames;
  readonly engine: Engine;
  readonly renderer: Renderer;
  /** Reads `top.sls` and the tops it includes; no file when there is no `top.sls`. */
  top(variables: HostVariables): RenderedTop;
}

/** The top files of one saltenv as they rendered for one host. */
interface RenderedTop {
  readonly files: readonly TopFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Makes what renders one saltenv; all its saltenvs are known by then. */
export interface TreeMakers {
  readonly engine: (saltenv: string, all: ReadonlyMap<string, Roots>) => Engine;
  readonly renderer: (saltenv: string, engine: Engine) => Renderer;
}

/** Prepares states or pillar, saltenv by saltenv; `base` is always there. */
export function createTreeCompilers(
  given: Trees,
  makers: TreeMakers,
  former?: { readonly trees: Trees; readonly divergence: Divergence },
): ReadonlyMap<string, TreeCompiler> {
  const trees = bySaltenv(given);
  const saltenvs = [...new Set(['base', ...trees.keys()])];
  const rootsOf = (saltenv: string): Roots => {
    const roots = lookThrough(trees.get(saltenv) ?? [], saltenv);
    if (former === undefined) return roots;
    const others = lookThrough(bySaltenv(former.trees).get(saltenv) ?? [], saltenv);
    return besideFormer(roots, others, former.divergence);
  };
  const all = new Map(saltenvs.map((saltenv) => [saltenv, rootsOf(saltenv)]));
  return new Map(
    [...all].map(([saltenv, roots]) => {
      const engine = makers.engine(saltenv, all);
      return [
        saltenv,
        createTreeCompiler({
          saltenv,
          saltenvs,
          roots,
          engine,
          renderer: makers.renderer(saltenv, engine),
        }),
      ];
    }),
  );
}

function bySaltenv(given: Trees): ReadonlyMap<string, readonly Tree[]> {
  return 'get' in given ? given : new Map([['base', given]]);
}

/** The compiler of `base`, which is always there. */
export function baseOf(trees: ReadonlyMap<string, TreeCompiler>): TreeCompiler {
  const base = trees.get('base');
  if (base === undefined) throw new Error('a tree without base'); // createTreeCompilers always makes it
  return base;
}

/** The top files of these saltenvs as they render for one host; a saltenv without trees has none. */
export function renderTops(
  saltenvs: readonly string[],
  trees: ReadonlyMap<string, TreeCompiler>,
  variables: HostVariables,
): readonly (RenderedTop & { readonly saltenv: string })[] {
  return saltenvs.flatMap((saltenv) => {
    const tree = trees.get(saltenv);
    return tree === undefined ? [] : [{ saltenv, ...tree.top(variables) }];
  });
}

interface TreeParts extends Pick<TreeCompiler, 'saltenv' | 'roots' | 'engine' | 'renderer'> {
  readonly saltenvs: readonly string[];
}

function createTreeCompiler({ saltenv, saltenvs, roots, engine, renderer }: TreeParts): TreeCompiler {
  const names = slsNames(roots);
  const tops = new WeakMap<SlsDocument, ReturnType<typeof readTop>>();
  return {
    saltenv,
    roots,
    names,
    engine,
    renderer,
    top(variables) {
      const diagnostics: Diagnostic[] = [];
      const files: TopFile[] = [];
      const seen = new Set<string>();

      const read = (sls: string, file: RootFile): void => {
        if (seen.has(file.path)) return;
        seen.add(file.path);
        const text = textOf(roots, file);
        const document = renderer.render(text, () => slsVariables(variables, sls, file));
        for (const each of document.diagnostics) diagnostics.push(each);
        const top = tops.get(document) ?? readTop(document.node, saltenvs);
        tops.set(document, top);
        for (const each of top.diagnostics) diagnostics.push(each);
        files.push(top.value);
        for (const include of top.value.includes)
          for (const name of names.expand(include.name)) {
            const found = names.find(name);
            if (found !== undefined) read(name, found);
            else
              diagnostics.push(
                mistake('SLAB2011', `there is no top file ${name}`, include.source, {
                  why: `neither ${name.replaceAll('.', '/')}.sls nor its init.sls is in the tree`,
                  fix: didYouMean(name, names.all) ?? 'create it, or remove the include',
                }),
              );
          }
      };
      const first = roots.find('top.sls');
      if (first !== undefined) read('top', first);
      return { files, diagnostics };
    },
  };
}
