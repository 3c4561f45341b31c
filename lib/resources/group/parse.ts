import type { FunctionSpec, ParseInput, Parsed } from '../../model/resource.ts';
import type { JsonObject } from '../../model/json.ts';

/** A group that shall be there or not. */
export interface GroupDeclared {
  readonly name: string;
  readonly exists: boolean;
  readonly gid: number | undefined;
  readonly system: boolean;
  /** The members it shall have, all of them; undefined leaves them. */
  readonly members: readonly string[] | undefined;
  readonly addUsers: readonly string[];
  readonly removeUsers: readonly string[];
}

interface GroupArguments {
  readonly gid?: number | null;
  readonly system?: boolean;
  readonly members?: readonly string[];
  readonly addusers?: readonly string[];
  readonly delusers?: readonly string[];
}

// A name of digits would be looked up as a number. useradd(8) and groupadd(8) decide which names they take; these characters would break the files themselves.
const name: JsonObject = {
  type: 'string',
  pattern: '^(?![0-9]+$)[^-:,/\\s][^:,/\\s]*$',
  title: 'the name of a user or group',
};
const users: JsonObject = { type: 'array', items: name };

/** The functions of Salt's module `group`. */
export const functions: Readonly<Record<string, FunctionSpec>> = {
  present: {
    summary: 'a group exists, with these members',
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        name: { ...name, description: 'the group; by default the ID of the state' },
        gid: { type: ['integer', 'null'], minimum: 0, maximum: 4294967294, description: 'its number' },
        system: { type: 'boolean', default: false, description: 'take a number of the system range' },
        members: { ...users, description: 'exactly these users' },
        addusers: { ...users, description: 'these users beside others' },
        delusers: { ...users, description: 'not these users' },
      },
    },
    examples: ['deploy:\n  group.present:\n    - gid: 2000\n    - addusers:\n      - alice\n'],
  },
  absent: {
    summary: 'a group does not exist',
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: { name: { ...name, description: 'the group; by default the ID of the state' } },
    },
    examples: ['games:\n  group.absent: []\n'],
  },
};

/** Reads a chunk of this kind. */
export function parseGroup({ fun, name, ...input }: ParseInput): Parsed<GroupDeclared> {
  // The schema has been checked; these are its types.
  const args = input.args as GroupArguments;
  if (args.members !== undefined && (args.addusers ?? args.delusers) !== undefined)
    return {
      complaints: [
        {
          at: ['members'],
          summary: 'members cannot stand beside addusers or delusers',
          why: 'members is the whole list already',
        },
      ],
    };
  const both = args.addusers?.filter((user) => args.delusers?.includes(user)) ?? [];
  if (both.length > 0)
    return {
      complaints: [{ at: ['delusers'], summary: `${both.join(', ')} cannot be both added and removed` }],
    };
  return {
    declared: {
      name,
      exists: fun === 'present',
      gid: args.gid ?? undefined,
      system: args.system ?? false,
      members: args.members,
      addUsers: args.addusers ?? [],
      removeUsers: args.delusers ?? [],
    },
  };
}
