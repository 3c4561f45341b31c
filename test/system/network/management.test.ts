import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { innerAddress, type LabHost } from '../../../lib/lab/host.ts';
import { withSlab } from '../../support/slab.ts';

/** The interface that slab is logged in through. */
const eth0 = (lines: string) => `eth0:\n  network.interface:\n    ${lines.replaceAll('\n', '\n    ')}\n`;

describe('the interface that slab is logged in through', function () {
  this.timeout(240_000);
  const hosts = withSlab({ count: 2, nics: 2 });
  const { on } = hosts;
  const target = (): LabHost => hosts.hosts()[0] as LabHost;
  const address = () => innerAddress(target().number);

  /** The host by its own address, reached through the other one, as behind a bastion. */
  const projectFor = (site: string, at = address()) => {
    const [host, bastion] = hosts.hosts() as readonly [LabHost, LabHost];
    const defaults = hosts.lab.inventory().split('\nhosts:')[0] ?? '';
    const project = hosts.project({ files: { 'states/site.sls': site } });
    const known = join(project.directory, 'known_hosts');
    const own = `  ${bastion.name}: {address: ${bastion.address}, port: ${bastion.port}}\n`;
    const jumped = `  ${host.name}: {address: ${at}, proxy_jump: ${bastion.name}, known_hosts: [${known}]}\n`;
    project.write({
      'inventories/lab/inventory.yaml': `${defaults}\nhosts:\n${own}${jumped}`,
      known_hosts: [address(), at].map((each) => `${each} ${host.hostKey}\n`).join(''),
    });
    return project;
  };
  const words = () => ['-t', target().name];
  const apply = (site: string, at?: string) =>
    projectFor(site, at).slab('apply', '-y', '--confirm-within', '20', ...words());
  const plan = (site: string, at?: string) => projectFor(site, at).slab('plan', ...words());
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
    assert.match(applied.all, /the host has taken it back: the gateway 10\.77\.0\.99 does not answer/);
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
    assert.match((await plan(site)).stdout, /Nothing to|in sync/);
    await hosts.lab.power(target().name, 'cycle');
    assert.match((await plan(site)).stdout, /Nothing to|in sync/);
  });
});
