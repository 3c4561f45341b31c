import type { FunctionSpec } from '../../model/resource.ts';
import type { JsonObject } from '../../model/json.ts';

/** The arguments of this kind's functions, as the schema lets them through. */
export interface UserArguments {
  readonly uid?: number | null;
  readonly gid?: string | number | null;
  readonly usergroup?: boolean;
  readonly groups?: readonly string[];
  readonly optional_groups?: readonly string[];
  readonly remove_groups?: boolean;
  readonly home?: string;
  readonly createhome?: boolean;
  readonly password?: string;
  readonly enforce_password?: boolean;
  readonly empty_password?: boolean;
  readonly shell?: string;
  readonly unique?: boolean;
  readonly system?: boolean;
  readonly fullname?: string;
  readonly roomnumber?: string;
  readonly workphone?: string;
  readonly homephone?: string;
  readonly other?: string;
  readonly mindays?: number;
  readonly maxdays?: number;
  readonly warndays?: number;
  readonly inactdays?: number;
  readonly expire?: number;
  readonly allow_uid_change?: boolean;
  readonly allow_gid_change?: boolean;
  readonly purge?: boolean;
  readonly force?: boolean;
}

// A name of digits would be looked up as a number. useradd(8) decides which names it takes; these characters would
// break the files themselves.
const name: JsonObject = {
  type: 'string',
  pattern: '^(?![0-9]+$)[^-:,/\\s][^:,/\\s]*$',
  title: 'the name of a user or group',
};
const text: JsonObject = { type: 'string', pattern: '^[^:,\\n]*$', title: 'text without ":" and ","' };
const path: JsonObject = { type: 'string', pattern: '^/[^:\\n]*$', title: 'an absolute path' };
const days: JsonObject = { type: 'integer', minimum: -1, maximum: 99999 };
const number: JsonObject = { type: 'integer', minimum: 0, maximum: 4294967294 };

const flag = (description: string, byDefault?: boolean): JsonObject => ({
  type: 'boolean',
  ...(byDefault === undefined ? {} : { default: byDefault }),
  description,
});

const present: JsonObject = {
  name: { ...name, description: 'the user; by default the ID of the state' },
  uid: { ...number, type: ['integer', 'null'], description: 'its number' },
  gid: { anyOf: [name, number, { type: 'null' }], description: 'its primary group, by name or number' },
  usergroup: flag('whether a new user gets a group of its own name; by default as the host is set up'),
  groups: { type: 'array', items: name, description: 'its other groups; they must exist' },
  optional_groups: { type: 'array', items: name, description: 'its other groups as far as they exist' },
  remove_groups: flag('take it out of other groups than the listed ones', true),
  home: { ...path, description: 'its home directory' },
  createhome: flag('make the home directory', true),
  password: {
    type: 'string',
    minLength: 1,
    description: 'the hash of its password, as in /etc/shadow; never shown',
  },
  enforce_password: flag('also change the password of a user that exists', true),
  empty_password: flag('let it log in without a password', false),
  shell: { ...path, description: 'its login shell' },
  unique: flag('refuse a uid that another user has', true),
  system: flag('take a number of the system range', false),
  fullname: { ...text, description: 'its full name' },
  roomnumber: text,
  workphone: text,
  homephone: text,
  other: text,
  mindays: { ...days, description: 'days before the password may be changed again' },
  maxdays: { ...days, description: 'days after which the password must be changed' },
  warndays: { ...days, description: 'days of warning before that' },
  inactdays: { ...days, description: 'days after that until the account is closed; -1 never' },
  expire: { ...days, description: 'the day the account ends, in days since 1970-01-01; -1 never' },
  allow_uid_change: flag('let a user that exists get another uid', false),
  allow_gid_change: flag('let a user that exists get another primary group', false),
};

const absent: JsonObject = {
  name: { ...name, description: 'the user; by default the ID of the state' },
  purge: flag('remove its home directory and mail with it', false),
  force: flag('remove it even while it is logged in', false),
};

/** The functions of Salt's module `user`. */
export const functions: Readonly<Record<string, FunctionSpec>> = {
  present: {
    summary: 'a user exists and is as described',
    schema: { type: 'object', additionalProperties: false, properties: present },
    examples: [
      'deploy:\n  user.present:\n    - uid: 2000\n    - shell: /bin/bash\n    - groups:\n      - sudo\n',
    ],
  },
  absent: {
    summary: 'a user does not exist',
    schema: { type: 'object', additionalProperties: false, properties: absent },
    examples: ['olduser:\n  user.absent:\n    - purge: true\n'],
  },
};
