import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { withVm } from '../support/vm.ts';

/** Of a trial that is applied and not decided. */
const TRIED = 'for each in /run/slab/trial/*; do [ ! -e $each/rc ] || [ -e $each/decided ] || echo yes; done';

describe('a trial while the clock of its host is set', () => {
  const vm = withVm();
  const apply = (line: string, seconds: number) => {
    const site = `/etc/ssh/sshd_config.d/10-site.conf:\n  file.managed:\n    - contents: ${line}\n`;
    const project = vm.project({ files: { 'states/site.sls': site } });
    return project.slab('apply', '-y', '--confirm-within', String(seconds));
  };
  /** Sets the clock as soon as all is applied and nothing is decided, by so much. */
  const setting = (by: string) =>
    vm.on(
      `rm -f /run/was-set; systemd-run --quiet sh -c 'until [ "$(${TRIED})" = yes ]; do sleep 0.02; done; date -s "${by}"; echo "${by}" >/run/was-set'`,
    );

  it('is confirmed though the clock was set forward meanwhile', async () => {
    await setting('2 hours');

    const applied = await apply('MaxAuthTries 5', 60);

    assert.equal(await vm.on('cat /run/was-set'), '2 hours\n', applied.all);
    assert.equal(applied.code, 0, applied.all);
    assert.match(applied.all, /confirmed over a new login/);
  });

  it('is taken back in time though the clock was set back', async () => {
    await setting('2 hours ago');

    const applied = await apply('AllowUsers nobody', 30);

    assert.equal(await vm.on('cat /run/was-set'), '2 hours ago\n', applied.all);
    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all, /the host has taken it back: /);
  });
});
