import type { FunctionSpec, ParseInput, Parsed } from '../../model/resource.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Chunk } from '../../model/state.ts';
import { strayStatements } from './statements.ts';

/** A table of firewall rules that shall be exactly so. */
export interface NftablesDeclared {
  readonly family: string;
  readonly table: string;
  /** What nft(8) loads: the table is emptied and made in one transaction. */
  readonly text: string;
  /** Refuse rules that would not let slab's own login in again. */
  readonly keepSsh: boolean;
  /** Sets whose elements come at run time and stay. */
  readonly keepSets: readonly string[];
}

interface NftablesArguments {
  readonly table?: string;
  readonly source?: string;
  readonly contents?: string;
  readonly template?: string;
  readonly keep_ssh?: boolean;
  readonly keep_sets?: readonly string[];
}

const text: JsonObject = { type: 'string', minLength: 1 };

/** `nftables.ruleset`, which Salt does not have. */
export const functions: Readonly<Record<string, FunctionSpec>> = {
  ruleset: {
    summary: 'a table of firewall rules is exactly as a file says, now and after the next boot',
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        table: {
          ...{ type: 'string', pattern: '^(ip|ip6|inet|arp|bridge|netdev) [A-Za-z][A-Za-z0-9_]*$' },
          ...{ title: 'a family and a table, as inet slab', default: 'inet slab' },
          description: 'the table, which belongs to this state alone',
        },
        source: { ...text, description: 'a file of the state tree with the table' },
        contents: { ...text, description: 'the table itself, as nft(8) reads it' },
        template: { type: 'string', enum: ['jinja'], description: 'source is a template' },
        context: { type: 'object', description: 'variables for the template' },
        defaults: { type: 'object', description: 'variables that context may replace' },
        keep_ssh: {
          ...{ type: 'boolean', default: true },
          description: 'refuse rules that would not let a new login in from where slab is logged in from',
        },
        keep_sets: {
          ...{ type: 'array', items: { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_]*$' } },
          description: 'sets whose elements come at run time: they stay, and are not compared',
        },
      },
    },
    examples: [
      'firewall:\n  nftables.ruleset:\n    - contents: |\n        table inet slab {\n          chain input {\n            type filter hook input priority 0; policy drop;\n            ct state established,related accept\n            iifname "lo" accept\n            tcp dport 22 accept\n          }\n        }\n',
    ],
  },
};

/** Reads a chunk of this kind. */
export function parseNftables({ chunk, files, ...input }: ParseInput): Parsed<NftablesDeclared> {
  // The schema has been checked; these are its types.
  const args = input.args as NftablesArguments;
  const { source, contents, table: named = 'inet slab' } = args;
  if ((source === undefined) === (contents === undefined))
    return { complaints: [{ at: [], summary: 'it needs one of "source" and "contents"' }] };
  const rules = contents ?? textOf(source ?? '', { template: args.template !== undefined, chunk, files });
  if (rules === undefined)
    return args.template === undefined
      ? { complaints: [{ at: ['source'], summary: `${source ?? ''} is not there`, code: 'SLAB2106' }] }
      : { complaints: [] };
  const strays = strayStatements(rules, named);
  if (strays.length > 0)
    return {
      complaints: strays.map((stray) => ({
        at: [contents === undefined ? 'source' : 'contents'],
        summary: `"${stray}" is not about table ${named}`,
        why: 'tables of others are never touched, and the boot loads this one from a single file',
        fix: 'take it out; another table of yours is a state of its own, with "table"',
      })),
    };
  const [family = '', table = ''] = named.split(' ');
  return {
    declared: {
      ...{ family, table },
      text: `table ${named}\ndelete table ${named}\n${rules.trimEnd()}`,
      keepSsh: args.keep_ssh ?? true,
      keepSets: args.keep_sets ?? [],
    },
  };
}

function textOf(
  uri: string,
  {
    template,
    chunk,
    files,
  }: { readonly template: boolean; readonly chunk: Chunk; readonly files: ParseInput['files'] },
): string | undefined {
  if (!template) {
    const bytes = files.read(uri);
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  }
  const node = (name: string) => chunk.args.get(name)?.value;
  const [context, defaults] = [node('context'), node('defaults')];
  return files.render({
    uri,
    ...(context === undefined ? {} : { context }),
    ...(defaults === undefined ? {} : { defaults }),
  });
}
