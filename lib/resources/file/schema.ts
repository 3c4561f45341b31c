import type { JsonObject } from '../../model/json.ts';

const text = { type: 'string' };
const flag = { type: 'boolean' };
const scalarText = { title: 'text', type: ['string', 'integer', 'number', 'boolean'] };
const texts = {
  title: 'text or a list of text',
  anyOf: [scalarText, { type: 'array', items: scalarText }],
};
const mode = { title: 'a file mode such as 644 or "0644"', type: ['string', 'integer', 'null'] };
const account = { title: 'a name or a number', type: ['string', 'integer', 'null'], minimum: 0 };
const mapping = {
  title: 'a mapping',
  anyOf: [{ type: 'object' }, { type: 'array', items: { type: 'object' } }],
};
/** Salt's default is None, and templates write it. */
const mappingOrNull = { ...mapping, anyOf: [...mapping.anyOf, { type: 'null' }] };
const backup = { title: '"minion" or false', type: ['string', 'boolean', 'null'] };

/** Schemas of arguments that several functions have. */
export const argumentSchemas = { text, flag, scalarText, texts, mode, account, mapping, backup } as const;

const owner = { user: account, group: account };

/** Groups of arguments that go together. */
export const argumentGroups = {
  owner,
  placed: { ...owner, mode, makedirs: flag, dir_mode: mode },
  template: { template: { enum: ['jinja', null] }, context: mappingOrNull, defaults: mappingOrNull },
} as const;

/** The schema of a function's own arguments. */
export function argumentsSchema(properties: JsonObject, required: readonly string[] = []): JsonObject {
  return {
    type: 'object',
    additionalProperties: false,
    properties,
    ...(required.length === 0 ? {} : { required }),
  };
}
