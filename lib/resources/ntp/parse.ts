import type { FunctionSpec, Parsed, ParseInput } from '../../model/resource.ts';

/** Whom a host asks for the time. */
export interface NtpDeclared {
  readonly servers: readonly string[];
  /** Undefined: whichever is there. */
  readonly backend: NtpBackend | undefined;
}

/** What asks. */
export type NtpBackend = 'chrony' | 'timesyncd';

/** The functions of the module `ntp`. */
export const functions: Readonly<Record<string, FunctionSpec>> = {
  managed: {
    summary: 'a host asks these servers for the time and no others, now and after the next boot',
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        name: { type: 'string', minLength: 1, description: 'what it is called' },
        servers: {
          type: 'array',
          minItems: 1,
          items: { type: 'string', pattern: '^[A-Za-z0-9_.:-]+$', title: 'an address or the name of a host' },
          description: 'the servers, all of them',
        },
        backend: { enum: ['chrony', 'timesyncd'], description: 'what asks; by default whichever is there' },
      },
      required: ['servers'],
    },
    examples: ['time:\n  ntp.managed:\n    - servers: [10.20.0.123, 10.20.0.124]\n'],
  },
};

/** Reads a chunk of this kind. */
export function parseNtp({ args }: ParseInput): Parsed<NtpDeclared> {
  // The schema has been checked; this is its type.
  const { servers, backend } = args as unknown as { servers: readonly string[]; backend?: NtpBackend };
  return { declared: { servers: [...new Set(servers)], backend } };
}
