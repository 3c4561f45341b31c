import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { runCommandLine, withProjectTree, type CommandEnd } from '../support/command-line.ts';
import { repository } from '../support/slab.ts';

const FILES = {
  'inventories/prod/inventory.yaml': 'hosts: {web1: {address: 192.0.2.1}}\nsecrets: ["db:password"]\n',
  'inventories/prod/pillar/top.sls': "base: {'*': [p]}\n",
  'inventories/prod/pillar/p.sls': 'a: file\nm: {x: 1, y: 1}\n',
  'states/top.sls': "base: {'*': [a]}\n",
  'states/a.sls': 'x: {test.nop: [{v: "{{ pillar.a }}"}]}\n',
  'data.json': '{"db": {"password": "correct horse"}, "a": "data file"}',
};

const show = (...words: string[]): Promise<CommandEnd> =>
  withProjectTree(FILES, (project) =>
    runCommandLine(project, [
      ...['show', 'pillar', 'web1', '--offline', '--json'],
      ...words.map((word) => (word === 'data.json' ? join(project, word) : word)),
    ]),
  );

describe('--pillar-data', () => {
  it('wins over the pillar files and is merged with them', async () => {
    const { code, stdout } = await show('--pillar-data', '{"a": "line", "m": {"y": 2}}');

    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout), { a: 'line', m: { x: 1, y: 2 } });
  });

  it('reads secrets from a file, and hides them', async () => {
    const { code, stdout } = await show('--pillar-data', 'data.json');

    assert.equal(code, 0);
    assert.match(stdout, /"data file"/);
    assert.doesNotMatch(stdout, /correct horse/);
  });

  it('refuses a secret on the command line, where every user of the machine reads it, and does not repeat it', async () => {
    const { code, stdout, stderr } = await show('--pillar-data', '{"db": {"password": "correct horse"}}');

    assert.equal(code, 3);
    assert.match(stderr, /--pillar-data holds a secret on the command line/);
    assert.doesNotMatch(stdout + stderr, /correct horse/);
  });

  it('counts without a project too', async () => {
    const { code, stdout } = await withProjectTree({ ...FILES, 'grains.json': '{"id": "web1"}' }, (project) =>
      runCommandLine(project, [
        ...['show', 'low', 'a', '--states', join(project, 'states')],
        ...['--grains', join(project, 'grains.json'), '--pillar-data', '{"a": "line"}'],
      ]),
    );

    assert.equal(code, 0);
    assert.match(stdout, /"v": "line"/);
  });

  it('reads - from standard input, secrets as well, and hides them', () =>
    withProjectTree(FILES, (project) => {
      const program = ['--import=tsx', join(repository, 'bin/slab.ts')];
      const words = [...program, 'show', 'pillar', 'web1', '--offline', '--json', '--pillar-data', '-'];
      const env = { ...process.env, SLAB_PROJECT: project, NO_COLOR: '1' };
      const input = FILES['data.json'];
      const { status, stdout } = spawnSync(process.execPath, words, {
        cwd: repository,
        env,
        input,
        encoding: 'utf8',
      });

      assert.equal(status, 0);
      assert.match(stdout, /"data file"/);
      assert.doesNotMatch(stdout, /correct horse/);
      return Promise.resolve();
    })).timeout(30_000);

  for (const [written, said] of [
    ['{"a": ', '--pillar-data is no JSON'],
    ['gone.json', 'the pillar data gone.json cannot be read'],
  ] as const)
    it(`answers ${written} with: ${said}`, async () => {
      const { code, stderr } = await show('--pillar-data', written);

      assert.equal(code, 3);
      assert.ok(stderr.includes(said), stderr);
    });
});
