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
