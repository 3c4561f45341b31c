import type { FunctionSpec, ParseInput, Parsed } from '../../model/resource.ts';
import type { JsonObject } from '../../model/json.ts';

/** Kernel modules that shall be loaded or not. */
export interface KmodDeclared {
  /** With `_` for `-`: the kernel takes them as the same. */
  readonly modules: readonly string[];
  readonly loaded: boolean;
  /** The boot shall load them too, or no longer. */
  readonly persist: boolean;
}

interface KmodArguments {
  readonly persist?: boolean;
  readonly mods?: readonly string[];
}

const module: JsonObject = {
  type: 'string',
  pattern: '^[A-Za-z0-9_][A-Za-z0-9_-]*$',
  title: 'the name of a kernel module',
};
const modules = (persist: string): JsonObject => ({
  name: { ...module, description: 'the module; by default the ID of the state' },
  mods: { type: 'array', items: module, minItems: 1, description: 'these modules instead' },
  persist: { type: 'boolean', default: false, description: persist },
});

/** The functions of Salt's module `kmod`. */
export const functions: Readonly<Record<string, FunctionSpec>> = {
  present: {
    summary: 'a kernel module is loaded',
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: modules('the boot loads it too: /etc/modules-load.d/slab-NAME.conf'),
    },
    examples: ['br_netfilter:\n  kmod.present:\n    - persist: true\n'],
  },
  absent: {
    summary: 'a kernel module is not loaded',
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        ...modules('the boot does not load it either'),
        comment: { type: 'boolean', default: true, description: 'accepted; lines are commented out anyway' },
      },
    },
    examples: ['pcspkr:\n  kmod.absent:\n    - persist: true\n'],
  },
};

/** Reads a chunk of this kind. */
export function parseKmod({ fun, name, ...input }: ParseInput): Parsed<KmodDeclared> {
  // The schema has been checked; these are its types.
  const { persist = false, mods = [name] } = input.args as KmodArguments;
  const named = mods.map((each) => each.replaceAll('-', '_'));
  return { declared: { modules: [...new Set(named)], loaded: fun === 'present', persist } };
}
