import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { withSlab } from '../../support/slab.ts';

/** A table that lets in what is established, and these. */
const firewall = (accept: string, more = '') => `
firewall:
  nftables.ruleset:
    - keep_sets: [bans]${more}
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
`;

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

  /** Tries rules that cut slab off, and holds that the host is then as before, to a new login too. */
  async function takenBack(states: string): Promise<string> {
    const look = 'nft -s list table inet slab; sha256sum /etc/slab/nftables/*';
    const before = await on(name(), look);

    const applied = await project(states).slab('apply', '-y', '--confirm-within', '20');

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all, /on trial: load table inet slab, and let the boot load it/);
    assert.match(applied.all, /the host has taken it back: no login at \S+ within 5 s/);
    assert.equal(await on(name(), look), before);
    assert.equal(await on(name(), 'systemctl list-timers --all --no-legend "slab-*" | wc -l'), '0\n');
    return applied.all;
  }

  it('that drops new logins by what a set holds at run time is taken back by the host', async () => {
    const lenient = firewall('tcp dport 22 accept').replace('ip saddr @bans drop', '');
    assert.equal((await project(lenient).slab('apply', '-y')).code, 0);
    await on(name(), 'nft add element inet slab bans "{ ${SSH_CONNECTION%% *} timeout 1h }"');

    await takenBack(firewall('tcp dport { 22, 8080 } accept'));

    assert.equal((await project(lenient).slab('plan', '--detailed-exitcode')).code, 0);
  });

  it('that drops new logins by a mark that a later table acts on is taken back by the host', async () => {
    await on(
      name(),
      `nft -f - <<'END'
table inet other {
  chain late { type filter hook input priority 200; meta mark 7 drop; }
}
END`,
    );

    await takenBack(
      firewall('tcp dport 22 ct state new meta mark set 7 accept').replace('ip saddr @bans drop', ''),
    );

    await on(name(), 'nft delete table inet other');
  });

  it('that cuts the open login too is taken back when nothing was tried beforehand', async () => {
    const deaf = firewall('', '\n    - keep_ssh: False')
      .replace('ct state established,related accept', '')
      .replace('ip saddr @bans drop', '');

    await takenBack(deaf);
  });

  it('comes back after a reboot', async () => {
    await on(name(), 'nft flush set inet slab bans');
    assert.equal((await project(firewall('tcp dport { 22, 80 } accept')).slab('apply', '-y')).code, 0);

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
