import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';

const lib = join(import.meta.dirname, '../../lib/disks');
const SHELLS = [['dash'], ['busybox', 'ash']] as const;
const CHUNK = 2 ** 18;
const SIZE = 2 * CHUNK;

/** What the kernel says of a partition and of the disk that it is on. */
interface Kernel {
  readonly diskseq: string;
  readonly start: string;
  readonly number: string;
  readonly boot: string;
  /** Sectors written to the partition, and to all of its disk. */
  readonly written: string;
  readonly diskWritten: string;
  readonly iostats: string;
  /** What the disk stands on. */
  readonly slave?: string;
  /** What happens at each read. */
  readonly meanwhile?: string;
}

const kernel: Kernel = {
  ...{ diskseq: '9', start: '2048', number: '254:17', boot: 'b1' },
  ...{ written: '0', diskWritten: '8', iostats: '1' },
};

describe('a full proof that was interrupted', function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'proof-'));
    const text = readFileSync(join(lib, 'bytes.sh'), 'utf8').replaceAll(
      '/run/slab/proof',
      join(folder, 'proof'),
    );
    writeFileSync(join(folder, 'bytes.sh'), text);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Proves a partition without a serial number. @param cut where reading it fails. */
  function prove(shell: readonly string[], content: Buffer, seen: Kernel, cut = SIZE): string {
    const disk = join(folder, 'sys/vdb');
    const part = join(disk, 'vdb1');
    rmSync(join(folder, 'sys'), { recursive: true, force: true });
    for (const each of [part, join(disk, 'queue'), join(disk, 'slaves', seen.slave ?? '')])
      mkdirSync(each, { recursive: true });
    const files = {
      ...(seen.diskseq === '' ? {} : { diskseq: seen.diskseq }),
      ...{ 'queue/iostats': seen.iostats, stat: `1 0 8 0 1 0 ${seen.diskWritten} 0 0 0 0` },
      ...{
        'vdb1/start': seen.start,
        'vdb1/partition': '1',
        'vdb1/stat': `1 0 8 0 1 0 ${seen.written} 0 0 0 0`,
      },
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(disk, name), `${text}\n`);
    writeFileSync(join(folder, 'content'), content);
    const script = `. ${lib}/device.sh
. ${folder}/bytes.sh
slab_read() { ${seen.meanwhile ?? ':'}; [ "$1" -lt ${cut} ] && dd if="$slab_node" iflag=fullblock,skip_bytes,count_bytes bs=65536 skip="$1" count="$2"; }
slab_mib=${CHUNK / 256} slab_node=${folder}/content slab_sys=${part} slab_whole_sys=${part}/..
slab_serial='' slab_boot=${seen.boot} slab_number=${seen.number} slab_from=0 slab_until=${SIZE}
slab_prove_full`;
    const [command = '', ...words] = shell;
    return spawnSync(command, [...words, '-c', script], { encoding: 'utf8' }).stdout.trim();
  }

  const zeros = Buffer.alloc(SIZE);
  const filled = Buffer.from(zeros);
  filled[CHUNK / 4] = 1;

  /** A proof is cut in the middle of zeros, and made again. */
  const again = (then: Partial<Kernel>, first: Partial<Kernel> = {}): readonly string[] =>
    SHELLS.map((shell) => {
      rmSync(join(folder, 'proof'), { recursive: true, force: true });
      const cut = prove(shell, zeros, { ...kernel, ...first }, CHUNK);
      assert.equal(cut, `reads 2 ${SIZE} partly\nunreadable ${CHUNK} ${CHUNK}`);
      return prove(shell, filled, { ...kernel, ...first, ...then });
    });
  const both = (words: string): readonly string[] => SHELLS.map(() => words);

  it('goes on where it was while all is the same', () => {
    assert.deepEqual(again({}), both(`reads 1 ${CHUNK} full\nzero`));
  });

  for (const [of, says] of [
    ['another part of its disk', `reads 2 ${SIZE} full\nzero`],
    ['what it is of', `reads 2 ${SIZE} partly\nnonzero written-to meanwhile`],
  ] as const)
    it(`heeds what is written to ${of} while it is made`, () => {
      const stat = join(folder, 'sys/vdb', of === 'what it is of' ? 'vdb1/stat' : 'stat');

      const said = SHELLS.map((shell) => {
        rmSync(join(folder, 'proof'), { recursive: true, force: true });
        return prove(shell, zeros, { ...kernel, meanwhile: `echo 1 0 8 0 1 0 99 0 0 0 0 >${stat}` });
      });

      assert.deepEqual(said, both(says));
    });

  for (const [what, then, first] of [
    ['the disk is another one', { diskseq: '10' }, {}],
    ['the partition begins elsewhere', { start: '4096' }, {}],
    ['the partition has another number', { number: '254:18' }, {}],
    ['the host was restarted', { boot: 'b2' }, {}],
    ['something was written through the whole disk', { diskWritten: '16' }, {}],
    ['the kernel does not number its disks', {}, { diskseq: '' }],
    ['the kernel does not count what is written', {}, { iostats: '0' }],
    ['the kernel does not say what was written', {}, { diskWritten: '-' }],
    ['the disk stands on another one', {}, { slave: 'sda' }],
  ] as const)
    it(`begins anew where ${what}`, () => {
      assert.deepEqual(again(then, first), both(`reads 1 ${CHUNK} partly\nnonzero 0 ${CHUNK}`));
    });
});
