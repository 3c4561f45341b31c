import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import {
  runCommandLine,
  withProjectTree,
  type CommandEnd,
  type ProjectFiles,
} from '../support/command-line.ts';

const FILES: ProjectFiles = {
  'inventories/prod/inventory.yaml': 'hosts: {web1: {address: 127.0.0.1, port: 1}}\n',
  'inventories/prod/rollout.yaml': "stages: [{name: all, target: '*'}]\n",
  'states/top.sls': "base: {'*': [site]}\n",
  'states/site.sls': 'a: {test.nop: []}\n',
};
const HEAD = '{"format":"slab.events/1"}\n';

function started(run: string, more: Readonly<Record<string, unknown>> = {}): string {
  const event = { type: 'run.started', command: 'deploy', run, environment: 'prod', hosts: ['web1'] };
  return `${JSON.stringify({ at: '2026-11-28T21:31:53.230Z', ...event, by: `anna@${hostname()}`, ...more })}\n`;
}

const ENDED = '{"at":"2026-11-28T21:32:53.230Z","type":"run.finished","exitCode":0,"durationMs":20}\n';

/** Runs a command line beside records of runs. */
function withRecords(
  records: Readonly<Record<string, string>>,
  ...words: readonly string[]
): Promise<CommandEnd> {
  const files = Object.entries(records).map(([name, text]) => [`.slab/runs/${name}`, text] as const);
  return withProjectTree({ ...FILES, ...Object.fromEntries(files) }, (folder) =>
    runCommandLine(folder, words),
  );
}

const GOOD = { '5363e4d2.jsonl': `${HEAD}${started('5363e4d2')}${ENDED}` };
const CUT = { 'aaaaaaaa.jsonl': `${HEAD}${started('aaaaaaaa').slice(0, 60)}` };
const COPIED = { 'bbbbbbbb.jsonl': `${HEAD}${started('5363e4d2')}${ENDED}` };

describe('records of runs that are not as they should be', () => {
  for (const [how, middle] of [
    ['a line in the middle is damaged', '{"at":"2026-11-28T21\n'],
    ['its last line is cut short', '{"at":"2026-11-28T21:31:54.230Z","type":"host.appl'],
  ] as const)
    it(`do not say that a host was not begun, where ${how}`, async () => {
      const records = { '5363e4d2.jsonl': `${HEAD}${started('5363e4d2')}${middle}` };

      const { code, stdout, stderr } = await withRecords(records, 'show', '5363e4d2');

      assert.equal(code, 0);
      assert.match(stdout, /web1 +whether it was begun is not on record: the record has a gap\n/);
      assert.match(stderr, /note: .*5363e4d2\.jsonl/);
    });

  for (const words of [['show'], ['abort'], ['deploy', '-y', '--resume']])
    it(`are not taken for those of another run by ${words.join(' ')}: a mistyped id is near which one`, async () => {
      const { code, stderr } = await withRecords(GOOD, ...words, '5363e4d9');

      assert.equal(code, 3);
      assert.match(stderr, /there is no run 5363e4d9 on record\n.*did you mean "5363e4d2"/);
    });

  for (const [how, records, reason] of [
    ['cut off', CUT, /\.slab\/runs\/aaaaaaaa\.jsonl, does not say how it began/],
    ['of another run', COPIED, /\.slab\/runs\/bbbbbbbb\.jsonl is the record of another run, 5363e4d2/],
  ] as const) {
    const id = Object.keys(records)[0]?.slice(0, 8) ?? '';
    for (const words of [['show'], ['abort'], ['deploy', '-y', '--resume']])
      it(`are named with their file and a fix by ${words.join(' ')}, where one is ${how}`, async () => {
        const { code, stderr } = await withRecords({ ...GOOD, ...records }, ...words, id);

        assert.equal(code, 3);
        assert.match(stderr, reason);
        assert.match(stderr, /fix: slab plan says how its hosts stand/);
      });

    it(`are named by history, which lists the others, where one is ${how}`, async () => {
      const { code, stdout, stderr } = await withRecords({ ...GOOD, ...records }, 'history');

      assert.equal(code, 0);
      assert.match(stdout, /5363e4d2 .* deploy prod/);
      assert.match(stderr, /note: not listed: /);
      assert.match(stderr, reason);
    });

    it(`keep a resume of the last roll-out from taking an older one, where one is ${how}`, async () => {
      const { code, stderr } = await withRecords(records, 'deploy', '-y', '--resume');

      assert.equal(code, 3);
      assert.match(stderr, reason);
    });
  }

  it('are shown as far as they can be read, with the line that cannot', async () => {
    const text = `${HEAD}${started('5363e4d2')}{"at": "2026-\n${ENDED}`;

    const shown = await withRecords({ '5363e4d2.jsonl': text }, 'show', '5363');
    const listed = await withRecords({ '5363e4d2.jsonl': text }, 'history');

    assert.match(shown.stdout, /run 5363e4d2 · deploy prod · done/);
    for (const { code, stderr } of [shown, listed]) {
      assert.equal(code, 0);
      assert.match(stderr, /note: line 3 of .*5363e4d2\.jsonl cannot be read: what it said is missing here/);
    }
  });

  it('are no trouble where a run ended before it began', async () => {
    const resumed = await withRecords(
      { 'cccccccc.jsonl': HEAD, 'dddddddd.jsonl': '' },
      'deploy',
      '--explain',
      '--resume',
    );
    const shown = await withRecords({ 'cccccccc.jsonl': HEAD }, 'show', 'cccc');

    assert.equal(resumed.code, 0, resumed.stderr);
    assert.equal(shown.code, 3);
    assert.match(shown.stderr, /run cccccccc never began\n.*fix: nothing was done in it/);
  });

  it('say what a run is that is no roll-out', async () => {
    const text = `${HEAD}${started('5363e4d2', { command: 'apply', environment: 'lab' })}${ENDED}`;

    const { code, stderr } = await withRecords(
      { '5363e4d2.jsonl': text },
      'deploy',
      '-y',
      '--resume',
      '5363e4d2',
    );

    assert.equal(code, 3);
    assert.match(stderr, /run 5363e4d2 is no roll-out of prod: it is slab apply lab/);
  });

  it('say of a run that has ended, or is at work elsewhere, why it cannot be aborted here', async () => {
    const ended = await withRecords(GOOD, 'abort', '5363e4d2');
    const elsewhere = await withRecords(
      { '5363e4d2.jsonl': `${HEAD}${started('5363e4d2', { by: 'anna@elsewhere', process: 1 })}` },
      'abort',
      '5363e4d2',
    );

    assert.deepEqual([ended.code, elsewhere.code], [3, 3]);
    assert.match(
      ended.stderr,
      /run 5363e4d2 is not at work on this machine: done\n.*fix: slab show 5363e4d2/,
    );
    assert.match(
      elsewhere.stderr,
      /is one of anna@elsewhere, on another machine\n.*slab unlock HOST --reason TEXT/,
    );
  });

  it('are missed with a reason where their folder is none, and a wish to end a run where it cannot be written', async () => {
    const noFolder = await withProjectTree({ ...FILES, '.slab/runs': 'x' }, async (folder) => [
      await runCommandLine(folder, ['history']),
      await runCommandLine(folder, ['show', '5363']),
    ]);
    const wish = await withRecords(
      {
        '5363e4d2.jsonl': `${HEAD}${started('5363e4d2', { process: process.pid, by: `anna@${hostname()}` })}`,
        '5363e4d2.abort/x': 'a folder in its place',
      },
      'abort',
      '5363e4d2',
    );

    for (const { code, stderr } of noFolder) {
      assert.equal(code, 3);
      assert.match(stderr, /\.slab\/runs cannot be read: it is no folder\n.*fix: /);
    }
    assert.equal(wish.code, 3);
    assert.match(
      wish.stderr,
      /run 5363e4d2 cannot be asked to end: .*5363e4d2\.abort cannot be written\n.*fix: /,
    );
  });

  it('are not begun by slab unlock of a host that is not there', async () => {
    await withProjectTree(FILES, async (folder) => {
      const { code, stderr } = await runCommandLine(folder, ['unlock', 'web9', '--reason', 'it sleeps']);

      assert.equal(code, 3);
      assert.match(stderr, /did you mean "web1"/);
      assert.deepEqual(existsSync(join(folder, '.slab/runs')), false);
    });
  });

  it('are not begun by slab unlock without a reason', async () => {
    const { code, stderr } = await withRecords({}, 'unlock', 'web1', '--reason', ' ');

    assert.equal(code, 3);
    assert.match(stderr, /--reason is empty\n.*fix: say why/);
  });
});
