import type { Change, ObjectKey } from '../../model/change.ts';
import type { Diff, Prospect } from '../../model/resource.ts';
import type { SectionResult } from '../../model/script.ts';
import type { Step } from '../../model/step.ts';
import { quoteWord } from '../../shell/quote.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { defineKind } from '../define-kind.ts';
import { functions } from './functions.ts';
import { type CmdDeclared, parseCmd } from './parse.ts';

/** What the host has of what a command needs; null: the host did not say. */
type CmdObserved = {
  readonly directory: boolean;
  readonly user: boolean;
  readonly shell: boolean;
} | null;

const probe = scriptFile(import.meta.url, './probe.sh');
const run = scriptFile(import.meta.url, './run.sh');

/** Salt's module `cmd`: commands and scripts. */
export const cmd = defineKind<CmdDeclared, CmdObserved>({
  name: 'cmd',
  summary: 'commands and scripts',
  functions,
  parse: parseCmd,
  identify: (declared) => [objectKey(declared)],
  needs: (declared) => (declared.runas === undefined ? [] : [`user:${declared.runas}`]),
  probe: (declared) => probe(declared.flatMap(({ cwd, runas, shell }) => [cwd ?? '', runas ?? '', shell])),
  observe,
  diff,
  steps: (declared) => [step(declared)],
  refresh: (declared) => ({
    change: { ...change(declared, 'exact'), why: 'a watched state changed' },
    steps: [step(declared)],
  }),
  alwaysRuns: (declared) => declared.unconditional,
});

/** `#` would name a part of an object. */
function objectKey(declared: CmdDeclared): ObjectKey {
  return `cmd:${declared.id.replaceAll('#', '%23')}`;
}

function observe(result: SectionResult, declared: readonly CmdDeclared[]): readonly CmdObserved[] {
  const lines = new TextDecoder().decode(result.stdout).split('\n');
  return declared.map((_, index) => {
    const words = lines[index]?.split(' ');
    if (words?.length !== 3) return null;
    const [directory, user, shell] = words.map((word) => word === 'yes');
    return { directory: directory ?? false, user: user ?? false, shell: shell ?? false };
  });
}

const EVERY_TIME = 'runs every time: it has no creates, unless, onlyif or onchanges';

function diff(declared: CmdDeclared, observed: CmdObserved, prospect: Prospect): Diff {
  const missing = observed === null ? [] : missingNeeds(declared, observed);
  const problems = missing.filter((need) => !mayCome(need, prospect)).map((need) => need.problem);
  if (observed === null) problems.push('the host did not say whether directory, user and shell exist');
  const certainty = missing.length > 0 ? 'provisional' : 'exact';
  const notes = [...declared.notes, ...(declared.unconditional ? [EVERY_TIME] : [])];
  return {
    // A problem of a command that only waits is still one: it would fail when its time comes.
    changes: declared.waits || problems.length > 0 ? [] : [change(declared, certainty)],
    predicted: {},
    ...(notes.length === 0 ? {} : { notes }),
    ...(problems.length === 0 ? {} : { problems }),
  };
}

/** Something a command needs and the host does not have yet. */
interface Need {
  readonly problem: string;
  readonly key: ObjectKey | undefined;
  readonly path: string | undefined;
}

function missingNeeds(declared: CmdDeclared, observed: NonNullable<CmdObserved>): readonly Need[] {
  const { cwd, runas, shell } = declared;
  const needs: Need[] = [];
  if (!observed.directory && cwd !== undefined)
    needs.push({ problem: `the directory ${cwd} does not exist`, key: undefined, path: cwd });
  if (!observed.user && runas !== undefined)
    needs.push({ problem: `there is no user "${runas}"`, key: `user:${runas}`, path: undefined });
  if (!observed.shell) needs.push({ problem: `there is no shell ${shell}`, key: undefined, path: shell });
  return needs;
}

/** Whether an earlier change of the plan may bring it: packages and commands bring anything, files their paths. */
function mayCome(need: Need, prospect: Prospect): boolean {
  const predicted = need.key === undefined ? undefined : prospect.predicted(need.key);
  if (predicted !== undefined) return predicted !== null && JSON.stringify(predicted) !== '{"exists":false}';
  return prospect.earlier.some(({ object, action }) => {
    if (action === 'remove') return false;
    if (object === need.key) return true;
    if (object.startsWith('user:')) return need.path !== undefined;
    if (!object.startsWith('file:')) return !object.startsWith('service:') && !object.startsWith('group:');
    const file = object.slice('file:'.length);
    return need.path !== undefined && (isWithin(need.path, file) || isWithin(file, need.path));
  });
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder.replace(/\/$/, '')}/`);
}

function change(declared: CmdDeclared, certainty: Change['certainty']): Change {
  return {
    object: objectKey(declared),
    field: declared.script === undefined ? 'command' : 'script',
    action: 'run',
    before: null,
    after: declared.title,
    risk: 'change',
    certainty,
  };
}

function step(declared: CmdDeclared): Step {
  const { cwd, runas, umask, shell, hidden, successCodes, successTexts, script, timeoutMs } = declared;
  const before = [
    ...[...declared.env].map(([name, value]) => `export ${name}=${quoteWord(value)}\n`),
    ...(declared.prependPath === '' ? [] : [`export PATH=${quoteWord(declared.prependPath)}:"$PATH"\n`]),
  ].join('');
  const text = script === undefined ? declared.text : `"$slab_script" ${declared.text}`;
  const words = [
    ...[cwd ?? '', runas ?? '', umask, shell, hidden ? 'hide' : 'show', sortOf(declared)],
    ...[successCodes.join(' '), script === undefined ? 'command' : 'script', before + text],
    ...(declared.mayTimeOut && timeoutMs !== undefined ? [String(timeoutMs / 1000)] : ['']),
    ...[String(successTexts.stdout.length), ...successTexts.stdout, ...successTexts.stderr],
  ];
  return {
    title: `${declared.background ? 'start' : 'run'} ${declared.title.split('\n', 1)[0] ?? ''}`,
    script: run(words, script === undefined ? undefined : withInterpreter(script, shell)),
    risk: 'change',
    ...(timeoutMs === undefined || declared.mayTimeOut || declared.background ? {} : { timeoutMs }),
  };
}

function sortOf({ background, stateful }: CmdDeclared): string {
  if (background) return 'background';
  return stateful ? 'stateful' : 'plain';
}

/** A script without `#!` is for the shell that was asked for. */
function withInterpreter(script: Uint8Array, shell: string): Uint8Array {
  if (script[0] === 0x23 && script[1] === 0x21) return script;
  return new Uint8Array([...new TextEncoder().encode(`#!${shell}\n`), ...script]);
}
