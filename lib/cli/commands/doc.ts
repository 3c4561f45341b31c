import { Command } from 'commander';
import { ProjectError } from '../../diagnostics/errors.ts';
import { didYouMean } from '../../diagnostics/near.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { FunctionSpec, Kind } from '../../model/resource.ts';
import type { Ended } from '../ended.ts';

/** `slab doc`: what state functions take. */
export function docCommand(_ended: Ended): Command {
  return new Command('doc')
    .description('state modules, or the arguments and examples of one function')
    .argument('[name]', 'a state module or function: file, file.managed; or an error code: SLAB2104')
    .action(async (name: string | undefined) => {
      process.stdout.write(`${await describe(name)}\n`);
    });
}

async function describe(name: string | undefined): Promise<string> {
  const { kinds } = await import('../../resources/index.ts');
  const { codes } = await import('../../diagnostics/codes.ts');
  if (name === undefined) return [...kinds.values()].map(describeKind).join('\n\n');
  const code = Object.entries(codes).find(([each]) => each === name.toUpperCase());
  if (code !== undefined) return `${code[0]}: ${code[1]}`;
  const [module = '', fun] = name.split('.');
  const kind = kinds.get(module);
  if (kind !== undefined && fun === undefined) return describeKind(kind);
  const spec = kind !== undefined && fun !== undefined ? kind.functions[fun] : undefined;
  if (spec !== undefined) return describeFunction(name, spec);
  const known = [...kinds.values()].flatMap((each) => [
    each.name,
    ...Object.keys(each.functions).map((one) => `${each.name}.${one}`),
  ]);
  throw new ProjectError('SLAB6001', `there is no documentation for "${name}"`, {
    fix: didYouMean(name, known) ?? 'slab doc lists what there is',
  });
}

function describeKind(kind: Kind): string {
  const lines = Object.entries(kind.functions).map(
    ([name, spec]) => `  ${`${kind.name}.${name}`.padEnd(28)} ${spec.summary}`,
  );
  return [`${kind.name}: ${kind.summary}`, ...lines].join('\n');
}

function describeFunction(name: string, spec: FunctionSpec): string {
  const properties = (spec.schema['properties'] ?? {}) as Record<string, JsonObject>;
  const required = (spec.schema['required'] ?? []) as readonly string[];
  const rows = Object.entries(properties).map(([key, schema]) => {
    const about = [typeText(schema), required.includes(key) ? 'required' : '', textOf(schema['description'])];
    return `  ${key.padEnd(20)} ${about.filter((part) => part !== '').join('; ')}`;
  });
  const examples = spec.examples.map((example) => example.trimEnd().replace(/^/gm, '  '));
  return [`${name}: ${spec.summary}`, '', 'Arguments:', ...rows, '', 'Examples:', examples.join('\n\n')].join(
    '\n',
  );
}

function typeText(schema: JsonObject): string {
  if (Array.isArray(schema['enum'])) return schema['enum'].map(textOf).join(' | ');
  const { type } = schema;
  if (typeof type === 'string') return type;
  if (Array.isArray(type)) return type.map(textOf).join(' or ');
  const choices = schema['oneOf'] ?? schema['anyOf'];
  return Array.isArray(choices)
    ? choices.map((choice: Json) => typeText(choice as JsonObject)).join(' or ')
    : '';
}

function textOf(value: Json | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
