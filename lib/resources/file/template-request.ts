import type { Node } from '../../model/node.ts';
import type { TemplateRequest } from '../../model/resource.ts';
import type { Chunk } from '../../model/state.ts';

/**
 * What Salt hands the template of a file beside the variables of every template: `context`, `defaults`, arguments that the
 * state does not know itself, and name, owner and mode of the file, None where they are not given.
 * @param unknown the arguments that the state does not know.
 * @param file what is called otherwise for one file of many: its path, and the argument that holds its mode.
 */
export function templateRequest(
  chunk: Chunk,
  unknown: ReadonlyMap<string, Node> = new Map(),
  file: { readonly path: string; readonly mode: string } = { path: chunk.name, mode: 'mode' },
): Omit<TemplateRequest, 'uri' | 'text'> {
  const context = chunk.args.get('context')?.value;
  const defaults = chunk.args.get('defaults')?.value;
  return {
    usedAt: chunk.source,
    variables: new Map([...ownArguments(chunk, file), ...unknown]),
    ...(context === undefined ? {} : { context }),
    ...(defaults === undefined ? {} : { defaults }),
  };
}

function ownArguments(
  chunk: Chunk,
  file: { readonly path: string; readonly mode: string },
): ReadonlyMap<string, Node> {
  const { source } = chunk;
  const given = (name: string): Node =>
    chunk.args.get(name)?.value ?? { type: 'scalar', value: null, source };
  const written = given(file.mode);
  const mode = written.type === 'scalar' ? written.value : null;
  // As Salt: four digits, whatever was written.
  const digits =
    typeof mode !== 'string' && typeof mode !== 'number'
      ? null
      : String(mode).replace(/^0+/, '').padStart(4, '0');
  return new Map<string, Node>([
    ['name', { type: 'scalar', value: file.path, source }],
    ['user', given('user')],
    ['group', given('group')],
    ['mode', { type: 'scalar', value: digits, source }],
    ['attrs', given('attrs')],
  ]);
}
