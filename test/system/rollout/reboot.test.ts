import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { withSlab } from '../../support/slab.ts';

/** What was there, a reboot out of the boot that the pillar names, and what comes after it. */
const STATES = `
/etc/first:
  file.managed:
    - contents: there
reboot:
  module.run:
    - name: system.reboot
    - onlyif: grep -qx {{ pillar.boot }} /proc/sys/kernel/random/boot_id
/run/after:
  file.managed:
    - contents: there
    - require: [{module: reboot}]
`;

for (const diskless of [false, true])
  describe(`a reboot that a state asks for, on a host ${diskless ? 'that keeps nothing' : 'with a disk'}`, function () {
    this.timeout(240_000);
    const hosts = withSlab({ count: 1, form: 'systemd', diskless });
    const { on, name } = hosts;
    const boot = async (): Promise<string> =>
      (await on(name(), 'cat /proc/sys/kernel/random/boot_id')).trim();
    const begin = async (site: string) =>
      hosts.project({
        files: {
          'states/site.sls': site,
          'inventories/lab/pillar/top.sls': "base: {'*': [all]}\n",
          'inventories/lab/pillar/all.sls': `boot: ${await boot()}\n`,
          'inventories/lab/rollout.yaml': "stages:\n  - {name: all, target: '*', gates: [converged]}\n",
        },
      });

    for (const command of ['apply', 'deploy'])
      it(`is waited for by slab ${command}, which then does the rest and what the reboot undid`, async () => {
        const before = await boot();
        const project = await begin(STATES);
        await on(name(), 'echo there >/etc/first');

        const plan = await project.slab('plan');
        const { code, all } = await project.slab(command, '-y', '--progress', 'lines');

        assert.match(plan.stdout, /r {2}1 host {2}.*reboot/);
        assert.equal(code, 0, all);
        assert.match(all, /is rebooted, as a state asks for it; waiting up to \d+ s for its new boot/);
        assert.match(all, /is back after \d+ s with a new boot/);
        assert.doesNotMatch(all, /it comes after the reboot/);
        assert.notEqual(await boot(), before);
        assert.equal(await on(name(), 'cat /etc/first /run/after'), 'there\nthere\n');
        assert.equal((await project.slab('plan', '--detailed-exitcode')).code, 0);
      });

    it('is not done a second time in a run: what asks for it again has failed', async () => {
      const project = await begin(
        'reboot:\n  module.run:\n    - name: system.reboot\n    - onlyif: test ! -e /nowhere\n',
      );
      const before = await boot();

      const { code, all } = await project.slab('apply', '-y', '--progress', 'lines');

      assert.equal(code, 5, all);
      assert.match(
        all.replace(/\s+/g, ' '),
        /it was rebooted, and asks for it once more: that is left to a person/,
      );
      assert.notEqual(await boot(), before);
    });

    if (!diskless)
      it('follows from a change, once', async () => {
        const project = await begin(
          '/etc/cause:\n  file.managed:\n    - contents: x\nreboot:\n  module.run:\n    - name: system.reboot\n    - onchanges: [{file: /etc/cause}]\n',
        );

        const first = await project.slab('apply', '-y', '--progress', 'lines');
        const second = await project.slab('plan', '--detailed-exitcode');

        assert.equal(first.code, 0, first.all);
        assert.equal(first.all.split('with a new boot').length, 2, first.all);
        assert.equal(second.code, 0, second.all);
      });
  });

describe('a reboot out of which a host does not come back', function () {
  this.timeout(240_000);
  const hosts = withSlab({ count: 2, form: 'systemd' });
  const { on, name } = hosts;

  it('is waited for as long as is said; the host is named, nothing more is begun, and a resume goes on', async () => {
    const boot = (await on(name(0), 'cat /proc/sys/kernel/random/boot_id')).trim();
    const project = hosts.project({
      files: {
        'states/site.sls': STATES,
        'inventories/lab/pillar/top.sls': "base: {'*': [all]}\n",
        'inventories/lab/pillar/all.sls': `boot: ${boot}\n`,
        'inventories/lab/rollout.yaml': `stages:
  - {name: canary, target: ${name(0)}, gates: [converged]}
  - {name: rest, target: '*'}
`,
      },
    });
    const run = project.start('deploy', '-y', '--reboot-within', '15', '--progress', 'lines');
    await run.heard(/is rebooted, as a state asks for it; waiting up to 15 s/g, 1);
    await hosts.lab.power(name(0), 'off');

    const halted = await run.ended;
    const shown = await project.slab('show', /run (\w{8})/.exec(halted.all)?.[1] ?? '');
    await hosts.lab.power(name(0), 'on');
    const resumed = await project.slab('deploy', '-y', '--resume', '--progress', 'lines');

    assert.equal(halted.code, 7, halted.all);
    assert.match(
      halted.stdout.replace(/\s+/g, ' '),
      /unknown .*it did not come back within 15 s of its reboot: .* refuses connections/,
    );
    assert.match(halted.stdout, new RegExp(`Stopped: .*${name(0)}\n[^]*Not begun: ${name(1)}\n`));
    assert.match(shown.stdout, new RegExp(`${name(0)} .*unknown.*it did not come back within 15 s`));
    assert.equal(resumed.code, 0, resumed.all);
    assert.doesNotMatch(resumed.all, /is rebooted, as a state asks/);
    for (const index of [0, 1])
      assert.equal(await on(name(index), 'cat /etc/first /run/after'), 'there\nthere\n');
  });
});

describe('Ctrl-C while a host reboots', function () {
  this.timeout(240_000);
  const hosts = withSlab({ count: 1, form: 'systemd' });
  const { on, name } = hosts;

  it('ends the waiting at once, names the host as unknown, and leaves a run that a resume goes on with', async () => {
    const boot = (await on(name(), 'cat /proc/sys/kernel/random/boot_id')).trim();
    const project = hosts.project({
      files: {
        'states/site.sls': STATES,
        'inventories/lab/pillar/top.sls': "base: {'*': [all]}\n",
        'inventories/lab/pillar/all.sls': `boot: ${boot}\n`,
        'inventories/lab/rollout.yaml': "stages:\n  - {name: all, target: '*', gates: [converged]}\n",
      },
    });
    // Long enough that nobody takes the end of the waiting for that of its time.
    const run = project.start('deploy', '-y', '--reboot-within', '3600', '--progress', 'lines');
    await run.heard(/is rebooted, as a state asks for it; waiting up to 3600 s/g, 1);
    await hosts.lab.power(name(), 'off');
    run.kill('SIGINT');

    const stopped = await run.ended;
    const shown = await project.slab('show', /run (\w{8})/.exec(stopped.all)?.[1] ?? '');
    await hosts.lab.power(name(), 'on');
    const resumed = await project.slab('deploy', '-y', '--resume', '--progress', 'lines');

    assert.equal(stopped.code, 130, stopped.all);
    assert.match(shown.stdout, new RegExp(`${name()} .*unknown.*was stopped while it was rebooting`));
    assert.equal(resumed.code, 0, resumed.all);
    assert.doesNotMatch(resumed.all, /is rebooted, as a state asks/);
    assert.equal(await on(name(), 'cat /etc/first /run/after'), 'there\nthere\n');
  });
});

for (const how of ['apply FILE', 'apply --expect FILE'])
  describe(`a reboot in a saved plan, by slab ${how}`, function () {
    this.timeout(240_000);
    const hosts = withSlab({ count: 2, form: 'systemd' });
    const { on, name } = hosts;

    it('is done with what comes after it, unless the reboot undid more than was approved', async () => {
      const boots = await Promise.all(
        [0, 1].map((index) => on(name(index), 'cat /proc/sys/kernel/random/boot_id')),
      );
      const project = hosts.project({
        files: {
          'states/site.sls': `${STATES.replace('-qx {{ pillar.boot }}', "-qx '{{ pillar.boots }}'")}
/run/before:
  file.managed:
    - contents: there
    - order: first
`,
          'inventories/lab/pillar/top.sls': "base: {'*': [all]}\n",
          'inventories/lab/pillar/all.sls': `boots: '${boots.map((boot) => boot.trim()).join('\\|')}'\n`,
        },
      });
      // One host has been given by hand what only memory keeps: the plan does not touch it, and after the reboot it is gone.
      await on(name(1), 'echo there >/run/before');
      const saved = await project.slab('plan', '-o', 'a.slabplan', '--progress', 'none');

      const words = how === 'apply FILE' ? ['a.slabplan'] : ['--expect', 'a.slabplan'];
      const applied = await project.slab('apply', ...words, '-y', '--progress', 'lines');

      assert.equal(saved.code, 0, saved.all);
      assert.equal(applied.code, 6, applied.all);
      assert.equal(applied.all.split('with a new boot').length, 3, applied.all);
      assert.equal(await on(name(0), 'cat /run/before /run/after; true'), 'there\nthere\n', applied.all);
      assert.match(
        applied.stdout.replace(/\s+/g, ' '),
        new RegExp(
          `${name(1)} refused .*rebooted, and then not as approved in the plan \\w+: file /run/before`,
        ),
      );
      assert.equal(await on(name(1), 'ls /run/before /run/after 2>/dev/null; true'), '');
    });
  });
