import type { JsonObject } from '../model/json.ts';
import { mergeStrategies, topStrategies } from './salt-options.ts';

const word: JsonObject = {
  type: 'string',
  pattern: '^[^-\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$',
};
const texts: JsonObject = { type: ['array', 'null'], items: { type: 'string' } };
const name = '^[A-Za-z0-9_][A-Za-z0-9_.-]*$';
/** A name, or a range of names, whose brackets this does not look into. */
const nameOrRange = '^(?:[A-Za-z0-9_]|\\[[^\\[\\]]*\\])(?:[A-Za-z0-9_.-]|\\[[^\\[\\]]*\\])*$';

const settings: JsonObject = {
  user: { ...word, description: 'Login name. Without it: what ssh_config says.' },
  port: { type: 'integer', minimum: 1, maximum: 65_535, description: 'Port of the SSH server.' },
  become: {
    description: 'How to become root: sudo, none (the login is root), or a mapping.',
    oneOf: [
      { enum: ['sudo', 'none'] },
      {
        type: 'object',
        additionalProperties: false,
        properties: {
          method: { enum: ['sudo', 'none'] },
          ask_password: { type: 'boolean', description: 'Ask once for the sudo password.' },
        },
      },
    ],
  },
  transport: { enum: ['ssh', 'local'], description: 'local: this machine, without SSH.' },
  identity_file: { ...word, description: 'Private key file.' },
  proxy_jump: { ...word, description: "Jump hosts, comma-separated, as in ssh_config's ProxyJump." },
  known_hosts: {
    description: 'Further known_hosts files, read before your own.',
    oneOf: [{ type: 'string' }, texts],
  },
  kind: { enum: ['vm', 'physical'] },
  failhard: {
    type: 'boolean',
    description: 'After a state failed, begin nothing else on the host.',
  },
  labels: {
    type: ['object', 'null'],
    additionalProperties: { type: ['string', 'integer'] },
    description: 'Words to target hosts by: label:rack=r1.',
  },
  vars: { type: ['object', 'null'], description: 'Variables for templates.' },
};

const roots: JsonObject = {
  type: ['object', 'null'],
  propertyNames: { not: { const: '__env__' } },
  additionalProperties: { oneOf: [{ type: 'string' }, texts] },
};

const encrypted: JsonObject = { type: ['object', 'null'], additionalProperties: { enum: ['gpg', null] } };

const salt: JsonObject = {
  type: ['object', 'null'],
  additionalProperties: false,
  description: "How states and pillar are compiled, by Salt's own option names.",
  properties: {
    file_roots: { ...roots, description: 'Folders of states by saltenv; the first that has a file wins.' },
    pillar_roots: { ...roots, description: 'Folders of pillar by saltenv.' },
    top_file_merging_strategy: {
      enum: [...topStrategies],
      description: 'How the top files of several saltenvs become one.',
    },
    env_order: { ...texts, description: 'The saltenvs that count, in the order of their top files.' },
    default_top: { ...word, description: 'Where "same" looks for a saltenv without a top file.' },
    saltenv: { ...word, description: 'The only saltenv whose top file and section count.' },
    pillarenv: { ...word, description: 'The same for pillar.' },
    pillar_source_merging_strategy: {
      enum: [...mergeStrategies],
      description: 'How the pillar files of a host become one.',
    },
    pillar_merge_lists: { type: 'boolean', description: 'Whether lists of pillar are joined.' },
    pillar_includes_override_sls: {
      type: 'boolean',
      description: 'Whether what a pillar file includes wins over the file itself.',
    },
    state_auto_order: {
      type: 'boolean',
      description: 'Whether states without order run in the order of the files.',
    },
    decrypt_pillar: {
      description: 'Pillar keys whose values are encrypted: key, or key: gpg.',
      oneOf: [
        { type: 'string' },
        { type: 'array', items: { oneOf: [{ type: 'string' }, encrypted] } },
        { type: 'object', additionalProperties: { enum: ['gpg', null] } },
      ],
    },
    decrypt_pillar_delimiter: { ...word, description: 'What separates the keys in decrypt_pillar.' },
    gpg_keydir: { ...word, description: "GnuPG's home folder, relative to the project." },
    gpg_decrypt_must_succeed: {
      type: 'boolean',
      description: 'false: what cannot be decrypted stays as it is, with a warning.',
    },
    mine_functions: {
      type: ['object', 'null'],
      description: 'What every host gives to others by mine.get: name: [arguments].',
    },
  },
};

/** The JSON Schema (draft 7) of inventory files, for editors; `parseInventory` checks by itself, and a test holds the two together. */
export const inventorySchema: JsonObject = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'slab inventory',
  type: ['object', 'null'],
  additionalProperties: false,
  properties: {
    defaults: {
      type: ['object', 'null'],
      additionalProperties: false,
      properties: settings,
      description: 'What holds for every host unless a group or the host says otherwise.',
    },
    hosts: {
      type: ['object', 'null'],
      propertyNames: { pattern: nameOrRange },
      description: 'Names or ranges (web[001:300], db-[a:c]) with their settings.',
      additionalProperties: {
        type: ['object', 'null'],
        additionalProperties: false,
        properties: {
          address: {
            ...word,
            description: 'What to connect to; a range in it expands in step with the name.',
          },
          groups: { ...texts, description: 'Groups this host is in.' },
          ...settings,
        },
      },
    },
    groups: {
      type: ['object', 'null'],
      propertyNames: { pattern: name },
      additionalProperties: {
        type: ['object', 'null'],
        additionalProperties: false,
        properties: {
          hosts: { ...texts, description: 'Names, ranges and globs of hosts.' },
          children: { ...texts, description: 'Groups inside this one.' },
          ...settings,
        },
      },
    },
    nodegroups: {
      type: ['object', 'null'],
      propertyNames: { pattern: name },
      description: 'Named target expressions.',
      additionalProperties: { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
    },
    secrets: {
      ...texts,
      description: 'Pillar keys that are never shown: db:password; * is one level, ** the rest.',
    },
    salt,
    dynamic: {
      type: 'object',
      additionalProperties: false,
      required: ['command'],
      description: 'A program that prints more hosts and groups as JSON.',
      properties: { command: { type: 'array', minItems: 1, items: { type: 'string' } } },
    },
  },
};
