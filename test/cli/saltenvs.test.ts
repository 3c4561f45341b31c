import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import {
  runCommandLine,
  withProjectTree,
  type CommandEnd,
  type ProjectFiles,
} from '../support/command-line.ts';

describe('a project with two saltenvs and an encrypted pillar key', function () {
  this.timeout(60_000);
  let home = '';
  let message = '';
  const gpg = (args: readonly string[], input = ''): string => {
    const { status, stdout, stderr } = spawnSync('gpg', ['--homedir', home, '--batch', '--quiet', ...args], {
      input,
    });
    assert.equal(status, 0, stderr.toString());
    return stdout.toString();
  };

  before(() => {
    home = mkdtempSync(join(tmpdir(), 'slab-gpg-'));
    gpg(['--passphrase', '', '--quick-generate-key', 'slab@example.com', 'rsa2048', 'encr,sign', 'never']);
    message = gpg(
      ['--armor', '--trust-model', 'always', '--encrypt', '-r', 'slab@example.com'],
      'correct horse',
    );
  });
  after(() => {
    spawnSync('gpgconf', ['--homedir', home, '--kill', 'gpg-agent']);
    rmSync(home, { recursive: true, force: true });
  });

  const files = (): ProjectFiles => ({
    'inventories/prod/inventory.yaml': [
      'hosts: {web1: {address: 192.0.2.1}}',
      'salt:',
      '  file_roots: {dev: [dev, states]}',
      '  pillar_roots: {dev: dev-pillar}',
      '  decrypt_pillar: ["db:password": gpg]',
      `  gpg_keydir: ${home}`,
      '',
    ].join('\n'),
    'inventories/prod/pillar/top.sls': "base: {'*': [p]}\n",
    'inventories/prod/pillar/p.sls': 'from: base\nlayer: base\n',
    'dev-pillar/top.sls': "dev: {'web*': [d]}\n",
    'dev-pillar/d.sls': `layer: dev\ndb:\n  password: |\n${message.replace(/^/gm, '    ')}\n`,
    'states/top.sls': "base: {'*': [a]}\n",
    'states/a.sls': 'of-base: {test.nop: []}\n',
    'states/shared.sls': 'shared: {test.nop: []}\n',
    'dev/top.sls': "dev: {'web*': [b, shared]}\n",
    'dev/b.sls': 'of-dev:\n  cmd.run: [{name: "login {{ pillar.db.password }}"}]\n',
  });
  const slab = (...words: string[]): Promise<CommandEnd> =>
    withProjectTree(files(), (project) => runCommandLine(project, words));

  it('compiles the states of both, later roots behind earlier ones', async () => {
    const { code, stdout } = await slab('show', 'low', 'web1', '--offline', '--json');

    assert.equal(code, 0);
    const low = JSON.parse(stdout) as readonly { readonly __id__: string; readonly __env__: string }[];
    assert.deepEqual(
      low.map((chunk) => [chunk.__env__, chunk.__id__]),
      [
        ['base', 'of-base'],
        ['dev', 'of-dev'],
        ['dev', 'shared'],
      ],
    );
  });

  it('merges the pillar of both, and hides what was decrypted, in pillar and states', async () => {
    const pillar = await slab('show', 'pillar', 'web1', '--offline', '--json');
    const low = await slab('show', 'low', 'web1', '--offline', '--json');

    assert.deepEqual([pillar.code, low.code], [0, 0]);
    const shown = JSON.parse(pillar.stdout) as Readonly<Record<string, unknown>>;
    assert.deepEqual([shown['from'], shown['layer']], ['base', 'dev']);
    assert.match(low.stdout, /login /);
    for (const { stdout, stderr } of [pillar, low])
      assert.doesNotMatch(stdout + stderr, /correct horse|BEGIN PGP/);
  });

  it('checks without a complaint', async () => {
    const { code, stdout, stderr } = await slab('check');

    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^1 host compile, 3 states/);
  });
});
