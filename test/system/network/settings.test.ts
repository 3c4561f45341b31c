import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { bringer } from '../../support/host-case.ts';
import { withLab } from '../../support/lab.ts';

describe('name servers, the clock and cards of a host with systemd', function () {
  this.timeout(180_000);
  const lab = withLab({ count: 1, nics: 2 }, ['systemd-resolved', 'chrony', 'ethtool', 'netplan.io']);
  const { bring, run } = bringer(lab, () => lab.hosts()[0]?.name ?? '');
  const name = () => lab.hosts()[0]?.name ?? '';
  const own = (servers: readonly string[], more = {}) =>
    bring(['network.resolver', 'resolver', { servers, search: ['example.net'], ...more }]);

  it('are asked through systemd-resolved, whatever the interface, and stored', () => {
    const brought = own(['10.77.0.53'], { owner: 'resolved' });

    assert.deepEqual([brought.codes, brought.left], [[0], []], brought.output);
    assert.match(
      run('resolvectl dns; resolvectl domain'),
      /Global: 10\.77\.0\.53\n[^]*Global: example\.net\n/,
    );
    assert.match(run('readlink /etc/resolv.conf'), /stub-resolv\.conf/);
    assert.deepEqual(own(['10.77.0.53'], { owner: 'resolved' }).changes, []);
  });

  it('are put back when names do not resolve through them', () => {
    const before = run('resolvectl dns; cat /etc/systemd/resolved.conf.d/90-slab.conf');

    const brought = own(['10.77.0.99'], { owner: 'resolved', verify: ['nobody.example.net'] });

    assert.deepEqual(brought.codes, [1]);
    assert.match(brought.output, /nobody\.example\.net does not resolve with it: all is as before/);
    assert.equal(run('resolvectl dns; cat /etc/systemd/resolved.conf.d/90-slab.conf'), before);
  });

  it('are a plain file in the place of the symlink when that is declared, once names resolve with it', () => {
    // What systemd-resolved itself answers, from /etc/hosts.
    const wrong = own(['10.77.0.99'], { owner: 'file', verify: [name()] });
    const link = run('readlink /etc/resolv.conf');
    const brought = own(['127.0.0.53'], { owner: 'file', verify: [name()] });

    assert.deepEqual([wrong.codes, link], [[1], '../run/systemd/resolve/stub-resolv.conf\n'], wrong.output);
    assert.deepEqual([brought.codes, brought.left], [[0], []], brought.output);
    assert.match(
      run('ls -l /etc/resolv.conf; cat /etc/resolv.conf'),
      /^-rw-r--r--[^]*search example\.net\nnameserver 127\.0\.0\.53\n$/,
    );
  });

  it('are left to whoever else looks after them', () => {
    run(
      'mv /etc/resolv.conf /etc/resolv.kept; mkdir -p /run/resolvconf; echo "nameserver 10.1.1.1" >/run/resolvconf/resolv.conf; ln -s /run/resolvconf/resolv.conf /etc/resolv.conf',
    );

    const brought = own(['10.77.0.53']);

    run('mv /etc/resolv.kept /etc/resolv.conf');
    assert.match(brought.problems.join(), /resolvconf looks after \/etc\/resolv\.conf/);
    assert.deepEqual(brought.codes, []);
  });

  it("are given with a name and a gateway by Salt's network.system, and then nothing is left to do", () => {
    const settings = {
      ...{ enabled: true, hostname: 'st11.example.net', apply_hostname: true, retain_settings: true },
      ...{ gateway: '10.77.1.1', gatewaydev: 'eth1', nozeroconf: true },
      ...{ dns: ['10.77.0.54'], search: 'example.net example.org' },
    };
    bring(['network.interface', 'eth1', { addresses: ['10.77.1.50/24'] }]);
    const was = run('hostname').trim();

    const brought = bring(['network.system', 'whole', settings]);
    const stored = bring(['network.system', 'whole', { hostname: was }]);

    assert.deepEqual([brought.codes.filter((code) => code !== 0), brought.left], [[], []], brought.output);
    assert.match(run('ip route show default'), /^default via 10\.77\.1\.1 dev eth1 /m);
    const asked = run('cat /etc/resolv.conf; resolvectl dns');
    assert.match(asked, /^search example\.net example\.org$/m);
    assert.match(asked, /10\.77\.0\.54/);
    assert.deepEqual([stored.codes.filter((code) => code !== 0), stored.left], [[], []], stored.output);
    assert.equal(run('hostname; cat /etc/hostname'), `st11.example.net\n${was}\n`);
    bring(['system.hostname', was, {}]);
    run('rm -r /etc/systemd/network/05-slab-eth1.network.d; networkctl reload; networkctl reconfigure eth1');
  });

  it('are asked for the time by chrony, those and no others, running and stored', () => {
    // A container must not set the clock: chrony only watches.
    run(`mkdir -p /etc/systemd/system/chrony.service.d
      printf '[Unit]\\nConditionCapability=\\n' >/etc/systemd/system/chrony.service.d/lab.conf
      echo 'DAEMON_OPTS="-F 0 -x"' >/etc/default/chrony; systemctl daemon-reload; systemctl restart chrony`);
    const servers = ['10.77.0.123', '10.77.0.124'];

    const brought = bring(['ntp.managed', 'time', { servers }]);

    assert.deepEqual([brought.codes, brought.left], [[0], []], brought.output);
    assert.match(run('chronyc -c -N sources'), /10\.77\.0\.123[^]*10\.77\.0\.124/);
    assert.equal(
      run('grep -E "^(server|pool)" /etc/chrony/chrony.conf'),
      'server 10.77.0.123 iburst\nserver 10.77.0.124 iburst\n',
    );
    assert.deepEqual(bring(['ntp.managed', 'time', { servers }]).changes, []);
  });

  it('have the offloads that are declared, and what the driver refuses is said', () => {
    const brought = bring([
      'network.ethtool',
      'eth1',
      { offload: { gro: true, tso: false }, ring: { rx: 4096 } },
    ]);

    assert.deepEqual(brought.codes, [0], brought.output);
    assert.match(brought.shortfalls.join(), /the driver of eth1 \(veth\) has no ring/);
    assert.match(run('ethtool -k eth1'), /tcp-segmentation-offload: off/);
    assert.match(
      run('cat /etc/udev/rules.d/90-slab-ethtool-eth1.rules'),
      /RUN\+="\/usr\/sbin\/ethtool -K eth1 gro on tso off"/,
    );
    const again = bring(['network.ethtool', 'eth1', { offload: { gro: true, tso: false } }]);
    assert.deepEqual(again.changes, []);
  });

  it('say what a driver has refused at the time', () => {
    const brought = bring(['network.ethtool', 'eth1', { channels: { rx: 2 } }], {
      between: 'ip link set eth1 down; ip link del eth1',
    });

    assert.match(
      `${brought.shortfalls.join()} ${brought.output}`,
      /the driver of eth1 refuses rx 2: .*No such device/,
    );
  });
});
