import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { eventually } from '../../support/lab.ts';
import { withSlab } from '../../support/slab.ts';

const canary = 'canary-0xC0FFEE-blue/42';

/** The forms in which it could be found. */
const forms = [
  canary,
  Buffer.from(canary).toString('base64'),
  Buffer.from(canary).toString('hex'),
  encodeURIComponent(canary),
];

describe('a secret of the pillar', function () {
  this.timeout(60_000);
  const hosts = withSlab({ count: 1, form: 'light' });
  const { name, on, ssh } = hosts;

  const project = (states: string) =>
    hosts.project({
      inventory: 'secrets: [vault]',
      files: {
        'inventories/lab/pillar/top.sls': "base: {'*': [vault]}\n",
        'inventories/lab/pillar/vault.sls': `vault:\n  token: ${canary}\n  hash: $6$salt$${canary}\n`,
        'states/site.sls': states,
      },
    });
  const assertNowhere = (text: string, where: string) => {
    for (const form of forms) assert.ok(!text.includes(form), `${where} holds ${form}:\n${text}`);
  };
  const kept = (directory: string): string => {
    const folder = join(directory, '.slab');
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
      .join('\n');
  };

  it('is in no plan, no result, no journal, no error, and in no process that slab starts', async () => {
    const vault = project(`
/root/token:
  file.managed:
    - contents: "token={{ pillar['vault']['token'] }}"
    - mode: "0600"
with-env:
  cmd.run:
    - name: touch /tmp/at-work; while test ! -e /tmp/go-on; do sleep 0.1; done; test -n "$TOKEN"
    - env:
      - TOKEN: "{{ pillar['vault']['token'] }}"
    - creates: /tmp/never
    - require: [{file: /root/token}]
hashed:
  user.present:
    - password: "{{ pillar['vault']['hash'] }}"
says-it:
  cmd.run:
    - name: "cat /root/token; base64 -w0 /root/token; echo {{ pillar['vault']['token'] }} | base64; exit 3"
    - require: [{cmd: with-env}]
`);
    const plan = await vault.slab('plan', '--full');
    const json = await vault.slab('plan', '--json');
    const low = await vault.slab('show', 'low', name());
    const pillar = await vault.slab('show', 'pillar', name());
    const run = vault.start('apply', '-y', '-v', '--full', '--progress', 'lines');
    await eventually(
      'the slow step is at work',
      async () => (await ssh(name(), 'test -e /tmp/at-work')).code === 0,
    );
    const processes = await on(
      name(),
      'for p in /proc/[0-9]*; do tr "\\0" "\\n" <$p/cmdline | sed "s,^,$p arg ,"; case $(tr "\\0" " " <$p/cmdline) in *slab_text*|*sleep*) ;; *) tr "\\0" "\\n" <$p/environ | sed "s,^,$p env ,";; esac; done 2>/dev/null; touch /tmp/go-on',
    );
    const applied = await run.ended;

    assert.equal(plan.code, 0, plan.all);
    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.stdout, /cmd\.run .*\n.*failed with exit code 3/);
    assert.equal(await on(name(), 'cat /root/token'), `token=${canary}\n`);
    assert.equal(await on(name(), 'getent shadow hashed | cut -d: -f2'), `$6$salt$${canary}\n`);
    assert.match(processes, / arg sh$/m);
    assert.match(processes, / env PATH=/m);
    for (const [where, text] of Object.entries({
      plan: plan.all,
      json: json.all,
      low: low.all,
      pillar: pillar.all,
      apply: applied.all,
      kept: kept(vault.directory),
      processes,
      // The step's own output was printed by the step; the runner keeps nothing of it.
      host: await on(name(), 'cat /run/slab/*/* /run/slab/lock 2>/dev/null; ls -R /tmp /var/tmp'),
    }))
      assertNowhere(text, where);
  });

  it('is not shown by a run of a command, nor by events as JSON', async () => {
    const vault = project(`
tells:
  cmd.run:
    - name: "echo {{ pillar['vault']['token'] }} >&2; false"
`);
    const applied = await vault.slab('apply', '-y', '--json');

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.stdout, /"type":"chunk.finished"/);
    assertNowhere(applied.all, 'events');
    assertNowhere(kept(vault.directory), 'journal');
  });

  it('is not shown by mistakes in states that hold it', async () => {
    const vault = project("x:\n  file.managed:\n    - modes: {{ pillar['vault']['token'] }}\n");

    const planned = await vault.slab('plan');
    const checked = await vault.slab('check', '--json');

    assert.deepEqual([planned.code, checked.code], [3, 3], planned.all + checked.all);
    assertNowhere(planned.all + checked.all, 'the error');
  });
});
