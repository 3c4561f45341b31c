import type { FunctionSpec } from '../../model/resource.ts';
import type { JsonObject } from '../../model/json.ts';

/** The arguments of every function of this kind, as the schema lets them through. */
export interface CmdArguments {
  readonly cwd?: string;
  readonly runas?: string;
  readonly env?: EnvironmentArgument | readonly EnvironmentArgument[];
  readonly shell?: string;
  readonly umask?: string | number;
  readonly timeout?: number;
  readonly prepend_path?: string;
  readonly stateful?: boolean | readonly JsonObject[];
  readonly bg?: boolean;
  readonly use_vt?: boolean;
  readonly ignore_timeout?: boolean;
  readonly output_loglevel?: string;
  readonly hide_output?: boolean;
  readonly success_retcodes?: number | readonly number[];
  readonly success_stdout?: string | readonly string[];
  readonly success_stderr?: string | readonly string[];
  readonly source?: string;
  readonly args?: string;
  readonly template?: string;
}

type EnvironmentArgument = Readonly<Record<string, string | number | boolean | null>>;

const variables: JsonObject = {
  type: 'object',
  additionalProperties: { type: ['string', 'integer', 'number', 'boolean', 'null'] },
};

const texts: JsonObject = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] };

const run: JsonObject = {
  cwd: {
    type: 'string',
    pattern: '^/',
    title: 'an absolute path',
    description: 'directory to run it in; as it comes without',
  },
  runas: {
    type: 'string',
    pattern: '^[^-:/\\s][^:/\\s]*$',
    title: 'the name of a user',
    description: 'user to run it as; root without',
  },
  env: {
    anyOf: [variables, { type: 'array', items: variables }],
    description: 'environment variables, as a map or a list of maps',
  },
  shell: {
    type: 'string',
    pattern: '^/',
    title: 'the path of a shell',
    default: '/bin/sh',
    description: 'a POSIX shell to run it with',
  },
  umask: { type: ['string', 'integer'], default: '022', description: 'the umask to run it with' },
  timeout: { type: 'integer', minimum: 1, description: 'seconds after which it is killed and has failed' },
  prepend_path: { type: 'string', minLength: 1, description: 'directories to look in for commands first' },
  stateful: {
    anyOf: [
      { type: 'boolean' },
      {
        type: 'array',
        items: {
          type: 'object',
          properties: { test_name: { type: 'string' } },
          required: ['test_name'],
          additionalProperties: false,
        },
      },
    ],
    default: false,
    description: 'its last line of output says whether it changed something: JSON or changed=yes|no',
  },
  output_loglevel: {
    type: 'string',
    description: '`quiet` hides the output; other levels mean nothing here',
  },
  hide_output: { type: 'boolean', default: false, description: 'never show what it writes' },
  success_retcodes: {
    anyOf: [
      { type: 'integer', minimum: 0, maximum: 255 },
      { type: 'array', items: { type: 'integer', minimum: 0, maximum: 255 } },
    ],
    description: 'exit codes that mean success beside 0',
  },
  success_stdout: { ...texts, description: 'it succeeded when one of these is in what it prints' },
  success_stderr: { ...texts, description: 'it succeeded when one of these is in its error output' },
  bg: {
    type: 'boolean',
    default: false,
    description: 'start it and go on; what becomes of it is not known',
  },
  use_vt: { type: 'boolean', default: false, description: 'means nothing here' },
  ignore_timeout: {
    type: 'boolean',
    default: false,
    description: 'a command that is killed after its time has succeeded',
  },
};

const script: JsonObject = {
  ...run,
  source: {
    type: 'string',
    pattern: '^salt://',
    title: 'a salt:// address',
    description: 'the script in the state tree; by default the name',
  },
  args: { type: 'string', description: 'what follows the script on its command line, as shell text' },
  template: { enum: ['jinja'], description: 'render the script first' },
  context: { type: 'object', description: 'variables for the template' },
  defaults: { type: 'object', description: 'variables for the template that context overrides' },
};

function spec(summary: string, properties: JsonObject, examples: readonly string[]): FunctionSpec {
  return { summary, schema: { type: 'object', additionalProperties: false, properties }, examples };
}

/** The functions of Salt's module `cmd`: commands and scripts. */
export const functions: Readonly<Record<string, FunctionSpec>> = {
  run: spec('runs a command, each time unless a condition or requisite says no', run, [
    'make-dhparam:\n  cmd.run:\n    - name: openssl dhparam -out /etc/ssl/dh.pem 2048\n    - creates: /etc/ssl/dh.pem\n',
  ]),
  wait: spec('runs a command only when a watched state changed', run, [
    'newaliases:\n  cmd.wait:\n    - watch:\n      - file: /etc/aliases\n\n/etc/aliases:\n  file.managed:\n    - contents: "postmaster: root"\n',
  ]),
  script: spec('runs a script of the state tree', script, [
    'set-up-app:\n  cmd.script:\n    - source: salt://app/set-up.sh\n    - args: --quiet\n    - creates: /var/lib/app/ready\n',
  ]),
  wait_script: spec('runs a script of the state tree only when a watched state changed', script, [
    'rebuild-index:\n  cmd.wait_script:\n    - source: salt://app/rebuild.sh\n    - watch:\n      - file: /etc/app.conf\n\n/etc/app.conf:\n  file.managed:\n    - contents: "index: full"\n',
  ]),
};
