import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { readBlock } from '../../lib/disks/block.ts';

const script = join(import.meta.dirname, '../../lib/disks/device.sh');
const links = { byId: new Map<string, readonly string[]>(), byPath: new Map<string, readonly string[]>() };

/** What the kernel says, and the serial number that it is. */
const SERIALS: Readonly<Record<string, string>> = {
  '': '',
  WFK1A2B3: 'WFK1A2B3',
  '  S1  23 \t': 'S1_23',
  '-n *': '-n_*',
  '0': '',
  '0000 0000': '0000_0000',
  '00:00-00.00': '',
  '0x00000000': '',
  '0x': '',
  '0x0000001a': '0x0000001a',
  '00x0': '00x0',
  'S1\r': 'S1\r',
};

describe('a serial number', function () {
  this.timeout(60_000);

  for (const [said, serial] of Object.entries(SERIALS))
    it(`${JSON.stringify(said)} is ${JSON.stringify(serial)} in the plan and on the host`, () => {
      const records = new Map([['sys:sda', { code: 0, stdout: `dev=8:0\nserial=${said}\n`, stderr: '' }]]);

      const planned = readBlock('sda', records, links)?.serial ?? '';
      const found = [['dash'], ['busybox', 'ash']].map(([shell = '', ...words]) => {
        const text = `. ${script}; slab_normal "$1"; printf '%s.' "$slab_serial_now"`;
        return spawnSync(shell, [...words, '-c', text, 'sh', said], { encoding: 'utf8' }).stdout;
      });

      assert.equal(planned, serial);
      assert.deepEqual(found, [`${serial}.`, `${serial}.`]);
    });
});
