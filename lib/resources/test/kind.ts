import type { Change } from '../../model/change.ts';
import type { Diff, ParseInput, Parsed } from '../../model/resource.ts';
import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { sh } from '../../shell/sh.ts';
import { uniqueId } from '../conditional.ts';
import { defineKind } from '../define-kind.ts';
import { functions } from './functions.ts';

/** How a stand-in behaves. */
interface TestDeclared {
  readonly id: string;
  readonly changes: boolean;
  readonly succeeds: boolean;
  readonly comment: string | undefined;
  /** Shown in the plan. */
  readonly notification: string | undefined;
}

interface TestArguments {
  readonly changes?: boolean;
  readonly result?: boolean;
  readonly comment?: string;
  readonly text?: string;
}

const behaviour: Readonly<Record<string, { readonly changes: boolean; readonly succeeds: boolean }>> = {
  nop: { changes: false, succeeds: true },
  show_notification: { changes: false, succeeds: true },
  succeed_without_changes: { changes: false, succeeds: true },
  succeed_with_changes: { changes: true, succeeds: true },
  fail_without_changes: { changes: false, succeeds: false },
  fail_with_changes: { changes: true, succeeds: false },
};

const probe = scriptFile(import.meta.url, './probe.sh');

/** Salt's module `test`: states that succeed, change or fail as told, for trials and for messages. */
export const test = defineKind<TestDeclared, null>({
  name: 'test',
  summary: 'states that succeed, change or fail as told',
  functions,
  parse,
  identify: (declared) => [objectKey(declared)],
  probe: () => probe([]),
  observe: (_result, declared) => declared.map(() => null),
  diff,
  steps: (declared) => [step(declared, declared.succeeds)],
  refresh: (declared) => ({
    change: { ...change(declared), why: 'a watched state changed' },
    steps: [step(declared, true)],
  }),
  alwaysRuns: (declared) => declared.changes,
});

function parse({ chunk, fun, args }: ParseInput): Parsed<TestDeclared> {
  // The schema has been checked; these are its types.
  const given = args as TestArguments;
  const fixed = behaviour[fun];
  return {
    declared: {
      id: uniqueId(chunk),
      changes: fixed?.changes ?? given.changes ?? true,
      succeeds: fixed?.succeeds ?? given.result ?? true,
      comment: given.comment,
      notification: given.text,
    },
  };
}

/** `#` would name a part of an object. */
function objectKey(declared: TestDeclared): string {
  return `test:${declared.id.replaceAll('#', '%23')}`;
}

function diff(declared: TestDeclared): Diff {
  const { changes, succeeds, comment, notification } = declared;
  const notes = [notification, succeeds ? comment : undefined].filter((note) => note !== undefined);
  return {
    changes: changes ? [change(declared)] : [],
    predicted: {},
    ...(changes || succeeds ? {} : { problems: [comment ?? 'it is declared to fail'] }),
    ...(notes.length === 0 ? {} : { notes }),
  };
}

function change(declared: TestDeclared): Change {
  return {
    object: objectKey(declared),
    field: 'testing',
    action: 'run',
    before: 'Unchanged',
    after: 'Something pretended to change',
    risk: 'read',
    certainty: 'exact',
  };
}

function step(declared: TestDeclared, succeeds: boolean): Step {
  const comment = declared.comment ?? (succeeds ? 'done' : 'it is declared to fail');
  return {
    title: succeeds ? 'pretend to change something' : 'pretend to change something, and fail',
    script: succeeds
      ? sh`printf '%s\n' ${comment}`
      : sh`printf '%s\n' ${comment} >&2
exit 1`,
    risk: 'read',
  };
}
