import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { MachineFacts } from '../../lib/lab/requirements.ts';
import { fixFor, missingFor, refuseIfMissing } from '../../lib/lab/requirements.ts';

const able: MachineFacts = {
  ...{ platform: 'linux', root: true, has: () => true, namespaces: true },
  fileSystems: new Set(['overlay', 'cgroup2', 'ext4']),
};
const without = (...absent: readonly string[]): MachineFacts => ({
  ...able,
  has: (program) => !absent.includes(program),
});
const whats = (...words: Parameters<typeof missingFor>) => missingFor(...words).map(({ what }) => what);

describe('missingFor', () => {
  it('finds nothing on a machine that has everything', () => {
    assert.deepEqual(missingFor('systemd', true, able), []);
  });

  it('names programs with the packages they are in', () => {
    assert.deepEqual(missingFor('systemd', false, without('systemd-nspawn', 'ip')), [
      { what: 'ip is not installed', fix: 'apt-get install iproute2' },
      { what: 'systemd-nspawn is not installed', fix: 'apt-get install systemd-container' },
    ]);
  });

  it('asks for what builds a base only while there is none', () => {
    const machine = without('mmdebstrap', 'debootstrap');

    assert.deepEqual(whats('light', false, machine), []);
    assert.deepEqual(whats('light', true, machine), ['mmdebstrap or debootstrap is not installed']);
  });

  it('is content with one of two programs that do the same', () => {
    assert.deepEqual(whats('light', true, without('mmdebstrap')), []);
  });

  it('asks light hosts for less', () => {
    assert.deepEqual(whats('light', false, without('systemd-nspawn', 'systemd-socket-activate', 'ip')), []);
  });

  it('says on another system only that the lab needs Linux, and how to do without', () => {
    const missing = missingFor('systemd', true, { ...able, platform: 'darwin', has: () => false });

    assert.deepEqual(missing, [
      {
        what: 'this machine runs darwin, and the lab needs Linux',
        fix: 'use a host of your own: any Debian with sshd, named in inventories/<environment>/inventory.yaml',
      },
    ]);
  });

  it('says when it is not root, may make no namespaces, or the kernel lacks a file system', () => {
    assert.deepEqual(whats('light', false, { ...able, root: false, namespaces: false }), [
      'the lab needs root',
    ]);
    assert.deepEqual(whats('light', false, { ...able, namespaces: false }), [
      'root may not make namespaces here (a container?)',
    ]);
    assert.deepEqual(whats('light', false, { ...able, fileSystems: new Set(['cgroup2']) }), [
      'the kernel has no overlay file system',
    ]);
  });
});

describe('refuseIfMissing', () => {
  it('refuses with everything that is missing, and one line that installs all of it', () => {
    const missing = missingFor(
      'systemd',
      true,
      without('mmdebstrap', 'debootstrap', 'unshare', 'nsenter', 'flock'),
    );

    assert.throws(() => refuseIfMissing(missing), {
      code: 'SLAB6003',
      message:
        'the lab cannot run here: mmdebstrap or debootstrap is not installed; flock is not installed; ' +
        'unshare is not installed; nsenter is not installed',
      fix: 'apt-get install mmdebstrap util-linux',
    });
  });

  it('lets a machine pass that lacks nothing', () => {
    assert.doesNotThrow(() => refuseIfMissing([]));
  });
});

describe('fixFor', () => {
  it('puts what to install before what else to do', () => {
    const missing = [
      { what: 'a', fix: 'run it with sudo' },
      { what: 'b', fix: 'apt-get install iproute2' },
    ];

    assert.equal(fixFor(missing), 'apt-get install iproute2\nrun it with sudo');
  });
});
