import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { behindOther, interfaceOf, networkdAsItStays, slowNetworkd } from '../../support/network.ts';
import { withSlab } from '../../support/slab.ts';

describe('a networkd that answers before it does what it was asked', function () {
  this.timeout(240_000);
  const hosts = withSlab({ count: 2, nics: 2 });
  const { target, address, apply } = behindOther(hosts, 20);
  const on = (command: string) => hosts.on(target().name, command);
  const eth0 = (lines: string) => interfaceOf('eth0', lines);
  const eth1 = (lines: string) => interfaceOf('eth1', lines);
  const foreign = (device: string, net: string) =>
    on(`ip addr replace ${net}.222/32 dev ${device}; ip route replace ${net}.192/28 via ${net}.1 proto bird`);
  const kept = async (device: string, net: string) =>
    assert.deepEqual(
      (
        await on(
          `${networkdAsItStays}; ip -o addr show dev ${device}; ip route show dev ${device} proto bird`,
        )
      ).match(/\S+\.(222|192)\/\d+/g),
      [`${net}.222/32`, `${net}.192/28`],
    );

  beforeEach(() => on(slowNetworkd));
  afterEach(() => on(networkdAsItStays));

  it('does not cost what others gave to an interface on trial when all is confirmed', async () => {
    await foreign('eth0', '10.77.0');

    const applied = await apply(eth0(`- addresses: [${address()}/24, 10.99.0.7/24]\n- gateway: 10.77.0.1`));

    assert.equal(applied.code, 0, applied.all);
    assert.match(applied.all, /confirmed over a new login/);
    await kept('eth0', '10.77.0');
  });

  it('is waited for by a host that takes back a trial, which then has all that others gave it', async () => {
    await foreign('eth0', '10.77.0');

    const applied = await apply(eth0(`- addresses: [${address()}/24]\n- gateway: 10.77.0.99`));

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all, /the host has taken it back: the gateway 10\.77\.0\.99 does not answer\n/);
    await kept('eth0', '10.77.0');
  });

  it('is waited for before a trial that was taken back is reported: nothing goes that comes after that', async () => {
    await on('ip addr flush dev eth0 to 10.77.0.222; ip route flush proto bird');
    const applied = await apply(eth0('- addresses: [10.88.0.7/24]\n- gateway: 10.88.0.1'));
    assert.match(applied.all, /the host has taken it back: .*10\.88\.0\.7/s);

    await foreign('eth0', '10.77.0');

    await kept('eth0', '10.77.0');
  });

  it('is waited for where slab is not logged in, too', async () => {
    const made = await apply(eth1('- addresses: [10.77.1.50/24]'));
    assert.equal(made.code, 0, made.all);
    await foreign('eth1', '10.77.1');

    const less = await apply(eth1('- addresses: [10.77.1.50/24]\n- mtu: 1400'));

    assert.equal(less.code, 0, less.all);
    await kept('eth1', '10.77.1');
  });
});
