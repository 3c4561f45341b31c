import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { describeContent } from '../../lib/disks/content.ts';
import { normalSerial, normalWwn } from '../../lib/disks/block.ts';
import { parseFacts } from '../../lib/disks/parse-facts.ts';
import { readBlkid, readSfdisk, readWipefs } from '../../lib/disks/scanners.ts';
import { diskNamed, factsOf, recordedAnswer } from './recorded.ts';

const answer = recordedAnswer();
const record = (code: number, stdout = '', stderr = '') => ({ code, stdout, stderr });

describe('parseFacts', () => {
  it('reads what a host answers about every disk', () => {
    const { block } = diskNamed(factsOf(answer), 'xfs');

    assert.equal(block.sizeBytes, 400 * 2 ** 20);
    assert.equal(block.sectorSize, 512);
    assert.deepEqual([block.readOnly, block.removable, block.hidden], [false, false, false]);
    assert.equal(block.nodeNumber, block.number);
    assert.equal(block.serialFrom, 'udev');
    assert.match(block.diskseq ?? '', /^[0-9]+$/);
    assert.deepEqual(block.content?.wipefs, {
      read: true,
      value: [{ offset: 0, type: 'xfs', uuid: 'aaaaaaaa-0000-4000-8000-000000000001', label: 'data' }],
    });
  });

  it('H22: takes an answer that was cut anywhere for no answer at all', () => {
    for (let length = 0; length < answer.length; length += 97) {
      const facts = parseFacts({ code: 0, stdout: answer.subarray(0, length), stderr: '' });
      assert.equal(facts.read, false, `cut at ${length}`);
    }
  });

  it('H22: takes a probe that was ended by a signal or a time limit for no answer', () => {
    for (const code of [1, 124, 137, 143])
      assert.equal(parseFacts({ code, stdout: answer, stderr: '' }).read, false);
  });

  it('finds partitions with their disk, and mounts of other namespaces with a process', () => {
    const facts = factsOf(answer);

    assert.deepEqual(
      diskNamed(facts, 'gpt').partitions.map((part) => part.partition),
      [{ number: 1, start: 2048, size: 204800 }],
    );
    const { number } = diskNamed(facts, 'mounted').block;
    assert.ok(facts.mountsOfAll.read);
    assert.equal(facts.mountsOfAll.value.find((mount) => mount.number === number)?.pid, '1');
  });
});

describe('the scanners', () => {
  it('H18: blkid ending with 2 and a complaint is a failure, not an empty disk', () => {
    assert.deepEqual(readBlkid(record(2)), { read: true, value: { says: 'nothing' } });
    assert.equal(readBlkid(record(2, '', 'blkid: error: /dev/sda: Input/output error')).read, false);
    assert.equal(readBlkid(undefined).read, false);
  });

  it('H24: blkid ending with 8 is ambivalent', () => {
    assert.deepEqual(readBlkid(record(8, '', 'ambivalent result')), {
      read: true,
      value: { says: 'ambivalent' },
    });
  });

  it('H89: a tool that is missing is not a disk without content', () => {
    for (const read of [readBlkid, readWipefs, readSfdisk]) {
      const found = read(record(127, '', 'sh: 1: not found'));
      assert.match(found.read ? '' : found.why, /is not installed/);
    }
  });

  it('H23: a tool that did not end in time is not a disk without content', () => {
    for (const read of [readBlkid, readWipefs, readSfdisk]) {
      const found = read(record(124));
      assert.match(found.read ? '' : found.why, /did not answer in time/);
    }
  });

  it('H22: JSON that was cut is not an empty list', () => {
    const whole = '{"signatures": [{"device":"sda","offset":"0x0","type":"xfs","uuid":"u","label":null}]}';
    for (let length = 1; length < whole.length; length++)
      assert.equal(readWipefs(record(0, whole.slice(0, length))).read, false, whole.slice(0, length));
    assert.equal(readSfdisk(record(0, '{"partitiontable": {"label":"gp')).read, false);
  });

  it('reads numbers that old versions of util-linux print as text', () => {
    const table = readSfdisk(
      record(
        0,
        '{"partitiontable":{"label":"gpt","id":"A","firstlba":"2048","lastlba":"4000","partitions":[{"node":"/dev/sda1","start":"2048","size":"100"}]}}',
      ),
    );

    assert.ok(table.read && table.value !== null);
    assert.deepEqual([table.value.firstLba, table.value.partitions[0]?.size], [2048, 100]);
  });

  it('H31: keeps what sfdisk complains of although it read a table', () => {
    const { content } = diskNamed(factsOf(answer), 'gpt-primary-zeroed').block;

    assert.ok(content?.table.read);
    assert.match(content.table.value?.warnings.join() ?? '', /primary GPT table is corrupt/);
  });

  it('H32: say in words which end of a disk cannot be read', () => {
    const disk = diskNamed(factsOf(answer), 'gpt-primary-zeroed');
    assert.ok(disk.block.content?.table.read === true && disk.block.content.table.value !== null);
    const table = disk.block.content.table.value;
    const value = { ...table, warnings: [...table.warnings, 'unreadable: its last MiB'] };
    const content = { ...disk.block.content, table: { read: true as const, value } };

    const words = describeContent({ ...disk, block: { ...disk.block, content } });

    assert.ok(words.includes('its last MiB cannot be read'), words.join('; '));
    assert.ok(!words.some((each) => each.includes('unreadable:')), words.join('; '));
  });

  it('only its own sentence means that a disk has no table', () => {
    const none = 'sfdisk: /dev/sda: does not contain a recognized partition table';
    assert.deepEqual(readSfdisk(record(1, '', none)), { read: true, value: null });
    assert.equal(readSfdisk(record(1, '', 'sfdisk: cannot open /dev/sda: Input/output error')).read, false);
    assert.equal(readSfdisk(record(1, '', `sfdisk: read failed\n${none}`)).read, false);
  });
});

describe('names of disks', () => {
  it('H10: have one normal form: blanks around go, blanks within become one underscore', () => {
    assert.equal(normalSerial('  S1  23 \t'), 'S1_23');
  });

  it('WWNs are the same whether written naa. or 0x', () => {
    assert.equal(normalWwn('naa.5000C500A1B2C3D4'), '0x5000c500a1b2c3d4');
    assert.equal(normalWwn('0x5000c500a1b2c3d4'), '0x5000c500a1b2c3d4');
    assert.equal(normalWwn('eui.0025385b71b0a1f2'), 'eui.0025385b71b0a1f2');
  });
});
