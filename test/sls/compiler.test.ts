import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Host } from '../../lib/model/inventory.ts';
import type { Tree } from '../../lib/model/ports.ts';
import type { Value } from '../../lib/model/value.ts';
import { caseGrains, testHost, testInventory } from './host.ts';
import { memoryTree } from './memory-tree.ts';
import { argument, compile, compilerOf, place } from './project.ts';

describe('createCompiler', () => {
  it('compiles what the top file gives the host', () => {
    const result = compile({
      states: {
        'top.sls': "base:\n  'host1*': [web]\n  'host2*': [db]\n",
        'web/init.sls': 'nginx:\n  pkg.installed: []\n',
        'db.sls': 'postgres:\n  pkg.installed: []\n',
      },
    });

    assert.deepEqual(result.top, ['web']);
    assert.deepEqual(result.low?.host, 'host1.example.com');
    assert.deepEqual(
      result.low.chunks.map((chunk) => [chunk.module, chunk.fun, chunk.name, chunk.sls, chunk.order]),
      [['pkg', 'installed', 'nginx', 'web', 10000]],
    );
  });

  it('reports a missing top file', () => {
    const result = compilerOf({ states: { 'a.sls': '' } }).compile(testHost(), caseGrains());

    assert.deepEqual(result.diagnostics.map(place), [['SLAB2010', undefined, undefined, undefined]]);
    assert.equal(result.low, undefined);
  });

  it('collects the mistakes of all SLS files', () => {
    const result = compile({
      states: {
        'a.sls': 'include: [b, c, d]\nx:\n  test.nop:\n',
        'b.sls': 'y: {{ nope }}\n',
        'c.sls': 'z: [\n',
      },
    });

    assert.deepEqual(result.diagnostics.map(place), [
      ['SLAB2012', 'states/a.sls', 3, 3],
      ['SLAB2003', 'states/b.sls', 1, 7],
      ['SLAB2001', 'states/c.sls', 1, 4],
      ['SLAB2011', 'states/a.sls', 1, 17],
    ]);
    assert.equal(result.low, undefined);
  });

  it('tells more mistakes of one file than a call takes arguments', function () {
    this.timeout(60_000);
    const count = 150_000;
    const lines = Array.from({ length: count }, (_, index) => `a${index}: 5\n`);
    const result = compilerOf({ states: { 'a.sls': lines.join('') } }).compile(testHost(), caseGrains(), {
      sls: ['a'],
    });

    assert.equal(result.diagnostics.length, count);
    assert.equal(result.diagnostics.at(-1)?.source?.line, count);
  });

  it('does not complain of requisites that a missing SLS may declare', () => {
    const result = compile({
      states: { 'a.sls': 'include: [gone]\nx:\n  test.nop:\n    - require: [{test: y}]\n' },
    });

    assert.deepEqual(
      result.diagnostics.map((diagnostic) => diagnostic.code),
      ['SLAB2011'],
    );
  });

  it('suggests the SLS that was meant', () => {
    const [missing] = compile({
      states: { 'a.sls': 'include:\n  - ngnix\n', 'nginx/init.sls': '' },
    }).diagnostics;

    assert.equal(missing?.fix, 'did you mean "nginx"?');
    assert.deepEqual(missing.source && [missing.source.line, missing.source.column], [2, 5]);
  });

  it('points into the template when the rendered YAML is wrong, and shows the rendered line', () => {
    const [diagnostic] = compile({
      states: { 'a.sls': '{% for n in ["a", "b: c"] %}\nid-{{ n }}: test.nop\n{% endfor %}\n' },
    }).diagnostics;

    assert.deepEqual(diagnostic && place(diagnostic).slice(0, 3), ['SLAB2001', 'states/a.sls', 2]);
    assert.match(diagnostic?.why ?? '', /line 4 of the rendered text reads: id-b: c: test\.nop$/);
  });

  it('shows the place of an argument in the template that wrote it', () => {
    const result = compile({
      states: {
        'a.sls':
          '{% from "m.jinja" import nop %}\n{% for n in [1, 2] %}\nid-{{ n }}:\n  test.nop:\n    - v: {{ n }}\n{% endfor %}\n',
        'm.jinja': '{% macro nop() %}{% endmacro %}',
      },
    });

    assert.deepEqual(
      result.low?.chunks.map((chunk) => chunk.args.get('v')?.value.source.line),
      [5, 5],
    );
  });

  it('refuses a function it does not provide by name and place', () => {
    const [diagnostic] = compile({
      states: { 'a.sls': "x:\n  test.nop:\n    - v: {{ salt['nspawn.run']('id') }}\n" },
    }).diagnostics;

    assert.deepEqual(diagnostic && place(diagnostic).slice(0, 3), ['SLAB2005', 'states/a.sls', 3]);
    assert.match(diagnostic?.summary ?? '', /nspawn\.run/);
  });

  it('lets a template ask whether a function is there', () => {
    const ask =
      "{{ salt['a.run'] is defined }} {{ salt['a.run'] | default('none') }} {{ salt.get('a.run', 'no') }}";

    assert.equal(
      argument(compile({ states: { 'a.sls': `x:\n  test.nop:\n    - v: ${ask}\n` } })),
      'False none no',
    );
  });

  it('reads imported data as Salt does: sorted when it is dumped again', () => {
    const result = compile({
      states: {
        'a.sls':
          '{% import_yaml "d.yaml" as d %}{% import_text "t.txt" as t %}x:\n  test.nop:\n    - v: {{ (d | yaml ~ t) | yaml_dquote }}\n',
        'd.yaml': 'z: 1\na: 2\n',
        't.txt': 'text\n',
      },
    });

    assert.equal(argument(result), '{a: 2, z: 1}text');
  });

  it('refuses what slsutil.renderer cannot render, where it is called', () => {
    const calls = ['()', "('salt://gone.sls')", '(5)', "(string='a: [')"];

    for (const call of calls) {
      const [diagnostic] = compile({
        states: { 'a.sls': `\n{% set x = salt['slsutil.renderer']${call} %}\n` },
      }).diagnostics;

      assert.deepEqual([diagnostic?.source?.file, diagnostic?.source?.line], ['states/a.sls', 2], call);
    }
  });

  it('tells the line of a mistake in imported YAML', () => {
    const [diagnostic] = compile({
      states: { 'a.sls': '{% import_yaml "d.yaml" as d %}\n', 'd.yaml': 'a: 1\nb: [\n' },
    }).diagnostics;

    assert.deepEqual(diagnostic && place(diagnostic).slice(0, 3), ['SLAB2001', 'states/d.yaml', 2]);
    assert.deepEqual(
      diagnostic?.source?.via?.map(({ file, line }) => [file, line]),
      [['states/a.sls', 1]],
    );
  });

  it('names the imported template that was meant', () => {
    const [diagnostic] = compile({
      states: { 'a.sls': '{% from "web/mpa.jinja" import x %}', 'web/map.jinja': '' },
    }).diagnostics;

    assert.equal(diagnostic?.fix, 'did you mean "web/map.jinja"?');
  });

  it('answers a call as it was recorded, whatever the order of its keywords', () => {
    const kwargs = new Map<string, Value>([
      ['runas', 'www'],
      ['cwd', '/'],
    ]);
    const recorded = [{ fun: 'cmd.run', args: ['id'], kwargs, answer: 'answer' }];

    const result = compile({
      states: { 'a.sls': "x:\n  test.nop:\n    - v: {{ salt['cmd.run']('id', cwd='/', runas='www') }}\n" },
      input: { recorded },
    });

    assert.equal(argument(result), 'answer');
  });

  it('refuses a call of which no answer is recorded, and says how it was called', () => {
    const recorded = [{ fun: 'a.run', args: ['id'], kwargs: new Map(), answer: 'answer' }];

    const [diagnostic] = compile({
      states: { 'a.sls': "x:\n  test.nop:\n    - v: {{ salt['a.run']('uname') }}\n" },
      input: { recorded },
    }).diagnostics;

    assert.equal(diagnostic?.summary, 'no answer of a.run is recorded for these arguments');
    assert.equal(diagnostic.why, 'it is called with ["a.run",["uname"],[]]');
  });

  it('finds imports from the root and beside the template', () => {
    const result = compile({
      states: {
        'a.sls': 'include: [web.conf]\n',
        'web/conf.sls':
          '{% from "./map.jinja" import v with context %}{% import_yaml "web/d.yaml" as d %}x:\n  test.nop:\n    - v: {{ v }}{{ d.n }}\n',
        'web/map.jinja': "{% set v = sls ~ '-' %}",
        'web/d.yaml': 'n: 5\n',
      },
    });

    assert.equal(argument(result), 'web.conf-5');
  });

  it('refuses a malformed target in a template where it stands', () => {
    const [diagnostic] = compile({
      states: { 'a.sls': "x:\n  test.nop:\n    - v: {{ salt['match.compound']('( a') }}\n" },
    }).diagnostics;

    assert.deepEqual(diagnostic && place(diagnostic).slice(0, 3), ['SLAB1010', 'states/a.sls', 3]);
  });

  it('reads the top files that a top file includes', () => {
    const result = compile({
      states: {
        'top.sls': "include: [more, gone]\nbase:\n  '*': [a]\n",
        'more.sls': "base:\n  'host1*': [b]\n",
        'a.sls': '',
        'b.sls': '',
      },
    });

    assert.deepEqual(result.top, ['a', 'b']);
    assert.deepEqual(result.diagnostics.map(place), [['SLAB2011', 'states/top.sls', 1, 17]]);
  });

  it('takes a file from the first of several state trees', () => {
    const trees: readonly Tree[] = [
      memoryTree('own', { 'a.sls': 'x:\n  test.nop: [{v: own}]\n' }),
      memoryTree('shared', { 'a.sls': 'x:\n  test.nop: [{v: shared}]\n' }),
    ];

    assert.equal(argument(compile({ input: { states: trees } })), 'own');
  });
});

describe('createCompiler, for many hosts', () => {
  const hosts = Array.from({ length: 50 }, (_, index) => testHost({ name: `web${index}` }));
  const grainsOf = (host: Host): ReturnType<typeof caseGrains> => caseGrains().set('id', host.name);

  it('shares the chunks of hosts whose SLS rendered to the same text', () => {
    const compiler = compilerOf({
      states: { 'a.sls': 'x:\n  test.nop:\n    - v: {{ grains.os }}\n' },
      input: { inventory: testInventory(hosts) },
    });

    const [first, ...others] = hosts.map(
      (host) => compiler.compile(host, grainsOf(host), { sls: ['a'] }).low,
    );

    assert.equal(first?.host, 'web0');
    for (const other of others) assert.equal(other?.chunks, first.chunks);
  });

  it('keeps hosts apart whose SLS rendered differently', () => {
    const compiler = compilerOf({ states: { 'a.sls': 'x:\n  test.nop:\n    - v: {{ grains.id }}\n' } });

    const values = hosts
      .slice(0, 2)
      .map((host) => argument(compiler.compile(host, grainsOf(host), { sls: ['a'] })));

    assert.deepEqual(values, ['web0', 'web1']);
  });

  it('does not let the templates of one host change the pillar of the next', () => {
    const compiler = compilerOf({
      states: {
        'a.sls': "{% do pillar.update({'n': pillar.n + 1}) %}x:\n  test.nop:\n    - v: {{ pillar.n }}\n",
      },
      pillar: { 'top.sls': "base:\n  '*': [d]\n", 'd.sls': 'n: 1\n' },
    });

    const values = hosts
      .slice(0, 3)
      .map((host) => argument(compiler.compile(host, grainsOf(host), { sls: ['a'] })));

    assert.deepEqual(values, [2, 2, 2]);
  });
});
