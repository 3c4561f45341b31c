import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, it } from 'mocha';

import { PatternError } from '../../lib/regex/pattern-error.ts';
import { Regex } from '../../lib/regex/regex.ts';
import type { Match } from '../../lib/regex/regex.ts';
import { anyPattern, anyReplacement, anySubject } from './pattern-arbitrary.ts';

const RUNS = Number(process.env['SLAB_FUZZ'] ?? 2000);
const SEED = Number(
  process.env['SLAB_FUZZ_SEED'] ??
    (process.env['SLAB_FUZZ'] === undefined ? 461938852 : Date.now() % 1_000_000_000),
);

interface Case {
  readonly pattern: string;
  readonly text: string;
  readonly by: string;
}

function askPython(cases: readonly Case[]): readonly unknown[] {
  const script = fileURLToPath(new URL('./oracle.py', import.meta.url));
  const input = cases.map((one) => JSON.stringify(one)).join('\n');
  const run = spawnSync('/usr/bin/python3', [script], { input, encoding: 'utf8', maxBuffer: 1 << 30 });
  if (run.status !== 0)
    throw new Error(`Python's re did not answer: ${run.stderr}${String(run.error ?? '')}`);
  return run.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

function askOurs({ pattern, text, by }: Case): unknown {
  let regex: Regex;
  try {
    regex = new Regex(pattern);
  } catch (error) {
    if (error instanceof PatternError) return { error: error.message };
    throw error;
  }
  const shown = (found: Match | undefined): unknown => {
    if (found === undefined) return null;
    const at = (offset: number): number => Array.from(text.slice(0, offset)).length;
    return [at(found.start), at(found.end), ...found.groups.slice(1).map((group) => group ?? null)];
  };
  return {
    match: shown(regex.find(text, 'match')),
    fullmatch: shown(regex.find(text, 'fullmatch')),
    search: shown(regex.find(text, 'search')),
    all: Array.from(regex.each(text), shown),
    split: regex.split(text).map((part) => part ?? null),
    sub: replaced(regex, text, by),
  };
}

function replaced(regex: Regex, text: string, by: string): string {
  try {
    return regex.replace(text, by);
  } catch (error) {
    if (error instanceof PatternError) return `error: ${error.message}`;
    throw error;
  }
}

describe(`regex against Python's re (SLAB_FUZZ_SEED=${SEED})`, () => {
  it('finds, splits and replaces what it does, and refuses what it refuses in its words', () => {
    const cases = fc.sample(fc.record({ pattern: anyPattern, text: anySubject, by: anyReplacement }), {
      numRuns: RUNS,
      seed: SEED,
    });
    const wanted = askPython(cases);
    const wrong = cases.flatMap((one, i) => {
      // Some patterns take Python longer than anyone waits, and old ones get some wrong.
      if (JSON.stringify(wanted[i]) === '{"unknown":true}') return [];
      const ours = askOurs(one);
      try {
        assert.deepEqual(ours, wanted[i]);
        return [];
      } catch {
        return [
          `${JSON.stringify(one)}\n  python ${JSON.stringify(wanted[i])}\n  ours   ${JSON.stringify(ours)}`,
        ];
      }
    });
    assert.equal(
      wrong.length,
      0,
      `${wrong.length} of ${cases.length} differ\n${wrong.slice(0, 12).join('\n')}`,
    );
  }).timeout(600_000);
});
