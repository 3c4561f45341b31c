import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { before, describe, it } from 'mocha';
import { MIB } from '../../support/storage/disk-size.ts';
import { withSlab } from '../../support/slab.ts';

describe('slab disk', function () {
  this.timeout(240_000);
  const request = { count: 1, disks: { count: 2, sizeBytes: 320 * MIB }, diskless: true };
  const { lab, name, ssh, prefix, directory, project: makeProject } = withSlab(request);
  let project: ReturnType<typeof makeProject>;
  const serial = (n: number) => `${name()}-d${n}`;
  const image = (n: number) => join(directory, 'labs', prefix, 'hosts', name(), 'disks', `${serial(n)}.img`);
  const on = async (command: string): Promise<string> => {
    const { code, stdout, stderr } = await ssh(name(), command);
    assert.equal(code, 0, stderr);
    return stdout.trim();
  };
  const kept = (...parts: readonly string[]) => join(project.directory, ...parts);

  before(async () => {
    project = makeProject({
      files: {
        'states/top.sls': "base: {'*': [disks]}\n",
        'states/disks.sls': `object:
  disk.data:
    - serials: [${serial(1)}, ${serial(2)}]
    - mount: /srv/object/{n}
    - when_blank: format
    - max_new: 2
`,
      },
    });
    await on(`mkfs.ext4 -q -L DATA /dev/disk/by-id/virtio-${serial(2)} && sync`);
  });

  it('lists every disk with what a plan makes of it', async () => {
    const { code, stdout } = await project.slab('disk', 'list');

    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`${serial(1)} .* BLANK `));
    assert.match(stdout, new RegExp(`${serial(2)} .* OCCUPIED .*ext4`));
  });

  it('formats what is blank in an apply, leaves the other alone and says so', async () => {
    const before = createHash('sha256')
      .update(readFileSync(image(2)))
      .digest('hex');

    const { code, stdout } = await project.slab('apply', '-y');

    assert.equal(code, 5, stdout);
    assert.match(stdout, /OCCUPIED/);
    assert.equal(await on('findmnt -no FSTYPE /srv/object/1 | tail -n 1'), 'xfs');
    assert.equal(
      createHash('sha256')
        .update(readFileSync(image(2)))
        .digest('hex'),
      before,
    );
    assert.deepEqual(readdirSync(kept('inventories', 'lab', 'disks')), [`${serial(1)}.json`]);
  });

  it('approves nothing for a fingerprint that is not that of the disk, nor a disk that is ready', async () => {
    const wrong = await project.slab(
      'disk',
      'approve',
      name(),
      serial(2),
      '--fingerprint',
      'abcdef01',
      '--reason',
      'test',
    );
    const ready = await project.slab(
      'disk',
      'approve',
      name(),
      serial(1),
      '--fingerprint',
      'abcdef01',
      '--reason',
      'test',
    );

    assert.equal(wrong.code, 6);
    assert.match(wrong.stderr, /what is on it now has the fingerprint [0-9a-f]{16}, not abcdef01/);
    assert.equal(ready.code, 6);
    assert.match(ready.stderr, /it is READY/);
    assert.ok(!existsSync(kept('.slab', 'undo')));
  });

  it('destroys what was approved, once, and keeps a copy of both ends byte for byte', async () => {
    const old = readFileSync(image(2));
    const { stdout: shown } = await project.slab('disk', 'show', name(), serial(2));
    const fingerprint = /--fingerprint ([0-9a-f]{16}) /.exec(shown)?.[1] ?? '';
    assert.match(shown, /ext4 "DATA" at 0x438/);

    const approved = await project.slab(
      'disk',
      'approve',
      name(),
      serial(2),
      '--fingerprint',
      fingerprint,
      '--reason',
      'RMA-1234',
    );
    assert.equal(approved.code, 0, approved.stderr);
    const applied = await project.slab('apply', '-y');
    const again = await project.slab('plan', '--detailed-exitcode');

    assert.equal(applied.code, 0, applied.stdout + applied.stderr);
    assert.equal(await on('findmnt -no FSTYPE /srv/object/2 | tail -n 1'), 'xfs');
    assert.equal(again.code, 0, again.stdout);
    const undo = kept('.slab', 'undo', 'lab');
    const [folder = ''] = readdirSync(undo);
    const head = gunzipSync(readFileSync(join(undo, folder, '0.gz')));
    const offset = old.length - 16 * MIB;
    const tail = gunzipSync(readFileSync(join(undo, folder, `${offset}.gz`)));
    assert.ok(head.equals(old.subarray(0, 16 * MIB)));
    assert.ok(tail.equals(old.subarray(offset)));
    // As undo.json says, on a copy of what the disk is now.
    const copy = kept('restored.img');
    copyFileSync(image(2), copy);
    const { ranges } = JSON.parse(readFileSync(join(undo, folder, 'undo.json'), 'utf8')) as {
      ranges: readonly { restore: string }[];
    };
    for (const { restore } of ranges)
      execFileSync('sh', ['-c', restore.replace('DISK', copy)], { cwd: join(undo, folder), stdio: 'ignore' });
    const restored = readFileSync(copy);
    assert.ok(restored.subarray(0, 16 * MIB).equals(old.subarray(0, 16 * MIB)));
    assert.ok(restored.subarray(offset).equals(old.subarray(offset)));
    const file = JSON.parse(
      readFileSync(kept('inventories', 'lab', 'disks', `${serial(2)}.json`), 'utf8'),
    ) as {
      approvals: { used?: string; reason: string }[];
      disk: { gen: number };
    };
    assert.equal(file.approvals[0]?.reason, 'RMA-1234');
    assert.notEqual(file.approvals[0].used, undefined);
    assert.equal(file.disk.gen, 1);
  });

  it('retires a disk: after the next boot it is not mounted, and its place is kept shut', async () => {
    const retired = await project.slab('disk', 'retire', name(), serial(1), '--reason', 'slow');
    assert.equal(retired.code, 0, retired.stderr);
    await lab.power(name(), 'cycle');

    const { code, stdout } = await project.slab('apply', '-y');

    assert.equal(code, 5);
    assert.match(stdout, /RETIRED/);
    assert.equal(await on('findmnt -no SOURCE /srv/object/1'), 'slab-blocked');
    assert.equal(await on('findmnt -no FSTYPE /srv/object/2 | tail -n 1'), 'xfs');
  });

  it('retires a disk that the host does not show any more by its record', async () => {
    const path = join('inventories', 'lab', 'disks', 'PULLED.json');
    const disk = { serial: 'PULLED', host: name(), role: 'object', sizeBytes: 320 * MIB, gen: 0 };
    const firstSeen = '2026-01-01T00:00:00Z';
    project.write({
      [path]: JSON.stringify({ format: 'slab.disk/1', disk: { ...disk, firstSeen }, approvals: [] }),
    });

    const unknown = await project.slab('disk', 'retire', name(), 'NOBODY', '--reason', 'dead');
    const retired = await project.slab('disk', 'retire', name(), 'PULLED', '--reason', 'dead');

    assert.equal(unknown.code, 6, unknown.all);
    assert.match(unknown.stderr, /has no disk NOBODY; and it is on record nowhere/);
    assert.equal(retired.code, 0, retired.all);
    assert.match(retired.stdout, /by its record alone: \S+ has no disk PULLED/);
    assert.match(readFileSync(kept(path), 'utf8'), /"why": "dead"/);
  });

  it('adopts a disk of another role with everything that is on it, for its fingerprint and once', async () => {
    await on('echo precious >/srv/object/2/file; umount /srv/object/2; sync');
    project.write({
      'states/disks.sls': `archive:\n  disk.data:\n    - serials: [${serial(2)}]\n    - mount: /srv/archive/{n}\n`,
    });
    const words = [name(), serial(2), '--reason', 'moved', '--fingerprint'];
    const { stdout: shown } = await project.slab('disk', 'show', name(), serial(2));
    const fingerprint = /slab disk adopt \S+ \S+ --fingerprint ([0-9a-f]{16}) /.exec(shown)?.[1] ?? shown;
    const wrong = await project.slab('disk', 'adopt', ...words, 'abcdef01');
    const refused = await project.slab('apply', '-y');

    const adopted = await project.slab('disk', 'adopt', ...words, fingerprint);
    const applied = await project.slab('apply', '-y');
    const again = await project.slab('plan', '--detailed-exitcode');

    assert.equal(wrong.code, 6, wrong.all);
    assert.equal(refused.code, 5, refused.all);
    assert.match(refused.all, /FOREIGN.*use "slab disk adopt"/s);
    assert.equal(adopted.code, 0, adopted.all);
    assert.match(adopted.stdout, /it was object-2 of/);
    assert.equal(applied.code, 0, applied.all);
    assert.equal(again.code, 0, again.all);
    assert.equal(await on('cat /srv/archive/1/file'), 'precious');
    const file = readFileSync(kept('inventories', 'lab', 'disks', `${serial(2)}.json`), 'utf8');
    const { adoptions, disk } = JSON.parse(file) as {
      adoptions: { used?: string }[];
      disk: { role: string };
    };
    assert.equal(disk.role, 'archive');
    assert.notEqual(adoptions[0]?.used, undefined);
  });
});
