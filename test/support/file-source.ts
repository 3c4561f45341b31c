import type { Node } from '../../lib/model/node.ts';
import type { FileSource, TemplateRequest } from '../../lib/model/resource.ts';

/**
 * Files of a state tree from plain data (`salt://a` → contents). A template is rendered by putting the values of
 * `context`, and of `defaults` below it, in place of `{{ name }}`.
 */
export function fileSourceOf(files: Readonly<Record<string, string | Uint8Array>>): FileSource {
  const text = (uri: string): string | undefined => {
    const found = Object.hasOwn(files, uri) ? files[uri] : undefined;
    return found === undefined ? undefined : Buffer.from(found).toString();
  };
  return {
    read: (uri) => {
      const found = Object.hasOwn(files, uri) ? files[uri] : undefined;
      return found === undefined ? undefined : Buffer.from(found);
    },
    executable: (uri) => text(uri)?.startsWith('#!'),
    near: (uri) => Object.keys(files).filter((known) => known[7] === uri[7]),
    list: (uri) =>
      Object.keys(files)
        .filter((known) => known.startsWith(`${uri.replace(/\/$/, '')}/`))
        .sort(),
    render: (template) => render(template, text),
  };
}

function render(request: TemplateRequest, text: (uri: string) => string | undefined): string | undefined {
  const template = plain(request.text) ?? (request.uri === undefined ? undefined : text(request.uri));
  const variables = new Map<string | undefined, string | undefined>();
  for (const [name, node] of request.variables ?? []) variables.set(name, plain(node));
  for (const node of [request.defaults, request.context])
    for (const { key, value } of node?.type === 'map' ? node.entries : [])
      variables.set(plain(key), plain(value));
  return template?.includes('{{ fail }}')
    ? undefined
    : template?.replace(/\{\{ (\w+) \}\}/g, (_, name: string) => variables.get(name) ?? '');
}

function plain(node: Node | undefined): string | undefined {
  if (node?.type !== 'scalar') return undefined;
  return typeof node.value === 'string' ? node.value : JSON.stringify(node.value);
}
