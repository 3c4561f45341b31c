import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parseYaml } from '../../lib/yaml/parse.ts';
import { compile, place } from './project.ts';

describe('files of a compilation', () => {
  const result = compile({
    states: {
      'a.sls': '',
      'web/site.conf': 'port={{ port }} os={{ grains.os }} from={{ source }} dir={{ tpldir }}\n',
      'web/broken.conf': 'a\n{{ nope }}\n',
      'web/raw.bin': 'raw',
      'web/loop.conf':
        "{% for n in ['a', 'b'] %}{{ n }}\n{%- if not loop.last %}\n{% endif %}{% endfor -%}\n",
    },
  });
  const { files } = result;
  const yaml = (text: string): { context: ReturnType<typeof nodeOf> } => ({ context: nodeOf(text) });

  it('reads by URI and by plain path', () => {
    for (const uri of ['salt://web/raw.bin', 'salt://web/raw.bin?saltenv=base', 'web/raw.bin'])
      assert.equal(new TextDecoder().decode(files.read(uri)), 'raw');
    assert.equal(files.read('salt://gone'), undefined);
    assert.equal(files.read('salt://../secret'), undefined);
  });

  it('names what looks like a missing file, in the form that was asked', () => {
    assert.deepEqual(files.near('salt://web/site.cnf'), ['salt://web/site.conf']);
    assert.deepEqual(files.near('web/site.cnf'), ['web/site.conf']);
  });

  it('lists a folder, not its namesakes', () => {
    assert.deepEqual(files.list('salt://web'), [
      'salt://web/broken.conf',
      'salt://web/loop.conf',
      'salt://web/raw.bin',
      'salt://web/site.conf',
    ]);
    assert.deepEqual(files.list('salt://we'), []);
  });

  it('renders a template with defaults, context over them, and its place', () => {
    const text = files.render({
      uri: 'salt://web/site.conf',
      defaults: nodeOf('{port: 1}'),
      ...yaml('{port: 80}'),
    });

    assert.equal(text, 'port=80 os=Debian from=salt://web/site.conf dir=web\n');
  });

  it('puts unknown arguments of the state below defaults, and defaults below context', () => {
    const variables = new Map([
      ['a', nodeOf('argument')],
      ['b', nodeOf('argument')],
      ['c', nodeOf('argument')],
    ]);

    const text = files.render({
      text: nodeOf('"{{ a }} {{ b }} {{ c }}"'),
      ...{ variables, defaults: nodeOf('{b: default, c: default}'), context: nodeOf('{c: context}') },
    });

    assert.equal(text, 'argument default context');
  });

  it('keeps the last newline of a template although a tag there eats white space, as Salt does', () => {
    assert.equal(files.render({ uri: 'salt://web/loop.conf' }), 'a\nb\n');
  });

  it('gives the template what an alias repeats as one object, and keeps the order of its keys', () => {
    const context = nodeOf('{first: &one {z: 1, a: 2}, second: *one}');

    const text = files.render({
      text: nodeOf('"{% do first.update({\'m\': 3}) %}{{ second | yaml }}"'),
      context,
    });

    assert.equal(text, '{z: 1, a: 2, m: 3}');
  });

  it('renders a text written in a state', () => {
    assert.equal(files.render({ text: nodeOf('"n={{ 1 + 1 }}"') }), 'n=2');
  });

  it('reports what is wrong with a template where it stands, once asked', () => {
    assert.deepEqual(result.lateDiagnostics(), []);

    assert.equal(files.render({ uri: 'salt://web/broken.conf' }), undefined);
    assert.equal(files.render({ uri: 'salt://web/broken.conf' }), undefined);
    assert.equal(files.render({ text: nodeOf('"{{ nope }}"') }), undefined);
    assert.equal(files.render({ uri: 'salt://gone' }), undefined);

    const late = result.lateDiagnostics();
    assert.deepEqual(late.map(place), [
      ['SLAB2003', 'states/web/broken.conf', 2, 4],
      ['SLAB2003', 'inline.sls', 1, 1],
      ['SLAB2106', undefined, undefined, undefined],
    ]);
    assert.match(late[1]?.why ?? '', /line 1 of the text/);
  });
});

function nodeOf(text: string): NonNullable<ReturnType<typeof parseYaml>['value']> {
  return parseYaml(text, { file: 'inline.sls' }).value ?? assert.fail();
}
