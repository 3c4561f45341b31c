import assert from 'node:assert/strict';
import type { Diagnostic } from '../../lib/diagnostics/diagnostic.ts';
import type { Host, Inventory } from '../../lib/model/inventory.ts';
import type { Compiler, CompilerInput, HostCompilation } from '../../lib/sls/api.ts';
import { createCompiler } from '../../lib/sls/compiler.ts';
import { nodeToJson } from '../../lib/yaml/node-value.ts';
import { caseGrains, testHost, testInventory } from './host.ts';
import { memoryTree } from './memory-tree.ts';

/** Files by path. */
export type Files = Readonly<Record<string, string>>;

/** What a test compiles. */
export interface Project {
  readonly states?: Files;
  readonly pillar?: Files;
  readonly host?: Partial<Host>;
  readonly inventory?: Partial<Inventory>;
  readonly input?: Partial<CompilerInput>;
}

/** A compiler for a project of one host. */
export function compilerOf({
  states = {},
  pillar = {},
  host = {},
  inventory = {},
  input = {},
}: Project): Compiler {
  return createCompiler({
    states: [memoryTree('states', states)],
    pillar: [memoryTree('pillar', pillar)],
    inventory: testInventory([testHost(host)], inventory),
    ...input,
  });
}

/** Compiles one host; the SLS `a` unless the project has a top file. */
export function compile(project: Project): HostCompilation {
  const options = project.states?.['top.sls'] === undefined ? { sls: ['a'] } : {};
  return compilerOf(project).compile(testHost(project.host), caseGrains(), options);
}

/** Code, file, line and column. */
export const place = (diagnostic: Diagnostic): unknown[] => [
  diagnostic.code,
  diagnostic.source?.file,
  diagnostic.source?.line,
  diagnostic.source?.column,
];

/** The argument `v` of the first chunk. */
export function argument(result: HostCompilation): unknown {
  assert.deepEqual(result.diagnostics, []);
  const value = result.low?.chunks[0]?.args.get('v')?.value;
  return value === undefined ? undefined : nodeToJson(value);
}
