import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';

const bytes = join(import.meta.dirname, '../../lib/disks/bytes.sh');
const SIZE = 3 * 65_536 + 4096;
const SHELLS = [['dash'], ['busybox', 'ash']] as const;
const TOOLS = ['cat', 'cmp', 'dd', 'tr', 'wc'];
/** What a host has that compares: the fastest that is there is taken. */
const HOSTS = { perl: [...TOOLS, 'perl'], cmp: TOOLS, tr: TOOLS.filter((tool) => tool !== 'cmp') };

describe('the proof that bytes are zero', function () {
  this.timeout(60_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'zeros-'));
    for (const [name, tools] of Object.entries(HOSTS)) {
      execFileSync('mkdir', [join(folder, name)]);
      for (const tool of tools)
        symlinkSync(
          execFileSync('sh', ['-c', `command -v ${tool}`])
            .toString()
            .trim(),
          join(folder, name, tool),
        );
    }
  });
  after(() => rmSync(folder, { recursive: true }));

  /** What is said of a file by each shell on each host: the code of slab_all_zero, and where something was found. */
  function judge(content: Buffer, ranges = `0 ${SIZE}`): readonly string[] {
    const file = join(folder, 'disk');
    writeFileSync(file, content);
    const script = `. ${bytes}
slab_read() { dd if="$slab_node" iflag=fullblock,skip_bytes,count_bytes bs=1048576 skip="$1" count="$2"; }
slab_node=${file}
code=0
slab_all_zero '${ranges}' || code=$?
echo "$code \${slab_found-}"`;
    return Object.keys(HOSTS).flatMap((host) =>
      SHELLS.map(([command, ...words]) => {
        const PATH = join(folder, host);
        const shell = execFileSync('sh', ['-c', `command -v ${command}`])
          .toString()
          .trim();
        const { stdout, stderr } = spawnSync(shell, [...words, '-c', script], { env: { PATH } });
        return `${stdout.toString().trim()}${stderr.toString()}`;
      }),
    );
  }

  const all = (word: string) => Array.from({ length: 6 }, () => word);

  it('holds when every one of them is', () => {
    assert.deepEqual(judge(Buffer.alloc(SIZE)), all('0'));
  });

  for (const at of [0, 1, 4095, 65_535, 65_536, 131_071, SIZE - 1])
    it(`fails for one that is not, at ${at}`, () => {
      const content = Buffer.alloc(SIZE);
      content[at] = 1;

      assert.deepEqual(judge(content), all(`1 0 ${SIZE}`));
    });

  it('says which range has one', () => {
    const content = Buffer.alloc(SIZE);
    content[100_000] = 0x30; // the character that stands for zero

    assert.deepEqual(judge(content, '0 65536\n65536 65536\n131072 4096'), all('1 65536 65536'));
  });

  it('does not hold for what cannot be read in full', () => {
    assert.deepEqual(judge(Buffer.alloc(SIZE - 1)), all(`2 0 ${SIZE}`));
    assert.deepEqual(judge(Buffer.alloc(0)), all(`2 0 ${SIZE}`));
  });

  it('does not hold where the shell cannot keep what is to be read', () => {
    const content = Buffer.alloc(SIZE);
    content[1] = 1;
    writeFileSync(join(folder, 'disk'), content);
    const ranges = Array.from({ length: 256 }, (_, n) => `${n * 512} 512`).join('\n');
    // As bash did it before 5.1: each of these texts is a file in /tmp, which may be full.
    const script = `. ${bytes}
slab_read() { dd if="$slab_node" iflag=fullblock,skip_bytes,count_bytes bs=1048576 skip="$1" count="$2"; }
slab_node=${join(folder, 'disk')}
trap '' XFSZ; ulimit -f 1
code=0
slab_part_zero '${ranges}' || code=$?
echo "code $code"`;

    const { stdout } = spawnSync('bash', ['-c', script], {
      env: { PATH: process.env['PATH'], BASH_COMPAT: '50' },
      encoding: 'utf8',
    });

    assert.match(stdout, /unreadable/);
    assert.match(stdout, /code 1\n$/);
  });

  it('does not hold where what compares does not work', () => {
    const broken = join(folder, 'perl', 'perl');
    rmSync(broken);
    symlinkSync('/bin/false', broken);

    assert.deepEqual(judge(Buffer.alloc(SIZE)).slice(0, 2), [`2 0 ${SIZE}`, `2 0 ${SIZE}`]);
  });
});
