import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { withSlab } from '../../support/slab.ts';

/** A unit that writes down each start and each reload of itself, two files it watches, and the state that runs it. */
const watcher = (unit: string, { one, two, reload }: { one: string; two: string; reload?: boolean }) => `
/etc/systemd/system/${unit}.service:
  file.managed:
    - contents: |
        [Service]
        ExecStart=/bin/sh -c 'echo start >>/var/tmp/${unit}.log; exec sleep infinity'
        ExecReload=/bin/sh -c 'echo reload >>/var/tmp/${unit}.log'
        [Install]
        WantedBy=multi-user.target
/etc/${unit}.one:
  file.managed:
    - contents: "${one}"
/etc/${unit}.two:
  file.managed:
    - contents: "${two}"
${unit}:
  service.running:
    - enable: True
    - reload: ${reload === true ? 'True' : 'False'}
    - require:
      - file: /etc/systemd/system/${unit}.service
    - watch:
      - file: /etc/${unit}.one
      - file: /etc/${unit}.two
`;

describe('services of a host with systemd', function () {
  this.timeout(60_000);
  const hosts = withSlab({ count: 1 });
  const { name, on } = hosts;

  it('are restarted once when two watched files change, and not when none does', async () => {
    const project = hosts.project({ files: { 'states/site.sls': watcher('twice', { one: 'a', two: 'b' }) } });
    const log = () => on(name(), 'cat /var/tmp/twice.log');

    const first = await project.slab('apply', '-y');
    const afterFirst = await log();
    project.write({ 'states/site.sls': watcher('twice', { one: 'x', two: 'y' }) });
    const plan = await project.slab('plan');
    const second = await project.slab('apply', '-y');
    const afterSecond = await log();
    const third = await project.slab('apply', '-y');

    assert.deepEqual([first.code, second.code, third.code], [0, 0, 0], first.all + second.all + third.all);
    assert.equal(afterFirst, 'start\n');
    assert.equal(plan.stdout.match(/r service twice restarts/g)?.length, 1, plan.stdout);
    assert.equal(afterSecond, 'start\nstart\n');
    assert.equal(await log(), afterSecond);
  });

  it('are reloaded when the state says reload', async () => {
    const text = { one: 'a', two: 'b', reload: true };
    const project = hosts.project({ files: { 'states/site.sls': watcher('again', text) } });
    await project.slab('apply', '-y');
    project.write({ 'states/site.sls': watcher('again', { ...text, two: 'c' }) });

    const applied = await project.slab('apply', '-y');

    assert.equal(applied.code, 0, applied.all);
    assert.equal(await on(name(), 'cat /var/tmp/again.log'), 'start\nreload\n');
  });

  it('that do not start are failures that show what the journal says', async () => {
    const project = hosts.project({
      files: {
        'states/site.sls': `
/etc/systemd/system/broken.service:
  file.managed:
    - contents: |
        [Service]
        Type=oneshot
        RemainAfterExit=yes
        ExecStart=/bin/sh -c 'echo the port is taken >&2; exit 3'
broken:
  service.running:
    - require:
      - file: /etc/systemd/system/broken.service
`,
      },
    });

    const applied = await project.slab('apply', '-y');

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.stdout, /the port is taken/);
    assert.match(applied.stdout, /1 failed/);
  });

  it('of a package that the same run installs are configured, enabled and running', async () => {
    const project = hosts.project({
      files: {
        'states/site.sls': `
lab-daemon:
  pkg.installed: []
  service.running:
    - enable: True
    - require:
      - pkg: lab-daemon
    - watch:
      - file: /etc/lab-daemon.conf
/etc/lab-daemon.conf:
  file.managed:
    - contents: port 80
    - require:
      - pkg: lab-daemon
`,
      },
    });

    const applied = await project.slab('apply', '-y');
    const again = await project.slab('plan', '--detailed-exitcode');

    assert.equal(applied.code, 0, applied.all);
    assert.equal(again.code, 0, again.all);
    assert.equal(
      await on(name(), 'systemctl is-active lab-daemon; systemctl is-enabled lab-daemon'),
      'active\nenabled\n',
    );
    const [started, written] = (
      await on(
        name(),
        'date -d "$(systemctl show -P ActiveEnterTimestamp lab-daemon)" +%s; stat -c %Y /etc/lab-daemon.conf',
      )
    ).split('\n');
    assert.ok(Number(started) >= Number(written), 'it was started with its configuration in place');
  });

  it('are stopped and left disabled', async () => {
    const text = watcher('gone', { one: 'a', two: 'b' });
    const project = hosts.project({ files: { 'states/site.sls': text } });
    await project.slab('apply', '-y');
    project.write({ 'states/site.sls': 'gone:\n  service.dead:\n    - enable: False\n' });

    const applied = await project.slab('apply', '-y');
    const again = await project.slab('plan', '--detailed-exitcode');

    assert.deepEqual([applied.code, again.code], [0, 0], applied.all + again.all);
    assert.equal(
      await on(name(), 'systemctl is-active gone; systemctl is-enabled gone; true'),
      'inactive\ndisabled\n',
    );
  });

  it('whose unit file changes run with the new one', async () => {
    const text = watcher('unit', { one: 'a', two: 'b' }).replace(
      '    - watch:\n',
      '    - watch:\n      - file: /etc/systemd/system/unit.service\n',
    );
    const project = hosts.project({ files: { 'states/site.sls': text } });
    await project.slab('apply', '-y');
    project.write({ 'states/site.sls': text.replace('echo start', 'echo changed') });

    const applied = await project.slab('apply', '-y');
    const again = await project.slab('plan', '--detailed-exitcode');

    assert.deepEqual([applied.code, again.code], [0, 0], applied.all + again.all);
    assert.equal(await on(name(), 'cat /var/tmp/unit.log'), 'start\nchanged\n');
  });
});

describe('services of a host with init scripts', function () {
  this.timeout(60_000);
  const hosts = withSlab({ count: 1, form: 'light' });
  const { name, on } = hosts;
  const states = (port: number) => `
lab-daemon:
  pkg.installed: []
  service.running:
    - enable: True
    - require:
      - pkg: lab-daemon
    - watch:
      - file: /etc/lab-daemon.conf
/etc/lab-daemon.conf:
  file.managed:
    - contents: port ${port}
`;
  const pid = async () => (await on(name(), 'cat /run/lab-daemon.pid')).trim();

  it('are started, restarted for a watched file, and started again after somebody stopped them', async () => {
    const project = hosts.project({ files: { 'states/site.sls': states(80) } });

    const installed = await project.slab('apply', '-y');
    const empty = await project.slab('plan', '--detailed-exitcode');
    const first = await pid();
    project.write({ 'states/site.sls': states(81) });
    const changed = await project.slab('apply', '-y');
    const second = await pid();
    await on(name(), '/etc/init.d/lab-daemon stop');
    const drifted = await project.slab('plan', '--detailed-exitcode');
    const started = await project.slab('apply', '-y');

    assert.equal(installed.code, 0, installed.all);
    assert.equal(empty.code, 0, empty.all);
    assert.equal(changed.code, 0, changed.all);
    assert.notEqual(first, second);
    assert.equal(drifted.code, 2, drifted.all);
    assert.match(drifted.stdout, /service lab-daemon .*→ active/);
    assert.equal(started.code, 0, started.all);
    await on(name(), '/etc/init.d/lab-daemon status');
  });
});
