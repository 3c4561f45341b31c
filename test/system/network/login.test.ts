import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { LabHost } from '../../../lib/lab/host.ts';
import { withSlab } from '../../support/slab.ts';

describe('a login that does not say where it came in', function () {
  this.timeout(180_000);
  const hosts = withSlab({ count: 1, nics: 2 });
  const { name, on } = hosts;
  const unknown = /on trial, as it cannot be told which interface slab is logged in through/;
  /** Of an interface that no login comes through. */
  const site = (last: number) => `eth1:\n  network.interface:\n    - addresses: [10.77.1.${last}/24]\n`;
  const addresses = () => on(name(), "ip -o addr show dev eth1 scope global | awk '{ print $4 }'");

  it('makes slab try whatever it changes when it comes through a tunnel that ends on the host', async () => {
    const [host] = hosts.hosts() as readonly [LabHost];
    const project = hosts.project({ files: { 'states/site.sls': site(60) } });
    const known = join(project.directory, 'known_hosts');
    const defaults = hosts.lab.inventory().split('\nhosts:')[0] ?? '';
    project.write({
      'inventories/lab/inventory.yaml': `${defaults}
hosts:
  bastion: {address: ${host.address}, port: ${host.port}}
  inside: {address: 127.0.0.1, proxy_jump: bastion, known_hosts: [${known}]}
`,
      known_hosts: `127.0.0.1 ${host.hostKey}\n`,
    });

    const applied = await project.slab('apply', '-y', '-t', 'inside');

    assert.equal(applied.code, 0, applied.all);
    assert.match(applied.all, unknown);
    assert.match(applied.all, /confirmed over a new login/);
    assert.equal(await addresses(), '10.77.1.60/24\n');
  });

  it('does so too when something on the host has taken SSH_CONNECTION away', async () => {
    const project = hosts.project({ files: { 'states/site.sls': site(61) } });
    const plan = () => project.slab('plan');
    assert.doesNotMatch((await plan()).all, /on trial/);
    await on(
      name(),
      `keys=/root/.ssh/authorized_keys
sed 's/^ssh-/command="exec env -u SSH_CONNECTION sh -c \\\\"$SSH_ORIGINAL_COMMAND\\\\"" &/' "$keys" >"$keys.new"
mv "$keys.new" "$keys"`,
    );
    assert.equal(await on(name(), 'echo "${SSH_CONNECTION-none}"'), 'none\n');

    assert.match((await plan()).all, unknown);

    const applied = await project.slab('apply', '-y');
    assert.equal(applied.code, 0, applied.all);
    assert.match(applied.all, /confirmed over a new login/);
    assert.equal(await addresses(), '10.77.1.61/24\n');
  });
});
