import type { FunctionSpec, ParseInput, Parsed } from '../../model/resource.ts';
import type { JsonObject } from '../../model/json.ts';
import { isAddress } from './entries.ts';

/** Entries of /etc/hosts that shall be there or not. */
export type HostDeclared =
  | {
      readonly fun: 'present';
      readonly name: string;
      readonly addresses: readonly string[];
      readonly comment: string | undefined;
      /** Take the name away from other addresses. */
      readonly clean: boolean;
    }
  | { readonly fun: 'absent'; readonly name: string; readonly addresses: readonly string[] | undefined }
  | { readonly fun: 'only'; readonly address: string; readonly names: readonly string[] };

interface HostArguments {
  readonly ip?: string | readonly string[];
  readonly comment?: string;
  readonly clean?: boolean;
  readonly hostnames?: string | readonly string[];
}

// Names as hosts(5) has them, and what people put there besides: underscores.
const name: JsonObject = {
  type: 'string',
  pattern: '^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$',
  title: 'the name of a host',
};
const address = {
  type: 'string',
  pattern: '^[0-9A-Fa-f:.]+(%[A-Za-z0-9_.-]+)?$',
  title: 'an IP address',
};
const oneOrMore = (each: JsonObject & { readonly title: string }, description: string): JsonObject => ({
  anyOf: [each, { type: 'array', items: each, minItems: 1 }],
  title: `${each.title}, or a list of them`,
  description,
});

function spec(
  summary: string,
  properties: JsonObject,
  example: string,
  required: readonly string[] = [],
): FunctionSpec {
  return {
    summary,
    schema: { type: 'object', additionalProperties: false, properties, required: [...required] },
    examples: [example],
  };
}

/** The functions of Salt's module `host`. */
export const functions: Readonly<Record<string, FunctionSpec>> = {
  present: spec(
    'a name has addresses in /etc/hosts',
    {
      name: { ...name, description: 'the name; by default the ID of the state' },
      ip: oneOrMore(address, 'its addresses'),
      comment: {
        type: 'string',
        pattern: '^[^\\n#]*$',
        title: 'text of one line',
        description: 'a comment behind them',
      },
      clean: { type: 'boolean', default: false, description: 'no other address has the name' },
    },
    'st11.example.net:\n  host.present:\n    - ip: 10.20.0.11\n',
    ['ip'],
  ),
  absent: spec(
    'a name has none of these addresses in /etc/hosts',
    {
      name: { ...name, description: 'the name; by default the ID of the state' },
      ip: oneOrMore(address, 'these addresses; every address without'),
    },
    'old.example.net:\n  host.absent: []\n',
  ),
  only: spec(
    'an address has exactly these names in /etc/hosts',
    {
      name: { ...address, description: 'the address; by default the ID of the state' },
      hostnames: {
        anyOf: [name, { type: 'array', items: name }],
        title: 'the name of a host, or a list of them',
        description: 'its names, all of them; none: the address goes',
      },
    },
    '127.0.1.1:\n  host.only:\n    - hostnames: [st11.example.net, st11]\n',
    ['hostnames'],
  ),
};

/** Reads a chunk of this kind. */
export function parseHost({ fun, name: written, ...input }: ParseInput): Parsed<HostDeclared> {
  // The schema has been checked; these are its types.
  const { ip, comment, clean = false, hostnames } = input.args as HostArguments;
  const addresses = ip === undefined ? undefined : listOf(ip);
  const wrong = [...(addresses ?? []), ...(fun === 'only' ? [written] : [])].filter(
    (each) => !isAddress(each),
  );
  if (wrong.length > 0)
    return {
      complaints: wrong.map((each) => ({
        at: fun === 'only' ? ['name'] : ['ip'],
        summary: `${each} is no IP address`,
      })),
    };
  if (fun === 'only') return { declared: { fun, address: written, names: listOf(hostnames ?? []) } };
  if (fun === 'absent') return { declared: { fun, name: written, addresses } };
  return { declared: { fun: 'present', name: written, addresses: addresses ?? [], comment, clean } };
}

function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}
