import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { createCompiler } from '../../lib/sls/compiler.ts';
import type { HostCompilation } from '../../lib/sls/api.ts';
import type { Json } from '../../lib/model/json.ts';
import { nodeToJson } from '../../lib/yaml/node-value.ts';
import { jsonOf } from './dict-of.ts';
import { caseGrains, testHost, testInventory } from './host.ts';
import { memoryTree } from './memory-tree.ts';
import type { Files } from './project.ts';
import { saltOptions } from './salt-options.ts';

type Saltenvs = Readonly<Record<string, Files>>;

function compileAll(states: Saltenvs, pillar: Saltenvs = {}, salt: Json = {}): HostCompilation {
  const trees = (saltenvs: Saltenvs, prefix: string) =>
    new Map(Object.entries(saltenvs).map(([name, files]) => [name, [memoryTree(prefix + name, files)]]));
  const host = testHost();
  const compiler = createCompiler({
    states: trees(states, ''),
    pillar: trees(pillar, 'pillar-'),
    inventory: testInventory([host], { salt: saltOptions(salt) }),
  });
  return compiler.compile(host, caseGrains());
}

const said = ({ diagnostics }: HostCompilation): unknown[] =>
  diagnostics.map(({ severity, summary, source }) => [severity, summary, source?.file, source?.line]);
const all = ({ low }: HostCompilation): string[] =>
  (low?.chunks ?? []).map((chunk) => `${chunk.env}:${chunk.sls}:${chunk.id}`);
const nop = (id: string): string => `${id}: {test.nop: []}\n`;

describe('createCompiler, with several saltenvs', () => {
  // salt/state.py: BaseHighState.render_state, env_key of an include
  it('includes an SLS of the saltenv that an include names, and stays there for bare names', () => {
    const result = compileAll({
      base: { 'top.sls': "dev: {'*': [d]}\n", 'b.sls': `include: [c]\n${nop('b')}`, 'c.sls': nop('c') },
      dev: { 'd.sls': `include: [{base: b}]\n${nop('d')}` },
    });

    assert.deepEqual(said(result), []);
    assert.deepEqual(all(result), ['base:c:c', 'base:b:b', 'dev:d:d']);
  });

  it('finds the only saltenv of the run that has an SLS included from _xenv, else its own', () => {
    const states = {
      base: { 'top.sls': "base: {'*': [a]}\ndev: {'*': [d]}\n", 'a.sls': nop('a') },
      dev: { 'd.sls': 'include: [{_xenv: a}, {_xenv: e}]\n', 'e.sls': nop('e') },
    };

    assert.deepEqual(all(compileAll(states)), ['base:a:a', 'dev:e:e']);
    const both = { ...states, dev: { ...states.dev, 'a.sls': nop('dev-a') } };
    assert.deepEqual(all(compileAll(both)), ['base:a:a', 'dev:a:dev-a', 'dev:e:e']);
  });

  it('says which saltenvs an include from _xenv could mean, or that none has it', () => {
    const result = compileAll({
      base: {
        'top.sls': "base: {'*': [a]}\ndev: {'*': [x]}\nqa: {'*': [x]}\n",
        'a.sls': 'include: [{_xenv: x}, {_xenv: gone}]\n',
      },
      dev: { 'x.sls': nop('dev-x') },
      qa: { 'x.sls': nop('qa-x') },
    });

    assert.deepEqual(said(result), [
      ['error', '2 saltenvs have an SLS x', 'base/a.sls', 1],
      ['error', 'there is no SLS gone in a saltenv of this run', 'base/a.sls', 1],
    ]);
  });

  it('names the near saltenv where an include or a section names none', () => {
    const included = compileAll({
      base: { 'top.sls': "base: {'*': [a]}\n", 'a.sls': 'include: [{dve: x}]\n' },
      dev: {},
    });
    const section = compileAll({ base: { 'top.sls': "dve: {'*': [a]}\nqa: {other: [a]}\n" }, dev: {} });

    assert.deepEqual(said(included), [['error', 'there is no saltenv dve', 'base/a.sls', 1]]);
    assert.equal(included.diagnostics[0]?.fix, 'did you mean "dev"?');
    assert.deepEqual(said(section), [
      ['error', 'there is no saltenv dve', 'base/top.sls', 1],
      ['warning', 'there is no saltenv qa', 'base/top.sls', 2],
    ]);
  });

  it('reports an ID that two saltenvs declare with both of them', () => {
    const result = compileAll({
      base: { 'top.sls': "base: {'*': [a]}\ndev: {'*': [a]}\n", 'a.sls': nop('x') },
      dev: { 'a.sls': nop('x') },
    });

    assert.deepEqual(said(result), [['error', 'ID x is declared in base:a and in dev:a', 'dev/a.sls', 1]]);
  });

  // salt/state.py: BaseHighState._get_envs and top_matches
  it('reads the top files that env_order or saltenv pick', () => {
    const states = {
      base: { 'top.sls': "base: {'*': [a]}\n", 'a.sls': nop('a') },
      dev: { 'top.sls': "dev: {'*': [d]}\n", 'd.sls': nop('d') },
      qa: { 'top.sls': "qa: {'*': [q]}\n", 'q.sls': nop('q') },
    };

    assert.deepEqual(all(compileAll(states, {}, { env_order: ['qa', 'base', 'none'] })), [
      'base:a:a',
      'qa:q:q',
    ]);
    assert.deepEqual(all(compileAll(states, {}, { saltenv: 'dev' })), ['dev:d:d']);
  });

  it('gives templates their saltenv, and imports from it or from the one that a URI names', () => {
    const result = compileAll({
      base: { 'top.sls': "dev: {'*': [d]}\n", 'm.jinja': "{% set v = 'of base' %}" },
      dev: {
        'm.jinja': "{% set v = 'of dev' %}",
        'd.sls':
          "{% from 'm.jinja' import v %}{% from 'salt://m.jinja?saltenv=base' import v as w %}" +
          'd: {test.nop: [{v: "{{ saltenv }}, {{ v }}, {{ w }}"}]}\n',
      },
    });

    const value = result.low?.chunks[0]?.args.get('v')?.value;
    assert.equal(value && nodeToJson(value), 'dev, of dev, of base');
  });

  it('reads files of the saltenv of a state, or of the one that a URI names', () => {
    const { files } = compileAll({
      base: { 'top.sls': '', f: 'base' },
      dev: { f: 'dev {{ saltenv }}', 'sub/g': '' },
    });
    const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
    const dev = files.of?.('dev');

    assert.equal(files.of?.('base'), undefined);
    assert.equal(text(files.read('salt://f')), 'base');
    assert.equal(text(dev?.read('salt://f')), 'dev {{ saltenv }}');
    assert.equal(text(dev?.read('salt://f?saltenv=base')), 'base');
    assert.equal(files.render({ uri: 'salt://f?saltenv=dev' }), 'dev dev');
    assert.deepEqual(files.list('salt://sub?saltenv=dev'), ['salt://sub/g?saltenv=dev']);
    assert.deepEqual(files.near('salt://sub/h?saltenv=dev'), ['salt://sub/g?saltenv=dev']);
  });

  // salt/state.py: BaseHighState._handle_iorder
  it('numbers nothing without state_auto_order: states then run by module, name and function', () => {
    const result = compileAll(
      { base: { 'top.sls': "base: {'*': [a]}\n", 'a.sls': nop('z') + nop('y') } },
      {},
      { state_auto_order: false },
    );

    assert.deepEqual(
      result.low?.chunks.map(({ id, order }) => [id, order]),
      [
        ['y', 1],
        ['z', 1],
      ],
    );
  });
});

describe('compilePillar, with several saltenvs', () => {
  const states = { base: { 'top.sls': '' } };
  const pillar = {
    base: { 'top.sls': "base: {'*': [a]}\n", 'a.sls': 'from: base\na: 1\n' },
    dev: { 'top.sls': "dev: {'*': [a]}\n", 'a.sls': 'from: dev\nd: 1\n' },
  };

  // salt/pillar: Pillar.get_tops, render_pillar
  it('merges base first, then the others as they are listed', () => {
    const result = compileAll(states, pillar);

    assert.deepEqual(jsonOf(result.pillar), { from: 'dev', a: 1, d: 1 });
  });

  it('takes one alone with pillarenv, and with the strategy none', () => {
    const picked = compileAll(states, pillar, { pillarenv: 'dev' });
    const none = compileAll(states, pillar, { pillar_source_merging_strategy: 'none' });

    assert.deepEqual(jsonOf(picked.pillar), { from: 'dev', d: 1 });
    assert.deepEqual(jsonOf(none.pillar), { from: 'base', a: 1 });
  });

  it('reads files of the saltenv that a function is told, else of base', () => {
    const ask = (call: string): string => `    - {v: {{ ${call} | json }}}\n`;
    const result = compileAll({
      base: {
        'top.sls': "base: {'*': [a]}\n",
        f: 'of base',
        'a.sls': [
          'x:\n  test.nop:\n',
          ask(
            "[salt['cp.get_file_str']('salt://f'), salt['cp.get_file_str']('salt://f', saltenv='dev'), salt['cp.get_file_str']('salt://f?saltenv=dev'), salt['cp.list_states']('dev'), salt['slsutil.renderer']('salt://m.yaml', saltenv='dev'), salt['slsutil.file_exists']('m.yaml')]",
          ),
        ].join(''),
      },
      dev: { f: 'of dev', 'm.yaml': 'a: 1\n', 'd.sls': '' },
    });
    const value = result.low?.chunks[0]?.args.get('v')?.value;

    assert.deepEqual(said(result), []);
    assert.deepEqual(value && nodeToJson(value), ['of base', 'of dev', 'of dev', ['d'], { a: 1 }, false]);
  });
});
