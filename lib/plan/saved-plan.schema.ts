const text = { type: 'string' } as const;
const hash = { type: 'string', pattern: '^[0-9a-f]{32}$' } as const;

const operation = {
  type: 'object',
  properties: {
    object: text,
    function: text,
    fields: { type: 'array', items: text },
    before: hash,
    after: hash,
  },
  required: ['object', 'function', 'fields', 'before', 'after'],
  additionalProperties: false,
} as const;

/**
 * JSON Schema (draft-07) of what `slab plan -o` writes. `report` is what the plan showed; written as a plan it is valid under
 * `slab schema plan`.
 */
export const savedPlanSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'slab.saved-plan/1',
  title: 'A plan to be approved and applied later',
  type: 'object',
  properties: {
    format: { const: 'slab.saved-plan/1' },
    planId: { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' },
    slab: text,
    environment: text,
    inventory: { type: 'string', pattern: '^[0-9a-f]{64}$' },
    target: { type: ['string', 'null'] },
    sls: { type: 'array', items: text },
    lax: { type: 'boolean' },
    confirmWithin: { type: ['integer', 'null'] },
    commit: { type: ['string', 'null'] },
    dirty: { type: 'boolean' },
    expiresAt: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$' },
    salt: { type: 'string', pattern: '^[0-9a-f]{32}$' },
    report: { type: 'object' },
    operations: { type: 'object', additionalProperties: { type: 'array', items: operation } },
  },
  required: [
    ...[
      'format',
      'planId',
      'slab',
      'environment',
      'inventory',
      'target',
      'sls',
      'lax',
      'confirmWithin',
      'commit',
      'dirty',
    ],
    ...['expiresAt', 'salt', 'report', 'operations'],
  ],
  additionalProperties: false,
} as const;
