import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { kinds } from '../../../lib/resources/index.ts';
import { declareStates, examine, type Examined } from '../../support/observe-case.ts';

/** 99 extents, as the recorded volume has. */
const SIZE = '396M';
const UUID = 'Fwsp61-DZyd-H7XE-L94h-YPpR-g3uE-3X74vN';

describe('a logical volume that grows with its file system', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'slab-lv-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Plans the volume of the recorded host, with another tag of the same length. */
  const plan = (tag: string, resizefs: boolean, smaller = false): Examined => {
    const kind = kinds.get('lvm') ?? assert.fail();
    const args = { vgname: 'vg0', size: SIZE, resizefs };
    const records = { environment: 'lab', host: 'stkvm1', disks: [], approvals: [] };
    const states = [{ function: 'lv_present', name: 'data', args }];
    const { declared, diagnostics } = declareStates(kind, { states, records });
    assert.deepEqual(diagnostics, []);
    const text = readFileSync(new URL('../../disks/recorded/stack.txt', import.meta.url), 'utf8');
    const told = smaller
      ? text
          .replaceAll('"lv_size":"415236096"', '"lv_size":"415236095"')
          .replaceAll('"vg_free":"0"', '"vg_free":"9"')
      : text;
    const stdout = Buffer.from(told.replaceAll('"lv_tags":"slab.pending"', `"lv_tags":"${tag}"`));
    const probe = { name: 'x', code: 0, stdout, stderr: '', durationMs: 1 };
    return examine(kind, declared, probe, {}, () => assert.fail())[0] ?? assert.fail();
  };
  /** Runs a step with tools that write down how they are called; one of them kills everything at this call. */
  const run = ({ steps }: Pick<Examined, 'steps'>, killed = 'nothing') => {
    const calls = join(folder, 'calls');
    writeFileSync(
      join(folder, 'tool'),
      `#!/bin/sh
case "$*" in *lv_uuid*) echo ' ${UUID}'; exit ;; esac
echo "\${0##*/} $*" >>'${calls}'
case "$*" in *${killed}*) kill -9 0 ;; esac`,
    );
    chmodSync(join(folder, 'tool'), 0o755);
    const text = (steps[0] ?? assert.fail()).script.text;
    const own = text.replace(/^PATH=.*$/m, `PATH='${folder}':/usr/bin:/bin`);
    assert.notEqual(own, text);
    const links = `ln -sf tool '${folder}/lvm'; ln -sf tool '${folder}/fsadm'\n`;
    const { status, signal } = spawnSync('setsid', ['-w', 'sh', '-c', links + own], { encoding: 'utf8' });
    return { status, signal, calls: readFileSync(calls, 'utf8').split('\n').slice(0, -1) };
  };

  it('is as declared without a mark, and where the file system is not declared to grow', () => {
    assert.deepEqual(plan('slab.another', true).diff.changes, []);
    assert.deepEqual(plan('slab.growing', false).diff.changes, []);
  });

  it('has its file system grown by the next run where the growth was cut short behind that of the volume', () => {
    const found = plan('slab.growing', true);

    const { status, calls } = run(found);

    assert.deepEqual(
      found.diff.changes.map(({ field, before, after }) => [field, before, after]),
      [['file system', 'its growth was cut short', 'the size of its volume']],
    );
    assert.deepEqual(
      found.steps.map(({ title }) => title),
      ['grow the file system on /dev/vg0/data'],
    );
    assert.equal(status, 0);
    assert.deepEqual(calls, [
      'fsadm check /dev/vg0/data',
      'fsadm resize /dev/vg0/data',
      'lvm lvchange -q --deltag slab.growing vg0/data',
    ]);
  });

  it('has a mark from before it grows until its file system has', () => {
    const found = plan('slab.another', true, true);

    const whole = run(found);
    rmSync(join(folder, 'calls'));
    const cut = run(found, 'resizefs');

    const begins = [
      'lvm lvchange -q --addtag slab.growing vg0/data',
      'lvm lvextend -q --size 396M --resizefs vg0/data',
    ];
    assert.deepEqual(whole.calls, [...begins, 'lvm lvchange -q --deltag slab.growing vg0/data']);
    assert.deepEqual(cut.calls, begins);
  });

  it('keeps the mark when its file system did not grow', () => {
    const { status, calls } = run(plan('slab.growing', true), 'resize');

    assert.notEqual(status, 0);
    assert.deepEqual(calls, ['fsadm check /dev/vg0/data', 'fsadm resize /dev/vg0/data']);
  });
});
