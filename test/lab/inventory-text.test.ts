import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { LabHost } from '../../lib/lab/host.ts';
import { inventoryText, knownHostsText, sshArguments } from '../../lib/lab/inventory-text.ts';

const web: LabHost = {
  ...{
    name: 'lab1',
    base: 'base-bookworm',
    form: 'systemd',
    number: 1,
    address: '127.88.4.1',
    port: 22,
    hostKey: 'ssh-ed25519 AAAA1',
  },
  ...{ diskless: false, disks: [], nics: 1 },
};
const light: LabHost = {
  ...web,
  name: 'lab2',
  form: 'light',
  address: '127.77.4.2',
  port: 2200,
  hostKey: 'ssh-ed25519 AAAA2',
};
const access = { identityFile: '/c/id_ed25519', knownHosts: '/c/labs/a b/known_hosts' };

describe('inventoryText', () => {
  it('names every host, and how to log in once for all', () => {
    assert.equal(
      inventoryText([web, light], access),
      `# Made by slab lab, and written again by it: keep changes in a file of your own.
defaults:
  user: root
  kind: vm
  identity_file: "/c/id_ed25519"
  known_hosts: ["/c/labs/a b/known_hosts"]
hosts:
  lab1: {address: 127.88.4.1, port: 22}
  lab2: {address: 127.77.4.2, port: 2200}
`,
    );
  });

  it('has an empty mapping when there are no hosts', () => {
    assert.equal(inventoryText([], access).split('\n').at(-2), 'hosts: {}');
  });
});

describe('knownHostsText', () => {
  it('writes a port into the name unless it is 22', () => {
    assert.equal(
      knownHostsText([web, light]),
      '127.88.4.1 ssh-ed25519 AAAA1\n[127.77.4.2]:2200 ssh-ed25519 AAAA2\n',
    );
  });
});

describe('sshArguments', () => {
  it('pins the host key and the identity, and reads no configuration of this machine', () => {
    const words = sshArguments(light, access);

    assert.deepEqual(words.slice(0, 8), [
      '-F',
      '/dev/null',
      '-i',
      '/c/id_ed25519',
      '-p',
      '2200',
      '-l',
      'root',
    ]);
    assert.ok(words.includes('StrictHostKeyChecking=yes'));
    assert.ok(words.includes('UserKnownHostsFile="/c/labs/a b/known_hosts"'));
    assert.equal(words.at(-1), '127.77.4.2');
  });
});
