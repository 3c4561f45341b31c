import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { runCommandLine, withProjectTree, type ProjectFiles } from '../support/command-line.ts';

const GRAINS = { 'grains.json': '{"id": "web1", "os_family": "Debian", "mem_total": 4.5}' };

/** Runs `show low` on files of which some are states, and reads the JSON it prints. */
async function showLow(files: ProjectFiles, words: readonly string[]) {
  return withProjectTree({ ...GRAINS, 'states/empty.sls': '', ...files }, async (project) => {
    const paths = words.map((word) => word.replace(/^@/, `${project}/`));
    const where = ['--states', join(project, 'states'), '--grains', join(project, 'grains.json')];
    const end = await runCommandLine(project, ['show', 'low', ...paths, ...where, '--json']);
    return { ...end, answer: JSON.parse(end.stdout) as Record<string, unknown> };
  });
}

describe('show low --grains', () => {
  it('prints chunks as Salt does, sorted by order, keys that are no text as text', async () => {
    const site =
      'late:\n  test.nop: [{m: {80: a, true: b}}]\nearly:\n  test.nop: [{order: 1}, {id: {{ grains.id }}}]\n';

    const { code, answer } = await showLow({ 'states/site.sls': site }, ['site']);

    assert.equal(code, 0);
    const about = { state: 'test', __sls__: 'site', __env__: 'base', fun: 'nop' };
    assert.deepEqual(answer, {
      status: 'ok',
      low: [
        { ...about, __id__: 'early', name: 'early', id: 'web1', order: 1 },
        { ...about, __id__: 'late', name: 'late', m: { '80': 'a', true: 'b' }, order: 10000 },
      ],
    });
  });

  it('keeps the order of mappings and every digit of an integer', async () => {
    const { stdout } = await showLow(
      { 'states/site.sls': 'x:\n  test.nop: [{m: {b: 1, 2: 123456789012345678901234567890}}]\n' },
      ['site'],
    );

    assert.match(stdout, /"m": \{"b": 1, "2": 123456789012345678901234567890\}/);
  });

  it('takes one pillar SLS, under whatever name', async () => {
    const files = {
      'pillar.example': 'port: 80\n',
      'states/site.sls': 'x:\n  test.nop: [{port: {{ pillar.port }}}]\n',
    };

    const { answer } = await showLow(files, ['site', '--pillar', '@pillar.example']);

    assert.equal((answer['low'] as { port: number }[])[0]?.port, 80);
  });

  it('leaves encrypted what no key is at hand for, as Salt does, and says so', async () => {
    const text = '-----BEGIN PGP MESSAGE-----\\nnothing\\n-----END PGP MESSAGE-----';
    const files = {
      'pillar.example': `#!yaml|gpg\npass: "${text}"\n`,
      'states/site.sls': 'x:\n  test.nop: [{pass: {{ pillar["pass"] | tojson }}}]\n',
    };

    const { code, answer, stderr } = await showLow(files, ['site', '--pillar', '@pillar.example']);

    assert.equal(code, 0);
    assert.match((answer['low'] as { pass: string }[])[0]?.pass ?? '', /BEGIN PGP MESSAGE/);
    assert.match(stderr, /^warning\[SLAB2022\]: a value cannot be decrypted\n.*pillar\.example:2:7/);
  });

  it('names a pillar SLS as it was given when something is wrong with it', async () => {
    const { code, answer } = await showLow({ 'pillar.example': 'a: {{ b }}\n' }, [
      ...['empty', '--pillar', '@pillar.example'],
    ]);

    assert.equal(code, 3);
    assert.equal(answer['error_class'], 'pillar');
    assert.match(String((answer['errors'] as string[])[0]), /^\S+\/pillar\.example:1:7: 'b' is undefined/);
  });

  it('takes a pillar tree with its top file, and without SLS the top file of the states', async () => {
    const files = {
      'pillar/top.sls': 'base: {"web*": [data]}\n',
      'pillar/data.sls': 'port: 81\n',
      'states/top.sls': 'base: {"*": [site]}\n',
      'states/site.sls': 'x:\n  test.nop: [{port: {{ pillar.port }}}]\n',
    };

    const { answer } = await showLow(files, ['--pillar', '@pillar']);

    assert.equal((answer['low'] as { port: number }[])[0]?.port, 81);
  });

  it('replays the answers of functions that ask the host', async () => {
    const files = {
      'answers.json': '[["pkg.version", ["bash"], {}, "5.2"]]',
      'states/site.sls': "x:\n  test.nop: [{v: '{{ salt['pkg.version']('bash') }}'}]\n",
    };

    const { answer } = await showLow(files, ['site', '--answers', '@answers.json']);

    assert.equal((answer['low'] as { v: string }[])[0]?.v, '5.2');
  });

  it('takes answers that stand beside the files whose templates asked', async () => {
    const files = {
      'answers.json': '{"exec": [], "files": [{"exec": [["pkg.version", ["bash"], {}, "5.2"]]}, {}]}',
      'states/a.conf': "{{ salt['pkg.version']('bash') }}\n",
      'states/site.sls': '/etc/a:\n  file.managed: [{source: "salt://a.conf"}, {template: jinja}]\n',
    };

    const { answer } = await showLow(files, ['site', '--answers', '@answers.json', '--files']);

    assert.equal((answer['files'] as { content: string }[])[0]?.content, '5.2\n');
  });

  it('refuses a file that holds no answers, rather than asking as if there were none', async () => {
    const files = { ...GRAINS, 'answers.json': '{"pkg.version": "5.2"}', 'states/empty.sls': '' };
    await withProjectTree(files, async (project) => {
      const words = ['show', 'low', 'empty', '--grains', join(project, 'grains.json')];
      const end = await runCommandLine(project, [...words, '--answers', join(project, 'answers.json')]);

      assert.equal(end.code, 3);
      assert.match(end.stderr, /answers\.json holds no answers\n {2}fix: write rows of JSON/);
    });
  });

  it('takes "None" for no template', async () => {
    const files = {
      'states/a.conf': '{{ raw\n',
      'states/site.sls': '/etc/a:\n  file.managed: [{source: "salt://a.conf"}, {template: None}]\n',
    };

    const { answer } = await showLow(files, ['site', '--files']);

    assert.equal((answer['files'] as { content: string }[])[0]?.content, '{{ raw\n');
  });

  it('prints what file.managed would write: the first source that exists, rendered with its own variables', async () => {
    const files = {
      'states/a.conf': '{{ port }} {{ more }}\n',
      'states/site.sls':
        '/etc/a:\n  file.managed: [{source: ["salt://none", "salt://a.conf"]}, {template: jinja}, {context: {port: 1}}, {more: 2}]\n',
    };

    const { answer } = await showLow(files, ['site', '--files']);

    assert.deepEqual(answer['files'], [
      {
        chunk: 0,
        name: '/etc/a',
        source: 'salt://a.conf',
        bytes: 4,
        sha256: 'f251ddc12234e0da8d3b778bd0f7463fb477f16f47757f5617dc8b4ff4d4f14a',
        content: '1 2\n',
      },
    ]);
  });

  it('says of a source that is missing or does not render where that is, and on stderr all there is to say', async () => {
    const files = {
      'states/a.conf': 'a\n{{ nope }} {{ nix }}\n',
      'states/site.sls':
        '/etc/a:\n  file.managed: [{source: "salt://a.conf"}, {template: jinja}]\n/etc/b:\n  file.managed:\n    - source: salt://a.cnf\n',
    };

    const { answer, code, stderr } = await showLow(files, ['site', '--files']);

    assert.equal(code, 0);
    assert.deepEqual(answer['files'], [
      {
        chunk: 0,
        name: '/etc/a',
        source: 'salt://a.conf',
        error:
          "{project}/states/a.conf:2:4: 'nope' is undefined (neither this file nor what uses it sets it)",
      },
      {
        chunk: 1,
        name: '/etc/b',
        source: 'salt://a.cnf',
        error:
          '{project}/states/site.sls:5:7: there is no such file in the state tree (nothing is at salt://a.cnf)',
      },
    ]);
    assert.match(stderr, /'nope' is undefined[^]+'nix' is undefined[^]+did you mean "salt:\/\/a\.conf"\?/);
  });

  const refused: readonly (readonly [string, string])[] = [
    ['missing-sls', 'include: [none]\n'],
    ['conflicting-id', 'x:\n  test.nop: []\nx:\n  test.nop: []\n'],
    ['extend', 'extend:\n  x:\n    test: [{a: 1}]\n'],
    [
      'recursive-requisite',
      'a:\n  test.nop: [{require: [{test: b}]}]\nb:\n  test.nop: [{require: [{test: a}]}]\n',
    ],
    ['jinja-undefined', "x:\n  test.nop: [{a: {{ salt['no.such']() }}}]\n"],
    ['jinja-undefined', '{{ nope }}\n'],
    ['jinja-syntax', '{% if %}\n'],
    ['jinja-syntax', "{{ 'a' | uper }}\n"],
    ['jinja', '{{ 1 // 0 }}\n'],
    ['yaml', 'x: [\n'],
    ['structure', 'x: text\n'],
  ];
  for (const [sort, text] of refused)
    it(`calls ${JSON.stringify(text)} a mistake of the sort ${sort}, as Salt would`, async () => {
      const { code, answer } = await showLow({ 'states/site.sls': text }, ['site']);

      assert.deepEqual([code, answer['status'], answer['error_class']], [3, 'error', sort]);
    });

  it('compiles what Salt compiles and says on stderr what will fail when it runs', async () => {
    const { code, answer, stderr } = await showLow(
      { 'states/site.sls': 'x:\n  test.nop: [{require: [{test: none}]}]\n' },
      ['site'],
    );

    assert.deepEqual([code, answer['status']], [0, 'ok']);
    assert.match(stderr, /SLAB2014/);
  });

  it('refuses its options where they mean nothing', async () => {
    const end = await withProjectTree({}, (project) =>
      runCommandLine(project, ['show', 'pillar', 'web1', '--files']),
    );

    assert.deepEqual([end.code, /--files is for "show low"/.test(end.stderr)], [3, true]);
  });

  it('says which file it cannot read', async () => {
    const end = await withProjectTree(GRAINS, (project) =>
      runCommandLine(project, [
        ...['show', 'low', 'site', '--states', join(project, 'none')],
        ...['--grains', join(project, 'grains.json')],
      ]),
    );

    assert.deepEqual([end.code, /there is no state tree/.test(end.stderr)], [3, true]);
  });

  it('gives file templates the name, owner and mode of the file', async () => {
    const site =
      'x:\n  file.managed: [{name: /x}, {source: "salt://x.txt"}, {template: jinja}, {user: web}, {mode: 644}]\n';
    const files = {
      'states/site.sls': site,
      'states/x.txt': '{{ name }} {{ user }} {{ group }} {{ mode }} {{ attrs }}\n',
    };

    const { answer } = await showLow(files, ['site', '--files']);

    assert.equal((answer['files'] as { content: string }[])[0]?.content, '/x web None 0644 None\n');
  });

  describe('with a configuration of Salt', () => {
    it('takes saltenvs, nodegroups and strategies from it, its folders relative to it', async () => {
      const files = {
        'salt/master':
          'file_roots: {base: [../states], dev: [../dev]}\nnodegroups: {all: "web* or db*"}\nopts: {pillar_merge_lists: true}\n',
        'states/top.sls': 'base:\n  all: [{match: nodegroup}, one]\n',
        'states/one.sls': 'x:\n  test.nop: [{list: {{ pillar.list }}}]\n',
        'dev/top.sls': "dev: {'web1': [two]}\n",
        'dev/two.sls': 'y:\n  test.nop: []\n',
        'pillar/top.sls': "base: {'*': [a, b]}\n",
        'pillar/a.sls': 'list: [1]\n',
        'pillar/b.sls': 'list: [2]\n',
      };

      const { code, answer } = await showLow(files, ['--pillar', '@pillar', '--config', '@salt/master']);

      assert.equal(code, 0);
      const low = answer['low'] as { __id__: string; __env__: string; list?: number[] }[];
      assert.deepEqual(
        low.map((chunk) => [chunk.__id__, chunk.__env__, chunk.list]),
        [
          ['x', 'base', [1, 2]],
          ['y', 'dev', undefined],
        ],
      );
    });

    it('warns of options without effect, and merges by recurse where Salt does not know the strategy', async () => {
      const files = { 'master.yaml': 'interface: 0.0.0.0\npillar_source_merging_strategy: smrat\n' };

      const { code, stderr } = await showLow(files, ['empty', '--config', '@master.yaml']);

      assert.equal(code, 0);
      assert.match(stderr, /of the configuration this has no effect: interface/);
      assert.match(stderr, /there is no pillar_source_merging_strategy "smrat"/);
      assert.match(stderr, /master\.yaml:2:33/);
    });

    it('answers with the mistakes of a configuration that cannot be used', async () => {
      const files = { 'master.yaml': 'file_roots: {dev: [nowhere]}\n' };

      const { code, answer } = await showLow(files, ['empty', '--config', '@master.yaml']);

      assert.deepEqual([code, answer['status'], answer['error_class']], [3, 'error', 'structure']);
      assert.match(
        String((answer['errors'] as string[])[0]),
        /master\.yaml:1:20: there is no folder nowhere/,
      );
    });
  });

  it('says that an empty top file gives no host any SLS', async () => {
    const { code, answer, stderr } = await showLow({ 'states/top.sls': 'base: {}\n' }, []);

    assert.deepEqual([code, answer], [0, { status: 'ok', low: [] }]);
    assert.match(stderr, /warning\[SLAB2010\]: the top file gives no host any SLS/);
  });
});
