import type { HostFunction, HostValue } from '../../jinja/api.ts';
import { TemplateFailure } from '../../jinja/api.ts';
import { orderedValue } from '../shared-value.ts';
import { mistake } from '../mistake.ts';
import { isNull } from '../node-shape.ts';
import type { Renderer } from '../renderer.ts';
import { dict } from '../traverse.ts';
import type { RootFile, Roots } from '../roots.ts';
import { pathOfUri, saltenvOfUri } from '../roots.ts';

/** What `slsutil.renderer` renders with. */
export interface RenderSources {
  /** The states of a saltenv. */
  readonly tree: (saltenv: string) => { readonly roots: Roots; readonly renderer: Renderer } | undefined;
  /** The variables of a file of the tree; of a text, without one. */
  readonly variables: (file: RootFile | undefined) => Map<string, HostValue>;
}

const OWN = new Set(['path', 'string', 'default_renderer', 'saltenv']);

/** `slsutil.renderer(path, string, default_renderer, **variables)`: the data of a rendered file or text. */
export function rendererFunction({ tree, variables }: RenderSources): readonly [string, HostFunction] {
  const name = 'slsutil.renderer';
  const call: HostFunction['call'] = ({ args, kwargs, source }) => {
    const fail = (summary: string, fix?: string): never => {
      throw new TemplateFailure(mistake('SLAB2004', `${name}: ${summary}`, source, { fix }));
    };
    const given = (index: number, key: string): string | undefined => {
      const value = (key === 'saltenv' ? undefined : args[index]) ?? kwargs.get(key) ?? undefined;
      return value === undefined || typeof value === 'string' ? value : fail(`${key} is not text`);
    };
    const uri = given(0, 'path');
    const path = uri === undefined ? undefined : pathOfUri(uri);
    const named = (uri === undefined ? undefined : saltenvOfUri(uri)) ?? given(3, 'saltenv') ?? 'base';
    const saltenv = tree(named) ?? fail(`there is no saltenv ${named}`);
    const file = path === undefined ? undefined : saltenv.roots.find(path);
    const written = given(1, 'string');
    const text =
      file === undefined
        ? written === undefined
          ? undefined
          : { file: name, text: written }
        : saltenv.roots.text(file.path);
    if (text === undefined)
      return fail(uri === undefined ? 'neither path nor string is given' : `there is no file ${uri}`);

    const pipeline = given(2, 'default_renderer');
    const headed =
      pipeline === undefined || text.text.startsWith('#!') ? text.text : `#!${pipeline}\n${text.text}`;
    const document = saltenv.renderer.render({ file: text.file, text: headed }, () => {
      const all = variables(file);
      for (const [key, value] of kwargs) if (!OWN.has(key)) all.set(key, value);
      return all;
    });
    const [first] = document.diagnostics;
    if (first !== undefined) throw new TemplateFailure(file === undefined ? { ...first, source } : first);
    return document.node === undefined || isNull(document.node) ? dict([]) : orderedValue(document.node);
  };
  return [name, { name, call }];
}
