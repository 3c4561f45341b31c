import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kind } from '../../lib/model/resource.ts';
import type { Script, SectionResult } from '../../lib/model/script.ts';
import type { CaseState, LiveCase } from './cases.ts';
import { assertMembers } from './members.ts';
import { declareStates, examine, grainsOf } from './observe-case.ts';

/** What runs the scripts: a shell and the tools it finds. */
export interface LiveShell {
  readonly title: string;
  readonly command: readonly string[];
  readonly path: string;
}

/** dash with the tools of this machine, and busybox ash with those of busybox alone, installed into `folder`. */
export function liveShells(folder: string): readonly LiveShell[] {
  mkdirSync(folder, { recursive: true });
  spawnSync('busybox', ['--install', '-s', folder]);
  return [
    {
      title: 'dash',
      command: ['dash'],
      path: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    },
    { title: 'busybox', command: [join(folder, 'ash')], path: folder },
  ];
}

/** Whether this machine lets us make a mount namespace of our own; without it probes run on a writable root. */
export const canUnshare = spawnSync('unshare', ['-m', 'true']).status === 0;

/** Probes, runs the steps, and probes again: nothing is left to change. */
export function runLive(kind: Kind, live: LiveCase, shell: LiveShell): void {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'slab-live-')));
  try {
    const states = placed(live.states, root);
    runText(placed(live.setup ?? '', root), root);
    const context = { ...live, states, files: placed(live.files ?? {}, root) };
    const { declared, diagnostics } = declareStates(kind, context);
    assert.deepEqual(diagnostics, [], 'every state is right');

    const grains = grainsOf(live.grains);
    const probe = kind.probe(declared, grains);
    const look = (script: Script): SectionResult => runReadOnly(script.text, shell);
    const examined = examine(kind, declared, look(probe), {}, look);
    assertExpected(
      examined.map(({ diff }) => diff),
      states,
    );
    runText(placed(live.between ?? '', root), root);

    const ran = examined.flatMap(({ steps }) =>
      steps.map((step) => ({ ...runStep(step.script.text, shell), step })),
    );
    const codes = ran.map(({ code }) => code);
    assert.deepEqual(
      codes,
      live.exits ?? codes.map(() => 0),
      ran.map(({ step, stderr }) => `${step.title}: ${stderr}`).join('\n'),
    );
    if (live.exits === undefined) {
      const after = examine(kind, declared, look(kind.probe(declared, grains)), {}, look);
      const left = after
        .filter((each) => !each.declared.alwaysRuns)
        .flatMap(({ diff }) => [...diff.changes, ...(diff.problems ?? [])]);
      assert.deepEqual(left, [], 'a second plan is empty');
    }
    runText(placed(live.check ?? '', root), root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function assertExpected(diffs: ReturnType<Kind['diff']>[], states: readonly CaseState[]): void {
  states.forEach((state, index) => {
    const diff = diffs[index];
    if (state.changes !== undefined) {
      assert.equal(diff?.changes.length, state.changes.length, JSON.stringify(diff));
      state.changes.forEach((change, at) => assertMembers(diff.changes[at], change));
    }
    assert.deepEqual(diff?.problems ?? [], state.problems ?? []);
  });
}

/** `{root}` in every text becomes the folder. */
function placed<T>(value: T, root: string): T {
  return JSON.parse(JSON.stringify(value).replaceAll('{root}', root)) as T;
}

function runText(text: string, root: string): void {
  const { status, stderr } = spawnSync('bash', ['--norc', '-euc', text], { cwd: root, encoding: 'utf8' });
  assert.equal(status, 0, `${text}\n${stderr}`);
}

/** Runs a script where nothing can be written. */
export function runReadOnly(text: string, shell: LiveShell): SectionResult {
  return canUnshare
    ? run(['/usr/bin/unshare', '-m', '/bin/sh', '-c', READ_ONLY, 'sh', ...shell.command], text, shell)
    : runStep(text, shell);
}

/** Runs a script as the runner of a host does: a fresh shell, nothing on standard input. */
export function runStep(text: string, shell: LiveShell): SectionResult {
  return run([...shell.command, '-eu'], text, shell);
}

/** The script comes as a file: a step's own standard input is empty, and an argument holds 128 KiB at most. */
function run([command = '', ...args]: readonly string[], text: string, shell: LiveShell): SectionResult {
  const folder = mkdtempSync(join(tmpdir(), 'slab-script-'));
  try {
    const file = join(folder, 'script.sh');
    writeFileSync(file, text);
    const env = { PATH: shell.path, LC_ALL: 'C', SLAB_SHELL_PATH: shell.path };
    const child = spawnSync(command, [...args, file], { env, input: '', maxBuffer: 1 << 28 });
    if (child.error) throw child.error;
    const { stdout, stderr, status } = child;
    return { name: 'probe', code: status ?? 255, stdout, stderr: stderr.toString(), durationMs: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Everything a script could write to is read-only in this namespace. */
const READ_ONLY = `PATH=/usr/sbin:/usr/bin:/sbin:/bin
for at in / /tmp /run /dev/shm /var/tmp; do
  if mountpoint -q "$at"; then mount -o remount,ro,bind "$at" || exit 99; fi
done
PATH=$SLAB_SHELL_PATH
exec "$@"`;
