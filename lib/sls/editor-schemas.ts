import type { JsonObject } from '../model/json.ts';

const matchers = [
  ...['compound', 'glob', 'pcre', 'list', 'grain', 'grain_pcre', 'pillar', 'pillar_pcre', 'pillar_exact'],
  ...['ipcidr', 'nodegroup'],
];

/** The JSON Schema (draft 7) of top files, of states and of pillar, for editors. */
export const topSchema: JsonObject = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'top file',
  type: ['object', 'null'],
  properties: {
    include: { description: 'further top files', type: 'array', items: { type: 'string' } },
    base: {
      description: 'which hosts get which SLS',
      type: ['object', 'null'],
      additionalProperties: {
        description: 'the SLS that the hosts of this target get',
        type: 'array',
        items: {
          anyOf: [
            { type: 'string' },
            {
              type: 'object',
              minProperties: 1,
              properties: {
                match: { enum: matchers, description: 'how to read the target' },
                order: { type: 'integer', description: 'pillar: higher ones are merged later' },
                ignore_missing: { type: 'boolean', description: 'pillar: pass over SLS that do not exist' },
              },
            },
          ],
        },
      },
    },
  },
  additionalProperties: { type: ['object', 'null'] },
};

/** The JSON Schema (draft 7) of pillar SLS without templates, for editors: any keys, and `include`. */
export const pillarSchema: JsonObject = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'pillar SLS',
  type: ['object', 'null'],
  properties: {
    include: {
      description: 'pillar SLS that are merged before this one',
      type: 'array',
      items: {
        anyOf: [
          { type: 'string' },
          {
            type: 'object',
            minProperties: 1,
            maxProperties: 1,
            additionalProperties: {
              type: ['object', 'null'],
              properties: {
                defaults: { type: 'object', description: 'variables for its template' },
                key: { type: 'string', description: 'where its data goes: a:b' },
              },
              additionalProperties: false,
            },
          },
        ],
      },
    },
  },
};
