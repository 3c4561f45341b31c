import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Chunk } from '../../lib/model/state.ts';
import { nodeToJson } from '../../lib/yaml/node-value.ts';
import type { Files } from './project.ts';
import { compile } from './project.ts';

/** One rule of Salt: where it stands there, the SLS `a` (or files, with a top file or without), and what comes out. */
export interface Rule {
  readonly says: string;
  /** File and function of Salt 3006. */
  readonly by: string;
  readonly states: string | Files;
  readonly pillar?: Files;
  /** Chunks in the order in which they run: order, function, ID, the name where it differs, arguments. */
  readonly gives?: readonly string[];
  /** Severity where it is no error, code and line of what is said. */
  readonly answers?: readonly string[];
}

/** A test for each rule. */
export function checkRules(about: string, rules: readonly Rule[]): void {
  describe(`rules of Salt: ${about}`, () => {
    for (const { says, by, states, pillar, gives, answers = [] } of rules)
      it(`${says} (${by})`, () => {
        const result = compile({
          states: typeof states === 'string' ? { 'a.sls': states } : states,
          ...(pillar === undefined ? {} : { pillar }),
        });

        assert.deepEqual(
          result.diagnostics.map(
            ({ severity, code, source }) =>
              `${severity === 'error' ? '' : `${severity} `}${code}:${source?.line ?? '?'}`,
          ),
          answers,
          JSON.stringify(result.diagnostics),
        );
        if (gives !== undefined) assert.deepEqual(result.low?.chunks.map(line), gives);
      });
  });
}

function line({ order: number, module, fun, id, name, args }: Chunk): string {
  const words = [...args].map(([key, { value }]) => `${key}=${JSON.stringify(nodeToJson(value))}`);
  return [number, `${module}.${fun}`, id, ...(name === id ? [] : [name]), ...words].join(' ');
}
