import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { ExaminedChunk } from '../../../lib/plan/predicted.ts';
import type { RunSettings } from '../../../lib/plan/run-settings.ts';
import { examinedOf, type Thing } from '../../support/planning.ts';
import { runProgram, SHELLS, type Run } from '../../support/run-program.ts';

const PLAIN: RunSettings = { failhard: false, forgives: false, notes: [] };

/** A state with what its global arguments say. */
function state(
  thing: Thing,
  { check, ...settings }: Partial<RunSettings> & { readonly check?: readonly string[] } = {},
): ExaminedChunk {
  const checked = check === undefined ? {} : { check: { commands: check, failing: undefined } };
  return examinedOf(thing, { settings: { ...PLAIN, ...settings }, ...checked });
}

function endings({ outcomes }: Run): readonly string[] {
  return Object.entries(outcomes).map(([name, { status }]) => `${name} ${status}`);
}

const retry = { attempts: 3, until: true, interval: 1, splay: 0 };
const count = 'n=$(cat /run/n 2>/dev/null || echo 0); n=$((n + 1)); echo $n >/run/n; echo try $n;';

/** Each row says where it comes from: salt/state.py's function, or slab's own reason. */
const rows: readonly {
  readonly it: string;
  readonly from: string;
  readonly states: readonly ExaminedChunk[];
  readonly ends: readonly string[];
}[] = [
  {
    it: 'begins nothing after a failure with failhard, not even an onfail',
    from: 'call_chunks, check_failhard',
    states: [
      state({ name: 'a', wants: '1', script: 'exit 1' }, { failhard: true }),
      state({ name: 'b', wants: '1' }),
      state({ name: 'c', wants: '1', requisites: [['onfail', 'a']] }),
    ],
    ends: ['a failed', 'b skipped', 'c skipped'],
  },
  {
    it: 'still refreshes what listens after failhard ended the run',
    from: 'call_high: call_listen after call_chunks',
    states: [
      state({ name: 'l', refreshes: true, requisites: [['listen', 'a']] }),
      state({ name: 'a', wants: '1' }),
      state({ name: 'bad', wants: '1', script: 'exit 1' }, { failhard: true }),
      state({ name: 'after', wants: '1' }),
    ],
    ends: ['a changed', 'bad failed', 'after skipped', 'listener l changed'],
  },
  {
    it: 'takes a state that a failure keeps from running for a failure, with failhard too',
    from: 'call_chunk: status fail has result False',
    states: [
      state({ name: 'a', wants: '1', script: 'exit 1' }),
      state({ name: 'b', wants: '1', requisites: [['require', 'a']] }, { failhard: true }),
      state({ name: 'c', wants: '1' }),
    ],
    ends: ['a failed', 'b skipped', 'c skipped'],
  },
  {
    it: 'tries again until it is well',
    from: 'call: retry, until True',
    states: [state({ name: 'a', wants: '1', script: `${count} [ $n = 3 ]` }, { retry })],
    ends: ['a changed'],
  },
  {
    it: 'fails when the last attempt fails',
    from: 'call: retry, attempts',
    states: [
      state({ name: 'a', wants: '1', script: `${count} false` }, { retry }),
      state({ name: 'b', wants: '1', requisites: [['require', 'a']] }),
    ],
    ends: ['a failed', 'b skipped'],
  },
  {
    it: 'tries again until it fails',
    from: 'call: retry, until False',
    states: [
      state({ name: 'a', wants: '1', script: `${count} [ $n != 2 ]` }, { retry: { ...retry, until: false } }),
    ],
    ends: ['a failed'],
  },
  {
    it: 'ends the run after the last attempt when failhard says so',
    from: 'call: retry; check_failhard',
    states: [
      state({ name: 'a', wants: '1', script: 'false' }, { retry: { ...retry, attempts: 2 }, failhard: true }),
      state({ name: 'b', wants: '1' }),
    ],
    ends: ['a failed', 'b skipped'],
  },
  {
    it: 'fails a state whose check_cmd fails',
    from: '_run_check_cmd',
    states: [state({ name: 'a', wants: '1' }, { check: ['true', 'false'] })],
    ends: ['a failed'],
  },
  {
    it: 'takes a failed state for well done when its check_cmd succeeds',
    from: '_run_check_cmd: decides the result',
    states: [
      state({ name: 'a', wants: '1', script: 'exit 3' }, { check: ['true'] }),
      state({ name: 'b', wants: '1', requisites: [['require', 'a']] }),
    ],
    ends: ['a changed', 'b changed'],
  },
  {
    it: 'asks check_cmd of a state with nothing to do',
    from: 'call: check_cmd in low',
    states: [state({ name: 'a' }, { check: ['false'] }), state({ name: 'b', wants: '1' })],
    ends: ['a failed', 'b changed'],
  },
  {
    it: 'does not take another state of the host than planned for well done, whatever check_cmd says',
    from: 'a step acts only on what the plan saw',
    states: [state({ name: 'a', wants: '1', script: 'exit 118' }, { check: ['true'] })],
    ends: ['a failed'],
  },
  {
    it: 'tries again when check_cmd fails',
    from: 'call: check_cmd before retry',
    states: [state({ name: 'a', wants: '1' }, { check: [`${count} [ $n = 2 ]`], retry })],
    ends: ['a changed'],
  },
  {
    it: 'does not begin the target of a prereq that failed',
    from: 'check_requisite: prerequired',
    states: [
      state({ name: 'stop', wants: '1', script: 'false', requisites: [['prereq', 'conf']] }),
      state({ name: 'conf', wants: '1' }),
    ],
    ends: ['stop failed', 'conf skipped'],
  },
  {
    it: 'does not run a prereq whose target cannot run',
    from: 'check_requisite: a failed trial is a failed requisite',
    states: [
      state({ name: 'base', wants: '1', script: 'false' }),
      state({ name: 'stop', wants: '1', requisites: [['prereq', 'conf']] }),
      state({ name: 'conf', wants: '1', requisites: [['require', 'base']] }),
    ],
    ends: ['base failed', 'stop skipped', 'conf skipped'],
  },
  {
    it: 'runs an onfail state for one that a failure kept from running',
    from: 'check_requisite: result False, run or not',
    states: [
      state({ name: 'a', wants: '1', script: 'false' }),
      state({ name: 'b', wants: '1', requisites: [['require', 'a']] }),
      state({ name: 'rescue', wants: '1', requisites: [['onfail', 'b']] }),
    ],
    ends: ['a failed', 'b skipped', 'rescue changed'],
  },
  {
    it: 'hands a failure on through a state that has nothing to do',
    from: 'call_chunk: a requisite failed, so result False',
    states: [
      state({ name: 'a', wants: '1', script: 'false' }),
      state({ name: 'in sync', requisites: [['require', 'a']] }),
      state({ name: 'c', wants: '1', requisites: [['require', 'in sync']] }),
    ],
    ends: ['a failed', 'c skipped'],
  },
  {
    it: 'refreshes a watcher of an onfail state that was woken',
    from: 'check_requisite: watch and changes',
    states: [
      state({ name: 'a', wants: '1', script: 'false' }),
      state({ name: 'rescue', wants: '1', requisites: [['onfail', 'a']] }),
      state({ name: 'w', refreshes: true, requisites: [['watch', 'rescue']] }),
    ],
    ends: ['a failed', 'rescue changed', 'w changed'],
  },
  {
    it: 'refreshes what listens once, at the end, in order, whatever became of it before',
    from: 'call_listen',
    states: [
      state({
        name: 'l',
        refreshes: true,
        requisites: [
          ['listen', 'a'],
          ['listen', 'b'],
        ],
      }),
      state({ name: 'm', wants: '1', script: 'false', refreshes: true, requisites: [['listen', 'a']] }),
      state({ name: 'a', wants: '1' }),
      state({ name: 'b', wants: '1' }),
    ],
    ends: ['m failed', 'a changed', 'b changed', 'listener l changed', 'listener m changed'],
  },
];

for (const shell of SHELLS.slice(0, 2))
  describe(`global arguments and requisites under ${shell.join(' ')}`, () => {
    for (const row of rows)
      it(`${row.it} (${row.from})`, () => {
        assert.deepEqual(endings(runProgram(shell, row.states)), row.ends);
      });

    it('shows each attempt as it ends, with what it said', () => {
      const run = runProgram(shell, [
        state({ name: 'a', wants: '1', script: `${count} [ $n = 3 ]` }, { retry }),
      ]);

      assert.deepEqual(
        run.attempts.map(({ ended, output }) => `${ended}: ${output}`),
        ['failed with exit code 1: try 1', 'failed with exit code 1: try 2'],
      );
    });

    it('names what really failed, not the state in between that had nothing to do', () => {
      const { outcomes } = runProgram(shell, [
        state({ name: 'a', wants: '1', script: 'false' }),
        state({ name: 'in sync', requisites: [['require', 'a']] }),
        state({ name: 'c', wants: '1', requisites: [['require', 'in sync']] }),
      ]);

      assert.deepEqual(outcomes['c'], {
        status: 'skipped',
        because: 'requires thing.set a, which failed',
      });
    });
  });
