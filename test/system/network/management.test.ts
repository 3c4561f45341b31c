import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { eventually } from '../../support/lab.ts';
import { behindOther, interfaceOf } from '../../support/network.ts';
import { withSlab } from '../../support/slab.ts';

/** The interface that slab is logged in through. */
const eth0 = (lines: string) => interfaceOf('eth0', lines);

describe('the interface that slab is logged in through', function () {
  this.timeout(240_000);
  const hosts = withSlab({ count: 2, nics: 2 });
  const { on } = hosts;
  const { target, address, words, projectFor, apply, plan } = behindOther(hosts, 20);
  const before = () =>
    on(
      target().name,
      'ip -o addr show dev eth0 scope global | cut -d" " -f 7; ip route show default; ls /etc/systemd/network /run/systemd/network; systemctl list-timers --all --no-legend "slab-*"',
    );

  it('is as before when the new gateway does not answer, and the report says so', async () => {
    const was = await before();

    const applied = await apply(eth0(`- addresses: [${address()}/24]\n- gateway: 10.77.0.99`));

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all, /on trial, as slab is logged in at its address/);
    assert.match(applied.all, /the host has taken it back: the gateway 10\.77\.0\.99 does not answer\n/);
    assert.equal(await before(), was);
  });

  it('is as before when its new address cannot be reached', async () => {
    const was = await before();

    const applied = await apply(eth0('- addresses: [10.88.0.7/24]\n- gateway: 10.88.0.1'));

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all, /it is then reached at 10\.88\.0\.7/);
    assert.match(applied.all, /the host has taken it back: .*10\.88\.0\.7/s);
    assert.equal(await before(), was);
  });

  it('gets a second address once a new login has confirmed it, keeps what others gave it, and after a reboot', async () => {
    const site = eth0(`- addresses: [${address()}/24, 10.99.0.7/24]\n- gateway: 10.77.0.1`);
    await on(
      target().name,
      'ip addr add 10.77.0.222/32 dev eth0; ip route add 10.60.0.0/16 via 10.77.0.1 proto bird',
    );

    const applied = await apply(site);

    assert.equal(applied.code, 0, applied.all);
    assert.match(applied.all, /confirmed over a new login/);
    assert.match(
      await on(target().name, 'ip -o addr show dev eth0; ip route'),
      /10\.99\.0\.7\/24[^]*10\.77\.0\.222\/32[^]*10\.60\.0\.0\/16 via 10\.77\.0\.1 .*bird/,
    );
    assert.equal(
      await on(target().name, 'ls /run/systemd/network; systemctl list-timers --all --no-legend "slab-*"'),
      '',
    );
    assert.match((await plan(site)).stdout, /\b1 host in sync: /);
    await hosts.lab.power(target().name, 'cycle');
    assert.match((await plan(site)).stdout, /\b1 host in sync: /);
  });

  it('moves to another address and back, confirmed only there', async () => {
    const moved = eth0('- addresses: [10.77.0.180/24]\n- gateway: 10.77.0.1');

    const applied = await apply(moved);

    assert.equal(applied.code, 0, applied.all);
    assert.match(applied.all, /it is then reached at 10\.77\.0\.180/);
    assert.match(applied.all, /confirmed over a new login/);
    assert.match(applied.all, /is now reached at 10\.77\.0\.180: write that into the inventory/);
    assert.match((await plan(moved, '10.77.0.180')).stdout, /\b1 host in sync: /);

    const home = eth0(`- addresses: [${address()}/24]\n- gateway: 10.77.0.1`);
    const back = await apply(home, '10.77.0.180');
    assert.equal(back.code, 0, back.all);
    assert.match((await plan(home)).stdout, /\b1 host in sync: /);
  });

  it('boots as before after a power cut in the middle of a trial', async () => {
    const was = await before();
    const project = projectFor(eth0('- addresses: [10.88.0.7/24]\n- gateway: 10.88.0.1'));
    const run = project.start('apply', '-y', '--confirm-within', '40', ...words());
    await eventually('the trial is armed', () => Promise.resolve(/on trial: /.test(run.said())), 60_000);

    await hosts.lab.power(target().name, 'cycle');

    assert.equal(await before(), was);
    const ended = await run.ended;
    assert.notEqual(ended.code, 0);
    assert.match(ended.all, /was restarted, and has booted what was stored before|not reached|lost/);
  });

  it('leads to a route that is tried as well', async () => {
    const route = `${eth0(`- addresses: [${address()}/24]\n- gateway: 10.77.0.1`)}
backup:
  network.route:
    - to: 10.50.0.0/16
    - via: 10.77.0.GATEWAY
    - device: eth0
`;
    const wrong = await apply(route.replace('GATEWAY', '98'));
    assert.equal(wrong.code, 5, wrong.all);
    assert.match(wrong.all, /the gateway 10\.77\.0\.98 does not answer/);

    const right = await apply(route.replace('GATEWAY', '1'));

    assert.equal(right.code, 0, right.all);
    assert.match(await on(target().name, 'ip route'), /10\.50\.0\.0\/16 via 10\.77\.0\.1 dev eth0/);
    assert.match((await plan(route.replace('GATEWAY', '1'))).stdout, /\b1 host in sync: /);
  });
});
