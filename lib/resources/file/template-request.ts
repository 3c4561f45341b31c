import type { Node } from '../../model/node.ts';
import type { TemplateRequest } from '../../model/resource.ts';
import type { Chunk } from '../../model/state.ts';

/**
 * What Salt hands the template of a file beside the variables of every template: `context`, `defaults`, arguments that the
 * state does not know itself, and name, owner and mode of the file, None where they are not given.
 * @param unknown the arguments that the state does not know.
 */
export function templateRequest(
  chunk: Chunk,
  unknown: ReadonlyMap<string, Node> = new Map(),
): Omit<TemplateRequest, 'uri' | 'text'> {
  const context = chunk.args.get('context')?.value;
  const defaults = chunk.args.get('defaults')?.value;
  return {
    variables: new Map([...ownArguments(chunk), ...unknown]),
    ...(context === undefined ? {} : { context }),
    ...(defaults === undefined ? {} : { defaults }),
  };
}

function ownArguments(chunk: Chunk): ReadonlyMap<string, Node> {
  const { source } = chunk;
  const given = (name: string): Node =>
    chunk.args.get(name)?.value ?? { type: 'scalar', value: null, source };
  const written = given('mode');
  const mode = written.type === 'scalar' ? written.value : null;
  // As Salt: four digits, whatever was written.
  const digits =
    typeof mode !== 'string' && typeof mode !== 'number'
      ? null
      : String(mode).replace(/^0+/, '').padStart(4, '0');
  return new Map<string, Node>([
    ['name', { type: 'scalar', value: chunk.name, source }],
    ['user', given('user')],
    ['group', given('group')],
    ['mode', { type: 'scalar', value: digits, source }],
    ['attrs', given('attrs')],
  ]);
}
