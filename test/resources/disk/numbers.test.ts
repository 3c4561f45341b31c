import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { HostFacts } from '../../../lib/disks/facts.ts';
import { listDisks } from '../../../lib/disks/identity.ts';
import type { Look } from '../../../lib/disks/read-look.ts';
import type { DiskRecord } from '../../../lib/model/records.ts';
import type { Diff } from '../../../lib/model/resource.ts';
import { diffDisks } from '../../../lib/resources/disk/diff.ts';
import { parseDisk } from '../../../lib/resources/disk/parse.ts';
import { factsOf, recordedAnswer } from '../../disks/recorded.ts';

/** S1 and S2 are ours and mounted, with the numbers 1 and 2; S3 is blank. */
const ready = factsOf(recordedAnswer('ready'));
const markers = ready.markers.read ? ready.markers.value : [];

function markerText(serial: string, n: number): string {
  const text = markers.find((each) => each.text.includes(`"serial":"${serial}"`))?.text ?? '';
  return text.replace(/"n":\d+/, `"n":${n}`);
}

/** The same host after a boot: nothing is mounted. */
function booted(): HostFacts {
  const none = { read: true, value: [] } as const;
  return { ...ready, mounts: none, mountsOfAll: none, markers: none };
}

/** The same host without a disk. */
function without(facts: HostFacts, serial: string): HostFacts {
  const disk = listDisks(facts).find((each) => each.serial === serial);
  const names = [disk?.block, ...(disk?.partitions ?? [])].map((block) => block?.name);
  return { ...facts, blocks: facts.blocks.filter(({ name }) => !names.includes(name)) };
}

/** What a look at a ready disk that nobody has mounted says. */
function looked(marker: string): Look {
  const peek = { mounted: null, unreadable: false, owner: '0:0:755', entries: [], marker };
  return { disk: null, exclusive: null, free: null, peek };
}

const blank: Look = {
  ...{ disk: null, exclusive: null, free: null, head: { state: 'zero' }, tail: { state: 'zero' } },
  proof: { verdict: 'zero', where: '', reads: 5, bytes: 335544320, how: 'full' },
};

function recordOf(serial: string, more: Partial<DiskRecord> = {}): DiskRecord {
  return {
    ...{ serial, host: 'storage-07', role: 'object', sizeBytes: 335544320, gen: 0 },
    ...{ firstSeen: '2026-11-01T00:00:00Z', lastReady: '2026-11-19T00:00:00Z' },
    ...more,
  };
}

interface Situation {
  readonly facts: HostFacts;
  readonly looks?: Readonly<Record<string, Look>>;
  readonly disks?: readonly DiskRecord[];
  readonly args?: Parameters<typeof parseDisk>[0]['args'];
}

function plan({ facts, looks = {}, disks = [], args = {} }: Situation): Diff {
  const parsed = parseDisk({
    ...{ fun: 'data', name: 'object', grains: new Map(), key: () => '' },
    args: {
      size: '320MiB..320MiB',
      mount: '/srv/object/{n}',
      when_blank: 'format',
      count: { min: 2 },
      ...args,
    },
    records: { environment: 'prod', host: 'storage-07', disks, approvals: [] },
  } as unknown as Parameters<typeof parseDisk>[0]);
  assert.ok('declared' in parsed, JSON.stringify(parsed));
  const byName = Object.fromEntries(
    listDisks(facts).flatMap(({ serial, block }) => {
      const look = looks[serial];
      return look === undefined ? [] : [[block.name, { read: true, value: look } as const]];
    }),
  );
  return diffDisks(
    parsed.declared,
    { facts: { read: true, value: facts }, looks: byName },
    { predicted: () => undefined, earlier: [] },
  );
}

function changesOf({ changes }: Diff): readonly string[] {
  return changes.map(
    ({ object, field, after }) => `${object} ${field} ${typeof after === 'string' ? after : ''}`,
  );
}

describe('numbers of disks, and their places', () => {
  it('an old disk that came back takes the place of none that is mounted', () => {
    const facts = without(ready, 'S3');
    const twice = {
      ...facts,
      mounts: {
        read: true as const,
        value: ready.mounts.read ? ready.mounts.value.filter(({ point }) => point !== '/srv/object/2') : [],
      },
      markers: { read: true as const, value: markers.filter(({ text }) => text.includes('"S1"')) },
    };
    const looks = { S2: looked(markerText('S2', 1)) };

    const diff = plan({ facts: twice, looks, args: { count: { min: 1 } } });

    assert.deepEqual(diff.changes, []);
    assert.match(diff.notes?.join('\n') ?? '', /disk S2: READY: its number 1 is that of disk S1, too, which is mounted: slab disk retire storage-07 of the one that is out of date/); // prettier-ignore
  });

  it('of two under one number the one that is mounted counts where only one is wanted', () => {
    const facts = without(ready, 'S3');
    const one = (point: string, serial: string): HostFacts => ({
      ...facts,
      mounts: {
        read: true,
        value: ready.mounts.read ? ready.mounts.value.filter((each) => each.point !== point) : [],
      },
      markers: { read: true, value: markers.filter(({ text }) => text.includes(`"${serial}"`)) },
    });

    // The one without a place comes first by its name.
    const diff = plan({
      facts: one('/srv/object/1', 'S2'),
      looks: { S1: looked(markerText('S1', 2)) },
      args: { count: { min: 0, max: 1 } },
    });

    assert.deepEqual(diff.changes, []);
    assert.equal(diff.shortfalls, undefined);
    assert.deepEqual(
      diff.disks?.map(({ serial, action }) => `${serial} ${action}`),
      ['S1 refused', 'S2 none'],
    );
  });

  it('after a boot neither of two that are ready under one number is mounted, and the place is kept shut', () => {
    const facts = without(booted(), 'S3');
    const looks = { S1: looked(markerText('S1', 1)), S2: looked(markerText('S2', 1)) };

    const diff = plan({ facts, looks, args: { count: { min: 1 } } });

    assert.deepEqual(changesOf(diff), ['disk:object/srv/object/1 blocker /srv/object/1']);
    assert.match(diff.shortfalls?.join('\n') ?? '', /S1: READY: its number 1 is that of disk S2, too, and which of them has what is current nobody can tell/); // prettier-ignore
  });

  it('the one that is retired on record is left out, and the other one is mounted', () => {
    const facts = without(booted(), 'S3');
    const looks = { S1: looked(markerText('S1', 1)), S2: looked(markerText('S2', 1)) };
    const retired = { at: '2026-11-20T00:00:00Z', why: 'its number 1 was given to disk S2' };

    const diff = plan({
      facts,
      looks,
      disks: [recordOf('S1', { n: 1, retired })],
      args: { count: { min: 1 } },
    });

    assert.deepEqual(changesOf(diff), ['disk:object/S2 mount /srv/object/1']);
    assert.match(diff.notes?.join('\n') ?? '', /S1: RETIRED/);
  });

  it('a blank disk gets the number of one that is gone, and says in whose place it is', () => {
    const diff = plan({
      facts: without(booted(), 'S1'),
      looks: { S2: looked(markerText('S2', 2)), S3: blank },
      disks: [recordOf('S1', { n: 1 }), recordOf('S2', { n: 2 })],
    });

    assert.deepEqual(changesOf(diff), [
      'disk:object/S2 mount /srv/object/2',
      'disk:object/S3 filesystem xfs',
      'disk:object/S3 mount /srv/object/1',
    ]);
    assert.match(
      diff.disks?.find(({ serial }) => serial === 'S3')?.words.join('\n') ?? '',
      /in place of disk S1, last READY on 2026-11-19: that one is retired when this one has its number 1/,
    );
    assert.deepEqual(
      diff.disks?.map(({ state }) => state),
      ['READY', 'BLANK'],
    );
  });

  it('a blank disk does not get the number of one that is here and refused', () => {
    const lost: Look = { ...looked(''), peek: { mounted: 'bad superblock', unreadable: false, owner: '', entries: [], marker: null } }; // prettier-ignore
    const diff = plan({
      facts: booted(),
      looks: { S1: lost, S2: looked(markerText('S2', 2)), S3: blank },
      disks: [recordOf('S1', { n: 1 }), recordOf('S2', { n: 2 })],
    });

    assert.deepEqual(changesOf(diff), [
      'disk:object/S2 mount /srv/object/2',
      'disk:object/S3 filesystem xfs',
      'disk:object/S3 mount /srv/object/3',
      'disk:object/srv/object/1 blocker /srv/object/1',
    ]);
  });

  it('where places go by serial numbers, no number is given twice', () => {
    const diff = plan({
      facts: without(ready, 'S1'),
      looks: { S3: blank },
      disks: [recordOf('S1', { n: 1 }), recordOf('S2', { n: 2 })],
      args: { mount: '/srv/object/{serial}', count: { min: 1 } },
    });

    assert.deepEqual(diff.disks?.map(({ serial, role }) => `${serial} ${role}`), ['S2 object-2', 'S3 object-3', 'S1 object-1']); // prettier-ignore
  });

  for (const [pattern, slot] of [
    ['{serial}', ''],
    ['{slot}', 'bay-4'],
  ] as const)
    it(`the place of a disk that is gone is kept shut by its record (${pattern})`, () => {
      const diff = plan({
        facts: without(ready, 'S3'),
        disks: [recordOf('S9', { n: 9, slot })],
        args: { mount: `/srv/object/${pattern}`, count: { min: 0 } },
      });

      const point = slot === '' ? '/srv/object/S9' : '/srv/object/bay-4';
      assert.ok(changesOf(diff).includes(`disk:object${point} blocker ${point}`), changesOf(diff).join('\n'));
      const view = diff.disks?.find(({ serial }) => serial === 'S9');
      assert.deepEqual(view?.words, ['nothing answers to this name; last READY on 2026-11-19', `${point} is kept shut`]); // prettier-ignore
      assert.match(diff.notes?.join('\n') ?? '', /disk S9: MISSING/);
    });

  it('a place in which nothing is has the record of this host, not of another one with such a place', () => {
    const elsewhere = recordOf('S8', { host: 'storage-08', n: 8, slot: 'bay-4' });
    const args = { slots: ['bay-4'], size: undefined, mount: '/srv/object/{n}', count: { min: 0, max: 1 } };
    const seen = (...disks: readonly DiskRecord[]) => plan({ facts: ready, disks, args } as unknown as Situation).disks; // prettier-ignore

    assert.deepEqual(seen(elsewhere)?.map(({ serial, role }) => [serial, role]), [['bay-4', 'object']]); // prettier-ignore
    const both = seen(elsewhere, recordOf('S9', { n: 9, slot: 'bay-4' }));
    assert.deepEqual(both?.map(({ serial, role }) => [serial, role]), [['S9', 'object-9']]); // prettier-ignore
  });

  for (const mount of ['/srv/object/{serial}', '/srv/object'])
    it(`the place of a disk that is refused is kept shut (${mount})`, () => {
      const lost: Look = { ...looked(''), peek: { mounted: 'bad superblock', unreadable: false, owner: '', entries: [], marker: null } }; // prettier-ignore
      const point = mount.replace('{serial}', 'S1');

      const diff = plan({ facts: booted(), looks: { S1: lost }, args: { serials: ['S1'], size: undefined, mount, count: { min: 1, max: 1 } } } as unknown as Situation); // prettier-ignore

      assert.deepEqual(changesOf(diff), [`disk:object${point} blocker ${point}`]);
    });

  it('what is not ours and a class meets on a host has no place', () => {
    const diff = plan({
      facts: without(without(ready, 'S1'), 'S2'),
      looks: {
        S3: {
          ...blank,
          proof: { verdict: 'nonzero', where: '0 65536', reads: 1, bytes: 65536, how: 'partly' },
        },
      },
      args: { mount: '/srv/object/{serial}', count: { min: 0 } },
    });

    assert.deepEqual(diff.changes, []);
  });
});
