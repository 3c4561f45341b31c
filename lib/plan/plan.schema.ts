const text = { type: 'string' } as const;
const texts = { type: 'array', items: text } as const;
const count = { type: 'integer', minimum: 0 } as const;
const action = { enum: ['create', 'update', 'remove', 'run', 'restart'] } as const;
const risk = { enum: ['read', 'change', 'disrupt', 'reboot', 'destroy'] } as const;
const place = { type: 'string', pattern: ':\\d+:\\d+$' } as const;
const hash = { type: 'string', pattern: '^[0-9a-f]{16,64}$' } as const;

/** An object that has exactly these fields; those named in `optional` may be absent. */
function shape<P extends Readonly<Record<string, unknown>>>(properties: P, optional: readonly string[] = []) {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { type: 'object', properties, required, additionalProperties: false } as const;
}

const counts = (...names: readonly string[]) => shape(Object.fromEntries(names.map((name) => [name, count])));

const unread = shape({ host: text, code: text, reason: text, fix: text }, ['fix']);

const hunk = shape({
  before: count,
  after: count,
  lines: { type: 'array', items: { type: 'string', pattern: '^[ +-]' }, minItems: 1 },
});

const difference = shape(
  {
    object: text,
    field: text,
    action,
    risk,
    certainty: { enum: ['exact', 'provisional'] },
    before: {},
    after: {},
    why: text,
    note: text,
    diff: shape({ kind: { const: 'text' }, hunks: { type: 'array', items: hunk, minItems: 1 } }),
  },
  ['why', 'note', 'diff'],
);

const summaryCounts = counts(
  ...'targeted read unread hostsChanged hostsInSync changes unknown restarts reboots'.split(' '),
  ...'destroyed problems skipped inSync'.split(' '),
);

const change = shape(
  {
    object: text,
    function: text,
    symbol: { enum: ['+', '~', '-', '!', '>', 'r', '?', 'x'] },
    risk,
    source: shape({ file: text, line: count, column: count }),
    differences: { type: 'array', items: difference },
    refresh: difference,
    because: text,
    problems: texts,
    notes: texts,
  },
  ['refresh', 'because'],
);

const disk = shape(
  {
    slot: text,
    serial: text,
    wwn: text,
    sizeBytes: count,
    state: text,
    action: { enum: ['none', 'change', 'mend', 'format', 'refused'] },
    role: text,
    mount: text,
    gen: count,
    words: texts,
  },
  ['wwn', 'gen'],
);

/** JSON Schema (draft-07) of a plan in format `slab.plan/1`. New fields may be added; none goes or changes its type. */
export const planSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'slab.plan/1',
  title: 'What slab would do to which hosts',
  ...shape({
    format: { const: 'slab.plan/1' },
    planId: { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' },
    createdAt: text,
    durationMs: { type: 'number', minimum: 0 },
    environment: text,
    coverage: shape({ targeted: count, read: count, unread: { type: 'array', items: unread } }),
    summary: {
      ...summaryCounts,
      properties: {
        ...summaryCounts.properties,
        byAction: counts('create', 'update', 'remove', 'run', 'restart'),
      },
      required: [...summaryCounts.required, 'byAction'],
    },
    risks: {
      type: 'array',
      items: shape(
        {
          class: { enum: [...risk.enum, 'problem'] },
          object: text,
          action,
          field: text,
          hosts: texts,
          source: place,
          detail: text,
        },
        ['detail'],
      ),
    },
    groups: {
      type: 'array',
      items: shape({
        id: { type: 'string', pattern: '^(=|[A-Z]+)$' },
        hash,
        count,
        hosts: texts,
        example: text,
        ownNames: { type: 'boolean' },
        odd: { type: 'boolean' },
        inSync: { type: 'boolean' },
        changes: { type: 'array', items: hash },
      }),
    },
    changes: { type: 'object', propertyNames: hash, additionalProperties: change },
    disks: { type: 'object', additionalProperties: { type: 'array', items: disk } },
    hosts: { type: 'object', additionalProperties: shape({ group: text }) },
  }),
} as const;
