import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { HostRequest } from '../../lib/lab/request.ts';
import { wantedNames } from '../../lib/lab/request.ts';

describe('wantedNames', () => {
  it('counts from one', () => {
    assert.deepEqual(wantedNames('lab', { count: 3 }), ['lab1', 'lab2', 'lab3']);
    assert.deepEqual(wantedNames('lab', {}), ['lab1']);
  });

  it('takes given names as they are', () => {
    assert.deepEqual(wantedNames('lab', { names: ['web', 'db'] }), ['web', 'db']);
  });

  const refused: readonly (readonly [HostRequest, string])[] = [
    [{ count: 0 }, 'a lab has 1 to 200 hosts, not 0'],
    [{ count: 201 }, 'a lab has 1 to 200 hosts, not 201'],
    [{ names: [] }, 'a lab has 1 to 200 hosts, not 0'],
    [{ names: ['a', 'a'] }, 'two hosts of a lab cannot have the same name'],
    [{ names: ['../etc'] }, '"../etc" is no name for a lab or its hosts'],
    [{ nics: 5 }, 'a host has 1 to 4 network interfaces, not 5'],
    [{ disks: { count: 10, sizeBytes: 1 << 30 } }, 'a host has 0 to 9 disks, not 10'],
    [{ disks: { count: 1, sizeBytes: 512 } }, 'a disk holds 1 MiB at least'],
    [
      { form: 'light', disks: { count: 1, sizeBytes: 1 << 30 } },
      'light hosts have no disks and no network of their own',
    ],
  ];
  for (const [request, message] of refused)
    it(`refuses ${JSON.stringify(request)}`, () => {
      assert.throws(() => wantedNames('lab', request), { code: 'SLAB6003', message });
    });
});
