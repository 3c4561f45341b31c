import type { JsonObject } from '../model/json.ts';

const text: JsonObject = { type: 'string' };
const texts: JsonObject = { type: ['array', 'null'], items: text };
const some: JsonObject = { type: 'string', minLength: 1 };
const oneOrMore = { oneOf: [text, texts] };
const count = (least: number, most = 1_000_000): JsonObject => ({
  ...{ type: 'integer', minimum: least, maximum: most },
});
/** `3`, or `20%`. */
const amount = {
  oneOf: [
    { type: 'integer', minimum: 0 },
    { type: 'string', pattern: '^(?:100|\\d{1,2}|0\\d\\d)%$' },
  ],
};
const duration = {
  oneOf: [
    { type: 'integer', minimum: 0 },
    { type: 'string', pattern: '^\\d{1,6}(?:ms|s|m|h)$' },
  ],
};
const size = {
  oneOf: [count(1), { type: 'string', pattern: '^(?:all|(?:100|0?[1-9]\\d|0{0,2}[1-9])%)$' }],
};
const url: JsonObject = {
  type: 'string',
  pattern: '^https?:',
  description: 'Of http or https, with {host} and {address} in it.',
};
const commandOn: JsonObject = {
  ...{ type: 'object', additionalProperties: false, required: ['command', 'on'] },
  properties: {
    command: { type: 'string', description: 'Shell text with {host} and {address} in it.' },
    on: { type: 'string', description: "host (the host itself), controller, or a host's name." },
  },
};

const stage: JsonObject = {
  ...{ type: 'object', additionalProperties: false, required: ['name'] },
  dependencies: { drain: ['undrain'], undrain: ['drain'] },
  properties: {
    name: text,
    environment: {
      type: 'string',
      description: "Another folder under inventories/; without it the roll-out's own.",
    },
    target: {
      type: 'string',
      description: 'Which hosts; those of earlier stages are left out. Default: all.',
    },
    needs: {
      ...oneOrMore,
      description:
        'Stages before it that the same content has to have passed. Default: the one before; []: none.',
    },
    allow_empty: {
      type: 'boolean',
      description:
        'It may have no hosts, and is passed at once then; otherwise that is a mistake. Default: false.',
    },
    pick: {
      description: 'Only so many of them.',
      oneOf: [
        count(1),
        {
          ...{ type: 'object', additionalProperties: false },
          properties: { count: count(1), prefer: { type: 'string', pattern: '^label:[^=]+=' } },
        },
      ],
    },
    order: { ...texts, description: 'Targets in whose order hosts are begun; no batch has hosts of two.' },
    batch: {
      description: 'How many hosts at once: 5, 20%, all. Default: 1.',
      oneOf: [
        ...size.oneOf,
        {
          ...{ type: 'object', additionalProperties: false },
          properties: {
            size,
            max: count(1),
            spread_by: { type: 'string', description: 'A label whose values are not put together.' },
            pause: { ...duration, description: 'Between two batches.' },
          },
        },
      ],
    },
    drain: { ...commandOn, description: 'Takes a host out of service before it is changed.' },
    undrain: { ...commandOn, description: 'Takes it back when it has converged.' },
    budget: { ...amount, description: 'So many hosts may fail or not be reached: 2, 5%. Default: 0.' },
    gates: { ...texts, description: 'Names under gates:, or converged.' },
    soak: { ...duration, description: 'How long it is watched when it is done: 10m.' },
  },
};

const gate: JsonObject = {
  ...{ type: 'object', additionalProperties: false },
  oneOf: ['converged', 'units', 'tcp', 'http', 's3', 'command'].map((check) => ({
    ...{ required: [check], properties: { [check]: true } },
  })),
  dependencies: {
    ...{ expect: ['http'], on: ['command'], region: ['s3'] },
    ...{ credentials: ['s3'], s3: ['credentials'] },
  },
  properties: {
    converged: { description: 'A second plan finds nothing to do.' },
    units: {
      oneOf: [some, { type: 'array', minItems: 1, items: some }],
      description: 'Units of systemd are active.',
    },
    tcp: { ...count(1, 65_535), description: 'A port takes connections from here.' },
    http: url,
    s3: { ...url, description: "A bucket's URL: an object is put, read, listed and removed." },
    command: { ...some, description: 'Ends with 0, on each host as root or once here.' },
    expect: { ...count(100, 599), description: 'The status over HTTP. Default: 200.' },
    on: { enum: ['host', 'controller'] },
    credentials: {
      ...{ type: 'object', additionalProperties: false, minProperties: 1, maxProperties: 1 },
      properties: { file: text, env: text },
    },
    region: text,
    when: {
      oneOf: [
        { enum: ['before', 'after', 'soak'] },
        { type: ['array', 'null'], items: { enum: ['before', 'after', 'soak'] } },
      ],
      description: 'Before a stage, after each batch, while a stage soaks.',
    },
    tries: count(1, 1000),
    every: { ...duration, description: 'Between two tries.' },
  },
};

/** The JSON Schema (draft 7) of `rollout.yaml`, for editors; `parseRollout` checks by itself, and a test holds the two together. */
export const rolloutSchema: JsonObject = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'slab roll-out',
  ...{ type: 'object', additionalProperties: false, required: ['stages'] },
  properties: {
    stages: { type: 'array', minItems: 1, items: stage },
    gates: { type: ['object', 'null'], additionalProperties: gate },
    budget: { ...amount, description: 'So many failures in all stages together halt the run.' },
  },
};
