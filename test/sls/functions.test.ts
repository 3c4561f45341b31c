import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Diagnostic } from '../../lib/diagnostics/diagnostic.ts';
import type { HostFunction, HostValue } from '../../lib/jinja/api.ts';
import { TemplateFailure } from '../../lib/jinja/api.ts';
import type { Json } from '../../lib/model/json.ts';
import type { Value } from '../../lib/model/value.ts';
import { configFunctions } from '../../lib/sls/functions/config.ts';
import { cpFunctions } from '../../lib/sls/functions/cp.ts';
import { isData } from '../../lib/sls/functions/data.ts';
import { explainMissingFunction } from '../../lib/sls/functions/missing-function.ts';
import { grainsFunctions } from '../../lib/sls/functions/grains.ts';
import { pillarFunctions } from '../../lib/sls/functions/pillar.ts';
import { mineFunctions } from '../../lib/sls/functions/mine.ts';
import { networkFunctions } from '../../lib/sls/functions/network.ts';
import { plainFunctions } from '../../lib/sls/functions/plain.ts';
import { saltObject } from '../../lib/sls/functions/salt-object.ts';
import { slsutilFunctions } from '../../lib/sls/functions/slsutil.ts';
import { lookThrough } from '../../lib/sls/roots.ts';
import { slsNames } from '../../lib/sls/sls-name.ts';
import { printScalar } from '../../lib/sls/print-scalar.ts';
import { emptyMine } from '../../lib/sls/others.ts';
import { readYamlText } from '../../lib/sls/yaml-text.ts';
import { dictOf, jsonOf } from './dict-of.ts';
import { memoryTree } from './memory-tree.ts';

const pillar = dictOf('{web: {port: 8080, ssl: {up: true}, list: [a, {k: v}]}, nil: null}');
const grains = dictOf(
  '{os: Debian, os_family: Debian, osrelease: "12", osmajorrelease: 12, roles: [web, db], web: 1}',
);
const opts = dictOf('{id: host1, web: {port: 1}}');
const roots = lookThrough([
  memoryTree('states', { 'a/init.sls': '', 'a/f/hello.txt': 'hello\n', 'top.sls': '' }),
]);
const functions = new Map<string, HostFunction>([
  ...pillarFunctions(pillar),
  ...grainsFunctions(grains),
  ...configFunctions({ opts, grains, pillar }),
  ...slsutilFunctions((text) => readYamlText(text, 'test')),
  ...cpFunctions((saltenv) => (saltenv === 'base' ? { roots, names: slsNames(roots) } : undefined)),
  ...plainFunctions(),
  ...networkFunctions(grains),
  ...mineFunctions(emptyMine),
]);
const source = { file: 'a.sls', line: 3, column: 5 };

/** Calls a function with arguments written as one YAML list, and keyword arguments as one YAML mapping. */
function call(name: string, args: string, kwargs = '{}'): Json {
  const list = dictOf(`{args: ${args}}`).get('args');
  assert.ok(Array.isArray(list));
  const named = [...dictOf(kwargs)].map(([key, value]): [string, HostValue] => [
    printScalar(key) ?? '',
    value,
  ]);
  const result = functions.get(name)?.call({ args: list, kwargs: new Map(named), source });
  assert.ok(result !== undefined && isData(result));
  return jsonOf(result);
}

describe('execution functions', () => {
  const table: [string, string, string, Json][] = [
    ['pillar.get', '[web:port]', '{}', 8080],
    ['pillar.get', '[web:gone]', '{}', ''],
    ['pillar.get', '[web:gone, d]', '{}', 'd'],
    ['pillar.get', '[nil, d]', '{}', null],
    ['pillar.get', '["web|port"]', '{delimiter: "|"}', 8080],
    ['pillar.get', '[web:list:1:k]', '{}', 'v'],
    ['pillar.get', '[web:ssl, {up: false, x: 1}]', '{merge: true}', { up: true, x: 1 }],
    ['pillar.get', '[web:list, [b, a]]', '{merge: true}', ['b', 'a', { k: 'v' }]],
    ['pillar.get', '[web:port, {x: 1}, true]', '{}', 8080],
    ['pillar.get', '[gone, {x: 1}, true]', '{saltenv: base}', { x: 1 }],
    ['pillar.keys', '[web]', '{}', ['port', 'ssl', 'list']],
    ['pillar.item', '[web:port]', '{}', { 'web:port': 8080 }],
    ['pillar.item', '[nil, gone]', '{}', { nil: null, gone: '' }],
    ['pillar.item', '["web|port", gone]', '{delimiter: "|", default: d}', { 'web|port': 8080, gone: 'd' }],
    ['pillar.raw', '[nil]', '{}', {}],
    ['grains.get', '[roles:1]', '{}', 'db'],
    ['grains.get', '["no:such", d]', '{}', 'd'],
    ['grains.item', '[os]', '{}', { os: 'Debian' }],
    ['grains.item', '[os, "roles:1", gone]', '{}', { os: 'Debian', 'roles:1': 'db', gone: '' }],
    ['grains.item', '[gone]', '{default: d}', { gone: 'd' }],
    ['pillar.fetch', '[web:gone, d]', '{}', 'd'],
    ['config.option', '[os]', '{}', 'Debian'],
    ['config.option', '[gone, d]', '{}', 'd'],
    ['log.debug', '[hello]', '{}', true],
    ['grains.has_value', '[roles]', '{}', true],
    ['grains.equals', '[osmajorrelease, "12"]', '{}', true],
    ['grains.filter_by', '[{Debian: 1, default: 2}]', '{}', 1],
    ['grains.filter_by', '[{RedHat: 1, default: 2}]', '{}', 2],
    ['grains.filter_by', '[{RedHat: 1}]', '{}', null],
    ['grains.filter_by', '[{"1*": x}]', '{grain: osrelease}', 'x'],
    ['grains.filter_by', '[{12: x}]', '{grain: osmajorrelease}', 'x'],
    ['grains.filter_by', '[{db: second}]', '{grain: roles}', 'second'],
    ['grains.filter_by', '[{Debian: {a: 1}, base: {a: 0, b: 2}}]', '{base: base}', { a: 1, b: 2 }],
    ['grains.filter_by', '[{base: {b: 2}}]', '{base: base}', { b: 2 }],
    ['grains.filter_by', '[{Debian: {a: {x: 1}}}]', '{merge: {a: {y: 2}}}', { a: { x: 1, y: 2 } }],
    ['grains.filter_by', '[{x: 1}]', '{merge: {y: 2}}', { y: 2 }],
    ['config.get', '[id]', '{}', 'host1'],
    ['config.get', '[os]', '{}', 'Debian'],
    ['config.get', '[web:port]', '{}', 1],
    ['config.get', '[web:port]', '{omit_opts: true}', 8080],
    ['config.get', '[nope, c]', '{}', 'c'],
    ['config.get', '[nil, c]', '{}', null],
    [
      'config.get',
      '[web, {z: 9}]',
      '{merge: recurse}',
      { port: 1, ssl: { up: true }, list: ['a', { k: 'v' }] },
    ],
    ['config.get', '[nope, {z: 9}]', '{merge: recurse}', { z: 9 }],
    ['pillar.get', '[no, null]', '{}', null],
    ['pillar.get', '[no]', '{}', ''],
    ['grains.get', '[no, null]', '{}', null],
    ['config.get', '[no]', '{default: null}', null],
    ['slsutil.merge', '[{a: {x: 1}}, {a: {y: 2}}]', '{}', { a: { x: 1, y: 2 } }],
    ['slsutil.merge', '[{a: {x: 1}}, {a: {y: 2}}]', '{strategy: overwrite}', { a: { y: 2 } }],
    ['slsutil.merge', '[{a: [1]}, {a: [2]}]', '{merge_lists: true}', { a: [1, 2] }],
    ['slsutil.merge_all', '[[{a: 1}, {b: 2}, {a: 3}]]', '{}', { a: 3, b: 2 }],
    ['slsutil.update', '[{a: {x: 1}}, {a: {y: 2}}]', '{recursive_update: false}', { a: { y: 2 } }],
    ['slsutil.boolstr', '["yes", Y, N]', '{}', 'Y'],
    ['slsutil.boolstr', '[0]', '{}', 'false'],
    ['slsutil.serialize', '[json, {b: 1, a: [1]}]', '{}', '{"b": 1, "a": [1]}'],
    ['slsutil.serialize', '[json, {b: 1, a: é}]', '{sort_keys: true}', '{"a": "\\u00e9", "b": 1}'],
    ['slsutil.serialize', '[yaml, {b: 1, a: [1]}]', '{default_flow_style: false}', 'a:\n- 1\nb: 1'],
    [
      'slsutil.serialize',
      '[yaml, {b: 1, a: [1, x], c: {d: {e: []}}}]',
      '{}',
      'a: [1, x]\nb: 1\nc:\n  d:\n    e: []',
    ],
    ['slsutil.serialize', '[yaml, {b: 1, a: [1]}]', '{default_flow_style: true}', '{a: [1], b: 1}'],
    // As the Python package toml 0.10.2 writes it.
    [
      'slsutil.serialize',
      '[toml, {a: 1, s: "x\\"\\té", f: 1.0e+20, g: 1.0, n: null, b: true, l: [1, "a", [2]], e: [], t: {x: 1, u: {v: {w: 1}}}, q r: {k.l: 2}, em: {}}]',
      '{}',
      'a = 1\ns = "x\\"\\té"\nf = 1e+20\ng = 1.0\nb = true\nl = [ 1, "a", [ 2,],]\ne = []\n\n[t]\nx = 1\n\n["q r"]\n"k.l" = 2\n\n[em]\n\n[t.u.v]\nw = 1\n',
    ],
    [
      'slsutil.serialize',
      '[toml, {a: [{x: 1}, {y: 2, z: {k: 1, m: {n: 1}}}], b: 1}]',
      '{}',
      'b = 1\n[[a]]\nx = 1\n\n[[a]]\ny = 2\n\n[a.z]\nk = 1\n[a.z.m]\nn = 1\n',
    ],
    ['slsutil.serialize', '[toml, {t: {a: [{x: [{d: 1}]}]}}]', '{}', '[t]\n[[t.a]]\n\n[[t.a.x]]\nd = 1\n\n'],
    ['slsutil.deserialize', '[yaml, "a: [1, x]"]', '{}', { a: [1, 'x'] }],
    ['defaults.merge', '[{a: {b: 1, l: [1]}}, {a: {c: 2, l: [2]}}]', '{}', { a: { b: 1, c: 2, l: [2] } }],
    ['defaults.merge', '[{a: 1}, null]', '{}', { a: 1 }],
    ['defaults.update', '[{s: {a: 1}, t: 5}, {b: 2}]', '{}', { s: { b: 2, a: 1 }, t: 5 }],
    ['defaults.deepcopy', '[{a: 1}]', '{}', { a: 1 }],
    ['cp.get_file_str', '["salt://a/f/hello.txt"]', '{}', 'hello\n'],
    ['cp.get_file_str', '["salt://gone"]', '{}', false],
    ['cp.list_states', '[]', '{}', ['a', 'top']],
    ['cp.list_master', '[base, a]', '{}', ['a/f/hello.txt', 'a/init.sls']],
    ['cp.list_master', '[]', '{saltenv: dev}', []],
    ['cp.get_file_str', '["salt://a/f/hello.txt?saltenv=dev"]', '{}', false],
    ['slsutil.file_exists', '[a/f/hello.txt]', '{}', true],
    ['slsutil.file_exists', '[a/f]', '{}', false],
    ['slsutil.dir_exists', '[a/f]', '{}', true],
    ['slsutil.path_exists', '[a/f/none]', '{}', false],
    ['cp.list_master_dirs', '[]', '{}', ['.', 'a', 'a/f']],
    ['file.dirname', '["/etc/ssh/sshd_config"]', '{}', '/etc/ssh'],
    ['file.dirname', '[plain]', '{}', ''],
    ['file.dirname', '[/etc/ssh/]', '{}', '/etc/ssh'],
    ['file.dirname', '[//a]', '{}', '//'],
    ['file.basename', '["/etc/hosts"]', '{}', 'hosts'],
    ['file.join', '[/etc, ssh/, sshd_config]', '{}', '/etc/ssh/sshd_config'],
    ['file.join', '[/etc, /ssh, ../x]', '{}', '/ssh/../x'],
    ['network.ip_in_subnet', '["172.17.0.4", "172.16.0.0/12"]', '{}', true],
    ['network.ip_in_subnet', '["10.0.0.4", "172.16.0.0/12"]', '{}', false],
    ['network.calc_net', '["172.17.0.5", "255.255.255.240"]', '{}', '172.17.0.0/28'],
    ['network.calc_net', '["172.17.9.5/16"]', '{}', '172.17.0.0/16'],
    ['test.echo', '[hi]', '{}', 'hi'],
    ['test.ping', '[]', '{}', true],
  ];
  for (const [name, args, kwargs, expected] of table)
    it(`answers ${name}${args} ${kwargs}`, () => {
      assert.deepEqual(call(name, args, kwargs), expected);
    });

  const refused: [string, string, string, RegExp][] = [
    ['pillar.get', '[a]', '{dflt: 1}', /^pillar\.get\(\) got an unexpected keyword argument 'dflt'/],
    ['pillar.get', '[]', '{}', /^pillar\.get\(\) missing 1 required positional argument: 'key'$/],
    ['mine.get', '[]', '{}', /^mine\.get\(\) missing 2 required positional arguments: 'tgt' and 'fun'$/],
    ['config.get', '[a]', '{key: b}', /^config\.get\(\) got multiple values for argument 'key'$/],
    ['test.ping', '[1]', '{}', /^test\.ping\(\) takes 0 positional arguments but 1 was given$/],
    ['grains.filter_by', '[5]', '{}', /^grains\.filter_by: lookup_dict is not a mapping$/],
    ['grains.filter_by', '[{Debian: 1}]', '{merge: 5}', /merge is not a mapping$/],
    ['slsutil.merge', '[{}, {}]', '{strategy: odd}', /the strategy odd does not exist$/],
    ['slsutil.serialize', '[msgpack, {}]', '{}', /the serializer msgpack is not supported$/],
    ['slsutil.serialize', '[toml, [1]]', '{}', /TOML holds a mapping, not other data$/],
    ['slsutil.serialize', '[toml, {a: [null]}]', '{}', /TOML has no null in a list$/],
    ['slsutil.deserialize', '[toml, ""]', '{}', /the serializer toml is not supported$/],
    ['grains.filter_by', '[{Debian: 1, base: {}}]', '{base: base}', /are not both mappings$/],
    ['grains.filter_by', '[{Debian: 1}]', '{merge: {a: 1}}', /the value looked up is not a mapping$/],
    ['slsutil.merge_all', '[[1]]', '{}', /lst is not a list of mappings$/],
    ['file.join', '[a, 5]', '{}', /a part of the path is not text$/],
    ['test.exception', '[no master is set]', '{}', /^test\.exception: no master is set$/],
    ['pillar.keys', '[web:port]', '{}', /web:port is not a mapping in the pillar$/],
  ];
  for (const [name, args, kwargs, expected] of refused)
    it(`refuses ${name}${args} ${kwargs}`, () => {
      assert.throws(
        () => call(name, args, kwargs),
        (error) => {
          assert.ok(error instanceof TemplateFailure);
          assert.match(error.diagnostic.summary, expected);
          assert.deepEqual(error.diagnostic.source, source);
          return true;
        },
      );
    });

  it('merges into the very map that filter_by looked up, as formulas rely on', () => {
    const lookup = dictOf('{Debian: {a: 1}}');
    const kwargs = new Map<string, HostValue>([['merge', dictOf('{b: 2}')]]);

    functions.get('grains.filter_by')?.call({ args: [lookup], kwargs, source });

    assert.deepEqual(jsonOf(lookup), { Debian: { a: 1, b: 2 } });
  });

  it('does not let a template change the grains it was given', () => {
    const items = functions.get('grains.get')?.call({ args: ['roles'], kwargs: new Map(), source });
    assert.ok(Array.isArray(items));

    items.push('mail');

    assert.deepEqual(jsonOf(grains.get('roles') ?? null), ['web', 'db']);
  });
});

describe('explainMissingFunction', () => {
  const used = (summary: string): Diagnostic => ({
    severity: 'error',
    code: 'SLAB2003',
    summary,
    fix: 'the engine guesses',
  });
  const names = ['pillar.get', 'grains.get'];

  it('names the function, however it was written', () => {
    for (const summary of [
      "'salt object' has no attribute 'cmd.run'",
      "'salt.cmd object' has no attribute 'run'",
    ]) {
      const { code, summary: said, fix } = explainMissingFunction(used(summary), names);

      assert.deepEqual([code, said], ['SLAB2005', 'the function cmd.run is not provided to templates']);
      assert.equal(fix, "ask with salt['cmd.run'], or put the answer into pillar");
    }
  });

  it('suggests the function that was meant', () => {
    const { fix } = explainMissingFunction(used("'salt object' has no attribute 'pilar.get'"), names);

    assert.equal(fix, 'did you mean "pillar.get"?');
  });

  it('leaves other mistakes as they are', () => {
    const other = used("'nope' is undefined");

    assert.equal(explainMissingFunction(other, names), other);
  });
});

describe('salt', () => {
  const salt = saltObject(functions);
  const member = (...path: Value[]): HostValue | undefined =>
    path.reduce<HostValue | undefined>(
      (here, key) =>
        typeof here === 'object' && here !== null && 'member' in here ? here.member(key, source) : undefined,
      salt,
    );

  it('gives a function by its full name and by module and name', () => {
    assert.equal(member('pillar.get'), functions.get('pillar.get'));
    assert.equal(member('pillar', 'get'), functions.get('pillar.get'));
  });

  it('leaves a function it does not have undefined, for templates that ask', () => {
    assert.equal(member('cmd.run'), undefined);
    assert.equal(member('cmd', 'run'), undefined);
    assert.equal(member(5), undefined);
  });

  it('answers salt.get with the function or the default', () => {
    const get = member('get');
    assert.ok(typeof get === 'object' && get !== null && 'call' in get);

    assert.equal(get.call({ args: ['cmd.run', 'no'], kwargs: new Map(), source }), 'no');
    assert.equal(get.call({ args: ['test.ping'], kwargs: new Map(), source }), functions.get('test.ping'));
  });
});
