import type { JsonObject } from '../model/json.ts';

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
  labels: {
    type: ['object', 'null'],
    additionalProperties: { type: ['string', 'integer'] },
    description: 'Words to target hosts by: label:rack=r1.',
  },
  vars: { type: ['object', 'null'], description: 'Variables for templates.' },
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
    dynamic: {
      type: 'object',
      additionalProperties: false,
      required: ['command'],
      description: 'A program that prints more hosts and groups as JSON.',
      properties: { command: { type: 'array', minItems: 1, items: { type: 'string' } } },
    },
  },
};
