import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { decideDisk } from '../../lib/disks/decide.ts';
import type { Case, Policy, Verdict } from '../../lib/disks/verdict.ts';
import type { Block, HostFacts } from '../../lib/disks/facts.ts';
import { listDisks, selectDisks, type Disk } from '../../lib/disks/identity.ts';
import { diskIds } from '../../lib/disks/ids.ts';
import type { Look } from '../../lib/disks/read-look.ts';
import { lookScript } from '../../lib/disks/scripts.ts';
import type { DiskApproval, DiskRecord } from '../../lib/model/records.ts';
import { diskNamed, factsOf, recordedAnswer } from './recorded.ts';

const facts = factsOf(recordedAnswer());
const policy: Policy = {
  ...{ cluster: 'prod', host: 'storage-07', role: 'object', filesystem: 'xfs' },
  ...{ whenBlank: 'format', others: listDisks(facts) },
};

/** What a closer look at a disk says on which every byte is zero. */
const zero: Look = {
  ...{ disk: null, exclusive: null, free: null },
  head: { state: 'zero' },
  tail: { state: 'zero' },
  proof: { verdict: 'zero', where: '', reads: 7, bytes: 400 * 2 ** 20, how: 'full' },
};

function decide(serial: string, more: Partial<Case> = {}): Verdict {
  return decideDisk({ facts, disk: diskNamed(facts, serial), unsuitable: [], policy, ...more });
}

/** The same disk with something else about it. */
function blockOf(serial: string, change: Partial<Block>): Disk {
  const disk = diskNamed(facts, serial);
  return { ...disk, block: { ...disk.block, ...change } };
}

/** States without a word of slab's on the disk, from nothing but the probe. */
const OCCUPIED = [
  ...['xfs', 'ext4', 'btrfs', 'swap', 'lvm', 'luks', 'xfs-half', 'ambivalent', 'dos', 'gpt', '4kn'],
  ...['gpt-unpartitioned', 'gpt-primary-zeroed', 'gpt-backup-zeroed', 'xfs-and-gpt'],
];

describe('what is on a disk', () => {
  for (const content of OCCUPIED)
    it(`${content} is OCCUPIED, without a closer look, and with the evidence`, () => {
      const verdict = decide(content);

      assert.equal(verdict.state, 'OCCUPIED');
      assert.deepEqual(verdict.action, { do: 'refuse' });
      assert.notEqual(verdict.evidence.length, 0);
    });

  it('H24: two file systems at once are named with their places', () => {
    assert.match(decide('ambivalent').evidence[0] ?? '', /^ambivalent: xfs .*at 0x0 and ext4 at 0x438$/);
  });

  it('H49: a file system where ours might be is not ours without our ids and our marker', () => {
    assert.equal(decide('xfs').state, 'OCCUPIED');
  });

  for (const content of [
    'blank',
    'tib',
    'ff',
    'random',
    'pmbr-only',
    'mbr-signature',
    'gpt-backup-only',
    'gpt-empty',
  ])
    it(`${content} needs a closer look: what scanners say is no proof`, () => {
      assert.deepEqual(decide(content).action, { do: 'look', for: ['blank'] });
    });

  for (const content of ['ff', 'random'])
    it(`H36 H37: ${content} is OCCUPIED once its bytes were read, though no tool sees anything`, () => {
      const proof = { verdict: 'nonzero', where: '0 65536', reads: 1, bytes: 65536, how: 'partly' } as const;
      const head = { state: 'bytes', base64: Buffer.alloc(65536, 255).toString('base64') } as const;

      const verdict = decide(content, { look: { ...zero, head, proof } });

      assert.equal(verdict.state, 'OCCUPIED');
    });

  for (const content of ['pmbr-only', 'mbr-signature', 'gpt-backup-only', 'gpt-empty'])
    it(`H29 H30 H33: ${content} is never formatted, whatever its body holds`, () => {
      const bytes = Buffer.alloc(65536);
      bytes.set([0x55, 0xaa], 510);
      const head = { state: 'bytes', base64: bytes.toString('base64') } as const;

      assert.equal(decide(content, { look: { ...zero, head } }).state, 'OCCUPIED');
      assert.equal(decide(content, { look: zero }).action.do, 'refuse', 'scanners and bytes do not agree');
    });

  it('is BLANK only when every byte that was asked for is zero, and the words say how much that was', () => {
    const verdict = decide('blank', { look: zero });

    assert.equal(verdict.state, 'BLANK');
    assert.equal(verdict.action.do, 'format');
    assert.match(verdict.evidence[0] ?? '', /proof full, 7 reads, 419430400 bytes/);
  });

  it('H19 H20: is UNREADABLE when one read failed', () => {
    const proof = { verdict: 'unreadable', where: '0 65536', reads: 1, bytes: 0, how: 'partly' } as const;

    assert.equal(decide('blank', { look: { ...zero, proof } }).state, 'UNREADABLE');
    assert.equal(decide('blank', { look: { ...zero, tail: { state: 'unreadable' } } }).state, 'UNREADABLE');
  });

  it('H22: is UNREADABLE when the closer look did not end', () => {
    const cut: Look = {
      disk: null,
      exclusive: null,
      free: null,
      head: { state: 'zero' },
      tail: { state: 'zero' },
    };

    assert.equal(decide('blank', { look: cut }).state, 'UNREADABLE');
    assert.equal(decide('blank', { lookFailed: 'its answer is cut' }).state, 'UNREADABLE');
  });
});

describe('who uses a disk', () => {
  it('H51 H55 H53: mounted, swapped on, below a loop device: BUSY', () => {
    for (const serial of ['mounted', 'swapped', 'stacked'])
      assert.equal(decide(serial).state, 'BUSY', serial);
  });

  it('H51: mounted in another mount namespace: BUSY, with the process', () => {
    assert.ok(facts.mounts.read);
    const { number } = diskNamed(facts, 'mounted').block;
    const mounts = {
      read: true,
      value: facts.mounts.value.filter((mount) => mount.number !== number),
    } as const;

    const verdict = decide('mounted', { facts: { ...facts, mounts } });

    assert.equal(verdict.state, 'BUSY');
    assert.match(verdict.evidence.join(), /mounted by pid 1 in another mount namespace/);
  });

  it('H52 H51: open elsewhere, or not to be opened for us alone: BUSY', () => {
    assert.equal(decide('blank', { look: { ...zero, free: 'open in process 4411 (dd)' } }).state, 'BUSY');
    assert.equal(decide('blank', { look: { ...zero, exclusive: 'Device or resource busy' } }).state, 'BUSY');
  });

  it('H56: held by a device above it: BUSY', () => {
    const disk = blockOf('blank', { holders: ['dm-3'] });

    assert.equal(decide('blank', { disk }).state, 'BUSY');
  });

  it('H57: below the running system: SYSTEM, through whatever is stacked on it', () => {
    assert.ok(facts.mounts.read);
    const disk = blockOf('blank', { holders: ['dm-0'] });
    const above: Block = { ...disk.block, name: 'dm-0', number: '252:0', kind: 'dm', holders: [] };
    const [some] = facts.mounts.value;
    assert.ok(some);
    const root = { ...some, number: '252:0', point: '/' };
    const system = {
      ...facts,
      blocks: [...facts.blocks, above],
      mounts: { read: true, value: [...facts.mounts.value, root] } as const,
    };

    assert.equal(decide('blank', { disk, facts: system }).state, 'SYSTEM');
  });
});

describe('what a disk is', () => {
  it('H5: two disks with one serial number are AMBIGUOUS, both', () => {
    const twins = listDisks(facts).filter((disk) => disk.serial === 'twin');

    assert.equal(twins.length, 2);
    for (const disk of twins)
      assert.equal(decideDisk({ facts, disk, unsuitable: [], policy }).state, 'AMBIGUOUS');
  });

  it('H3: a disk without a serial number is nobody', () => {
    assert.equal(decide('blank', { disk: { ...diskNamed(facts, 'blank'), serial: '' } }).state, 'AMBIGUOUS');
  });

  it('H71 H17: read only or removable: UNSUITABLE', () => {
    assert.equal(decide('readonly').state, 'UNSUITABLE');
    assert.equal(decide('blank', { disk: blockOf('blank', { removable: true }) }).state, 'UNSUITABLE');
  });

  it('H73: too small for the file system: UNSUITABLE before anything is written', () => {
    const least = 302 * 2 ** 20;
    const sized = (sizeBytes: number) => decide('blank', { disk: blockOf('blank', { sizeBytes }) });

    assert.match(decide('small').evidence.join(), /too small for xfs/);
    assert.match(sized(least - 1).evidence.join(), new RegExp(`: ${least - 1} bytes, .*takes ${least}$`));
    assert.notEqual(sized(least).state, 'UNSUITABLE');
    assert.equal(decide('small', { policy: { ...policy, filesystem: 'ext4' } }).state, 'UNDECIDED');
  });

  it('H15: a node that is another device, or none, is UNREADABLE', () => {
    assert.equal(decide('blank', { disk: blockOf('blank', { nodeNumber: '8:0' }) }).state, 'UNREADABLE');
    assert.equal(decide('blank', { disk: blockOf('blank', { nodeNumber: null }) }).state, 'UNREADABLE');
  });

  it('H9: a hidden path is no disk of its own', () => {
    const blocks = facts.blocks.map((block) =>
      block.serial === 'blank' ? { ...block, hidden: true } : block,
    );

    assert.equal(
      listDisks({ ...facts, blocks }).find((disk) => disk.serial === 'blank'),
      undefined,
    );
  });

  it('H6: two paths to one disk are one disk only below a multipath device, which is refused by name', () => {
    const one = diskNamed(facts, 'blank').block;
    const paths = ['sdb', 'sdc'].map((name) => ({ ...one, name, wwn: '0x5000c500a1b2c3d4', serial: 'LUN1' }));

    const apart = listDisks({ ...facts, blocks: paths });
    const mpath: Block = {
      ...{ ...one, name: 'dm-2', kind: 'dm', serial: null, wwn: null },
      ...{ dm: { name: 'mpatha', uuid: 'mpath-35000c500a1b2c3d4' }, slaves: ['sdb', 'sdc'] },
    };
    const joined = listDisks({ ...facts, blocks: [...paths, mpath] });

    assert.deepEqual(
      apart.map((disk) => typeof disk.ambiguous),
      ['string', 'string'],
    );
    assert.deepEqual(
      joined.map((disk) => [disk.block.name, disk.paths, disk.ambiguous]),
      [['dm-2', ['sdb', 'sdc'], undefined]],
    );
    const [disk] = joined;
    assert.ok(disk);
    const seen = { ...facts, blocks: [...paths, mpath] };
    assert.deepEqual(decideDisk({ facts: seen, disk, unsuitable: [], policy }), {
      state: 'UNSUITABLE',
      action: { do: 'refuse' },
      evidence: [
        'it is the multipath device mpatha of sdb and sdc: slab neither formats nor mounts one. Mount it by hand, or take one of the paths away.',
      ],
    });
  });

  describe('of which the kernel has not read the table, which is ours and ready', () => {
    const booted = factsOf(recordedAnswer('ready'));
    const known = diskNamed(booted, 'S1');
    const [part] = known.partitions;
    const none = { read: true, value: [] } as const;
    const blocks = booted.blocks.filter(({ name }) => name !== part?.name);
    const unread = { ...booted, blocks, mounts: none, mountsOfAll: none, markers: none };
    const marker = booted.markers.read ? (booted.markers.value.find(({ text }) => text.includes('"S1"'))?.text ?? '') : ''; // prettier-ignore
    const peek = { mounted: null, unreadable: false, owner: '0:0:755', entries: [], marker };
    const filesystem = { TYPE: 'xfs', UUID: /"fsUuid":"([^"]+)"/.exec(marker)?.[1] ?? '' };
    const decideUnread = (more?: Partial<Look['peek']>): Verdict => {
      const others = listDisks(unread);
      const disk = others.find(({ serial }) => serial === 'S1');
      assert.ok(disk);
      const look = more === undefined ? {} : { look: { disk: null, peek: { ...peek, ...more } } };
      return decideDisk({ facts: unread, disk, unsuitable: [], policy: { ...policy, others }, ...look });
    };

    it('is looked into where its table says that the partition is, and used', () => {
      assert.deepEqual(decideUnread().action, { do: 'look', for: ['peek'] });
      const script = lookScript(diskNamed(unread, 'S1'), unread, { wanted: ['peek'], filesystem: 'xfs' });
      assert.match(script.text, /offset=1048576\D+length=333447168\b/);
      const { state, action, evidence } = decideUnread({ filesystem });
      assert.deepEqual([state, action.do], ['READY', 'use']);
      assert.match(evidence.join('\n'), /it is told before the mount/);
    });

    it('is left alone where that is not said to be our file system, or does not mount', () => {
      for (const look of [
        {},
        { filesystem: { ...filesystem, UUID: 'other' } },
        { filesystem: { ...filesystem, TYPE: 'ext4' } },
      ])
        assert.equal(decideUnread(look).state, 'CHANGED');
      const { state, evidence } = decideUnread({ mounted: 'failed to setup loop device' });
      assert.equal(state, 'UNREADABLE');
      assert.match(evidence.join('\n'), /partx -u .*failed to setup loop device/);
    });
  });

  describe('which has our table, and the name on it says that its format was approved and has not ended', () => {
    const booted = factsOf(recordedAnswer('ready'));
    const { block } = diskNamed(booted, 'S1');
    const idsOf = (gen: number) =>
      diskIds({ cluster: 'prod', host: 'storage-07', role: 'object', serial: 'S1', gen });
    const ids = idsOf(0);
    const none = { read: true, value: [] } as const;
    const marker = booted.markers.read ? (booted.markers.value.find(({ text }) => text.includes('"S1"'))?.text ?? '') : ''; // prettier-ignore
    const empty = { mounted: null, unreadable: false, owner: '0:0:755', entries: [], marker: null };
    const kept = { ...empty, entries: ['file'] };

    /** @param fsUuid of the file system on its partition; empty: scanners see none. */
    const decideStopped = (
      peek?: Look['peek'],
      fsUuid = ids.fsUuid,
      { gen = 0, ...more }: Partial<Policy> & { readonly gen?: number } = {},
    ): Verdict => {
      const { diskGuid: id, partUuid: uuid, approvedLabel: name } = idsOf(gen);
      const blocks = booted.blocks.map((each): Block => {
        const { content } = each;
        if (content?.wipefs.read !== true) return each;
        if (each.name === block.name && content.table.read && content.table.value !== null) {
          const partitions = content.table.value.partitions.map((part) => ({ ...part, uuid, name }));
          const value = { ...content.table.value, id, partitions };
          return { ...each, content: { ...content, table: { read: true, value } } };
        }
        if (!each.name.startsWith(`${block.name}p`)) return each;
        const fields = { TYPE: 'xfs', UUID: fsUuid };
        const [seen] = content.wipefs.value;
        assert.ok(seen);
        const said = fsUuid === '' ? ({ says: 'nothing' } as const) : ({ says: 'content', fields } as const);
        const wipefs = { read: true, value: fsUuid === '' ? [] : [{ ...seen, uuid: fsUuid }] } as const;
        return { ...each, content: { ...content, wipefs, blkid: { read: true, value: said } } };
      });
      const facts = { ...booted, blocks, mounts: none, mountsOfAll: none, markers: none };
      const disk = diskNamed(facts, 'S1');
      const look = peek === undefined ? {} : { look: { disk: null, peek } };
      const own = { ...policy, others: listDisks(facts), ...more };
      return decideDisk({ facts, disk, unsuitable: [], policy: own, ...look });
    };
    const modeOf = ({ state, action }: Verdict) => [state, action.do === 'format' ? action.mode : action.do];

    it('is looked into where the file system is ours, and OCCUPIED by files that came since', () => {
      assert.deepEqual(decideStopped().action, { do: 'look', for: ['peek'] });
      const verdict = decideStopped(kept);
      assert.deepEqual(modeOf(verdict), ['OCCUPIED', 'refuse']);
      assert.match(verdict.evidence.join(), /somebody keeps files on it: file/);
    });

    it('needs a new approval then', () => {
      const approval: DiskApproval = {
        ...{ host: 'storage-07', serial: 'S1', sizeBytes: block.sizeBytes ?? 0, gen: 2, by: 'anna' },
        ...{ fingerprint: `sha256:${'4f'.repeat(32)}`, reason: 'RMA-1234', expires: '2026-12-01' },
      };

      assert.deepEqual(
        decideStopped(kept, ids.fsUuid, { approval }).evidence.at(-1),
        'its fingerprint could not be taken',
      );
    });

    it('is completed where nobody has put anything there, or it does not mount', () => {
      assert.deepEqual(modeOf(decideStopped(empty)), ['UNFINISHED', 'pending']);
      assert.deepEqual(modeOf(decideStopped({ ...empty, marker })), ['UNFINISHED', 'verify']);
      assert.deepEqual(modeOf(decideStopped({ ...empty, mounted: 'bad superblock' })), [
        'UNFINISHED',
        'pending',
      ]);
    });

    it('is completed without a look where another file system shows through: that was given up', () => {
      for (const other of ['6b5d8c1e-0a0f-4c0d-9e61-4f2b7c8d9e0f', ''])
        assert.deepEqual(modeOf(decideStopped(undefined, other)), ['UNFINISHED', 'pending']);
    });

    it('is known by the generation of its approval, though that is used or has expired', () => {
      const other = '6b5d8c1e-0a0f-4c0d-9e61-4f2b7c8d9e0f';

      assert.deepEqual(modeOf(decideStopped(undefined, other, { gen: 5, newest: 5 })), [
        'UNFINISHED',
        'pending',
      ]);
      assert.deepEqual(modeOf(decideStopped(undefined, other, { gen: 5 })), ['FOREIGN', 'refuse']);
    });

    it('goes by a copy of the superblock of an ext4 whose first one is torn', () => {
      const by = (copyId: string) =>
        decideStopped({ ...kept, copy: 8193, copyId }, '', { filesystem: 'ext4' });

      assert.deepEqual(modeOf(decideStopped(undefined, '', { filesystem: 'ext4' })), ['UNDECIDED', 'look']);
      assert.deepEqual(modeOf(by(ids.fsUuid.replaceAll('-', ''))), ['OCCUPIED', 'refuse']);
      assert.deepEqual(modeOf(by('4f'.repeat(16))), ['UNFINISHED', 'pending']);
    });
  });

  it('H10: names are compared whole', () => {
    const disks = listDisks(facts);

    assert.deepEqual(selectDisks(disks, { serials: ['bla'] }).missing, [{ kind: 'serial', name: 'bla' }]);
    assert.equal(selectDisks(disks, { serials: ['blank'] }).disks.length, 1);
  });

  it('H12: a named disk of another size than declared is not suitable; a class leaves it out', () => {
    const disks = listDisks(facts);
    const size = { min: 2 ** 40, max: 4 * 2 ** 40 };

    const [named] = selectDisks(disks, { serials: ['blank'], size }).disks;
    assert.ok(named);
    const { disk, unsuitable } = named;
    assert.equal(decideDisk({ facts, disk, unsuitable, policy }).state, 'UNSUITABLE');
    assert.deepEqual(
      selectDisks(disks, { size }).disks.map((each) => each.disk.serial),
      ['tib'],
    );
  });
});

describe('what is on record', () => {
  const record: DiskRecord = {
    ...{ serial: 'blank', host: 'storage-07', role: 'object', sizeBytes: 400 * 2 ** 20, gen: 0 },
    ...{ firstSeen: '2026-01-01T00:00:00Z', lastReady: '2026-11-19T00:00:00Z' },
  };
  const approval: DiskApproval = {
    ...{ host: 'storage-07', serial: 'xfs', sizeBytes: 400 * 2 ** 20, gen: 1 },
    ...{ fingerprint: `sha256:${'4f'.repeat(32)}`, reason: 'RMA-1234', by: 'anna', expires: '2026-12-01' },
  };
  const approved = { ...policy, approval };
  const look: Look = { disk: null, fingerprint: approval.fingerprint };

  it('H91: a disk that was READY and reads zero now is a fault, not a new disk', () => {
    const verdict = decide('blank', { look: zero, policy: { ...policy, record } });

    assert.equal(verdict.state, 'CHANGED');
    assert.match(verdict.evidence.join(), /was READY on 2026-11-19 and reads all zero now/);
  });

  it('a retired disk stays retired when it comes back', () => {
    const retired = { ...record, retired: { at: '2026-11-20T00:00:00Z', why: 'bad sectors' } };

    assert.equal(decide('blank', { look: zero, policy: { ...policy, record: retired } }).state, 'RETIRED');
  });

  it('an approval needs the fingerprint of what is there now', () => {
    assert.deepEqual(decide('xfs', { policy: approved }).action, { do: 'look', for: ['fingerprint'] });
    assert.equal(decide('xfs', { policy: approved, look: { disk: null } }).action.do, 'refuse');
    const other = { ...look, fingerprint: `sha256:${'00'.repeat(32)}` };
    assert.equal(decide('xfs', { policy: approved, look: other }).action.do, 'refuse');
  });

  it('an approval with the exact fingerprint allows one format, with ids of its own generation', () => {
    const { state, action } = decide('xfs', { policy: approved, look });

    assert.equal(state, 'OCCUPIED');
    assert.ok(action.do === 'format');
    assert.deepEqual([action.mode, action.gen, action.fingerprint], ['approved', 1, approval.fingerprint]);
  });

  it('H97: an approval for another host, serial number or size allows nothing', () => {
    for (const other of [{ host: 'storage-08' }, { serial: 'ext4' }, { sizeBytes: 1 }])
      assert.equal(
        decide('xfs', { look, policy: { ...policy, approval: { ...approval, ...other } } }).action.do,
        'refuse',
      );
  });

  it('an approval allows nothing on a disk that is busy, ambiguous, unreadable or of the system', () => {
    const on = (serial: string) => ({ ...policy, approval: { ...approval, serial } });

    assert.equal(decide('mounted', { look, policy: on('mounted') }).action.do, 'refuse');
    const [twin] = listDisks(facts).filter((disk) => disk.serial === 'twin');
    assert.ok(twin);
    assert.equal(decide('twin', { disk: twin, look, policy: on('twin') }).action.do, 'refuse');
    const unreadable = blockOf('xfs', { holders: null });
    assert.equal(decide('xfs', { disk: unreadable, look, policy: approved }).action.do, 'refuse');
  });

  it('"when_blank: refuse" is obeyed', () => {
    const verdict = decide('blank', { look: zero, policy: { ...policy, whenBlank: 'refuse' } });

    assert.deepEqual([verdict.state, verdict.action.do], ['BLANK', 'refuse']);
  });
});

describe('an answer of which something is not known', () => {
  const missing: readonly (readonly [string, Partial<HostFacts>])[] = [
    ['boot id', { bootId: { read: false, why: 'x' } }],
    ['mounts', { mounts: { read: false, why: 'x' } }],
    ['mounts of other namespaces', { mountsOfAll: { read: false, why: 'x' } }],
    ['swap', { swaps: { read: false, why: 'x' } }],
    ['exports', { exports: { read: false, why: 'x' } }],
    ['markers', { markers: { read: false, why: 'x' } }],
    ['root', { root: false }],
  ];
  for (const [what, change] of missing)
    it(`is UNREADABLE: ${what}`, () => {
      assert.equal(decide('blank', { facts: { ...facts, ...change }, look: zero }).state, 'UNREADABLE');
    });

  for (const key of [
    'readOnly',
    'removable',
    'hidden',
    'holders',
    'sizeBytes',
    'sectorSize',
    'content',
  ] as const)
    it(`is UNREADABLE: ${key} of the disk`, () => {
      assert.equal(
        decide('blank', { disk: blockOf('blank', { [key]: null }), look: zero }).state,
        'UNREADABLE',
      );
    });
});
