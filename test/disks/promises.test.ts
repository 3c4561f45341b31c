import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Json } from '../../lib/model/json.ts';
import { kinds } from '../../lib/resources/index.ts';
import { declareStates, examine } from '../support/observe-case.ts';
import { recordedAnswer } from './recorded.ts';

const records = { environment: 'prod', host: 'storage-07', disks: [], approvals: [] };
/** A name that nothing answers to yet, or something that nobody has proved. */
const NAME = '/dev/disk/by-partlabel/data';

/** States that write to a device, and how they name it. */
const STATES: Readonly<Record<string, { readonly name: string } & Readonly<Record<string, Json>>>> = {
  'blockdev.formatted': { name: NAME },
  'lvm.pv_present': { name: NAME },
  'lvm.vg_present': { name: 'vg0', devices: [NAME] },
  'luks.present': { name: 'vault', device: NAME, key: 'correct horse' },
  'mount.swap': { name: NAME },
  'raid.present': { name: '/dev/md/new', level: 1, devices: [NAME, `${NAME}2`] },
};

describe('what an earlier state promises of a device', () => {
  for (const [state, args] of Object.entries(STATES))
    it(`is what ${state} stands on`, () => {
      const [module = '', fun = ''] = state.split('.');
      const kind = kinds.get(module) ?? assert.fail(module);
      const { name, ...rest } = args;
      const states = [{ function: fun, name, args: rest }];
      const { declared, diagnostics } = declareStates(kind, { states, records });
      const answer = { name: 'x', code: 0, stdout: recordedAnswer('stack'), stderr: '', durationMs: 1 };
      const promise = { exists: true, content: 'blank', size: 2 ** 30, by: 'partition.present /dev/sdb' };

      const [examined] = examine(kind, declared, answer, {
        [`blockdev:${NAME}`]: promise,
        [`blockdev:${NAME}2`]: promise,
      });

      assert.deepEqual(diagnostics, []);
      assert.notDeepEqual(examined?.diff.changes, [], JSON.stringify(examined?.diff));
      assert.ok(examined?.diff.standsOn?.includes(`blockdev:${NAME}`), JSON.stringify(examined?.diff));
    });
});
