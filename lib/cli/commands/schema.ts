import { Argument, Command } from 'commander';
import type { Ended } from '../ended.ts';

const DOCUMENTS = ['inventory', 'rollout', 'sls', 'top', 'pillar', 'plan', 'saved-plan'] as const;
type Document = (typeof DOCUMENTS)[number];

/** `slab schema`: JSON Schemas of what slab reads and prints. */
export function schemaCommand(_ended: Ended): Command {
  return new Command('schema')
    .description(
      'JSON Schemas: of inventories, roll-outs, SLS, top and pillar files (for editors), and of plans',
    )
    .addArgument(new Argument('<of>', 'what to describe').choices(DOCUMENTS))
    .addHelpText(
      'after',
      '\nExample: slab schema sls > .slab/sls.schema.json, and in .vscode/settings.json\n' +
        '  {"yaml.yamlVersion": "1.1", "yaml.schemas": {".slab/sls.schema.json": "states/**/!(top).sls"},\n' +
        '   "files.associations": {"*.sls": "yaml"}}',
    )
    .action(async (of: Document) => {
      process.stdout.write(`${JSON.stringify(await schemaOf(of), undefined, 2)}\n`);
    });
}

async function schemaOf(of: Document): Promise<unknown> {
  switch (of) {
    case 'inventory':
      return (await import('../../inventory/schema.ts')).inventorySchema;
    case 'rollout':
      return (await import('../../inventory/rollout.schema.ts')).rolloutSchema;
    case 'plan':
      return (await import('../../plan/plan.schema.ts')).planSchema;
    case 'saved-plan':
      return (await import('../../plan/saved-plan.schema.ts')).savedPlanSchema;
    case 'top':
      return (await import('../../sls/editor-schemas.ts')).topSchema;
    case 'pillar':
      return (await import('../../sls/editor-schemas.ts')).pillarSchema;
    case 'sls': {
      const { kinds, slsSchema } = await import('../../resources/index.ts');
      return slsSchema(kinds.values());
    }
  }
}
