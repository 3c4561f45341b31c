import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { bringer } from '../../support/host-case.ts';
import { withLab } from '../../support/lab.ts';

describe('packages and services of a host with systemd', () => {
  const lab = withLab({ count: 1 });
  const { bring, run } = bringer(lab, () => lab.hosts()[0]?.name ?? '');
  const pid = () => run('systemctl show -p MainPID --value lab-daemon').trim();
  const fields = (brought: { readonly changes: readonly { readonly field: string }[] }) =>
    brought.changes.map(({ field }) => field);
  const pkg = [{ object: 'pkg:lab-daemon', action: 'create' }] as const;

  it('foresees a service that a package brings, installs it, and finds nothing left to do', () => {
    const before = bring(['service.running', 'nosuch-daemon', { enable: true }], { foreseen: pkg });
    assert.deepEqual(
      before.changes.map(({ certainty }) => certainty),
      ['provisional', 'provisional'],
    );

    const installed = bring(['pkg.installed', 'lab-daemon']);
    // The first step fetches the index, unless it is young enough: that hangs on when the image of the hosts was built.
    assert.match(installed.codes.join(), /^(117|0),0$/, installed.output);
    assert.deepEqual(installed.left, []);

    const running = bring(['service.running', 'lab-daemon', { enable: true }]);
    assert.deepEqual([running.changes, running.problems], [[], []]);
  });

  it('restarts or reloads a service on a watched change', () => {
    const first = pid();

    const reloaded = bring(['service.running', 'lab-daemon', { reload: true }], { refresh: true });
    assert.deepEqual(reloaded.codes, [0], reloaded.output);
    assert.equal(pid(), first);
    assert.match(run('journalctl -u lab-daemon -n 5 -o cat'), /^reloaded$/m);

    const restarted = bring(['service.running', 'lab-daemon'], { refresh: true });
    assert.deepEqual(restarted.codes, [0], restarted.output);
    assert.notEqual(pid(), first);
  });

  it('calls what reloads and restarts it, when a watched state changes or each time', () => {
    const first = pid();
    const waiting = bring(['module.wait', 'service.reload', { m_name: 'lab-daemon' }]);
    const reloaded = bring(['module.wait', 'service.reload', { m_name: 'lab-daemon' }], { refresh: true });
    const same = pid();
    const restarted = bring([
      'module.run',
      'both',
      { 'service.systemctl_reload': null, 'service.restart': [{ name: 'lab-daemon' }] },
    ]);
    const missing = bring(['module.run', 'service.restart', { m_name: 'nosuch-daemon' }]);

    assert.deepEqual([waiting.codes, reloaded.codes, restarted.codes], [[], [0], [0, 0]], restarted.output);
    assert.equal(same, first);
    assert.notEqual(pid(), first);
    assert.notDeepEqual(missing.codes, [0]);
    assert.match(missing.output, /nosuch-daemon\.service not found/);
  });

  it('stops and disables, masks and unmasks, starts and enables', () => {
    const dead = bring(['service.dead', 'lab-daemon', { enable: false }]);
    assert.deepEqual(
      [fields(dead), dead.codes, dead.left],
      [['enabled', 'running'], [0, 0], []],
      dead.output,
    );

    const masked = bring(['service.masked', 'lab-daemon']);
    assert.deepEqual([fields(masked), masked.codes, masked.left], [['masked'], [0], []], masked.output);

    const refused = bring(['service.running', 'lab-daemon']);
    assert.match(refused.problems.join(), /lab-daemon\.service is masked/);

    const running = bring(['service.running', 'lab-daemon', { enable: true, unmask: true }]);
    assert.deepEqual(
      running.codes,
      running.codes.map(() => 0),
      running.output,
    );
    assert.deepEqual(bring(['service.running', 'lab-daemon', { enable: true }]).left, []);
  });

  it('fails and says why when a service dies as soon as it is started', () => {
    run(
      `printf '[Service]\\nExecStart=/bin/sh -c "echo no configuration; exit 4"\\n' >/etc/systemd/system/dies.service`,
    );

    const brought = bring(['service.running', 'dies']);

    assert.deepEqual(brought.codes, [1]);
    assert.match(brought.output, /dies\.service is not running after its start/);
    assert.match(brought.output, /no configuration/);
  });

  it('fails when a service is started again and again', () => {
    run(
      `printf '[Service]\\nExecStart=/bin/sh -c "sleep 0.3; exit 3"\\nRestart=always\\nRestartSec=10\\n' >/etc/systemd/system/loops.service`,
    );

    const brought = bring(['service.running', 'loops']);

    assert.deepEqual(brought.codes, [1]);
    assert.deepEqual(brought.left, ['running']);
  });

  it('has systemd read a unit file that has changed', () => {
    run(`mkdir -p /etc/systemd/system/lab-daemon.service.d
printf '[Service]\\nNice=3\\n' >/etc/systemd/system/lab-daemon.service.d/nice.conf`);

    const brought = bring(['service.running', 'lab-daemon']);

    assert.deepEqual(
      [fields(brought), brought.codes, brought.left],
      [['definition'], [0], []],
      brought.output,
    );
  });

  it('refuses to stop what it is logged in through', () => {
    assert.match(bring(['service.dead', 'ssh']).problems.join(), /cut off slab's own way in/);
    assert.match(bring(['pkg.removed', 'openssh-server']).problems.join(), /nobody, slab included/);
  });

  it('upgrades, downgrades, holds and removes packages with what depends on them', () => {
    const first = bring(['pkg.installed', 'lab-hello', { version: '1.0' }]);
    assert.deepEqual([first.codes, first.left], [[117, 0], []], first.output);

    const newest = bring(['pkg.latest', 'lab-hello']);
    assert.deepEqual(
      newest.changes.map(({ before, after }) => [before, after]),
      [['1.0', '1.1']],
    );
    assert.deepEqual([newest.codes, newest.left], [[117, 0], []], newest.output);

    const older = bring(['pkg.installed', 'lab-hello', { version: '<1.1', hold: true }]);
    assert.deepEqual([older.codes, older.left], [[117, 0, 0], []], older.output);
    assert.match(bring(['pkg.latest', 'lab-hello']).problems.join(), /is on hold/);

    const dependent = bring(['pkg.installed', 'lab-greeter']);
    assert.deepEqual([dependent.codes, dependent.left], [[117, 0], []], dependent.output);
    assert.deepEqual(bring(['pkg.installed', 'lab-hello', { hold: false }]).left, []);

    const removed = bring(['pkg.removed', 'lab-hello']);
    assert.deepEqual(fields(removed), ['version', 'removes']);
    assert.deepEqual([removed.codes, removed.left], [[0], []], removed.output);
    assert.equal(run('dpkg-query -W lab-greeter 2>/dev/null || echo gone').trim(), 'gone');
  });

  it('removes nothing that the plan did not show', () => {
    run('apt-get install -y lab-hello >/dev/null 2>&1');
    const between = 'apt-get install -y lab-greeter >/dev/null 2>&1';

    const brought = bring(['pkg.removed', 'lab-hello'], { between });

    assert.deepEqual(fields(brought), ['version']);
    assert.deepEqual(brought.codes, [118]);
    assert.match(brought.output, /apt would also remove lab-greeter, which the plan did not show/);
    assert.equal(run('lab-greeter').trim(), 'hello from lab-hello 1.1');
  });

  it('keeps a configuration file that was changed, and purges it with the package', () => {
    assert.deepEqual(bring(['pkg.installed', 'lab-conf']).left, []);
    run('echo mine >>/etc/lab-conf.conf');
    assert.deepEqual(bring(['pkg.removed', 'lab-conf']).left, []);
    assert.match(run('cat /etc/lab-conf.conf'), /^mine$/m);

    const purged = bring(['pkg.purged', 'lab-conf']);

    assert.deepEqual(
      purged.changes.map(({ risk }) => risk),
      ['destroy'],
    );
    assert.deepEqual([purged.codes, purged.left], [[0], []], purged.output);
    assert.equal(run('test -e /etc/lab-conf.conf || echo gone').trim(), 'gone');
  });
});
