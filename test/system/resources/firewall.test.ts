import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { withSlab } from '../../support/slab.ts';

/** A table that lets in what is established, and these. */
const firewall = (accept: string, more = '') => `
firewall:
  nftables.ruleset:
    - keep_sets: [bans]
    - contents: |
        table inet slab {
          set bans { type ipv4_addr; flags timeout; }
          chain input {
            type filter hook input priority 0; policy drop;
            ct state established,related accept
            iifname "lo" accept
            ip saddr @bans drop
            ${accept}
          }
        }
${more}`;

describe('a firewall', function () {
  this.timeout(120_000);
  const hosts = withSlab({ count: 1 });
  const { name, on } = hosts;
  const project = (states: string) => hosts.project({ files: { 'states/site.sls': states } });
  const open = firewall('tcp dport { 443, 22, 80 } accept');

  it('is loaded whole, leaves tables of others alone, and then nothing is left to do', async () => {
    await on(name(), 'nft add table ip docker; nft add chain ip docker nat');
    const made = project(open);

    const applied = await made.slab('apply', '-y');
    const again = await made.slab('plan', '--detailed-exitcode');

    assert.deepEqual([applied.code, again.code], [0, 0], applied.all + again.all);
    assert.match(applied.all, /tables of others stay as they are: ip docker/);
    assert.equal(await on(name(), 'nft list tables'), 'table ip docker\ntable inet slab\n');
  });

  it('that drops new logins is refused before it is applied, though the open one would go on', async () => {
    const before = await on(name(), 'nft -s list ruleset');

    const applied = await project(firewall('tcp dport 443 accept')).slab('apply', '-y');

    assert.notEqual(applied.code, 0, applied.all);
    assert.match(applied.all, /a new login from [0-9.]+ would not be let in/);
    assert.equal(await on(name(), 'nft -s list ruleset'), before);
  });

  it('with a name of a service or an interface that the boot has not yet is refused', async () => {
    const applied = await project(firewall('iif "eth0" tcp dport 22 accept')).slab('apply', '-y');

    assert.notEqual(applied.code, 0, applied.all);
    assert.match(applied.all, /cannot be loaded as the boot would.*Interface does not exist/s);
  });

  it('keeps the elements of a set that come at run time, when its rules change', async () => {
    await on(name(), 'nft add element inet slab bans { 192.0.2.7 timeout 1h, 192.0.2.9 timeout 2h }');
    const quiet = await project(open).slab('plan', '--detailed-exitcode');

    const changed = firewall('tcp dport { 22, 80 } accept');
    const applied = await project(changed).slab('apply', '-y');

    assert.equal(quiet.code, 0, quiet.all);
    assert.equal(applied.code, 0, applied.all);
    assert.match(await on(name(), 'nft list set inet slab bans'), /192\.0\.2\.7 timeout 1h.*192\.0\.2\.9/s);
    assert.equal((await project(changed).slab('plan', '--detailed-exitcode')).code, 0);
  });

  it('comes back after a reboot', async () => {
    await on(name(), "printf 'flush ruleset\\n' >/etc/nftables.conf; systemctl --quiet enable nftables");
    await hosts.lab.power(name(), 'cycle');

    const planned = await project(firewall('tcp dport { 22, 80 } accept')).slab(
      'plan',
      '--detailed-exitcode',
    );

    assert.equal(planned.code, 0, planned.all);
    assert.match(await on(name(), 'nft list table inet slab'), /dport \{ 22, 80 \}/);
  });
});
