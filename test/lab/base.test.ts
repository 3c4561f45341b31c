import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { baseName, mirrorFrom } from '../../lib/lab/base.ts';
import { hostsFile } from '../../lib/lab/seed.ts';
import { defaultLabDirectory, labLayout } from '../../lib/lab/layout.ts';
import { parseSize } from '../../lib/lab/size.ts';

describe('baseName', () => {
  it('differs when the release or the packages do, and only then', () => {
    const plain = baseName({ suite: 'bookworm', packages: [] });

    assert.match(plain, /^base-bookworm-[0-9a-f]{12}$/);
    assert.equal(baseName({ suite: 'bookworm', packages: [], mirror: 'http://mirror' }), plain);
    assert.notEqual(baseName({ suite: 'trixie', packages: [] }), plain);
    assert.notEqual(baseName({ suite: 'bookworm', packages: ['nginx'] }), plain);
  });
});

describe('mirrorFrom', () => {
  const targets =
    'noble http://u/ubuntu/ Ubuntu\ntrixie-updates http://d/upd/ Debian\ntrixie http://d/debian/ Debian\n';

  it('takes the mirror of the same release', () => {
    assert.equal(mirrorFrom(`${targets}bookworm http://b/debian/ Debian`, 'bookworm'), 'http://b/debian/');
  });

  it("else takes one of Debian's for another release", () => {
    assert.equal(mirrorFrom(targets, 'bookworm'), 'http://d/debian/');
  });

  it('finds none in sources of another distribution', () => {
    assert.equal(mirrorFrom('noble http://u/ubuntu/ Ubuntu\n', 'bookworm'), undefined);
    assert.equal(mirrorFrom('', 'bookworm'), undefined);
  });
});

describe('hostsFile', () => {
  it('names the host and those it shares a network with', () => {
    const host = (name: string, number: number, form: 'systemd' | 'light') => ({
      name,
      number,
      form,
      address: '127.77.1.9',
    });

    const text = hostsFile(host('lab1', 1, 'systemd'), [
      host('lab1', 1, 'systemd'),
      host('lab2', 2, 'systemd'),
      host('lab3', 3, 'light'),
    ]);

    assert.equal(text, '127.0.0.1 localhost\n::1 localhost\n10.77.0.10 lab1\n10.77.0.11 lab2\n');
  });
});

describe('labLayout', () => {
  it('gives labs of the same name in two directories different control groups', () => {
    const [one, two] = [labLayout('/a', 'lab'), labLayout('/b', 'lab')];

    assert.match(one.group, /^slab-lab\.lab\.[0-9a-f]{8}$/);
    assert.notEqual(one.group, two.group);
  });
});

describe('defaultLabDirectory', () => {
  it("is the machine's cache for root and the person's own for others", () => {
    assert.equal(defaultLabDirectory({ root: true, home: '/root' }), '/var/cache/slab-lab');
    assert.equal(defaultLabDirectory({ root: false, home: '/home/a' }), '/home/a/.cache/slab/lab');
    assert.equal(defaultLabDirectory({ root: false, home: '/home/a', cacheHome: '/c' }), '/c/slab/lab');
  });
});

describe('parseSize', () => {
  it('reads powers of 1024', () => {
    assert.deepEqual(
      ['300M', '2G', '4096', '1MiB', '10kb'].map(parseSize),
      [314572800, 2147483648, 4096, 1048576, 10240],
    );
  });

  it('reads nothing else', () => {
    assert.deepEqual(
      ['', 'M', '-1G', '1.5G', '10X', '99999999999G'].map(parseSize),
      Array(6).fill(undefined),
    );
  });
});
