import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { readLook } from '../../../lib/disks/read-look.ts';
import type { Json } from '../../../lib/model/json.ts';
import type { Diff } from '../../../lib/model/resource.ts';
import { diffLv } from '../../../lib/resources/lvm/lv.ts';
import { factsOf, recordedAnswer } from '../../disks/recorded.ts';

const seen = factsOf(recordedAnswer('rebooted'));
const SERIAL = 'LVM-OlRSMKqkUPujtqSqsenHImoqaharkQyIFwsp61DZydH7XEL94hYPpRg3uE3X74vN';
const fingerprint = `sha256:${'0'.repeat(64)}`;
const approval = {
  ...{ host: 'stkvm1', serial: SERIAL, sizeBytes: 415236096, fingerprint, gen: 1 },
  ...{ reason: 'moved', by: 'anna', expires: '2026-12-01T00:00:00Z' },
};

/** A volume beside vg0/data: its name, what it is a snapshot of, the pool that it lies in. */
type Beside = readonly [name: string, origin: string, pool: string];

/** A plan that removes vg0/data, which was given up by name, of the recorded host with other volumes. */
function remove(
  volumes: readonly Beside[],
  {
    pool = '',
    goes = [],
    approved = true,
  }: { pool?: string; goes?: readonly string[]; approved?: boolean } = {},
): Diff {
  const rows = [...volumes, ['data', '', pool] as const].map(([name, origin, lies]) => ({
    ...{ lv_name: name, lv_uuid: name, vg_name: 'vg0', lv_size: '4194304', lv_tags: '' },
    ...{ lv_path: `/dev/vg0/${name}`, origin, pool_lv: lies },
  }));
  const value = JSON.stringify({ report: [{ lv: rows }] });
  const facts = { ...seen, texts: { ...seen.texts, lvs: { read: true as const, value } } };
  const mark = '00000000-0000-4000-8000-000000000000';
  const look = `slab-look 1 ${mark}\ndisk yes\nfingerprint ${fingerprint}\nslab-end ${mark}\n`;
  const records = { environment: 'lab', host: 'stkvm1', disks: [], approvals: approved ? [approval] : [] };
  const foreseen = new Map<string, Json>(goes.map((name) => [`lv:vg0/${name}`, { exists: false }]));
  return diffLv(
    {
      ...{ fun: 'lv_absent', name: 'data', group: 'vg0', pv: '', resizeFileSystem: false, records },
      size: { option: '--size', value: '' },
    },
    {
      facts: { read: true, value: facts },
      looks: { 'dm-0': readLook({ code: 0, stdout: Buffer.from(look), stderr: '' }) },
    },
    { predicted: (key) => foreseen.get(key), earlier: [] },
  );
}

const tied = (names: string): string =>
  `/dev/vg0/data is the origin or pool of volumes that would go with it (${names}): each is given up by itself first (lvm.lv_absent)`;

describe('a volume that other volumes hang on', () => {
  for (const [what, volumes, names] of [
    ['is the origin of snapshots', [['one', 'data', ''], ['two', 'data', '']], 'one, two'], // prettier-ignore
    ['is the pool of thin volumes', [['thin', '', 'data'], ['[data_tdata]', '', '']], 'thin'], // prettier-ignore
    ['is what a thin volume reads from outside of its pool', [['thin', 'data', 'pool']], 'thin'],
  ] as const)
    it(`is not removed when it ${what}, though it was given up by name`, () => {
      const { changes, problems } = remove(volumes);

      assert.deepEqual([changes, problems], [[], [tied(names)]]);
    });

  it('is removed after them, when earlier states remove them all', () => {
    const volumes = [['one', 'data', ''], ['two', 'data', '']] as const; // prettier-ignore

    const some = remove(volumes, { goes: ['one'] });
    const all = remove(volumes, { goes: ['one', 'two'] });

    assert.deepEqual(some.problems, [tied('two')]);
    assert.deepEqual(all.problems ?? [], []);
    assert.deepEqual(
      all.changes.map(({ field, certainty }) => [field, certainty]),
      [['exists', 'provisional']],
    );
  });

  it('says in one go that it has to be given up itself as well', () => {
    const { problems, disks } = remove([['one', 'data', '']], { approved: false });

    assert.match(problems?.[0] ?? '', /OCCUPIED: xfs/);
    assert.deepEqual(problems?.slice(1), [tied('one')]);
    assert.equal(disks?.[0]?.serial, SERIAL);
  });

  it('is removed when what was taken of it lies in the same pool, or in another group of volumes', () => {
    assert.deepEqual(remove([['snapshot', 'data', 'pool'], ['pool', '', '']], { pool: 'pool' }).problems ?? [], []); // prettier-ignore
    assert.deepEqual(remove([['one', 'other', '']]).problems ?? [], []);
  });

  it('is not removed when it is not said what hangs on it', () => {
    const value = '{"report":[{"lv":[{"lv_name":"data","vg_name":"vg0","lv_path":"/dev/vg0/data"}]}]}';
    const facts = { ...seen, texts: { ...seen.texts, lvs: { read: true as const, value } } };
    const records = { environment: 'lab', host: 'stkvm1', disks: [], approvals: [approval] };

    const { problems } = diffLv(
      {
        ...{ fun: 'lv_absent', name: 'data', group: 'vg0', pv: '', resizeFileSystem: false, records },
        size: { option: '--size', value: '' },
      },
      { facts: { read: true, value: facts }, looks: {} },
      { predicted: () => undefined, earlier: [] },
    );

    assert.deepEqual(problems, ['what LVM says of its volumes cannot be read']);
  });
});

describe('the host, right before a volume goes', () => {
  const device = join(import.meta.dirname, '../../../lib/disks/device.sh');
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'slab-tied-'));
    mkdirSync(join(folder, 'dm'));
    writeFileSync(join(folder, 'dm/uuid'), `${SERIAL}\n`);
    writeFileSync(join(folder, 'dm/name'), 'vg0-my--data\n');
  });
  after(() => rmSync(folder, { recursive: true }));

  /** What both shells say of vg0/my-data: whether it goes alone, and why not. @param rows as lvs prints them; undefined: it fails. */
  function ask(rows: readonly string[] | undefined): readonly string[] {
    writeFileSync(
      join(folder, 'lvm'),
      `#!/bin/sh
case $* in
  'lvs --noheadings --separator | -o lv_name,vg_name /dev/mapper/vg0-my--data') echo '  my-data|vg0' ;;
  'lvs -a --noheadings --separator | -o lv_name,origin,pool_lv vg0') ${rows === undefined ? 'exit 5' : `printf '  %s\\n' ${rows.map((row) => `'${row}'`).join(' ')}`} ;;
  *) exit 3 ;;
esac`,
    );
    chmodSync(join(folder, 'lvm'), 0o755);
    const script = `. ${device}; slab_sys=${folder}; slab_goes_alone && echo alone || echo "$slab_tied"`;
    return [['dash'], ['busybox', 'ash']].map(([command = '', ...words]) => {
      const { stdout, stderr } = spawnSync(command, [...words, '-c', script], {
        env: { PATH: `${folder}:${process.env['PATH'] ?? ''}` },
      });
      return `${stdout.toString()}${stderr.toString()}`.trim();
    });
  }
  const both = (word: string): readonly string[] => [word, word];
  const tiedWith = (names: string): readonly string[] =>
    both(`it is the origin or pool of volumes that would go with it: ${names}`);

  it('finds snapshots of it, what lies in it, and what reads from it out of another pool', () => {
    assert.deepEqual(ask(['my-data||', 'snap|my-data|', 'thin||my-data']), tiedWith('snap thin'));
    assert.deepEqual(ask(['my-data||', 'thin|my-data|pool', 'pool||']), tiedWith('thin'));
  });

  it('lets it go alone, and when thin snapshots of it lie in its pool', () => {
    assert.deepEqual(ask(['my-data||', 'other|base|', 'base||']), both('alone'));
    assert.deepEqual(ask(['my-data||pool', 'snap|my-data|pool', 'pool||', '[pool_tdata]||']), both('alone'));
  });

  it('lets nothing go of which that cannot be read', () => {
    assert.deepEqual(ask(undefined), both('what hangs on it cannot be read'));
    assert.deepEqual(ask(['other||']), both('what hangs on it cannot be read'));
  });
});
