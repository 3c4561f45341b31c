import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Engine, HostValue } from '../jinja/api.ts';
import type { Tree } from '../model/ports.ts';
import { mistake } from './mistake.ts';
import type { Explain, Renderer, SlsDocument } from './renderer.ts';
import { createRenderer } from './renderer.ts';
import type { RootFile, Roots } from './roots.ts';
import { lookThrough } from './roots.ts';
import type { SlsNames } from './sls-name.ts';
import { slsNames } from './sls-name.ts';
import type { TopFile, TopTarget } from './top.ts';
import { mergeTops, readTop } from './top.ts';
import { didYouMean } from '../diagnostics/near.ts';

/** One tree (states or pillar) with everything that is kept about it from host to host. */
export interface TreeCompiler {
  readonly roots: Roots;
  readonly names: SlsNames;
  readonly engine: Engine;
  readonly renderer: Renderer;
  /** Reads `top.sls` and the tops it includes; undefined when there is no `top.sls`. */
  top(variables: (sls: string, file: RootFile) => Map<string, HostValue>): RenderedTop | undefined;
}

/** The targets of a top file as it rendered for one host. */
interface RenderedTop {
  readonly targets: readonly TopTarget[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Prepares a tree. */
export function createTreeCompiler(
  trees: readonly Tree[],
  makeEngine: (roots: Roots) => Engine,
  explain: Explain,
): TreeCompiler {
  const roots = lookThrough(trees);
  const names = slsNames(roots);
  const engine = makeEngine(roots);
  const renderer = createRenderer(engine, explain);
  const tops = new WeakMap<SlsDocument, ReturnType<typeof readTop>>();

  return {
    roots,
    names,
    engine,
    renderer,
    top(variables) {
      const first = roots.find('top.sls');
      if (first === undefined) return undefined;
      const diagnostics: Diagnostic[] = [];
      const files: TopFile[] = [];
      const seen = new Set<string>();

      const read = (sls: string, file: RootFile): void => {
        if (seen.has(file.path)) return;
        seen.add(file.path);
        const text = roots.text(file.path) ?? { file: file.file, text: '' };
        const document = renderer.render(text, () => variables(sls, file));
        diagnostics.push(...document.diagnostics);
        const top = tops.get(document) ?? readTop(document.node);
        tops.set(document, top);
        diagnostics.push(...top.diagnostics);
        files.push(top.value);
        for (const include of top.value.includes) {
          const found = names.find(include.name);
          if (found !== undefined) read(include.name, found);
          else
            diagnostics.push(
              mistake('SLAB2011', `there is no top file ${include.name}`, include.source, {
                fix: didYouMean(include.name, names.all),
              }),
            );
        }
      };
      read('top', first);
      return { targets: mergeTops(files), diagnostics };
    },
  };
}
