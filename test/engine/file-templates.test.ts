import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { managedFiles } from '../../lib/cli/managed-files.ts';
import { declareHost, noRecords } from '../../lib/engine/declare-host.ts';
import { createCompiler } from '../../lib/sls/compiler.ts';
import { caseGrains, testHost, testInventory } from '../sls/host.ts';
import { memoryTree } from '../sls/memory-tree.ts';

/** What `plan` and `apply` would write, and what `show low --files` says would be written. */
function contents(
  sls: string,
  more: Readonly<Record<string, string>>,
  dev: Readonly<Record<string, string>> = {},
) {
  const host = testHost();
  const compiler = createCompiler({
    states: new Map([
      ['base', [memoryTree('states', { 'a.sls': sls, ...more })]],
      ['dev', [memoryTree('dev', dev)]],
    ]),
    pillar: [],
    inventory: testInventory([host]),
  });
  const compiled = compiler.compile(host, caseGrains(), { sls: ['a'] });
  const declared = declareHost(compiled.found, {
    grains: caseGrains(),
    files: compiled.files,
    records: noRecords('test', host.name),
    lax: true,
  });
  const { content } = (declared.chunks[0]?.declared.value ?? {}) as { readonly content?: Uint8Array };
  const [shown] = managedFiles(compiled.found, compiled);
  return {
    errors: declared.diagnostics.filter((each) => each.severity === 'error'),
    applied: content === undefined ? undefined : Buffer.from(content).toString('utf8'),
    shown: shown?.content,
  };
}

describe('templates of files', () => {
  it('see name, owner and mode of the file, and arguments the state does not know, wherever they are rendered', () => {
    const { applied, shown } = contents(
      '/etc/a:\n  file.managed: [{source: "salt://a.conf"}, {template: jinja}, {user: app}, {mode: 640}, {port: 80}]\n',
      { 'a.conf': '{{ name }} {{ user }} {{ group }} {{ mode }} {{ port }}\n' },
    );

    assert.equal(applied, '/etc/a app None 0640 80\n');
    assert.equal(shown, applied);
  });

  it('come from the saltenv that their URI names', () => {
    const { applied, shown, errors } = contents(
      '/etc/a:\n  file.managed: [{source: "salt://a.conf?saltenv=dev"}]\n',
      { 'a.conf': 'base\n' },
      { 'a.conf': 'dev\n' },
    );

    assert.deepEqual(errors, []);
    assert.equal(applied, 'dev\n');
    assert.equal(shown, applied);
  });
});
