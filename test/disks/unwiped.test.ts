import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { decideDevice } from '../../lib/disks/decide-device.ts';
import type { DeviceVerdict } from '../../lib/disks/device-verdict.ts';
import type { HostFacts } from '../../lib/disks/facts.ts';
import { nameDevice } from '../../lib/disks/named.ts';
import { factsOf, recordedAnswer } from './recorded.ts';

const records = { environment: 'prod', host: 'storage-07', disks: [], approvals: [] };
const seen = factsOf(recordedAnswer('rebooted'));

/** The recorded host, whose volume vg0/data with an xfs has these tags. */
function decide(tags: string, { wanted = 'xfs', blank = false } = {}): DeviceVerdict {
  const { lvs } = seen.texts;
  assert.ok(lvs?.read === true);
  const text = lvs.value.replace(/"lv_tags":"[^"]*"/, `"lv_tags":"${tags}"`);
  assert.match(text, new RegExp(`"lv_tags":"${tags}"`));
  const facts: HostFacts = {
    ...seen,
    texts: { ...seen.texts, lvs: { read: true, value: text } },
    blocks: seen.blocks.map((block) =>
      blank && block.dm?.name === 'vg0-data' && block.content !== null
        ? {
            ...block,
            content: {
              ...block.content,
              blkid: { read: true, value: { says: 'nothing' } },
              wipefs: { read: true, value: [] },
            },
          }
        : block,
    ),
  };
  return decideDevice({ facts, named: nameDevice(facts, '/dev/vg0/data'), wanted, least: 1, records });
}

describe('a volume that slab made and nobody has used', () => {
  it('holds what is wanted, and only the mark goes: lvcreate had erased what lay there before', () => {
    const { action } = decide('slab.pending', { wanted: 'ext4', blank: true });

    assert.deepEqual(action, { do: 'make', mode: 'pending' });
  });

  for (const wanted of ['xfs', 'ext4'])
    it(`is OCCUPIED when lvcreate was cut short before that: the xfs on it is of before, ${wanted} is wanted`, () => {
      const { state, action, evidence } = decide('slab.pending,slab.unwiped', { wanted });

      assert.deepEqual([state, action.do], ['OCCUPIED', 'refuse']);
      assert.match(evidence.join('; '), /xfs .*not cleared of what lay on its extents before/);
    });

  it('has to be proved to be blank when lvcreate was cut short and nothing is seen on it', () => {
    assert.deepEqual(decide('slab.pending,slab.unwiped', { blank: true }).action, {
      do: 'look',
      for: ['blank'],
    });
  });
});
