import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { whyMissing } from '../../lib/cli/disk-words.ts';
import { recordToRetire } from '../../lib/cli/retire-disk.ts';
import type { DiskRecord } from '../../lib/model/records.ts';
import { diskNamed, factsOf, recordedAnswer } from '../disks/recorded.ts';
import { runCommandLine, withProjectTree } from '../support/command-line.ts';

const record: DiskRecord = {
  ...{ serial: 'S1', host: 'web1', role: 'object', sizeBytes: 1000, gen: 2 },
  ...{ firstSeen: '2026-01-01T00:00:00Z', lastReady: '2026-02-01T00:00:00Z' },
};
const at = '2026-11-30T00:00:00.000Z';
const isRefused = (pattern: RegExp) => (error: Error & { readonly code?: string; readonly fix?: string }) =>
  error.code === 'SLAB6004' && pattern.test(`${error.message}; fix: ${error.fix ?? ''}`);

describe('a disk that is taken out of service', () => {
  const facts = factsOf(recordedAnswer('rebooted'));
  const missing = whyMissing({ host: 'web1', facts, disks: [diskNamed(facts, 'R1')], views: [] }, 'S1');
  const base = { host: 'web1', serial: 'S1', known: undefined, at };

  it('gets a record of what is seen of it when it has none', () => {
    const made = recordToRetire({ ...base, serial: 'R1', seen: diskNamed(facts, 'R1') });

    assert.deepEqual([made.host, made.sizeBytes, made.gen, made.firstSeen], ['web1', 419430400, 0, at]);
    assert.equal(made.wwn, diskNamed(facts, 'R1').wwn);
  });

  it('keeps its record, which is all there is when its host does not show it any more', () => {
    assert.equal(recordToRetire({ ...base, known: record, seen: missing }), record);
  });

  it('is nobody’s mistyped number: one that is neither seen nor on record is refused, with those that are seen', () => {
    assert.throws(
      () => recordToRetire({ ...base, seen: missing }),
      isRefused(/^web1 has no disk S1; and it is on record nowhere in this environment; fix: it has: R1$/),
    );
  });

  it('is not taken out of a host that neither shows it nor had it', () => {
    assert.throws(
      () => recordToRetire({ ...base, host: 'web2', known: record, seen: { why: 'web2 has no disk S1' } }),
      isRefused(
        /^web2 has no disk S1; and it is on record as a disk of web1; fix: slab disk retire web1 S1$/,
      ),
    );
  });
});

describe('slab disk retire of a host that cannot be reached', () => {
  const path = 'inventories/prod/disks/S1.json';
  const file = { format: 'slab.disk/1', disk: record, approvals: [] };
  const retire = (...words: readonly string[]) =>
    withProjectTree(
      {
        'inventories/prod/inventory.yaml':
          'hosts:\n  web1: {address: 127.0.0.1, port: 1}\n  web2: {address: 127.0.0.1, port: 1}\n',
        'states/top.sls': "base: {'*': []}\n",
        [path]: JSON.stringify(file),
      },
      async (folder) => {
        const ended = await runCommandLine(folder, ['disk', 'retire', ...words, '--reason', 'it has died']);
        return { ...ended, kept: JSON.parse(readFileSync(join(folder, path), 'utf8')) as typeof file };
      },
    );

  it('goes by its record, and says so', async () => {
    const { code, stdout, stderr, kept } = await retire('web1', 'S1');

    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /^retired: disk S1 of web1, on record in .*S1\.json\n {2}by its record alone: web1 was not read: /,
    );
    assert.match(stderr, /NOT read: web1: /);
    const { retired, ...disk } = kept.disk;
    assert.deepEqual(disk, record);
    assert.equal(retired?.why, 'it has died');
  });

  for (const [host, serial, why] of [
    ['web1', 'S2', /it is on record nowhere/],
    ['web2', 'S1', /it is on record as a disk of web1/],
  ] as const)
    it(`refuses a disk that is not on record of it: ${serial} of ${host}`, async () => {
      const { code, stdout, stderr, kept } = await retire(host, serial);

      assert.equal(code, 6, stdout);
      assert.match(stderr, why);
      assert.deepEqual(kept, file);
    });
});
