import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { createProgram } from '../../lib/cli/program.ts';
import { parseRollout } from '../../lib/inventory/parse-rollout.ts';
import { parseInventory } from '../../lib/inventory/parse.ts';
import { kinds } from '../../lib/resources/index.ts';
import { runCommandLine, withProjectTree } from '../support/command-line.ts';

const repository = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(repository, path), 'utf8');

/** The fenced blocks of a page, with the language that each names. */
function fencedBlocks(page: string): readonly { readonly language: string; readonly text: string }[] {
  return [...page.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));
}

/** Files of a block whose first line names one, or two that stand side by side. */
function filesOf(block: string): Readonly<Record<string, string>> {
  const [first = '', ...lines] = block.split('\n');
  const [, left = '', right] = /^# (\S+)(?:\s+# (\S+))?$/.exec(first) ?? [];
  if (right === undefined) return { [left]: lines.join('\n') };
  const column = first.lastIndexOf('#');
  return {
    [left]: lines.map((line) => line.slice(0, column).trimEnd()).join('\n'),
    [right]: lines.map((line) => line.slice(column).replace(/^# ?/, '')).join('\n'),
  };
}

describe('the examples of slab doc', () => {
  for (const kind of kinds.values())
    for (const [fun, { examples }] of Object.entries(kind.functions)) {
      it(`compile: ${kind.name}.${fun}`, async () => {
        assert.ok(examples.length > 0, 'there is none');
        for (const example of examples) {
          const sources = [...example.matchAll(/salt:\/\/(\S+)/g)].map(([, path = '']) =>
            /\.\w+$/.test(path) ? path : `${path}/file`,
          );
          const files = {
            'inventories/prod/inventory.yaml': 'hosts: {web1: {address: 192.0.2.1}}\n',
            'states/top.sls': "base: {'*': [site]}\n",
            'states/site.sls': example,
            ...Object.fromEntries(sources.map((path) => [`states/${path}`, 'text\n'])),
          };

          const end = await withProjectTree(files, (project) => runCommandLine(project, ['check']));

          assert.equal(end.code, 0, `${example}\n${end.stderr}`);
        }
      });
    }
});

describe('the examples of README.md', () => {
  const page = read('README.md');

  it('make a project that compiles', async () => {
    const blocks = fencedBlocks(page).filter(({ language }) => language === 'yaml');
    const files = Object.assign({}, ...blocks.map(({ text }) => filesOf(text))) as Record<string, string>;

    const end = await withProjectTree(files, (project) => runCommandLine(project, ['check']));

    assert.deepEqual(Object.keys(files).sort(), [
      'inventories/platform/rollout.yaml',
      'inventories/prod/inventory.yaml',
      'inventories/prod/pillar/top.sls',
      'inventories/prod/pillar/web.sls',
      'inventories/prod/rollout.yaml',
      'states/disks.sls',
      'states/top.sls',
      'states/web.sls',
    ]);
    assert.equal(end.code, 0, end.stderr);
    for (const file of ['inventories/prod/rollout.yaml', 'inventories/platform/rollout.yaml'])
      assert.deepEqual(parseRollout({ file, text: files[file] ?? '' }).diagnostics, []);
    assert.match(end.stdout, /^2 hosts compile/);
    const top = { 'states/top.sls': "base: {'*': [disks]}\n" };
    const disks = await withProjectTree({ ...files, ...top }, (project) =>
      runCommandLine(project, ['check']),
    );
    assert.equal(disks.code, 0, disks.stderr);
    assert.match(disks.stdout, /^2 hosts compile/);
  });

  it('name commands and options that there are', () => {
    const program = createProgram({ code: 0 });
    const lines = [...page.matchAll(/`((?:\.\/bin\/)?slab [^`]*)`/g)].map(([, line = '']) => line);
    assert.ok(lines.length > 10);
    for (const line of lines) {
      const [, name = '', ...words] = line.split(' ');
      const command = program.commands.find((each) => each.name() === name);
      assert.ok(command, `${line}: there is no such command`);
      const options = command.options.flatMap(({ long, short }) => [long, short]);
      const end = words.includes('--') ? words.indexOf('--') : words.length;
      for (const word of words.slice(0, end).filter((each) => each.startsWith('-')))
        assert.ok(options.includes(word), `${line}: there is no option ${word}`);
    }
  });
});

describe('the example of lib/inventory/README.md', () => {
  it('is an inventory', () => {
    const [block] = fencedBlocks(read('lib/inventory/README.md'));

    const parsed = parseInventory({
      file: 'inventory.yaml',
      text: block?.text ?? '',
      environment: 'prod',
      dynamic: { hosts: {} },
    });

    assert.deepEqual(parsed.diagnostics, []);
    assert.equal(parsed.value?.hosts.size, 300 + 3 + 20 + 1);
  });
});
