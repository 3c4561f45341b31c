import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Json } from '../../../lib/model/json.ts';
import { mount } from '../../../lib/resources/mount/kind.ts';
import { answerOf, declareStates, examine, type Examined } from '../../support/observe-case.ts';

/** Of this recorded host /dev/loop6 is UUID=aaaaaaaa-0000-4000-8000-000000000002. */
const ANSWER = answerOf({ stdoutFile: 'disks/recorded/debian12.txt' });
const LOOP6 = 'UUID=aaaaaaaa-0000-4000-8000-000000000002';

describe('lines of fstab', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'slab-fstab-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Plans one state on a file with this text. */
  const plan = (fun: string, name: string, args: Readonly<Record<string, Json>>, text: string): Examined => {
    const config = join(folder, 'tab');
    writeFileSync(config, text);
    const states = [{ function: fun, name, args: { ...args, config } }];
    const { declared } = declareStates(mount, { states });
    const [examined] = examine(mount, declared, ANSWER, {}, () =>
      answerOf({ stdout: `config ${Buffer.byteLength(text)}\n${text}\nslab-end\n` }),
    );
    assert.ok(examined);
    return examined;
  };

  /** Runs what was planned; without systemd. @returns the exit codes and the text of the file then. */
  const run = ({
    steps,
  }: Examined): { readonly codes: readonly (number | null)[]; readonly text: string } => {
    const codes = steps.map(
      ({ script }) => spawnSync('sh', ['-c', `systemctl() { :; }\nset -eu\n${script.text}`]).status,
    );
    return { codes, text: readFileSync(join(folder, 'tab'), 'utf8') };
  };

  describe('mount.fstab_absent', () => {
    it('takes no line of another device that has no place either', () => {
      const text = '/dev/sda2 none swap sw 0 0\n/swapfile swap swap sw 0 0\n';

      const { diff } = plan('fstab_absent', '/dev/sdb2', { fs_file: 'none' }, text);

      assert.deepEqual(diff.changes, []);
    });

    it('takes the line of the device out of several without a place, and no mount of that device', () => {
      const text = '/dev/sda2 none swap sw 0 0\n/dev/sdb2 swap swap sw 0 0\n/dev/sdb2 /srv xfs noauto 0 0\n';

      const { codes, text: after } = run(plan('fstab_absent', '/dev/sdb2', { fs_file: 'none' }, text));

      assert.deepEqual(codes, [0]);
      assert.equal(after, '/dev/sda2 none swap sw 0 0\n/dev/sdb2 /srv xfs noauto 0 0\n');
    });

    it('leaves a line of another device at the same place, and says so', () => {
      const text = 'UUID=1234 /mnt/backup ext4 noauto 0 0\n';

      const { diff } = plan('fstab_absent', 'LABEL=backup', { fs_file: '/mnt/backup' }, text);

      assert.deepEqual(diff.changes, []);
      assert.deepEqual(diff.notes, [
        `${join(folder, 'tab')} line 1 has UUID=1234 at /mnt/backup, not LABEL=backup: it stays`,
      ]);
    });

    it('takes out its own line beside that of another device', () => {
      const text = 'UUID=1234 /mnt/backup ext4 noauto 0 0\nLABEL=backup /mnt/backup/ ext4 noauto 0 0\n';

      const { codes, text: after } = run(
        plan('fstab_absent', 'LABEL=backup', { fs_file: '/mnt/backup' }, text),
      );

      assert.deepEqual(codes, [0]);
      assert.equal(after, 'UUID=1234 /mnt/backup ext4 noauto 0 0\n');
    });

    it('finds the line by another name of the same device', () => {
      const { codes, text } = run(
        plan('fstab_absent', '/dev/loop6', { fs_file: '/srv/x' }, `${LOOP6} /srv/x ext4 noauto 0 0\n`),
      );

      assert.deepEqual(codes, [0]);
      assert.equal(text, '');
    });

    it('leaves a line that was changed since the plan', () => {
      const planned = plan('fstab_absent', 'LABEL=a', { fs_file: '/srv/x' }, 'LABEL=a /srv/x ext4 ro 0 0\n');
      writeFileSync(join(folder, 'tab'), 'LABEL=a /srv/x ext4 noauto 0 0\n');

      const { codes, text } = run(planned);

      assert.deepEqual(codes, [118]);
      assert.equal(text, 'LABEL=a /srv/x ext4 noauto 0 0\n');
    });
  });

  it('two lines about the same are a problem of the plan, and no step that fails, when one shall go too', () => {
    const text = 'LABEL=a /srv/x ext4 noauto 0 0\n# by hand\nLABEL=a /srv/x/ ext4 ro,noauto 0 0\n';

    const absent = plan('fstab_absent', 'LABEL=a', { fs_file: '/srv/x' }, text);
    const unmounted = plan('unmounted', '/srv/x', { persist: true }, text);

    for (const { diff, steps } of [absent, unmounted]) {
      assert.deepEqual(diff.problems, [`${join(folder, 'tab')} names this on lines 1, 3: leave one of them`]);
      assert.deepEqual([diff.changes, steps], [[], []]);
    }
  });

  it('mount.unmounted with a device takes out no line of another one', () => {
    const args = { device: '/dev/loop6', persist: true };
    const text = `LABEL=other /srv/x ext4 noauto 0 0\n${LOOP6} /srv/x ext4 noauto 0 0\n`;

    const { codes, text: after } = run(plan('unmounted', '/srv/x', args, text));

    assert.deepEqual(codes, [0]);
    assert.equal(after, 'LABEL=other /srv/x ext4 noauto 0 0\n');
  });
});
