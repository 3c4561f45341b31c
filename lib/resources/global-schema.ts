import type { JsonObject } from '../model/json.ts';

const text: JsonObject = { type: 'string' };
const flag: JsonObject = { type: 'boolean' };

/** Schemas that others refer to as `#/definitions/…`. */
export const sharedSchemas: JsonObject = {
  requisite: {
    description: 'states by module and name (- pkg: nginx), a whole SLS (- sls: web), or IDs',
    anyOf: [
      {
        type: 'array',
        items: { anyOf: [text, { type: 'object', minProperties: 1, additionalProperties: text }] },
      },
      { type: 'object', minProperties: 1, additionalProperties: text },
    ],
  },
  commands: {
    anyOf: [{ type: ['string', 'boolean'] }, { type: 'array', items: { type: ['string', 'boolean'] } }],
  },
};

const states = { $ref: '#/definitions/requisite' };
const commands = { $ref: '#/definitions/commands' };

const requisites = {
  require: 'runs after these, unless one of them failed',
  require_any: 'runs after these, unless all of them failed',
  watch: 'as require; acts (restarts, reloads) when one of these changed',
  watch_any: 'as watch, unless all of these failed',
  onchanges: 'runs only when one of these changed',
  onchanges_any: 'as onchanges; a failure among these does not count',
  onfail: 'runs only when one of these failed',
  onfail_any: 'runs only when one of these failed',
  onfail_all: 'runs only when all of these failed',
  prereq: 'runs before these, and only when one of them would change',
  listen: 'acts at the end of the run when one of these changed',
  use: 'takes over the arguments of these',
};

const ofRequisites = Object.entries(requisites).flatMap(([name, description]): [string, JsonObject][] => [
  [name, { ...states, description }],
  [`${name}_in`, { ...states, description: `the state named here gets this one as its ${name}` }],
]);

/** JSON Schemas of the arguments that every state takes, for editors. */
export const globalSchemas: JsonObject = {
  ...Object.fromEntries(ofRequisites),
  name: { description: 'what it is about; the ID where it is left out' },
  names: {
    type: 'array',
    items: { type: ['string', 'integer', 'number', 'object'] },
    description: 'one state for each of these',
  },
  order: { type: ['integer', 'number', 'string'], description: 'a number, first or last' },
  unless: { ...commands, description: 'does nothing when all of these commands succeed' },
  onlyif: { ...commands, description: 'does nothing unless all of these commands succeed' },
  creates: {
    anyOf: [text, { type: 'array', items: text }],
    description: 'does nothing when all of these paths exist',
  },
  cmd_opts_exclude: {
    anyOf: [text, { type: 'array', items: text }],
    description: 'arguments that do not count for the commands of unless and onlyif',
  },
  onfail_stop: flag,
  failhard: flag,
  parallel: flag,
  runas: text,
  umask: { type: ['string', 'integer'] },
};
