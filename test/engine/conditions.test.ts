import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'mocha';
import {
  callSections,
  conditionsGuard,
  conditionsProbe,
  parseConditions,
  readConditionAnswers,
  type ChunkConditions,
} from '../../lib/engine/conditions.ts';
import type { Json } from '../../lib/model/json.ts';
import type { Section, SectionResult } from '../../lib/model/script.ts';
import { conditionSaysNo } from '../../lib/plan/condition.ts';
import { chunkOf } from '../support/chunk.ts';

const SHELLS: readonly (readonly [string, ...string[]])[] = [['dash'], ['busybox', 'ash']];

function parse(args: Readonly<Record<string, Json>>) {
  return parseConditions(chunkOf({ module: 'test', fun: 'nop', name: 'x', args }));
}

function run([program, ...words]: readonly [string, ...string[]], { name, script }: Section): SectionResult {
  const ran = spawnSync(program, [...words, '-s'], { input: `${script.text}\n` });
  return { name, code: ran.status ?? 1, stdout: ran.stdout, stderr: String(ran.stderr), durationMs: 0 };
}

describe('conditions that are calls of functions', () => {
  const folder = mkdtempSync(join(tmpdir(), "slab call's "));
  const path = join(folder, 'file');
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(() => writeFileSync(path, 'one=1\ntwo=2\n'));

  const exists = { fun: 'file.file_exists', args: [path] };
  const absent = { fun: 'file.file_exists', path: `${path}.no` };
  const stats = (part: string) => ({ fun: 'file.stats', args: [path], get_return: part });
  const said = (cmd: string) => ({ fun: 'cmd.run', cmd });
  const run1 = /^goes on$/;
  const cases: readonly (readonly [string, Readonly<Record<string, Json>>, RegExp])[] = [
    ['goes on when onlyif says yes', { onlyif: [exists] }, run1],
    ['takes a mapping that stands in no list', { onlyif: exists }, run1],
    ['leaves out when onlyif says no', { onlyif: [exists, absent] }, /^onlyif is not met: .*\.no/],
    ['goes on when an unless says no', { unless: [exists, absent] }, run1],
    ['leaves out when every unless says yes', { unless: [exists, 'true'] }, /^unless is met/],
    ['mixes calls and commands', { onlyif: ['true', exists, 'false'] }, /^onlyif is not met: false$/],
    ['judges a text by whether it is empty', { onlyif: [{ fun: 'file.get_mode', path }] }, run1],
    ['walks the answer to what get_return names', { onlyif: [stats('type')] }, run1],
    [
      'says no where get_return finds nothing',
      { onlyif: [stats('type:x')] },
      /^onlyif is not met: .* at type:x$/,
    ],
    ['says no where get_return finds zero', { onlyif: [{ ...stats('x'), get_return: 'uid' }] }, /not met/],
    ['takes what a command prints', { onlyif: [said('echo yes')] }, run1],
    ['takes a command that prints nothing as no', { onlyif: [said('true')] }, /not met/],
    ['takes a command that fails as no', { onlyif: [said('echo yes; exit 3')] }, /not met/],
    ['reads what a file holds', { unless: [{ fun: 'file.search', path, pattern: 'two=[0-9]' }] }, /is met/],
  ];

  const inPlan = (shell: (typeof SHELLS)[number], conditions: ChunkConditions) => {
    const all = [conditions];
    const results = callSections(all).map((section) => run(shell, section));
    const probe = run(shell, { name: 'conditions', script: conditionsProbe(all) });
    const [answer] = readConditionAnswers(probe, all, new Map(results.map((each) => [each.name, each])));
    assert.ok(answer !== undefined);
    return answer;
  };

  for (const shell of SHELLS) {
    for (const [title, args, expected] of cases)
      it(`${title}, in the plan and on the host (${shell.join(' ')})`, () => {
        const { conditions, diagnostics } = parse(args);
        assert.deepEqual(diagnostics, []);
        assert.ok(conditions !== undefined);

        const answer = inPlan(shell, conditions);
        const guard = run(shell, { name: 'guard', script: conditionsGuard(conditions, answer.heard) });

        assert.match(conditionSaysNo(conditions, answer) ?? 'goes on', expected);
        assert.match(guard.code === 0 ? 'goes on' : String(guard.stdout).trimEnd(), expected);
        assert.ok([0, 117].includes(guard.code), guard.stderr);
      });

    it(`judges exit codes and texts anew after earlier steps (${shell.join(' ')})`, () => {
      const { conditions } = parse({ onlyif: [exists] });
      assert.ok(conditions !== undefined);
      const answer = inPlan(shell, conditions);
      rmSync(path);

      const guard = run(shell, { name: 'guard', script: conditionsGuard(conditions, answer.heard) });

      assert.equal(guard.code, 117);
    });

    it(`fails when an answer it cannot judge on the host is another one by then (${shell.join(' ')})`, () => {
      const { conditions } = parse({ onlyif: [stats('size')] });
      assert.ok(conditions !== undefined);
      const answer = inPlan(shell, conditions);
      writeFileSync(path, '');

      const guard = run(shell, { name: 'guard', script: conditionsGuard(conditions, answer.heard) });

      assert.equal(guard.code, 1);
      assert.match(
        String(guard.stdout),
        /file\.stats\(path=.*\) at size has another answer than in the plan/,
      );
    });

    it(`says what the host could not answer (${shell.join(' ')})`, () => {
      const { conditions } = parse({ onlyif: [{ fun: 'file.get_mode', path: '/no such file' }] });
      assert.ok(conditions !== undefined);

      const [problem] = inPlan(shell, conditions).problems;

      assert.match(problem ?? '', /^onlyif cannot be answered: file\.get_mode\(path='\/no such file'\): ./);
    });
  }

  const mistakes: readonly (readonly [Json, RegExp, RegExp])[] = [
    [{ args: ['x'] }, /needs "fun"/, /write fun:/],
    [{ fun: 'file.file_exist', args: ['/x'] }, /file\.file_exist is no function/, /file\.file_exists/],
    [{ fun: 'saltutil.sync_all' }, /saltutil\.sync_all is no function/, /shell command/],
    [{ fun: 'file.file_exists' }, /missing 1 required positional argument: 'path'/, /it takes path/],
    [{ fun: 'file.file_exists', args: ['/x'], mode: 1 }, /unexpected keyword argument 'mode'/, /path/],
    [{ fun: 'file.file_exists', args: '/x' }, /args of a condition must be a list/, /args: \[/],
    [{ fun: 'file.stats', args: ['/x'], get_return: ['a'] }, /get_return must be a path/, /key/],
    [{ fun: 'cmd.run_all', cmd: 'x', get_return: 'stderr' }, /cannot be asked again/, /cmd\.run_stderr/],
  ];
  for (const [condition, summary, fix] of mistakes)
    it(`refuses ${JSON.stringify(condition)} at its place`, () => {
      const [only, ...more] = parse({ unless: [condition] }).diagnostics;

      assert.deepEqual(more, []);
      assert.equal(only?.code, 'SLAB2105');
      assert.match(only.summary, summary);
      assert.match(only.fix ?? '', fix);
      assert.equal(only.source?.line, 101);
    });
});
