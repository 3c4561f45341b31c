import type { FunctionSpec, ParseInput, Parsed } from '../../model/resource.ts';
import type { JsonObject } from '../../model/json.ts';
import { dotted, normalValue, ownFile } from './names.ts';

/** A kernel setting that shall have a value now and after the next boot, or that slab no longer stores. */
export interface SysctlDeclared {
  /** With dots between its parts: `net.ipv4.conf.eth0/100.rp_filter`. */
  readonly name: string;
  /** As the kernel prints it; undefined: it is not to be stored. */
  readonly value: string | undefined;
  /** The file that stores it. */
  readonly file: string;
  /** The user named the file, so it has to be there and nowhere else. */
  readonly isNamed: boolean;
  /** A setting that this kernel does not have is no problem. */
  readonly ignore: boolean;
}

interface SysctlArguments {
  readonly value?: string | number;
  readonly config?: string;
  readonly ignore?: boolean;
}

const name: JsonObject = {
  type: 'string',
  pattern: '^(?!.*\\.\\.)[A-Za-z0-9_][A-Za-z0-9_./:@-]*$',
  title: 'the name of a kernel setting, as net.ipv4.ip_forward',
  description: 'the setting; by default the ID of the state',
};
const config: JsonObject = {
  type: 'string',
  pattern: '^/[^\\n]*$',
  title: 'an absolute path',
  description: 'the file that stores it; by default one of its own, /etc/sysctl.d/60-slab-NAME.conf',
};

/** The functions of Salt's module `sysctl`, and `absent`. */
export const functions: Readonly<Record<string, FunctionSpec>> = {
  present: {
    summary: 'a kernel setting has a value, now and after the next boot',
    schema: {
      type: 'object',
      additionalProperties: false,
      required: ['value'],
      properties: {
        name,
        value: {
          anyOf: [{ type: 'number' }, { type: 'string', pattern: '^[^\\n]*\\S[^\\n]*$' }],
          title: 'a number or text of one line',
          description: 'its value; blanks and tabs between fields are the same',
        },
        config,
        ignore: {
          type: 'boolean',
          default: false,
          description: 'a setting that this kernel does not have is told, and no failure',
        },
      },
    },
    examples: ['net.ipv4.ip_forward:\n  sysctl.present:\n    - value: 1\n'],
  },
  absent: {
    summary: 'a kernel setting is stored by slab no longer; what runs stays until the next boot',
    schema: { type: 'object', additionalProperties: false, properties: { name, config } },
    examples: ['net.ipv4.ip_forward:\n  sysctl.absent: []\n'],
  },
};

/** Reads a chunk of this kind. */
export function parseSysctl({ fun, name: written, ...input }: ParseInput): Parsed<SysctlDeclared> {
  // The schema has been checked; these are its types.
  const { value, config: file, ignore = false } = input.args as SysctlArguments;
  return {
    declared: {
      name: dotted(written),
      value: fun === 'present' ? normalValue(String(value)) : undefined,
      file: file ?? ownFile(written),
      isNamed: file !== undefined,
      ignore,
    },
  };
}
