import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Diagnostic } from '../../lib/diagnostics/diagnostic.ts';
import { lower } from '../../lib/sls/low-state.ts';
import type { Lowered } from '../../lib/sls/low-state.ts';
import { readSls } from '../../lib/sls/sls-content.ts';
import { parseYaml } from '../../lib/yaml/parse.ts';

/** One SLS named `web`, in `web.sls`. */
function lowered(text: string): Lowered {
  const document = parseYaml(text, { file: 'web.sls' });
  assert.deepEqual(document.diagnostics, []);
  const { value, diagnostics } = readSls(document.value, { sls: 'web', path: 'web.sls', saltenv: 'base' });
  const low = lower([{ content: value, branches: [] }]);
  const absences = low.absences.map(({ diagnostic }) => diagnostic);
  return { ...low, diagnostics: [...diagnostics, ...low.diagnostics, ...absences] };
}

const ids = (low: Lowered): string[] => low.chunks.map((chunk) => chunk.id);
const only = (low: Lowered): Diagnostic => {
  assert.equal(low.diagnostics.length, 1, JSON.stringify(low.diagnostics));
  return low.diagnostics[0] ?? assert.fail();
};

describe('lower', () => {
  it('takes arguments as a plain mapping', () => {
    const { chunks } = lowered('a:\n  file.managed:\n    name: /etc/a\n    mode: "0600"\n');

    assert.deepEqual(
      chunks.map((chunk) => [chunk.name, ...chunk.args.keys()]),
      [['/etc/a', 'mode']],
    );
  });

  it('gives each chunk the tag of Salt', () => {
    assert.equal(
      lowered('a:\n  pkg.installed:\n    - name: nginx\n').chunks[0]?.key,
      'pkg_|-a_|-nginx_|-installed',
    );
  });

  it('marks each argument with its place', () => {
    const argument = lowered('a:\n  file.managed:\n    - mode: "0600"\n').chunks[0]?.args.get('mode');

    assert.deepEqual(
      [argument?.source.file, argument?.source.line, argument?.source.column],
      ['web.sls', 3, 7],
    );
  });

  it('resolves a requisite to the keys of what it names, with its place', () => {
    const { chunks } = lowered(
      'a:\n  test.nop:\n    - require:\n      - file: /etc/*\nb:\n  file.managed:\n    - names: [/etc/x, /etc/y]\n',
    );

    const [requisite] = chunks.find((chunk) => chunk.id === 'a')?.requisites ?? [];
    assert.deepEqual(requisite?.targets, ['file_|-b_|-/etc/x_|-managed', 'file_|-b_|-/etc/y_|-managed']);
    assert.equal(requisite.type, 'require');
    assert.deepEqual([requisite.source.line, requisite.source.column], [4, 9]);
  });

  it('moves listen_in to the state it names', () => {
    const { chunks } = lowered(
      'conf:\n  file.managed:\n    - listen_in: [{service: web}]\nweb:\n  service.running: []\n',
    );

    assert.deepEqual(
      chunks.map((chunk) => chunk.requisites.map(({ type, targets }) => [type, targets])),
      [[], [['listen', ['file_|-conf_|-conf_|-managed']]]],
    );
  });

  it('understands _any_in, which Salt lacks', () => {
    const { chunks } = lowered('a:\n  test.nop:\n    - require_any_in: [{test: b}]\nb:\n  test.nop: []\n');

    assert.deepEqual(chunks[1]?.requisites[0]?.type, 'require_any');
  });

  it('copies arguments by use, but neither names nor requisites nor what is there', () => {
    const { chunks } = lowered(
      'proto:\n  file.managed:\n    - name: /p\n    - mode: "0600"\n    - user: u\n    - require: [{test: t}]\nt: test.nop\ncopy:\n  file.managed:\n    - mode: "0644"\n    - use: [{file: proto}]\n',
    );

    const copy = chunks.find((chunk) => chunk.id === 'copy');
    assert.equal(copy?.name, 'copy');
    assert.deepEqual([...copy.args.keys()], ['mode', 'use', 'user']);
  });

  it('takes a name with brackets literally when a state is called so', () => {
    const low = lowered('a:\n  test.nop:\n    - require: [{test: "x[1]"}]\n"x[1]":\n  test.nop: []\n');

    assert.deepEqual(low.diagnostics, []);
    assert.deepEqual(ids(low), ['x[1]', 'a']);
  });

  it('runs a prereq before its target but after what the target requires', () => {
    const low = lowered(
      'stop:\n  cmd.run:\n    - prereq: [{file: conf}]\nconf:\n  file.managed:\n    - require: [{test: before}]\nbefore: test.nop\n',
    );

    assert.deepEqual(ids(low), ['before', 'stop', 'conf']);
  });

  it('lets a state that its prereq target waits for come first without a cycle', () => {
    const low = lowered(
      'a:\n  test.nop:\n    - prereq: [{test: b}]\nb:\n  test.nop:\n    - require: [{test: a}]\n',
    );

    assert.deepEqual(low.diagnostics, []);
    assert.deepEqual(ids(low), ['a', 'b']);
  });
});

describe('lower, with mistakes', () => {
  it('reports a cycle with every state on it and the line of each requisite', () => {
    const diagnostic = only(
      lowered(
        'a:\n  test.nop:\n    - require: [{test: b}]\nb:\n  test.nop:\n    - require: [{test: c}]\nc:\n  test.nop:\n    - watch: [{test: a}]\n',
      ),
    );

    assert.equal(diagnostic.code, 'SLAB2015');
    assert.equal(diagnostic.summary, 'states wait for each other: test: a → test: b → test: c → test: a');
    assert.deepEqual(
      diagnostic.related?.map(({ source, message }) => [source.line, message]),
      [
        [3, 'test: a waits for test: b (require)'],
        [6, 'test: b waits for test: c (require)'],
        [9, 'test: c waits for test: a (watch)'],
      ],
    );
  });

  it('reports a cycle through prereq in the words of prereq', () => {
    const diagnostic = only(
      lowered('a:\n  test.nop:\n    - prereq: [{test: b}]\n    - require: [{test: b}]\nb:\n  test.nop: []\n'),
    );

    assert.deepEqual(
      diagnostic.related?.map((place) => place.message),
      ['test: a waits for test: b (require)', 'test: a comes before test: b (prereq)'],
    );
  });

  it('reports a state that waits for itself', () => {
    assert.equal(
      only(lowered('a:\n  test.nop:\n    - require: [{sls: web}]\n')).summary,
      'test: a waits for itself',
    );
  });

  it('suggests the state that was meant', () => {
    const diagnostic = only(
      lowered('a:\n  test.nop:\n    - require: [{pkg: ngnix}]\nnginx:\n  pkg.installed: []\n'),
    );

    assert.deepEqual([diagnostic.code, diagnostic.fix], ['SLAB2014', 'did you mean "nginx"?']);
    assert.equal(diagnostic.source?.line, 3);
  });

  it('says which module a state really has', () => {
    const diagnostic = only(
      lowered('a:\n  test.nop:\n    - require: [{pkg: b}]\nb:\n  service.running: []\n'),
    );

    assert.deepEqual(
      [diagnostic.summary, diagnostic.why, diagnostic.fix],
      ['require names the pkg state b, which does not exist', 'b is a service state', 'write "service: b"'],
    );
  });

  it('reports each requisite_in that names nothing', () => {
    const low = lowered(
      'a:\n  test.nop:\n    - require_in: [{test: x}, {pkg: y}, z, {sls: none}]\n    - listen_in: [{service: s}]\n',
    );

    assert.deepEqual(
      low.diagnostics.map((diagnostic) => diagnostic.code),
      ['SLAB2016', 'SLAB2016', 'SLAB2016', 'SLAB2016', 'SLAB2016'],
    );
  });

  it('reports a use of nothing', () => {
    assert.equal(only(lowered('a:\n  test.nop:\n    - use: [{test: x}]\n')).code, 'SLAB2016');
  });

  it('reports a name that stands for several states in extend', () => {
    const diagnostic = only(
      lowered(
        'extend:\n  nginx:\n    pkg.installed: []\na:\n  pkg.installed: [{name: nginx}]\nb:\n  pkg.installed: [{name: nginx}]\n',
      ),
    );

    assert.deepEqual([diagnostic.code, diagnostic.why], ['SLAB2016', 'they have the IDs a, b']);
  });

  it('warns of a module without function that an extend or a requisite_in brings to an ID', () => {
    for (const text of [
      'extend:\n  a:\n    test: []\n    pkg: [{version: 1}]\na: test.nop\n',
      'a: test.nop\nb:\n  test.nop:\n    - require_in: [{test: a}, {pkg: a}]\n',
    ]) {
      const { severity, code, summary, why } = only(lowered(text));

      assert.deepEqual(
        [severity, code, summary, why],
        ['warning', 'SLAB2016', 'ID a has no pkg state', 'it holds test'],
      );
    }
  });

  const shapes: [string, string][] = [
    ['__a: {test.nop: []}', 'the ID __a is reserved'],
    ['a: {test.nop: [5]}', 'an argument of test.nop in ID a is the number 5'],
    ['a: {test: nop}', 'test of ID a is followed by text'],
    ['a: {}', 'ID a holds no state'],
    ['include: [[a]]', 'an entry of include is a list, not the name of an SLS'],
    ['exclude: [5]', 'an entry of exclude is neither an SLS nor an ID'],
    ['extend: [a]', 'extend is a list, not a mapping of IDs'],
    ['extend: {5: {}}', 'an ID is the number 5, not text'],
    ['a: {test.nop: [{require: [5]}]}', 'an entry of require is the number 5, not a state'],
    ['a: {test.nop: [{require: [{pkg: 5}]}]}', 'require names a pkg state by the number 5, not by text'],
    ['a: {test.nop: [{names: [x, {x: []}]}]}', 'ID a lists the name x twice'],
  ];
  for (const [text, summary] of shapes)
    it(`answers ${text} with: ${summary}`, () => {
      const diagnostic = only(lowered(`${text}\n`));

      assert.equal(diagnostic.summary, summary);
      assert.equal(diagnostic.source?.line, 1);
    });
});
