import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'mocha';
import { buildProgram } from '../../../lib/engine/program.ts';
import type { ChunkConditions } from '../../../lib/engine/conditions.ts';
import type { Kind } from '../../../lib/model/resource.ts';
import { predictHost } from '../../../lib/plan/predict.ts';
import { sh } from '../../../lib/shell/sh.ts';
import { examinedOf, keyOf, type Thing } from '../../support/planning.ts';
import { runProgram, SHELLS, type Run } from '../../support/run-program.ts';

const MARK = '@@@';

/** The diff of a kind that cannot do all. */
function shortOf(what: string, kind: Kind): Kind['diff'] {
  return (...words) => ({ ...kind.diff(...words), shortfalls: [what] });
}

function run(shell: readonly string[], ...things: readonly Thing[]): Run {
  return runProgram(
    shell,
    things.map((thing) => examinedOf(thing)),
  );
}

function statuses(result: Run): readonly string[] {
  return Object.entries(result.outcomes).map(([name, outcome]) => `${name} ${outcome.status}`);
}

for (const shell of SHELLS) {
  describe(`the runner under ${shell.join(' ')}`, () => {
    it('runs steps in order and says what changed', () => {
      const result = run(shell, { name: 'a', wants: '1' }, { name: 'b', wants: '1', script: 'exit 117' });

      assert.equal(result.opening, 'open');
      assert.deepEqual(statuses(result), ['a changed', 'b unchanged']);
    });

    it('does what it can of a state that falls short, and then calls it failed, with what is left', () => {
      const [examined] = [examinedOf({ name: 'a', wants: '1', script: 'echo did it' })];
      const kind = { ...examined.kind, diff: shortOf('disk B is missing', examined.kind) };

      const { outcomes } = runProgram(shell, [{ ...examined, kind }]);

      const outcome = outcomes['a'];
      assert.equal(outcome?.status, 'failed');
      assert.deepEqual([outcome.step, outcome.output], ['do the rest', 'did it\ndisk B is missing']);
    });

    it('goes on with the other parts of a state when one fails, not with its own, and calls the state failed', () => {
      const [a, after] = [
        examinedOf({ name: 'a', wants: '1' }),
        examinedOf({ name: 'after', wants: '1', requisites: [['require', 'a']] }),
      ];
      const steps =
        (...parts: readonly [string | undefined, string][]): Kind['steps'] =>
        () =>
          parts.map(([part, text], n) => ({
            ...{ title: `step ${n}`, script: sh`eval ${text}`, risk: 'change' },
            ...(part === undefined ? {} : { part }),
          }));
      const outcomeOf = (made: Kind['steps']) =>
        runProgram(shell, [{ ...a, kind: { ...a.kind, steps: made } }, after]).outcomes;

      const some = outcomeOf(
        steps(
          [undefined, 'echo block'],
          ['A', 'echo A1; exit 3'],
          ['A', 'echo A2'],
          ['B', 'echo B1'],
          ['C', 'echo C1; exit 4'],
          [undefined, 'echo end'],
        ),
      );
      const needed = outcomeOf(steps([undefined, 'echo block; exit 5'], ['A', 'echo A1'], ['B', 'echo B1']));
      const well = outcomeOf(steps(['A', 'echo A1'], ['B', 'exit 117'], ['C', 'echo C1']));

      assert.deepEqual(some['a'], {
        ...{ status: 'failed', step: 'step 1', code: 3, output: 'block\nA1\nB1\nC1' },
      });
      assert.equal(some['after']?.status, 'skipped');
      assert.deepEqual(needed['a'], { status: 'failed', step: 'step 0', code: 5, output: 'block' });
      assert.deepEqual([well['a']?.status, well['after']?.status], ['changed', 'changed']);
    });

    it('leaves out what requires a failed state, and nothing else', () => {
      const result = run(
        shell,
        { name: 'bad', wants: '1', script: 'echo "no space" >&2; exit 3' },
        { name: 'child', wants: '1', requisites: [['require', 'bad']] },
        { name: 'grandchild', wants: '1', requisites: [['require', 'child']] },
        { name: 'other', wants: '1' },
      );

      assert.deepEqual(result.outcomes['bad'], {
        status: 'failed',
        step: 'set bad',
        code: 3,
        output: 'no space',
      });
      assert.deepEqual(result.outcomes['child'], {
        status: 'skipped',
        because: 'requires thing.set bad, which failed',
      });
      assert.deepEqual(statuses(result), [
        'bad failed',
        'child skipped',
        'grandchild skipped',
        'other changed',
      ]);
    });

    it('stops a state at its first failing command, as set -e says', () => {
      const result = run(shell, { name: 'a', wants: '1', script: 'false' });

      assert.equal(result.outcomes['a']?.status, 'failed');
    });

    it('runs an onchanges state only if a target really changed', () => {
      const result = run(
        shell,
        { name: 'a', wants: '1', script: 'exit 117' },
        { name: 'c', wants: '1', requisites: [['onchanges', 'a']] },
      );

      assert.deepEqual(statuses(result), ['a unchanged', 'c skipped']);
    });

    it('refreshes once however many watched states changed', () => {
      const result = run(
        shell,
        { name: 'a', wants: '1' },
        { name: 'b', wants: '1' },
        { name: 'w', refreshes: true, requisites: [['watch', 'a', 'b']] },
      );

      assert.equal(result.output.split('refreshed w').length - 1, 1);
      assert.deepEqual(statuses(result), ['a changed', 'b changed', 'w changed']);
    });

    it('does not refresh when the watched state turned out to be right already', () => {
      const result = run(
        shell,
        { name: 'a', wants: '1', script: 'exit 117' },
        { name: 'w', refreshes: true, requisites: [['watch', 'a']] },
      );

      assert.deepEqual(statuses(result), ['a unchanged', 'w unchanged']);
    });

    it('runs an onfail state after a failure that nobody expected', () => {
      const result = run(
        shell,
        { name: 'a', wants: '1', script: 'exit 1' },
        { name: 'rescue', wants: '1', requisites: [['onfail', 'a']] },
      );

      assert.deepEqual(statuses(result), ['a failed', 'rescue changed']);
    });

    it('keeps onfail states back when all went well', () => {
      const result = run(
        shell,
        { name: 'a', wants: '1' },
        { name: 'rescue', wants: '1', requisites: [['onfail', 'a']] },
      );

      assert.deepEqual(statuses(result), ['a changed', 'rescue skipped']);
    });

    it('counts a step whose text has control characters like any other', () => {
      const result = run(
        shell,
        { name: 'a', wants: '1', script: 'test "\u001b" != x' },
        { name: 'c', wants: '1', requisites: [['onchanges', 'a']] },
      );

      assert.deepEqual(statuses(result), ['a changed', 'c changed']);
    });

    it('says that the host is not as planned when a step finds another state', () => {
      const result = run(shell, { name: 'a', wants: '1', script: 'exit 118' });

      assert.deepEqual(result.outcomes['a'], {
        status: 'failed',
        step: 'set a',
        code: 118,
        output: 'the host is no longer as the plan saw it; this step has changed nothing. Plan again.',
      });
    });

    it('does nothing while another run holds the lock, and says who', () => {
      const hold = `mkdir -p /run/slab/r0; exec 8>>/run/slab/lock; flock -n 8; read -r up rest </proc/uptime
printf '%s\\n' r0 none 0 0 "\${up%%.*}" 'bert since ten' >/run/slab/lease`;

      const result = runProgram(shell, [examinedOf({ name: 'a', wants: '1' })], hold);

      assert.match(result.opening, /^locked bert since ten\n/);
      assert.deepEqual(statuses(result), ['a skipped']);
    });

    it('does nothing when the run directory cannot be made', () => {
      const result = runProgram(shell, [examinedOf({ name: 'a', wants: '1' })], 'mount -o remount,ro /run');

      assert.match(result.opening, /^denied .*[Rr]ead-only file system/);
      assert.deepEqual(statuses(result), ['a skipped']);
    });

    it('leaves the lock to the next run though a daemon that a step started lives on', () => {
      const leave = 'sleep 5 >/dev/null 2>&1 & echo left';
      const examined = [examinedOf({ name: 'a', wants: '1', script: leave })];
      const again = `exec 7>>/run/slab/lock; flock -n 7 && echo '${MARK}again'; flock -u 7`;
      const program = buildProgram(predictHost(examined), { run: 'r1', who: 'x', conditions: new Map() });
      const text = [program.open, ...program.sections, program.close]
        .map((section) => `{\n${section.script.text}\n}\n`)
        .join('');
      const setUp = `mount -t tmpfs run /run && exec ${shell.join(' ')} -s`;

      const ran = spawnSync('unshare', ['--mount', 'sh', '-c', setUp], {
        input: `${text}${again}\n`,
        encoding: 'utf8',
      });

      assert.match(ran.stdout, new RegExp(`${MARK}again`));
    });

    it('runs nothing of a program that was cut in the middle of a step', () => {
      const program = buildProgram(
        predictHost([examinedOf({ name: 'a', wants: '1', script: 'touch /run/made' })]),
        {
          run: 'r1',
          who: 'x',
          conditions: new Map(),
        },
      );
      const text = [program.open, ...program.sections].map((each) => `{\n${each.script.text}\n}\n`).join('');
      const end = text.lastIndexOf('touch') + 3;
      const setUp = `mount -t tmpfs run /run; ${shell.join(' ')} -s; ls /run/made 2>&1; ls /run`;

      const ran = spawnSync('unshare', ['--mount', 'sh', '-c', setUp], {
        input: text.slice(0, end),
        encoding: 'utf8',
      });

      assert.match(ran.stdout, /No such file/);
      assert.match(ran.stdout, /^slab$/m);
    });
  });
}

describe('conditions asked again on the host', () => {
  const cases: readonly (readonly [string, Partial<ChunkConditions>, string])[] = [
    ['runs the state when onlyif succeeds', { onlyif: ['true', 'test -d /'] }, 'a changed'],
    ['leaves it out when an onlyif fails', { onlyif: ['true', 'false'] }, 'a skipped'],
    ['runs the state when an unless fails', { unless: ['true', 'false'] }, 'a changed'],
    ['leaves it out when every unless succeeds', { unless: ['true', 'test -d /'] }, 'a skipped'],
    ['runs the state when a path is missing', { creates: ['/', '/no such path'] }, 'a changed'],
    ['leaves it out when all paths exist', { creates: ['/', '/proc'] }, 'a skipped'],
    ['takes commands with control characters as they are', { onlyif: ["[ '\u001b' != x ]"] }, 'a changed'],
    ['keeps a command from reading what follows it', { onlyif: ['cat >/dev/null'] }, 'a changed'],
  ];
  const options = {
    ...{ cwd: '/', runas: '', umask: '022', shell: 'sh', seconds: '', before: '' },
    successCodes: [],
  };
  for (const shell of SHELLS) {
    for (const [title, some, expected] of cases) {
      it(`${title} (${shell.join(' ')})`, () => {
        const conditions = { unless: [], onlyif: [], creates: [], options, ...some };

        const result = runProgram(
          shell,
          [examinedOf({ name: 'a', wants: '1' })],
          '',
          new Map([[keyOf('a'), conditions]]),
        );

        assert.deepEqual(statuses(result), [expected]);
      });
    }
  }
});
