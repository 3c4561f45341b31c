import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Node } from '../model/node.ts';
import type { Script, Section, SectionResult } from '../model/script.ts';
import type { Chunk } from '../model/state.ts';
import type { ConditionAnswer, Conditions, HeardCall } from '../plan/condition.ts';
import { exitUnchanged } from '../shell/exit.ts';
import { withInput } from '../shell/input.ts';
import { scriptFile } from '../shell/script-file.ts';
import { joinScripts, sh } from '../shell/sh.ts';
import { commandProgram, readCommandOptions, type CommandOptions } from './command-options.ts';
import { callAgain, callFunctions, callSection, callText, hearCall, readCall } from './condition-calls.ts';
import type { ConditionCall } from './condition-calls.ts';

const file = scriptFile(import.meta.url, './conditions.sh');
const asking = scriptFile(import.meta.url, './ask.sh');

/** Conditions of one chunk, with where, as whom and with what their commands run. */
export interface ChunkConditions extends Conditions {
  readonly options: CommandOptions;
  /** Those that are calls, by `unless 0`; the text at that place is then what to show. */
  readonly calls?: ReadonlyMap<string, ConditionCall>;
}

/**
 * Reads `unless`, `onlyif` and `creates`; undefined when the chunk has none of them.
 * @param isOwn whether an argument is one that the state's function takes itself.
 */
export function parseConditions(
  chunk: Chunk,
  isOwn: (argument: string) => boolean,
): {
  readonly conditions?: ChunkConditions;
  readonly diagnostics: readonly Diagnostic[];
} {
  if (!CONDITIONS.some((name) => chunk.args.has(name))) return NO_CONDITIONS;
  const diagnostics: Diagnostic[] = [];
  const calls = new Map<string, ConditionCall>();
  const read = (name: string): readonly string[] => {
    const argument = chunk.args.get(name);
    if (argument === undefined) return [];
    const nodes = argument.value.type === 'list' ? argument.value.items : [argument.value];
    return nodes.flatMap((node, number) => {
      if (node.type === 'map' && name !== 'creates') {
        const result = readCall(node);
        if ('call' in result) {
          calls.set(`${name} ${number}`, result.call);
          return [callText(result.call)];
        }
        diagnostics.push({ severity: 'error', code: 'SLAB2105', source: node.source, ...result });
        return [];
      }
      const text = conditionText(node);
      if (text !== undefined) return [text];
      diagnostics.push({
        severity: 'error',
        code: 'SLAB2105',
        summary: `${name} takes ${name === 'creates' ? 'paths' : 'shell commands and calls of functions'}`,
        source: node.source,
        fix:
          name === 'creates' ? 'write an absolute path' : 'write a shell command, or {fun: module.function}',
      });
      return [];
    });
  };
  const conditions = { unless: read('unless'), onlyif: read('onlyif'), creates: read('creates') };
  if (conditions.unless.length + conditions.onlyif.length + conditions.creates.length === 0)
    return { diagnostics };
  const options = readCommandOptions(chunk, isOwn, diagnostics);
  return { conditions: { ...conditions, options, calls }, diagnostics };
}

const CONDITIONS = ['unless', 'onlyif', 'creates'] as const;

const NO_CONDITIONS = { diagnostics: [] };

/** YAML makes booleans of `true` and `false`, which are commands too. */
function conditionText(node: Node): string | undefined {
  if (node.type !== 'scalar') return undefined;
  if (typeof node.value === 'string') return node.value;
  return typeof node.value === 'boolean' ? String(node.value) : undefined;
}

/** One script that answers the conditions of all chunks of a host. */
export function conditionsProbe(all: readonly ChunkConditions[]): Script {
  const lines = all.flatMap((conditions, index) => [
    ...conditions.creates.map((path, number) => sh`slab_exists ${index} ${number} ${path}`),
    ...(['unless', 'onlyif'] as const).flatMap((type) =>
      conditions[type].flatMap((command, number) =>
        conditions.calls?.has(`${type} ${number}`) === true
          ? []
          : [
              withInput(
                sh`slab_command ${index} ${type} ${number} ${askingWords(conditions)}`,
                commandProgram(command, conditions.options),
              ),
            ],
      ),
    ),
  ]);
  return joinScripts([asking.text, file.text, ...lines]);
}

/** The calls among the conditions of a host, each as a section beside that script. */
export function callSections(all: readonly ChunkConditions[]): readonly Section[] {
  return all.flatMap(({ calls = new Map<string, ConditionCall>() }, index) =>
    [...calls].map(([place, call]) => callSection(`conditions ${index} ${place}`, call)),
  );
}

/** What `slab_ask` takes. */
function askingWords({ options }: ChunkConditions): readonly string[] {
  return [options.cwd, options.runas, options.umask, options.shell, options.seconds];
}

/** What a host said to the conditions of one chunk. */
interface AnsweredConditions extends ConditionAnswer {
  /** Why some could not be answered. */
  readonly problems: readonly string[];
}

/** Reads the answers, in the order in which the chunks were asked. */
export function readConditionAnswers(
  result: SectionResult,
  all: readonly ChunkConditions[],
  sections: ReadonlyMap<string, SectionResult>,
): readonly AnsweredConditions[] {
  const answers = new Map<string, number>();
  for (const line of Buffer.from(result.stdout).toString('utf8').split('\n')) {
    const match = /^(\d+ \w+ \d+) (\d+)$/.exec(line);
    if (match?.[1] !== undefined) answers.set(match[1], Number(match[2]));
  }
  return all.map((conditions, index) => {
    const heard = new Map<string, HeardCall>();
    for (const [place, call] of conditions.calls ?? [])
      heard.set(place, hearCall(call, sections.get(`conditions ${index} ${place}`)));
    const codes = (type: 'unless' | 'onlyif') =>
      conditions[type].map((_, number) => {
        const call = heard.get(`${type} ${number}`);
        return (call === undefined ? answers.get(`${index} ${type} ${number}`) : call.code) ?? null;
      });
    const problems = [...heard].flatMap(([place, { problem }]) => {
      const [type = '', number = ''] = place.split(' ');
      const text = type === 'unless' ? conditions.unless[Number(number)] : conditions.onlyif[Number(number)];
      return problem === undefined ? [] : [`${type} cannot be answered: ${text ?? ''}: ${problem}`];
    });
    return {
      heard,
      problems,
      unless: codes('unless'),
      onlyif: codes('onlyif'),
      creates: conditions.creates.map((_, number) => answers.get(`${index} creates ${number}`) === 0),
    };
  });
}

/** The conditions asked once more right before the chunk's steps: ends with 117 when they say no by then. */
export function conditionsGuard(
  conditions: ChunkConditions,
  heard: ReadonlyMap<string, HeardCall> = new Map(),
): Script {
  const { calls = new Map<string, ConditionCall>() } = conditions;
  const ask = (type: 'unless' | 'onlyif') => (command: string, number: number) => {
    const call = calls.get(`${type} ${number}`);
    return call === undefined
      ? withInput(sh`slab_ask ${askingWords(conditions)}`, commandProgram(command, conditions.options))
      : callAgain(call, heard.get(`${type} ${number}`));
  };
  const leave = (because: string) => sh`{ echo ${because}; exit ${exitUnchanged}; }`;
  const exists = (path: string) => sh`{ [ -e ${path} ] || [ -h ${path} ]; }`;
  return joinScripts([
    asking.text,
    ...(calls.size === 0 ? [] : [callFunctions]),
    ...conditions.onlyif.map(
      (command, number) => sh`slab_answer=0
if
${ask('onlyif')(command, number)}
then :; else slab_answer=$?; fi
[ "$slab_answer" = 0 ] || ${leave(`onlyif is not met: ${command}`)}`,
    ),
    ...leaveIfAll(
      conditions.unless.map(ask('unless')),
      leave(`unless is met: ${conditions.unless.join('; ')}`),
    ),
    ...leaveIfAll(conditions.creates.map(exists), leave(`${conditions.creates.join(', ')} exists`)),
  ]);
}

function leaveIfAll(questions: readonly Script[], leave: Script): readonly Script[] {
  if (questions.length === 0) return [];
  return [
    sh`slab_all=yes`,
    ...questions.map(
      (question) => sh`if
${question}
then :; else slab_all=no; fi`,
    ),
    sh`[ "$slab_all" = no ] || ${leave}`,
  ];
}
