import assert from 'node:assert/strict';
import { existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { diffFleet } from '../../lib/cli/diff-fleet.ts';
import { runCommandLine } from '../support/command-line.ts';
import { commit, inRepository } from '../support/repository.ts';

const FROM_SOURCES = new URL('../support/check-worker.mjs', import.meta.url);

const write = (folder: string, path: string, text: string): void => writeFileSync(join(folder, path), text);

const untrusted = (folder: string, base = 'HEAD~1') =>
  diffFleet({
    options: { project: folder, states: [] },
    base,
    untrusted: true,
    program: FROM_SOURCES,
  });

describe('slab diff of what nobody vouches for', function () {
  this.timeout(60_000);

  it('compares the last commit, not the files as they are', () =>
    inRepository(async (folder, first) => {
      write(folder, 'states/db.sls', '/etc/db.conf:\n  file.managed:\n    - contents: second\n');
      const second = commit(folder, 'second');
      write(folder, 'states/db.sls', 'broken: [\n');

      const { from, to, plan, diagnostics, close } = await untrusted(folder);
      close();

      assert.deepEqual([from, to], [`HEAD~1 ${first}`, `HEAD ${second}`]);
      assert.deepEqual(diagnostics, []);
      assert.equal(
        plan.hosts.filter(({ chunks }) => chunks.some(({ verdict }) => verdict === 'act')).length,
        1,
      );
    }));

  it('does not run the program of a dynamic inventory', () =>
    inRepository(async (folder) => {
      write(folder, 'inventories/prod/inventory.yaml', 'dynamic: {command: [touch, ran]}\n');
      commit(folder, 'runs');

      await assert.rejects(untrusted(folder), /runs touch \(dynamic:\)/);
      assert.equal(existsSync(join(folder, 'ran')), false);
    }));

  it('reads no folder outside of the project', () =>
    inRepository(async (folder) => {
      write(
        folder,
        'inventories/prod/inventory.yaml',
        'hosts: {db1: {}}\nsalt: {file_roots: {base: [/etc]}}\n',
      );
      commit(folder, 'reaches out');

      await assert.rejects(untrusted(folder), /takes files from \/etc, outside of the project/);
    }));

  it('leaves out links that lead out, in one step or in two', () =>
    inRepository(async (folder) => {
      symlinkSync('/etc', join(folder, 'states/etc'));
      symlinkSync('../../..', join(folder, 'states/up'));
      symlinkSync('web.sls', join(folder, 'states/same.sls'));
      rmSync(join(folder, 'states/db.sls'));
      symlinkSync('/etc/passwd', join(folder, 'states/db.sls'));
      commit(folder, 'links');

      const { notices, diagnostics, close } = await untrusted(folder);
      close();

      assert.deepEqual(
        notices.filter((notice) => notice.includes('left out')),
        [
          'states/db.sls of HEAD leads out of the project: left out',
          'states/etc of HEAD leads out of the project: left out',
          'states/up of HEAD leads out of the project: left out',
        ],
      );
      assert.match(diagnostics[0]?.summary ?? '', /db/);
    }));

  it('shows control characters instead of obeying them', () =>
    inRepository(async (folder) => {
      write(
        folder,
        'states/db.sls',
        '/etc/db.conf:\n  file.managed:\n    - contents: "a\\e[2Jb\\u202Ec"\n    - mode: "0644"\n',
      );

      for (const format of ['text', 'md']) {
        const { stdout } = await runCommandLine(folder, ['diff', '--format', format]);

        assert.doesNotMatch(stdout, /[\u001b\u202e]/u);
      }
    }));

  it('does not read a file of any size', () =>
    inRepository(async (folder) => {
      writeFileSync(join(folder, 'states/huge.bin'), Buffer.alloc(65 * 2 ** 20));
      commit(folder, 'huge');

      await assert.rejects(
        untrusted(folder),
        /states\/huge\.bin in HEAD has 68157440 bytes; more than 67108864 are not read/,
      );
    }));

  const aliases = (line: (at: number) => string): string =>
    Array.from({ length: 9 }, (_, at) => `${line(at + 1)}\n`).join('');
  const bomb = `a0: &a0 [x,x,x,x,x,x,x,x,x]\n${aliases((at) => `a${at}: &a${at} [${`*a${at - 1},`.repeat(9)}]`)}`;
  const circle = Array.from(
    { length: 900 },
    (_, at) => `a${at}: {test.nop: [{require: [{test: a${(at + 1) % 900}}]}]}\n`,
  ).join('');

  /** What the states of a host are, and the error that they end with; `self` is the name of their file. */
  const hostile: readonly (readonly [string, string, RegExp])[] = [
    [
      'a loop without end',
      '{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}',
      /steps/,
    ],
    ['a list of a thousand million', '{% set x = range(10**9)|list %}{}', /Range too big/],
    ['a text that is repeated without end', "{% set x = 'a' * 10**10 %}{}", /grows beyond 8 MiB/],
    ['a list that is repeated without end', '{% set x = [1] * 10**9 %}{}', /more than 2000000 steps/],
    ['a padding of any width', "{{ 'a'|center(10**9) }}", /grows beyond 8 MiB/],
    [
      'a number that squares itself',
      '{% set n = namespace(x=3) %}{% for a in range(60) %}{% set n.x = n.x * n.x %}{% endfor %}{}',
      /grows beyond 300,000 digits/,
    ],
    ['a macro that calls itself', '{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}', /without end/],
    ['a template that includes itself', "{% include 'self.sls' %}", /without end/],
    ['a pattern that tries ever more ways', "{{ ('a'*40)|regex_match('(a+)+$b') }}", /takes too many steps/],
    ['a bomb of aliases', bomb, /aliases make this document too large/],
    ['lists nested without end', `a: ${'['.repeat(50_000)}`, /nested more than 200 deep/],
    [
      'an expression nested without end',
      `{{ ${'('.repeat(9_000)}1${')'.repeat(9_000)} }}`,
      /nested too deeply/,
    ],
    ['tags nested without end', '{% if 1 %}'.repeat(20_000), /nested too deeply/],
    ['filters one behind the other without end', `{{ 1${'|string'.repeat(50_000)} }}`, /nests too deeply/],
    ['includes one behind the other without end', 'include: [x0]', /over more than 200/],
    ['an include above the tree', "include: ['../../../etc/passwd']", /leads beyond the top of the tree/],
    ['a template above the tree', "{% include '../../../../etc/passwd' %}", /does not exist/],
    ['a template at the root', "{% import '/etc/passwd' as x %}", /does not exist/],
    ['states that wait for each other', circle, /wait for each other/],
    ['another language', '#!py\ndef run():\n  return {}', /renderer py is not supported/],
  ];
  it('ends with an error for each host whose states are hostile, all in one go', () =>
    inRepository(async (folder) => {
      const names = hostile.map((_, at) => `h${at}`);
      write(folder, 'inventories/prod/inventory.yaml', `hosts:\n  h[0:${names.length - 1}]: {}\n`);
      write(folder, 'states/top.sls', `base:\n${names.map((name) => `  ${name}: [${name}]\n`).join('')}`);
      for (const [at, [, text]] of hostile.entries())
        write(folder, `states/h${at}.sls`, `${text.replace('self.sls', `h${at}.sls`)}\n`);
      for (let at = 0; at < 2000; at++)
        write(folder, `states/x${at}.sls`, at < 1999 ? `include: [x${at + 1}]\n` : '{}\n');
      commit(folder, 'hostile');

      const { diagnostics, close } = await untrusted(folder);
      close();

      for (const [at, [what, , said]] of hostile.entries()) {
        const mine = diagnostics.filter(({ hosts }) => hosts?.includes(`h${at}`) === true);
        assert.match(mine.map(({ summary }) => summary).join('; '), said, what);
        assert.ok(
          mine.every(({ source }) => source !== undefined),
          what,
        );
      }
    }));

  const inventories: readonly (readonly [string, string, RegExp])[] = [
    ['a bomb of aliases', `${bomb}hosts: {db1: {}}\n`, /aliases make this document too large/],
    ['a million million hosts', 'hosts: {"web[1:1000000000000]": {}}\n', /range .* is malformed/],
    ['hosts times hosts', 'hosts: {"a[1:999]b[1:999]": {}}\n', /range .* is malformed/],
    ['lists nested without end', `hosts: ${'['.repeat(50_000)}\n`, /nested more than 200 deep/],
  ];
  for (const [what, text, said] of inventories)
    it(`ends with an error at an inventory with ${what}`, () =>
      inRepository(async (folder) => {
        write(folder, 'inventories/prod/inventory.yaml', text);
        commit(folder, 'hostile');

        const { diagnostics, close } = await untrusted(folder);
        close();

        assert.match(diagnostics.map(({ summary }) => summary).join('; '), said);
      }));

  it('is shown a file of more lines than a call takes arguments', () =>
    inRepository(async (folder) => {
      const lines = Array.from({ length: 200_000 }, (_, at) => `        line ${at}\n`).join('');
      write(folder, 'states/db.sls', `/etc/db.conf:\n  file.managed:\n    - contents: |\n${lines}`);

      for (const format of ['text', 'md']) {
        const { code, stdout, stderr } = await runCommandLine(folder, ['diff', '--format', format, '--full']);

        assert.equal(code, 0, stderr);
        if (format === 'md') assert.ok(stdout.length <= 60_000);
      }
    }));

  it('lets names of files write neither lines nor colours of their own, nor Markdown', () =>
    inRepository(async (folder) => {
      symlinkSync('/etc/passwd', join(folder, 'states/a\n::warning::b\u001b[31m<img src=x>'));
      write(
        folder,
        'states/db.sls',
        `'/etc/<img src=x>\`|[a](http://b) @c':\n  file.managed:\n    - contents: |
        \`\`\`\`
        </details><script>
`,
      );
      commit(folder, 'names');

      const { code, stdout, stderr } = await runCommandLine(folder, [
        ...['diff', '--base', 'HEAD~1', '--head', 'HEAD', '--format', 'md'],
      ]);

      assert.equal(code, 0, stderr);
      assert.doesNotMatch(stderr, /^::|\u001b/mu);
      assert.match(stderr, /^note: states\/a\\n::warning::b\\x1b\[31m/m);
      assert.doesNotMatch(stdout, /^::|\u001b/mu);
      const [fence = ''] = /^`{3,}(?=diff$)/m.exec(stdout) ?? [];
      assert.ok(fence.length > 4, stdout);
      const outside = stdout.replace(new RegExp(`^${fence}diff$[^]*?^${fence}$`, 'm'), '');
      // In a code span nothing is markup; outside of one, signs of HTML are written out.
      assert.doesNotMatch(outside.replaceAll(/(`+)[^]*?[^`]\1(?!`)/g, ''), /<img|<script|\]\(http/);
    }));
});
