import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';

const probe = readFileSync(join(import.meta.dirname, '../../lib/disks/facts.sh'), 'utf8');
const SHELLS = [['dash'], ['busybox', 'ash'], ['bash', '--posix']] as const;

describe('what the probe of disks asks', function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'probe-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  /** What a part of it says in each shell, with the folder in the place of /sys and /proc; the functions of all of it are there. */
  const say = (command: string): readonly string[] => {
    const functions = probe.slice(0, probe.indexOf('\nread -r slab_mark <'));
    const text = functions.replace(/(?<![\w.])\/(sys|proc)\//g, `${folder}/$1/`);
    return SHELLS.map(([shell, ...words]) => {
      const { status, stdout, stderr } = spawnSync(shell, [...words, '-c', `${text}\n${command}`], {
        encoding: 'utf8',
      });
      return `${status ?? 'killed'}\n${stdout}${stderr}`;
    });
  };
  const all = (answer: string): readonly string[] => SHELLS.map(() => answer);

  it('H54: of exports takes one without a path for none, and goes on with the others', () => {
    const core = 'sys/kernel/config/target/core';
    put(`${core}/fileio_0/a/udev_path`, '');
    put(`${core}/iblock_1/b/udev_path`, '/nowhere\n');
    put(`${core}/iblock_2/c/udev_path`, '/without-newline');

    assert.deepEqual(say('exports'), all('0\n/nowhere=\n/without-newline=\n'));
  });

  it('H54: of exports fails when one cannot be read', () => {
    put('sys/kernel/config/target/core/fileio_0/a/udev_path/unreadable', '');

    for (const answer of say('exports')) assert.match(answer, /^[1-9]/);
  });

  it('of markers touches the mount points of disks and of btrfs alone', () => {
    const mounts = [
      ['8:1', 'disk', 'ext4', '/dev/sda1'],
      ['0:40', 'btrfs', 'btrfs', '/dev/sdb1'],
      ['0:41', 'nfs', 'nfs4', 'server:/export'],
      ['0:42', 'auto', 'autofs', 'systemd-1'],
    ] as const;
    for (const [, point] of mounts) put(`${point}/.slab/disk.json`, `{}`);
    put(
      'proc/self/mountinfo',
      mounts
        .map(
          ([number, point, type, source]) =>
            `1 1 ${number} / ${folder}/${point} rw shared:1 - ${type} ${source} rw\n`,
        )
        .join(''),
    );

    for (const answer of say('markers | grep -v {}'))
      assert.deepEqual(
        answer.split('\n').map((line) => line.split(' ').slice(0, 2).join(' ')),
        ['0', `8:1 ${folder}/disk`, `0:40 ${folder}/btrfs`, ''],
      );
  });

  it('H53: of a loop device asks what it is on, wherever that lies', () => {
    const stat = `patiently() { "$@"; }
stat() { for path; do case $path in */dev/sdb) echo "block special file 8:10 $path" ;; *' b') echo "regular file 0:0 $path" ;; esac; done; false; }`;
    const paths = ['/srv/chroot/dev/sdb', '/srv/a b', '/srv/c (deleted)'];
    for (const [n, path] of paths.entries()) put(`sys/block/loop${n}/loop/backing_file`, `${path}\n`);
    const backing = (path: string) =>
      say(
        `${stat}\nslab_backings=$(backings)\ndescribe ${folder}/sys/block/loop${paths.indexOf(path)} /nowhere | grep '^backing='`,
      );

    assert.deepEqual(backing('/srv/chroot/dev/sdb'), all('0\nbacking=block special file 8:10\n'));
    assert.deepEqual(backing('/srv/a b'), all('0\nbacking=regular file 0:0\n'));
    assert.deepEqual(backing('/srv/c (deleted)'), all('0\nbacking=\n'));
  });
});
