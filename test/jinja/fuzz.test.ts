import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';

import type { HostValue } from '../../lib/jinja/api.ts';
import { createEngine } from '../../lib/jinja/engine.ts';
import { readYamlText } from '../../lib/sls/yaml-text.ts';
import { anyBytes, mutated } from './mutations.ts';
import { anyProgram } from './program-arbitrary.ts';
import { anyTemplate } from './template-arbitrary.ts';

const RUNS = Number(process.env['SLAB_FUZZ'] ?? 1500);
const SEED = Number(
  process.env['SLAB_FUZZ_SEED'] ??
    (process.env['SLAB_FUZZ'] === undefined ? 71234 : Date.now() % 1_000_000_000),
);

const programs = anyProgram.map(({ template }) => template);
const VARIABLES: ReadonlyMap<string, HostValue> = new Map<string, HostValue>([
  ['a', 5],
  ['s', 'Hello'],
  ['l', [3, 1, 'b']],
  ['d', new Map<HostValue, HostValue>([['k', 1]]) as HostValue],
  ['n', 4],
]);

/** Compiles and renders a template that may be anything. */
function attempt(text: string): void {
  const files: Readonly<Record<string, string>> = { one: text, two: '{% block b %}two{% endblock %}' };
  const engine = createEngine({
    loader: { load: (name) => (files[name] === undefined ? undefined : { file: name, text: files[name] }) },
    loadYaml: readYamlText,
    stepLimit: 20_000,
  });
  const { template, diagnostics } = engine.compile({ file: 'a.sls', text });
  const outcome = template?.render(VARIABLES) ?? { diagnostics, rendered: undefined };
  if (outcome.rendered !== undefined) {
    assert.ok(outcome.rendered.at(0).line >= 1);
    return;
  }
  assert.ok((outcome.diagnostics ?? []).length > 0, 'neither a text nor a diagnostic');
  for (const { summary, source } of outcome.diagnostics ?? []) {
    assert.doesNotMatch(
      summary,
      /\n\s+at |\.ts:\d|Maximum call stack|Cannot read properties|is not a function/,
    );
    assert.ok(source !== undefined && source.line >= 1, summary);
    assert.ok(source.line <= text.split(/\r\n|\r|\n/).length + 1, summary);
  }
}

describe(`jinja given anything (SLAB_FUZZ_SEED=${SEED})`, () => {
  const settings = { numRuns: RUNS / 3, seed: SEED };

  it('renders or explains mutated programs', () => {
    fc.assert(fc.property(mutated(programs), attempt), settings);
  }).timeout(600_000);

  it('renders or explains mutated statements', () => {
    fc.assert(fc.property(mutated(anyTemplate), attempt), settings);
  }).timeout(600_000);

  it('renders or explains bytes', () => {
    fc.assert(fc.property(anyBytes, attempt), settings);
  }).timeout(600_000);
});
