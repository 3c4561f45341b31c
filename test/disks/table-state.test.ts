import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';

const own = join(import.meta.dirname, '../../lib/disks/own.sh');
const SHELLS = [['dash'], ['busybox', 'ash']] as const;
const GUID = '6b5d8c1e-0a0f-5c0d-9e61-4f2b7c8d9e0f';
const PARTUUID = 'a1b2c3d4-e5f6-5a7b-8c9d-0e1f2a3b4c5d';
const OTHER = '0f0f0f0f-e5f6-5a7b-8c9d-0e1f2a3b4c5d';
const LINUX = '0FC63DAF-8483-4772-8E79-3D69D8477DE4';

/** A line of a partition for sfdisk; what is not said is as ours has it. */
function entry({ start = 2048, size = 20_480, uuid = PARTUUID, name = 'slab-p', number = '' } = {}): string {
  return `${number}start=${start}, size=${size}, type=${LINUX}, uuid=${uuid}, name="${name}"`;
}

describe('what the table of a disk says of our work', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'table-'))));
  after(() => rmSync(folder, { recursive: true }));

  /** What is said of a disk with such partitions, by each shell. */
  function judge(entries: readonly string[], { guid = GUID } = {}): readonly string[] {
    const disk = join(folder, 'disk');
    writeFileSync(disk, '');
    truncateSync(disk, 32 * 2 ** 20);
    const input = ['label: gpt', `label-id: ${guid}`, 'unit: sectors', ...entries, ''].join('\n');
    if (entries.length > 0) execFileSync('sfdisk', ['-q', disk], { input });
    const script = `. ${own}
slab_node=${disk} slab_guid=${GUID} slab_partuuid=${PARTUUID} slab_start=2048 slab_sectors=20480
slab_pending=slab-p slab_approved=slab-a slab_ready=slab-r
slab_table_state`;
    return SHELLS.map(([command, ...words]) => {
      const ran = spawnSync(command, [...words, '-c', script], { encoding: 'utf8' });
      return `${ran.status} ${ran.stdout}${ran.stderr}`.trim();
    });
  }

  const both = (word: string) => SHELLS.map(() => word);

  for (const [name, state] of [
    ['slab-p', 'pending'],
    ['slab-a', 'approved'],
    ['slab-r', 'ready'],
  ] as const)
    it(`is ${state} by the name of its partition`, () => {
      assert.deepEqual(judge([entry({ name })]), both(`0 ${state}`));
    });

  const others: Readonly<Record<string, Parameters<typeof judge>>> = {
    'a disk without a table': [[]],
    'a table with another id': [[entry()], { guid: OTHER }],
    'a partition with another id': [[entry({ uuid: OTHER })]],
    'a partition elsewhere': [[entry({ start: 4096 })]],
    'a partition with another size': [[entry({ size: 20_488 })]],
    'a partition with another name': [[entry({ name: 'slab-p2' })]],
    'a name in which ours is hidden': [[entry({ name: `x, name=` })]],
    'a second partition': [[entry(), entry({ start: 30_720, uuid: OTHER, name: 'y' })]],
    'ours as the second one': [[entry({ number: '2: ' })]],
    'ours as the eleventh': [[entry({ number: '11: ' })]],
  };
  for (const [name, words] of Object.entries(others))
    it(`is nothing of ours for ${name}`, () => {
      assert.deepEqual(judge(...words), both('0'));
    });
});
