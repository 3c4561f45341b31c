import { createHash } from 'node:crypto';
import { didYouMean } from '../diagnostics/near.ts';
import type { MapNode } from '../model/node.ts';
import type { Script, Section, SectionResult } from '../model/script.ts';
import type { Value } from '../model/value.ts';
import type { HeardCall } from '../plan/condition.ts';
import { askScript, hostFunctions, printed, readAnswer, yesOrNo, type Question } from '../questions/index.ts';
import { withInput } from '../shell/input.ts';
import { sh } from '../shell/sh.ts';
import { isTrue } from '../sls/functions/data.ts';
import { questionOf } from '../sls/functions/ask-host.ts';
import { traverse } from '../sls/traverse.ts';
import { keyToText, nodeToValue } from '../yaml/node-value.ts';

/** A condition that is a call: a question of which only yes or no matters. */
export interface ConditionCall {
  readonly question: Question;
  /** Where in the answer to look, `a:b:0`; undefined: at all of it. */
  readonly part: string | undefined;
}

/** Reads `{fun: module.function, args: […], get_return: path, …keywords}`; what is wrong is said in words. */
export function readCall(
  node: MapNode,
): { readonly call: ConditionCall } | { readonly summary: string; readonly fix: string } {
  const kwargs = new Map<string, Value>();
  for (const { key, value } of node.entries) kwargs.set(keyToText(key), nodeToValue(value));
  const [fun, args, part] = ['fun', 'args', 'get_return'].map((name) => kwargs.get(name));
  for (const name of ['fun', 'args', 'get_return']) kwargs.delete(name);
  if (typeof fun !== 'string')
    return { summary: 'a condition that is a mapping needs "fun"', fix: 'write fun: file.file_exists, say' };
  const spec = hostFunctions.get(fun);
  if (spec === undefined) {
    const other = 'write the question as a shell command, or as {% if %} around the state';
    return {
      summary: `${fun} is no function that a host can be asked`,
      fix: didYouMean(fun, hostFunctions.keys()) ?? other,
    };
  }
  if (args !== undefined && !Array.isArray(args))
    return { summary: 'args of a condition must be a list', fix: 'write args: [value, …]' };
  if (part !== undefined && part !== null && typeof part !== 'string')
    return { summary: 'get_return must be a path into the answer', fix: 'write get_return: "key:other key"' };
  if (fun === 'cmd.run_all' && part === 'stderr')
    return {
      summary: 'get_return: stderr of cmd.run_all cannot be asked again on the host',
      fix: 'use cmd.run_stderr',
    };
  const result = questionOf(spec, Array.isArray(args) ? args : [], kwargs);
  if ('wrong' in result)
    return {
      summary: `${spec.name}${result.wrong}`,
      fix: `it takes ${spec.parameters.join(', ') || 'nothing'}`,
    };
  return { call: { question: result.question, part: part === null || part === '' ? undefined : part } };
}

/** How a call is shown. */
export function callText({ question, part }: ConditionCall): string {
  return part === undefined ? question.key : `${question.key} at ${part}`;
}

/** The call as a part of the probes' exchange. */
export function callSection(name: string, { question }: ConditionCall): Section {
  return { name, script: askScript(question) };
}

/** What the host said to `callSection`. */
export function hearCall(call: ConditionCall, result: SectionResult | undefined): HeardCall {
  const { question, part } = call;
  const digest = createHash('sha256')
    .update(result?.stdout ?? '')
    .update(`\n${result?.code ?? ''}\n`)
    .digest('hex');
  const answer = readAnswer(question, result);
  if ('problem' in answer) return { code: undefined, problem: answer.problem, digest };
  // Salt: a command that fails says no, whatever it printed.
  if (question.spec.runs === true && result?.code !== 0) return { code: 1, digest };
  const value = part === undefined ? answer.value : traverse(answer.value, part);
  return { code: value !== undefined && isTrue(value) ? 0 : 1, digest };
}

/**
 * The call on the host, right before the steps: a command that ends with 0 for yes and 1 for no. What an answer means is
 * known here, not there: an exit code or a text is judged on the host, any other answer only as the one of the plan.
 * Another one than that ends the guard, and with it the state.
 */
export function callAgain(call: ConditionCall, heard: HeardCall | undefined): Script {
  const { spec } = call.question;
  const ask = (how: string) => withInput(sh`${how}`, `${askScript(call.question).text}\n`);
  if (call.part === undefined && spec.read === yesOrNo) return ask('slab_hear_code');
  if (call.part === undefined && spec.read === printed)
    return sh`slab_heard=$(
${ask('slab_hear_text')}
) || { echo ${`the host cannot answer ${callText(call)}`}; exit 1; }
[ -n "$slab_heard" ]`;
  const changed = `${callText(call)} has another answer than in the plan; plan again to see what it means`;
  return sh`slab_heard=$(
${ask('slab_hear_digest')}
)
[ "$slab_heard" = ${heard?.digest ?? ''} ] || { echo ${changed}; exit 1; }
[ ${heard?.code ?? 1} = 0 ]`;
}

/** What `callAgain` needs. */
export const callFunctions = sh`slab_hear_code() { sh -s >/dev/null 2>&1; }
slab_hear_text() { sh -s 2>/dev/null; }
slab_hear_digest() {
  { slab_code=0; sh -s 2>/dev/null || slab_code=$?; printf '\n%s\n' "$slab_code"; } | sha256sum | cut -d ' ' -f 1
}`;
