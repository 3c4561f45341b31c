import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'mocha';
import type { Script, SectionResult } from '../../lib/model/script.ts';
import { kinds } from '../../lib/resources/index.ts';
import { type CaseState, readLiveCases, readRecordedCases, type RecordedCase } from '../support/cases.ts';
import { assertLaws, assertShell } from '../support/laws.ts';
import { liveShells, runLive } from '../support/live-case.ts';
import { assertMembers } from '../support/members.ts';
import {
  answerOf,
  declareStates,
  examine,
  type Examined,
  grainsOf,
  scriptsOf,
} from '../support/observe-case.ts';

const here = import.meta.dirname;
const tools = mkdtempSync(join(tmpdir(), 'slab-busybox-'));
const shells = liveShells(tools);

describe('kinds of resources', () => {
  after(() => rmSync(tools, { recursive: true, force: true }));

  for (const kind of kinds.values()) {
    const cases = readRecordedCases(join(here, kind.name, 'cases.yaml'));
    const live = readLiveCases(join(here, kind.name, 'live.yaml'));

    describe(kind.name, () => {
      it('has a case for every function, and one without a change', () => {
        const tried = new Set(
          [...cases, ...live].flatMap(({ states }) => states.map((state) => state.function)),
        );

        assert.deepEqual(
          Object.keys(kind.functions).filter((fun) => !tried.has(fun)),
          [],
        );
        assert.ok(cases.some(({ states }) => states.every((state) => state.changes?.length === 0)));
      });

      it('refuses arguments it does not know', () => {
        for (const fun of Object.keys(kind.functions)) {
          const state = { function: fun, name: '/x', args: { no_such_argument: 1 } };
          const codes = declareStates(kind, { states: [state] }).diagnostics.map(({ code }) => code);

          assert.ok(codes.includes('SLAB2104'), fun);
        }
      });

      it('has shell files that shellcheck passes', () => {
        const folder = join(here, '../../lib/resources', kind.name);
        const files = readdirSync(folder).filter((name) => name.endsWith('.sh'));
        if (files.length === 0) return;
        const { status, stdout } = spawnSync('shellcheck', ['-s', 'sh', ...files], {
          cwd: folder,
          encoding: 'utf8',
        });

        assert.equal(status, 0, stdout);
      });

      for (const each of cases) it(each.case, () => runRecorded(kind.name, each));

      for (const each of live)
        for (const shell of shells)
          it(`${each.live} (${shell.title})`, () => runLive(kindOf(kind.name), each, shell)).timeout(30_000);
    });
  }
});

function runRecorded(name: string, recorded: RecordedCase): void {
  const kind = kindOf(name);
  const { declared, diagnostics } = declareStates(kind, recorded);
  const told = diagnostics.map(
    ({ summary, source }) => `${source?.line ?? 0}:${source?.column ?? 0} ${summary}`,
  );
  assert.deepEqual(told, recorded.refused ?? []);
  recorded.states.forEach((state, index) => {
    if (state.objects !== undefined) assert.deepEqual(declared[index]?.objects, state.objects);
    if (state.needs !== undefined) assert.deepEqual(declared[index]?.needs, state.needs);
  });
  if (recorded.answer === undefined) return;

  const result = answerOf(recorded.answer);
  const examined = examine(kind, declared, result, recorded.prospect, looksOf(recorded));

  examined.forEach((each, index) => assertState(each, recorded.states[index]));
  assertLaws(kind, recorded, { declared, result, examined, look: looksOf(recorded) });
  const looks =
    examined.length === 0 ? [] : (kind.deepen?.(declared, kind.observe(result, declared), grainsOf()) ?? []);
  assertShell(looks.map(({ script }) => script));
  assertShell(scriptsOf(kind.probe(declared, grainsOf(recorded.grains)), examined));
}

/** Closer looks as they were recorded, in order. */
function looksOf({ looks }: RecordedCase): ((script: Script) => SectionResult) | undefined {
  if (looks === undefined) return undefined;
  const left = [...looks];
  return () => answerOf(left.shift() ?? { code: 1 });
}

function assertState({ declared, observed, diff, steps }: Examined, state: CaseState | undefined): void {
  if (state === undefined) return;
  if (state.observation !== undefined) assert.deepEqual(observed, state.observation);
  assert.deepEqual(diff.problems ?? [], state.problems ?? []);
  if (state.notes !== undefined) assert.deepEqual(diff.notes ?? [], state.notes);
  if (state.shortfalls !== undefined) assert.deepEqual(diff.shortfalls ?? [], state.shortfalls);
  if (state.changes !== undefined) {
    assert.equal(diff.changes.length, state.changes.length, JSON.stringify(diff.changes, null, 1));
    state.changes.forEach((change, at) => assertMembers(diff.changes[at], change));
  }
  if (state.predicted !== undefined)
    for (const [key, value] of Object.entries(state.predicted)) assertMembers(diff.predicted[key], value);
  if (state.steps !== undefined) {
    assert.equal(steps.length, state.steps.length, JSON.stringify(steps.map(({ title }) => title)));
    state.steps.forEach(({ script = [], ...members }, at) => {
      assertMembers(steps[at], members);
      for (const excerpt of script)
        assert.ok(steps[at]?.script.text.includes(excerpt), `${excerpt}\nis in\n${steps[at]?.script.text}`);
    });
  }
  if (state.refresh !== undefined) {
    const refresh = kindOf(declared.kind).refresh(declared, observed);
    if (state.refresh === null) assert.equal(refresh, undefined);
    else assertMembers(refresh?.change, state.refresh);
    assertShell((refresh?.steps ?? []).map(({ script }) => script));
  }
}

function kindOf(name: string): NonNullable<ReturnType<typeof kinds.get>> {
  const kind = kinds.get(name);
  assert.ok(kind);
  return kind;
}
