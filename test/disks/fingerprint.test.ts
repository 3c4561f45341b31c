import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, it } from 'mocha';

const lib = join(import.meta.dirname, '../../lib/disks');
const SIZE = 64 * 2 ** 20;
const SHELLS = [['dash'], ['busybox', 'ash']] as const;

describe('the fingerprint of what is on a disk', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'fingerprint-'))));
  after(() => rmSync(folder, { recursive: true }));

  /** What each shell makes of a disk. @param wipefs what stands in for it: a script. */
  function take(wipefs?: string): readonly string[] {
    const tools = mkdtempSync(join(folder, 'tools-'));
    if (wipefs !== undefined) {
      writeFileSync(join(tools, 'wipefs'), `#!/bin/sh\n${wipefs}\n`);
      chmodSync(join(tools, 'wipefs'), 0o755);
    }
    const script = `. ${lib}/bytes.sh
. ${lib}/fingerprint.sh
slab_read() { dd if="$slab_node" iflag=fullblock,skip_bytes,count_bytes bs=1048576 skip="$1" count="$2"; }
slab_node=${join(folder, 'disk')} slab_sys=/nowhere slab_name=x slab_serial=S1 slab_size=${SIZE} slab_sector=512
slab_fingerprint`;
    return SHELLS.map(([command, ...words]) => {
      const env = { ...process.env, PATH: `${tools}${delimiter}${process.env['PATH'] ?? ''}` };
      const { status, stdout } = spawnSync(command, [...words, '-c', script], { env, encoding: 'utf8' });
      return `${status} ${stdout}`.trim();
    });
  }

  before(() => {
    const disk = join(folder, 'disk');
    writeFileSync(disk, '');
    truncateSync(disk, SIZE);
    execFileSync('sh', ['-c', 'mkfs.ext4 -q "$1"', 'sh', disk]);
  });

  it('is the same in each shell, and another one where wipefs sees something else', () => {
    const [here = '', ...others] = take();
    const [other = ''] = take("echo '0x0 x'");

    assert.match(here, /^0 sha256:[0-9a-f]{64}$/);
    assert.deepEqual(others, [here]);
    assert.match(other, /^0 sha256:[0-9a-f]{64}$/);
    assert.notEqual(other, here);
  });

  for (const [what, wipefs] of [
    ['says nothing', 'exit 1'],
    ['has said something', "echo '0x0 x'; exit 1"],
    ['is killed', 'kill -9 $$'],
  ] as const)
    it(`is not taken where wipefs fails and ${what}`, () => {
      assert.deepEqual(take(wipefs), ['1', '1']);
    });
});
