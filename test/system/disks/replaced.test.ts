import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { withDiskHost } from '../../support/with-disk-host.ts';

// A class: nobody says which disk is meant.
const WANTED = {
  ...{ size: '300MiB..340MiB', count: { min: 1, max: 4 }, mount: '/srv/object/{n}' },
  ...{ when_blank: 'format', persist: 'none', max_new: 4 },
};

describe('a disk that was replaced', function () {
  this.timeout(120_000);
  const host = withDiskHost();
  const { records } = host;
  afterEach(() => {
    host.records = records;
  });
  const stateOf = (serial: string, views = host.plan(WANTED).diff.disks): string => {
    const view = views?.find((each) => each.serial === serial);
    return `${view?.state ?? ''} ${view?.action ?? ''}`;
  };
  const apply = (): void => {
    const { codes, said } = host.apply(WANTED);
    assert.ok(codes.every((code) => code === 0), said); // prettier-ignore
  };

  /** The old disk was object-1, the new one is; both are in the host. */
  function bringBack(): void {
    const old = host.insert('S-OLD');
    apply();
    host.output('echo old >/srv/object/1/file; sync; umount /srv/object/1; umount /srv/object/1');
    host.remove(old);
    host.insert('S-NEW');
    apply();
    host.output('echo new >/srv/object/1/file; sync');
    host.insert('S-OLD', { file: old.file });
  }

  it('and comes back is mounted nowhere while the new one is', () => {
    bringBack();

    const { diff } = host.plan(WANTED);

    assert.deepEqual(diff.changes, []);
    assert.equal(stateOf('S-OLD', diff.disks), 'READY refused');
    assert.equal(stateOf('S-NEW', diff.disks), 'READY none');
    assert.equal(host.output('cat /srv/object/1/file'), 'new\n');
  });

  it('and comes back keeps the place shut after a boot, until a person says which one is out of date', () => {
    bringBack();
    host.output('umount /srv/object/1');
    host.boot();

    const { codes, said } = host.apply(WANTED);

    assert.deepEqual(codes, [0], said);
    assert.deepEqual(
      host.mounts().filter(({ point }) => point.startsWith('/srv/')).map(({ source }) => source),
      ['slab-blocked'],
    ); // prettier-ignore
    const retired = { at: '2026-11-20T00:00:00Z', why: 'its number 1 was given to disk S-NEW' };
    const record = { serial: 'S-OLD', host: host.records.host, role: 'object', n: 1, sizeBytes: 0, gen: 0 };
    host.records = { ...host.records, disks: [{ ...record, firstSeen: retired.at, retired }] };
    apply();
    assert.equal(host.output('cat /srv/object/1/file'), 'new\n');
    assert.equal(stateOf('S-OLD'), 'RETIRED refused');
  });

  it('and is gone leaves a place that is kept shut by its record, whatever that place goes by', () => {
    host.insert('S-NEW');
    const record = { serial: 'S-OLD', host: host.records.host, role: 'object', n: 2, sizeBytes: 0, gen: 0 };
    const at = '2026-11-20T00:00:00Z';
    host.records = { ...host.records, disks: [{ ...record, firstSeen: at, lastReady: at }] };
    const wanted = { ...WANTED, mount: '/srv/object/{serial}' };

    const { codes, said } = host.apply(wanted);

    assert.deepEqual(codes, [0, 0, 0], said);
    assert.notEqual(host.run('echo lost >/srv/object/S-OLD/file').code, 0);
    assert.deepEqual(host.plan(wanted).diff.changes, []);
  });

  it('whose place holds files by now keeps no other disk from its own', () => {
    host.insert('S-NEW');
    host.output('mkdir -p /srv/object/2; echo x >/srv/object/2/file');

    const { codes, said } = host.apply({ ...WANTED, count: { min: 2, max: 2 } });

    assert.deepEqual(codes, [118, 0, 0], said);
    assert.match(said, /\/srv\/object\/2 is not empty/);
    assert.equal(stateOf('S-NEW'), 'READY none');
  });
});
