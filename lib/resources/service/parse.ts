import type { FunctionSpec, ParseInput, Parsed } from '../../model/resource.ts';
import type { JsonObject } from '../../model/json.ts';

/** A service and what of it is declared; what is undefined stays as it is. */
export interface ServiceDeclared {
  /** As the user writes it, without `.service`. */
  readonly name: string;
  /** With its suffix: `nginx.service`, `backup.timer`. */
  readonly unit: string;
  readonly running: boolean | undefined;
  readonly enabled: boolean | undefined;
  readonly masked: boolean | undefined;
  /** Take a mask away if there is one, to start it. */
  readonly unmask: boolean;
  /** The mask is one that ends with the next boot. */
  readonly runtime: boolean;
  /** How a watched change reaches the running service. */
  readonly refreshBy: 'restart' | 'reload' | 'full-restart';
  readonly initDelaySeconds: number;
  readonly startTimeoutSeconds: number;
  /** Something is watched, so a refresh may come. */
  readonly watches: boolean;
}

interface ServiceArguments {
  readonly enable?: boolean | null;
  readonly reload?: boolean;
  readonly full_restart?: boolean;
  readonly init_delay?: number;
  readonly timeout?: number;
  readonly unmask?: boolean;
  readonly unmask_runtime?: boolean;
  readonly runtime?: boolean;
}

const name: JsonObject = {
  type: 'string',
  pattern: '^[A-Za-z0-9:_.\\\\@][A-Za-z0-9:_.\\\\@-]*$',
  title: 'the name of a service or unit',
  description: 'the service or unit; by default the ID of the state',
};
const enable: JsonObject = {
  type: ['boolean', 'null'],
  description: 'whether it is started at boot; left as it is without',
};
const seconds: JsonObject = { type: 'integer', minimum: 0, maximum: 3600 };

const running: JsonObject = {
  name,
  enable,
  reload: {
    type: 'boolean',
    default: false,
    description: 'a watched change reloads it instead of restarting it',
  },
  full_restart: { type: 'boolean', default: false, description: 'a watched change stops it and starts it' },
  init_delay: { ...seconds, description: 'seconds to wait after a start before it is looked at' },
  timeout: { ...seconds, default: 90, description: 'seconds it may take to start' },
  unmask: { type: 'boolean', default: false, description: 'take a mask away to start it' },
  unmask_runtime: {
    type: 'boolean',
    default: false,
    description: 'take a mask away that ends with the next boot',
  },
};
const masking: JsonObject = {
  name,
  runtime: { type: 'boolean', default: false, description: 'a mask that ends with the next boot' },
};

function spec(summary: string, properties: JsonObject, example: string): FunctionSpec {
  return {
    summary,
    schema: { type: 'object', additionalProperties: false, properties },
    examples: [example],
  };
}

/** The functions of Salt's module `service`. */
export const functions: Readonly<Record<string, FunctionSpec>> = {
  running: spec(
    'a service runs',
    running,
    'nginx:\n  service.running:\n    - enable: true\n    - reload: true\n',
  ),
  dead: spec(
    'a service does not run',
    { name, enable, init_delay: { ...seconds, description: 'accepted; stopping is waited for anyway' } },
    'rpcbind:\n  service.dead:\n    - enable: false\n',
  ),
  enabled: spec('a service is started at boot', { name }, 'cron:\n  service.enabled: []\n'),
  disabled: spec('a service is not started at boot', { name }, 'cups:\n  service.disabled: []\n'),
  masked: spec('a unit cannot be started by anything', masking, 'telnet.socket:\n  service.masked: []\n'),
  unmasked: spec('a unit can be started', masking, 'docker:\n  service.unmasked: []\n'),
};

const suffix = /\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/;

/** Reads a chunk of this kind. */
export function parseService({ chunk, fun, name: given, ...input }: ParseInput): Parsed<ServiceDeclared> {
  // The schema has been checked; these are its types.
  const args = input.args as ServiceArguments;
  if (args.reload === true && args.full_restart === true)
    return { complaints: [{ at: ['full_restart'], summary: 'reload and full_restart exclude each other' }] };
  return {
    declared: {
      name: given.replace(/\.service$/, ''),
      unit: suffix.test(given) ? given : `${given}.service`,
      running: { running: true, dead: false }[fun],
      enabled: { enabled: true, disabled: false }[fun] ?? args.enable ?? undefined,
      masked: { masked: true, unmasked: false }[fun],
      unmask: (args.unmask ?? false) || (args.unmask_runtime ?? false),
      runtime: args.runtime ?? args.unmask_runtime ?? false,
      refreshBy: args.full_restart === true ? 'full-restart' : args.reload === true ? 'reload' : 'restart',
      initDelaySeconds: args.init_delay ?? 0,
      startTimeoutSeconds: args.timeout ?? 90,
      watches: chunk.requisites.some(({ type }) => ['watch', 'watch_any', 'listen'].includes(type)),
    },
  };
}
