import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { progressOf } from '../../lib/disks/begun.ts';
import { decideDevice } from '../../lib/disks/decide-device.ts';
import type { DeviceVerdict } from '../../lib/disks/device-verdict.ts';
import type { Block, HostFacts } from '../../lib/disks/facts.ts';
import { contentId } from '../../lib/disks/ids.ts';
import { nameDevice } from '../../lib/disks/named.ts';
import { readLook } from '../../lib/disks/read-look.ts';
import { diskNamed, factsOf, recordedAnswer } from './recorded.ts';

const EDGE = 65536;
const records = { environment: 'prod', host: 'storage-07', disks: [], approvals: [] };
const OWN = contentId({ cluster: 'prod', host: 'storage-07', serial: 'luks' }, 'crypto_LUKS');

/** A LUKS2 header as cryptsetup lays it out, its copy behind it. */
function container({ uuid = OWN, mark = 'slab-pending', keys = 0, offset = '16777216' } = {}): Buffer {
  const head = Buffer.alloc(EDGE);
  const keyslots = Object.fromEntries(Array.from({ length: keys }, (_, n) => [n, { type: 'luks2' }]));
  const meta = JSON.stringify({ keyslots, segments: { 0: { type: 'crypt', offset } } });
  for (const [at, magic] of [
    [0, 'LUKS\xba\xbe'],
    [16384, 'SKUL\xba\xbe'],
  ] as const) {
    head.write(magic, at, 'latin1');
    head.writeUInt16BE(2, at + 6);
    head.writeBigUInt64BE(16384n, at + 8);
    head.write('sha256', at + 72);
    head.write(uuid, at + 168);
    head.write(mark, at + 208);
    head.write(meta, at + 4096);
    const sum = createHash('sha256')
      .update(head.subarray(at, at + 16384))
      .digest();
    sum.copy(head, at + 448);
  }
  return head;
}

const seen = factsOf(recordedAnswer());
const { block } = diskNamed(seen, 'luks');

/** The recorded host, on which the container has the mark of slab. */
const facts: HostFacts = {
  ...seen,
  blocks: seen.blocks.map((each) => (each === block ? marked(each) : each)),
};

function marked(each: Block): Block {
  assert.ok(each.content?.blkid.read === true && each.content.blkid.value.says === 'content');
  const fields = { ...each.content.blkid.value.fields, SUBSYSTEM: 'slab-pending' };
  return { ...each, content: { ...each.content, blkid: { read: true, value: { says: 'content', fields } } } };
}

function linesOf(head: Buffer, proof = ['reads 3 1 full', 'zero']): readonly string[] {
  return ['disk yes', 'exclusive yes', 'free yes', `head base64 ${head.toString('base64')}`, ...proof];
}

function decide(lines: readonly string[]): DeviceVerdict {
  const mark = '00000000-0000-4000-8000-000000000000';
  const text = [`slab-look 1 ${mark}`, ...lines, `slab-end ${mark}`, ''].join('\n');
  return decideDevice({
    ...{ facts, named: nameDevice(facts, block.node), wanted: 'crypto_LUKS', least: 1, records },
    look: readLook({ code: 0, stdout: Buffer.from(text), stderr: '' }),
  });
}

const writes = (lines: readonly string[]): boolean => decide(lines).action.do === 'make';

describe('what was begun and has not ended', () => {
  it('is a container of ours without a key, with nothing behind its header: UNFINISHED', () => {
    assert.equal(decide(linesOf(container())).state, 'UNFINISHED');
    assert.equal(decide(linesOf(container({ keys: 1 }))).state, 'READY');
  });

  for (const [what, head] of [
    ['with another id', container({ uuid: '00000000-0000-5000-8000-000000000000' })],
    ['that was taken into use', container({ mark: 'slab' })],
    ['whose data begins elsewhere', container({ offset: '4194304' })],
    ['of which no header is whole', Buffer.alloc(EDGE, 'x')],
  ] as const)
    it(`is not a container ${what}: OCCUPIED`, () => {
      assert.deepEqual([decide(linesOf(head)).state, writes(linesOf(head))], ['OCCUPIED', false]);
    });

  it('is not a container behind whose header something lies: it may be opened by a header that was kept elsewhere', () => {
    const lines = linesOf(container(), ['reads 3 1 partly', 'nonzero 16777216 65536']);

    assert.deepEqual([decide(lines).state, writes(lines)], ['OCCUPIED', false]);
  });

  it('I11: is not seen in an answer of which anything is missing, cut or not said', () => {
    const lines = linesOf(container());
    assert.ok(writes(lines));
    fc.assert(
      fc.property(fc.subarray([...lines]), fc.nat(5), fc.nat(90_000), (kept, at, length) => {
        const cut = kept.map((line, i) => (i === at ? line.slice(0, length) : line));

        if (writes(cut)) assert.deepEqual(cut, lines);
      }),
      { numRuns: 60 },
    );
  });

  it('I11: is not seen in a container with a key, whichever bytes of a header are damaged', () => {
    const whole = container({ keys: 1 });
    const byte = fc.tuple(fc.nat(16383), fc.nat(255));
    fc.assert(
      fc.property(fc.constantFrom(0, 16384), fc.array(byte, { minLength: 1, maxLength: 5 }), (at, bytes) => {
        const damaged = Buffer.from(whole);
        for (const [place, value] of bytes) damaged[at + place] = value;

        assert.ok(!writes(linesOf(damaged)));
      }),
      { numRuns: 60 },
    );
  });

  it('is not an xfs of mkfs, nor one whose byte was damaged: its checksum covers it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'slab-begun-'));
    try {
      const file = join(folder, 'xfs');
      writeFileSync(file, '');
      truncateSync(file, 300 * 2 ** 20);
      execFileSync('mkfs.xfs', ['-q', file], { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } });
      const head = readFileSync(file).subarray(0, EDGE);
      const damaged = Buffer.from(head);
      damaged[126] = 1;

      assert.equal(progressOf('xfs', head).made, 'whole');
      assert.equal(progressOf('xfs', damaged).made, 'unknown');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
