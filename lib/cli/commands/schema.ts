import { Argument, Command } from 'commander';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Ended } from '../ended.ts';

/** `slab schema`: JSON Schemas of what slab reads and prints. */
export function schemaCommand(_ended: Ended): Command {
  return new Command('schema')
    .description('JSON Schemas: of the inventory, of plans, of SLS files (for editors)')
    .addArgument(new Argument('<of>', 'what to describe').choices(['inventory', 'plan', 'sls']))
    .action(async (of: 'inventory' | 'plan' | 'sls') => {
      process.stdout.write(`${JSON.stringify(await schemaOf(of), undefined, 2)}\n`);
    });
}

async function schemaOf(of: 'inventory' | 'plan' | 'sls'): Promise<unknown> {
  switch (of) {
    case 'inventory':
      return (await import('../../inventory/schema.ts')).inventorySchema;
    case 'plan':
      return (await import('../../plan/plan.schema.ts')).planSchema;
    case 'sls':
      return slsSchema();
  }
}

/** An SLS file as an editor sees it: plain YAML, IDs with state functions; requisites and the like are left open. */
async function slsSchema(): Promise<JsonObject> {
  const { kinds } = await import('../../resources/index.ts');
  const functions: Record<string, Json> = {};
  for (const kind of kinds.values()) {
    for (const [name, spec] of Object.entries(kind.functions)) {
      const properties = (spec.schema['properties'] ?? {}) as JsonObject;
      functions[`${kind.name}.${name}`] = {
        description: spec.summary,
        anyOf: [
          { type: 'array', items: { type: ['object', 'string'], properties, maxProperties: 1 } },
          { type: 'object', properties },
        ],
      };
    }
  }
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'SLS file',
    type: 'object',
    properties: { include: { type: 'array' }, exclude: { type: 'array' }, extend: { type: 'object' } },
    additionalProperties: { type: 'object', properties: functions },
  };
}
