import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

function parse(args: Readonly<Record<string, Json>>, module = 'test', own: readonly string[] = []) {
  return parseConditions(chunkOf({ module, fun: 'nop', name: 'x', args }), (name) => own.includes(name));
}

function inPlan(shell: (typeof SHELLS)[number], conditions: ChunkConditions) {
  const all = [conditions];
  const results = callSections(all).map((section) => run(shell, section));
  const probe = run(shell, { name: 'conditions', script: conditionsProbe(all) });
  const [answer] = readConditionAnswers(probe, all, new Map(results.map((each) => [each.name, each])));
  assert.ok(answer !== undefined);
  return answer;
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

describe('commands of conditions', () => {
  const folder = mkdtempSync(join(tmpdir(), "slab command's "));
  after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/slab-probe'), '#!/bin/sh\nexit 4\n', { mode: 0o755 });

  const bin = join(folder, 'bin');
  const runs = /^goes on$/;
  const no = /^onlyif is not met/;
  // As salt/state.py's _run_check takes them from the state.
  const cases: readonly (readonly [string, Readonly<Record<string, Json>>, RegExp])[] = [
    ['run in the directory of the state', { cwd: '/proc', onlyif: ['test -e self'] }, runs],
    ['say no when there is no such directory', { cwd: '/no such', onlyif: ['true'] }, no],
    ['run as root otherwise', { onlyif: ['[ "$(id -un)" = root ]'] }, runs],
    [
      'run as the user of the state',
      { runas: 'nobody', onlyif: ['[ "$(id -un)$USER" = nobodynobody ]'] },
      runs,
    ],
    ['say no when there is no such user', { runas: 'no-such-user', onlyif: ['true'] }, no],
    [
      'see its environment',
      { env: { A: "it's", B: 2, C: true }, onlyif: ['[ "$A$B$C" = "it\'s2True" ]'] },
      runs,
    ],
    ['see a list of variables', { env: [{ A: 'x' }, { B: 'y' }], onlyif: ['[ "$A$B" = xy ]'] }, runs],
    ['have its umask', { umask: '027', onlyif: ['[ "$(umask)" = 0027 ]'] }, runs],
    ['have the usual umask otherwise', { onlyif: ['[ "$(umask)" = 0022 ]'] }, runs],
    ['look into its directories first', { prepend_path: bin, onlyif: ['command -v slab-probe'] }, runs],
    [
      'take its exit codes for success',
      { prepend_path: bin, success_retcodes: [3, 4], onlyif: ['slab-probe'] },
      runs,
    ],
    ['take exit for success too', { success_retcodes: 3, unless: ['exit 3'] }, /^unless is met/],
    ['keep other exit codes', { success_retcodes: [3], onlyif: ['exit 5'] }, no],
    ['fail when their time is over', { timeout: 1, onlyif: ['exec sleep 30'] }, no],
    ['are run by its shell', { shell: '/bin/bash', onlyif: ['[[ -n $BASH_VERSION ]]'] }, runs],
    [
      'leave out what cmd_opts_exclude names',
      { cmd_opts_exclude: ['env', 'cwd'], cwd: '/proc', env: { A: 'x' }, onlyif: ['[ "$PWD$A" = / ]'] },
      runs,
    ],
    [
      'take one name to leave out',
      { cmd_opts_exclude: 'env', env: { A: 'x' }, onlyif: ['[ -z "$A" ]'] },
      runs,
    ],
  ];
  for (const shell of SHELLS)
    for (const [title, args, expected] of cases)
      it(`${title}, in the plan and on the host (${shell.join(' ')})`, () => {
        const { conditions, diagnostics } = parse(args, 'cmd');
        assert.deepEqual(diagnostics, []);
        assert.ok(conditions !== undefined);

        const answer = inPlan(shell, conditions);
        const guard = run(shell, { name: 'guard', script: conditionsGuard(conditions, answer.heard) });

        assert.match(conditionSaysNo(conditions, answer) ?? 'goes on', expected);
        assert.match(guard.code === 0 ? 'goes on' : String(guard.stdout).trimEnd(), expected);
      });

  it('do not take the shell of a user for theirs', () => {
    const { conditions } = parse({ shell: '/usr/sbin/nologin', onlyif: ['true'] }, 'user', ['shell']);
    assert.ok(conditions !== undefined);

    assert.equal(conditionSaysNo(conditions, inPlan(['dash'], conditions)), undefined);
  });

  it('are refused with options that mean nothing', () => {
    const args = {
      onlyif: ['true'],
      shell: '/usr/bin/fish',
      timeout: 'long',
      cmd_opts_exclude: ['enviroment'],
    };

    const said = parse(args, 'pkg').diagnostics.map(
      ({ summary, source }) => `${source?.line ?? 0} ${summary}`,
    );

    assert.deepEqual(said, [
      '13 cmd_opts_exclude takes the names cwd, runas, env, prepend_path, umask, timeout, success_retcodes, shell',
      '11 shell must be the path of a POSIX shell',
      '12 timeout must be a number of seconds',
    ]);
  });
});
