import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { eventually } from '../../support/lab.ts';
import { withSlab } from '../../support/slab.ts';

/** A change, something that takes a while, and what is to follow from the change. */
const CHANGE = `
/srv/app.conf:
  file.managed:
    - contents: {{ pillar.version }}
wait:
  cmd.run:
    - name: touch /srv/waiting; while ! test -e /srv/go; do sleep 0.1; done; rm -f /srv/go /srv/waiting
    - onchanges: [{file: /srv/app.conf}]
react:
  cmd.run:
    - name: echo {{ pillar.version }} >>/srv/reacted
    - onchanges: [{file: /srv/app.conf}]
refresh:
  cmd.wait:
    - name: echo {{ pillar.version }} >>/srv/refreshed
    - watch: [{file: /srv/app.conf}]
`;

const ONCE = `
migrate:
  cmd.run:
    - name: echo began >>/srv/migrated; touch /srv/waiting; while ! test -e /srv/go; do sleep 0.1; done; rm -f /srv/go; echo ended >>/srv/migrated
after:
  file.managed:
    - name: /srv/after
    - contents: there
`;

describe('what a run that died left undone', function () {
  this.timeout(120_000);
  const hosts = withSlab({ count: 1, form: 'light' });
  const { on, name } = hosts;
  const files = (site: string, version = '1') => ({
    'states/site.sls': site,
    'inventories/lab/pillar/top.sls': "base: {'*': [all]}\n",
    'inventories/lab/pillar/all.sls': `version: ${version}\n`,
  });
  const read = async (path: string): Promise<readonly string[]> =>
    (await on(name(), `cat ${path} 2>/dev/null; true`)).split('\n').filter((line) => line !== '');
  const left = (): Promise<string> =>
    on(name(), 'find /var/lib/slab/runs /run/slab/left -type f 2>/dev/null; true');
  /** Starts an apply, and waits until its step waits. */
  const untilItWaits = async (project: ReturnType<typeof hosts.project>, command = 'apply') => {
    await on(name(), 'rm -rf /srv/* /var/lib/slab');
    const run = project.start(command, '-y', '--progress', 'lines');
    await eventually('the step waits', async () => (await read('/srv/waiting; ls /srv/waiting')).length > 0);
    return run;
  };

  /** Runner and step die as with the host's power; here they are killed. */
  const cutPower = async ({ ended }: { readonly ended: Promise<unknown> }): Promise<void> => {
    await on(
      name(),
      'read -r run </run/slab/lease; d=/run/slab/$run; kill -9 "$(cat $d/shell)"; kill -9 -- "$(cat $d/pid)"',
    );
    await ended;
  };

  /** The controller is killed while the step waits; the host's runner goes on to its end. */
  const dieWhileItWaits = async (project: ReturnType<typeof hosts.project>): Promise<void> => {
    const killed = await untilItWaits(project);
    killed.kill('SIGKILL');
    await killed.ended;
    await on(name(), 'touch /srv/go');
    await eventually(
      'the runner has ended',
      async () => (await read('/srv/waiting; ls /srv/waiting')).length === 0,
    );
  };

  it('is made up for by the next run: a reaction is owed with its reason, and follows once', async () => {
    const project = hosts.project({ files: files(CHANGE) });
    await dieWhileItWaits(project);
    const plan = await project.slab('plan');
    const next = await project.slab('apply', '-y', '--progress', 'none', '--wait', '20');
    const again = await project.slab('plan', '--detailed-exitcode');

    assert.match(
      plan.stdout,
      /owed since run \w{8}: file\.managed \/srv\/app\.conf changed, and this did not follow/,
    );
    assert.doesNotMatch(plan.stdout, /while ! test -e/, 'what has ended is not owed');
    assert.equal(next.code, 0, next.all);
    assert.deepEqual([await read('/srv/reacted'), await read('/srv/refreshed')], [['1'], ['1']]);
    assert.equal(again.code, 0, again.all);
    assert.equal(await left(), '');
  });

  for (const [flag, lines] of [
    ['--skip-unknown', ['began']],
    ['--run-unknown', ['began', 'began', 'ended']],
  ] as const)
    it(`is asked about where it may not run twice: ${flag} decides`, async () => {
      const project = hosts.project({ files: files(ONCE) });
      const killed = await untilItWaits(project);
      await cutPower(killed);

      const plan = await project.slab('plan');
      const refused = await project.slab('apply', '-y', '--progress', 'none');
      const before = await read('/srv/after');
      await on(name(), 'touch /srv/go');
      const decided = await project.slab('apply', '-y', flag, '--progress', 'none');

      assert.match(
        plan.stdout.replace(/\s+/g, ' '),
        /an earlier run began it \(root@.*\), and nobody knows whether it ended/,
      );
      assert.equal(refused.code, 6, refused.all);
      assert.match(
        refused.all.replace(/\s+/g, ' '),
        /nobody knows whether cmd\.run migrate of run \w{8} ended/,
      );
      assert.match(
        refused.all.replace(/\s+/g, ' '),
        /--skip-unknown when it was done, or --run-unknown to run it again/,
      );
      assert.deepEqual(before, [], 'nothing is begun on that host');
      assert.equal(decided.code, 0, decided.all);
      assert.deepEqual(await read('/srv/migrated'), lines);
      assert.deepEqual(await read('/srv/after'), ['there']);
      assert.doesNotMatch(await left(), /begun-|owed-/);
    });

  for (const [who, kill] of [
    ['its runner', ''],
    ['its step alone, which outlives its runner', 'kill -9 "$(cat $d/shell)"'],
  ] as const)
    it(`is no question while it is still at work, ${who}: the host is locked`, async () => {
      const project = hosts.project({ files: files(ONCE) });
      const { ended } = await untilItWaits(project);
      if (kill !== '') await on(name(), `read -r run </run/slab/lease; d=/run/slab/$run; ${kill}`);

      const plan = await project.slab('plan');
      const refused = await project.slab('apply', '-y', '--progress', 'none');
      await on(name(), 'touch /srv/go');
      await ended;

      assert.equal(plan.code, 0, plan.all);
      assert.doesNotMatch(plan.all, /nobody knows/);
      assert.match(
        plan.all.replace(/\s+/g, ' '),
        /another run is at work there \(root@\S+, run \w{8}, since/,
      );
      assert.equal(refused.code, 6, refused.all);
      assert.match(refused.all.replace(/\s+/g, ' '), /locked by root@\S+, run \w{8}, since/);
      assert.deepEqual(await read('/srv/migrated'), ['began', 'ended']);
    });

  it('is not done again by a roll-out that is gone on with, and runs anew in another', async () => {
    const project = hosts.project({
      files: {
        ...files('bare:\n  cmd.run:\n    - name: echo ran >>/srv/ran\n'),
        'inventories/lab/rollout.yaml': `stages:
  - {name: all, target: '*', gates: [converged, ready]}
gates: {ready: {command: test -e /srv/ready, tries: 1, when: after}}
`,
      },
    });
    await on(name(), 'rm -rf /srv/* /var/lib/slab');

    const halted = await project.slab('deploy', '-y', '--progress', 'lines');
    const ranOnce = await read('/srv/ran');
    // Somebody else's run comes in between.
    const other = await project.slab('apply', '-y', '--progress', 'none');
    await on(name(), 'touch /srv/ready');
    const resumed = await project.slab('deploy', '-y', '--resume', '--progress', 'lines');
    const ranTwice = await read('/srv/ran');
    const anew = await project.slab('deploy', '-y', '--progress', 'none');

    assert.equal(halted.code, 7, halted.all);
    assert.match(halted.all, /gate converged is green/);
    assert.equal(resumed.code, 0, resumed.all);
    assert.equal(other.code, 0, other.all);
    assert.deepEqual([ranOnce, ranTwice], [['ran'], ['ran', 'ran']]);
    assert.equal(anew.code, 0, anew.all);
    assert.deepEqual(await read('/srv/ran'), ['ran', 'ran', 'ran']);
  });

  it('is taken for done by a roll-out that is gone on with when an apply in between was told so', async () => {
    const rollout = "stages:\n  - {name: all, target: '*', gates: [converged]}\n";
    const project = hosts.project({
      files: { ...files(ONCE), 'inventories/lab/rollout.yaml': rollout },
    });
    await cutPower(await untilItWaits(project, 'deploy'));

    const decided = await project.slab('apply', '-y', '--skip-unknown', '--progress', 'none');
    const resumed = await project.slab('deploy', '-y', '--resume', '--progress', 'none');

    assert.deepEqual([decided.code, resumed.code], [0, 0], decided.all + resumed.all);
    assert.deepEqual(await read('/srv/migrated'), ['began']);
  });

  it('is asked about where the power went right after a reaction, so that it does not follow twice', async () => {
    const project = hosts.project({
      files: files(
        '/srv/cause:\n  file.managed:\n    - contents: x\nreact:\n  cmd.run:\n    - name: echo ran >>/srv/reacted\n    - onchanges: [{file: /srv/cause}]\n',
      ),
    });
    await on(name(), 'rm -rf /srv/* /var/lib/slab');
    // The runner dies with the first record that it removes.
    const dying =
      '#!/bin/sh\ncase "$*" in */slab/runs/*) /bin/rm "$1" "$2" "$3"; kill -9 $PPID; exit ;; esac\nexec /bin/rm "$@"\n';
    await on(name(), `printf '%s' '${dying}' >/usr/local/bin/rm; chmod +x /usr/local/bin/rm`);
    const cut = await project.slab('apply', '-y', '--progress', 'none');
    await on(name(), '/bin/rm /usr/local/bin/rm');

    const refused = await project.slab('apply', '-y', '--progress', 'none');
    const decided = await project.slab('apply', '-y', '--skip-unknown', '--progress', 'none');

    assert.equal(cut.code, 5, cut.all);
    assert.equal(refused.code, 6, refused.all);
    assert.equal(decided.code, 0, decided.all);
    assert.deepEqual(await read('/srv/reacted'), ['ran']);
    assert.doesNotMatch(await left(), /begun-|owed-/);
  });

  it('is forgotten, and said, when nobody declares it any more', async () => {
    const project = hosts.project({ files: files(CHANGE) });
    await dieWhileItWaits(project);
    project.write(files('/srv/app.conf:\n  file.managed:\n    - contents: other\n'));

    const next = await project.slab('apply', '-y', '--progress', 'lines', '--wait', '20');

    assert.equal(next.code, 0, next.all);
    assert.match(
      next.all,
      /owed cmd\.run echo 1 >>\/srv\/reacted a reaction to file\.managed \/srv\/app\.conf; it is not declared any more/,
    );
    assert.equal(await left(), '');
  });
});

describe('what a run that died in a trial left undone', function () {
  this.timeout(180_000);
  const hosts = withSlab({ count: 1 });
  const { on, name } = hosts;
  const drop = '/etc/ssh/sshd_config.d/10-site.conf';

  it('follows once, when what the host took back was tried again', async () => {
    const site = `${drop}:\n  file.managed:\n    - contents: MaxAuthTries 5\nreact:\n  cmd.run:\n    - name: echo ran >>/srv/reacted\n    - onchanges: [{file: ${drop}}]\n`;
    const project = hosts.project({ files: { 'states/site.sls': site } });
    const words = ['apply', '-y', '--confirm-within', '20', '--progress', 'lines'];
    const run = project.start(...words);
    await run.heard(/trial \S+: on trial: /g, 1);
    run.kill('SIGKILL');
    await run.ended;
    await eventually(
      'the host has taken it back',
      async () =>
        (await on(name(), 'cat /run/slab/trial/*/decided/how 2>/dev/null; true')) === 'rolled-back\n',
      60_000,
    );
    const during = await on(name(), `ls ${drop} /srv/reacted 2>/dev/null; true`);

    const next = await project.slab(...words, '--wait', '60');
    const again = await project.slab('plan', '--detailed-exitcode');

    assert.equal(during, '');
    assert.equal(next.code, 0, next.all);
    assert.match(next.all, /confirmed over a new login/);
    assert.equal(await on(name(), 'cat /srv/reacted'), 'ran\n');
    assert.equal(again.code, 0, again.all);
    assert.equal(await on(name(), 'find /var/lib/slab/runs /run/slab/left -type f 2>/dev/null; true'), '');
  });
});
