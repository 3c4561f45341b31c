import type { FunctionSpec } from '../../model/resource.ts';
import type { JsonObject } from '../../model/json.ts';

/** The arguments of this kind's functions, as the schema lets them through. */
export interface PkgArguments {
  readonly version?: string;
  readonly pkgs?: readonly (string | Readonly<Record<string, string | null>>)[];
  readonly sources?: readonly unknown[];
  readonly refresh?: boolean;
  readonly cache_valid_time?: number;
  readonly fromrepo?: string;
  readonly install_recommends?: boolean;
  readonly hold?: boolean;
  readonly update_holds?: boolean;
  readonly allow_updates?: boolean;
  readonly ignore_epoch?: boolean;
  readonly force_conf_new?: boolean;
  readonly only_upgrade?: boolean;
}

const name: JsonObject = { type: 'string', description: 'the package; by default the ID of the state' };
const version: JsonObject = {
  type: 'string',
  description: 'which version: `1.2-3`, `1.2*`, `>=1.2`, `>=1.2,<2`, or `latest`',
};
const entry: JsonObject = {
  anyOf: [
    { type: 'string' },
    { type: 'object', minProperties: 1, additionalProperties: { type: ['string', 'null'] } },
  ],
};
const pkgs: JsonObject = {
  type: 'array',
  items: entry,
  description: 'several packages, in one call of apt; each a name or `name: version`',
};
const flag = (description: string, byDefault?: boolean): JsonObject => ({
  type: 'boolean',
  ...(byDefault === undefined ? {} : { default: byDefault }),
  description,
});

const install: JsonObject = {
  name,
  pkgs,
  refresh: flag(
    'fetch the package index first; without, only when something is to be installed and it is old',
  ),
  cache_valid_time: {
    type: 'integer',
    minimum: 0,
    description: 'seconds for which the index is fresh; 3600 without',
  },
  fromrepo: {
    type: 'string',
    pattern: '^[A-Za-z0-9][^\\s]*$',
    title: 'the name of a release',
    description: 'the release to take it from: apt-get -t',
  },
  install_recommends: flag('install recommended packages too; by default as the host is set up'),
  skip_suggestions: flag('accepted: slab never takes a package of another name', true),
  update_holds: flag('change packages that are on hold', false),
  force_conf_new: flag("take the package's configuration file where the host's was changed", false),
};

function spec(summary: string, properties: JsonObject, examples: readonly string[]): FunctionSpec {
  return { summary, schema: { type: 'object', additionalProperties: false, properties }, examples };
}

/** The functions of Salt's module `pkg`. */
export const functions: Readonly<Record<string, FunctionSpec>> = {
  installed: spec(
    'packages are installed, in these versions',
    {
      ...install,
      version,
      sources: { type: 'array', description: 'not supported' },
      hold: flag('keep the package at its version, or no longer'),
      allow_updates: flag('a newer version than the one given will do', false),
      ignore_epoch: flag('compare versions without their epoch', false),
    },
    [
      'nginx:\n  pkg.installed: []\n',
      'tools:\n  pkg.installed:\n    - pkgs:\n      - curl\n      - jq: ">=1.6"\n    - install_recommends: false\n',
    ],
  ),
  latest: spec(
    'packages are installed in the newest version the package index knows',
    { ...install, only_upgrade: flag('leave alone what is not installed', false) },
    ['tzdata:\n  pkg.latest: []\n'],
  ),
  removed: spec('packages are not installed; their settings stay', { name, pkgs, version }, [
    'telnetd:\n  pkg.removed: []\n',
  ]),
  purged: spec('packages are not installed, and their settings and data are gone', { name, pkgs, version }, [
    'telnetd:\n  pkg.purged: []\n',
  ]),
};
