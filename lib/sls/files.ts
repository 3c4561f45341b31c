import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { plainPlace } from '../diagnostics/place.ts';
import type { Engine, HostValue } from '../jinja/api.ts';
import type { Node } from '../model/node.ts';
import type { FileSource, TemplateRequest } from '../model/resource.ts';
import type { SourceRange } from '../model/source.ts';
import { orderedValue } from './shared-value.ts';
import { mistake } from './mistake.ts';
import { textOf } from './node-shape.ts';
import type { RootFile, Roots, RootText } from './roots.ts';
import { pathOfUri, saltenvOfUri } from './roots.ts';
import { renderWhole } from './template-text.ts';
import { isDict } from './traverse.ts';

/** The files of one saltenv, and what renders them. */
interface FileTree {
  readonly roots: Roots;
  readonly engine: Engine;
}

/** What file templates of one host are rendered with. */
export interface FileContext {
  /** Where URIs without `?saltenv=` are looked up. */
  readonly saltenv: string;
  readonly trees: ReadonlyMap<string, FileTree>;
  /** For texts in states: an engine keeps one template a file, and the file of such a text is the SLS it stands in. */
  readonly inlineEngine: Engine;
  /** The variables of a template file; without a file, of a text in a state. */
  readonly variables: (file: RootFile | undefined) => Map<string, HostValue>;
  /** Takes what is wrong with a template. */
  readonly report: (diagnostic: Diagnostic) => void;
}

/** Files of the state tree for one host, templates rendered with its variables. */
export function createFileSource(context: FileContext): FileSource {
  const { saltenv, trees, inlineEngine, variables, report } = context;
  const treeOf = (uri: string): FileTree | undefined => trees.get(saltenvOfUri(uri) ?? saltenv);
  const find = (uri: string): RootFile | undefined => {
    const path = pathOfUri(uri);
    return path === undefined ? undefined : treeOf(uri)?.roots.find(path);
  };
  const written = (uri: string, path: string): string => {
    const other = saltenvOfUri(uri);
    const query = other === undefined ? '' : `?saltenv=${other}`;
    return uri.startsWith('salt://') ? `salt://${path}${query}` : path;
  };

  return {
    read: (uri) => find(uri)?.bytes,
    executable: (uri) => find(uri)?.executable(),
    of: (other) => (other === saltenv ? undefined : createFileSource({ ...context, saltenv: other })),
    near: (uri) => (treeOf(uri)?.roots.near(pathOfUri(uri) ?? uri) ?? []).map((path) => written(uri, path)),
    list(uri) {
      const folder = pathOfUri(uri);
      if (folder === undefined) return [];
      const prefix = folder === '' ? '' : `${folder}/`;
      return (treeOf(uri)?.roots.list(prefix) ?? []).map((path) => written(uri, path));
    },
    render(template) {
      const file = template.uri === undefined ? undefined : find(template.uri);
      const source: RootText | undefined =
        file === undefined ? inlineSource(template) : trees.get(file.saltenv)?.roots.text(file.path);
      if (source === undefined) {
        report(
          mistake('SLAB2106', `there is no template ${template.uri ?? ''}`, undefined, {
            why: 'the state tree has no such file',
          }),
        );
        return undefined;
      }
      if (source.flaw !== undefined) {
        report(source.flaw);
        return undefined;
      }
      const all = variables(file);
      for (const [name, node] of template.variables ?? []) all.set(name, orderedValue(node));
      for (const [name, value] of [...contextOf(template.defaults), ...contextOf(template.context)])
        all.set(name, value);
      if (template.uri !== undefined) all.set('source', template.uri);
      const engine = file === undefined ? undefined : trees.get(file.saltenv)?.engine;
      const rendered = renderWhole(engine ?? inlineEngine, source, () => all);
      if (!('diagnostics' in rendered)) return rendered.text;
      for (const diagnostic of rendered.diagnostics) report(placed(diagnostic, template, source.file));
      return undefined;
    },
  };
}

function inlineSource(template: TemplateRequest): { file: string; text: string } | undefined {
  const text = textOf(template.text);
  return template.text === undefined || text === undefined
    ? undefined
    : { file: template.text.source.file, text };
}

function contextOf(node: Node | undefined): [string, HostValue][] {
  const value = node === undefined ? undefined : orderedValue(node);
  if (!isDict(value)) return [];
  return [...value].flatMap(([name, item]): [string, HostValue][] =>
    typeof name === 'string' ? [[name, item]] : [],
  );
}

/**
 * A template's mistake stands in the template, and says which state renders it. Lines of a text in a state count from the
 * text: the place is where the text is written, the line goes into the reason.
 */
function placed(diagnostic: Diagnostic, template: TemplateRequest, file: string): Diagnostic {
  if (template.uri !== undefined) return usedBy(diagnostic, template.usedAt);
  if (template.text === undefined || diagnostic.source?.file !== file) return diagnostic;
  const line = `line ${diagnostic.source.line} of the text`;
  const why = diagnostic.why === undefined ? line : `${diagnostic.why} (${line})`;
  return { ...diagnostic, source: template.text.source, why };
}

function usedBy(diagnostic: Diagnostic, at: SourceRange | undefined): Diagnostic {
  const { source } = diagnostic;
  if (source === undefined || at === undefined) return diagnostic;
  const chain = [...(source.via ?? []), plainPlace(at), ...(at.via ?? [])];
  return { ...diagnostic, source: { ...plainPlace(source), via: chain } };
}
