import type { Script, Section, SectionResult } from '../model/script.ts';
import type { Value } from '../model/value.ts';
import { sh } from '../shell/sh.ts';
import type { Answer, Question } from './question.ts';
import type { Known } from './recorded.ts';

/** What one host has answered, and what it has still to be asked. */
export interface Answers {
  /** Undefined when the host was not asked yet; it is then among the open questions. */
  find(question: Question): Answer | undefined;
  /** Whether there is something to ask. */
  open(): readonly Question[];
  /** The open questions as parts of one exchange. */
  sections(): readonly Section[];
  /** Takes what came back for `sections()`; those questions are then closed. */
  learn(results: readonly SectionResult[]): void;
  /** The answers that are known, without those that the host could not give. */
  known(): Known;
}

/** The answers of a host that was asked nothing yet, or of which some are on record. */
export function createAnswers(recorded: Known = new Map<string, Value>()): Answers {
  const known = new Map<string, Answer>([...recorded].map(([key, value]) => [key, { value }]));
  const asked = new Map<string, Question>();
  const inOrder = (): readonly Question[] => [...asked.values()];
  return {
    find(question) {
      const answer = known.get(question.key);
      if (answer === undefined) asked.set(question.key, question);
      return answer;
    },
    open: inOrder,
    sections: () =>
      inOrder().map((question, index) => ({ name: `ask.${index}`, script: askScript(question) })),
    learn(results) {
      inOrder().forEach((question, index) => known.set(question.key, readAnswer(question, results[index])));
      asked.clear();
    },
    known: () =>
      new Map([...known].flatMap(([key, answer]) => ('value' in answer ? [[key, answer.value]] : []))),
  };
}

/** The script of a question. Nothing that it runs may read what the next one is made of. */
export function askScript({ spec, args }: Question): Script {
  return sh`export LC_ALL=C
{
${spec.script(args)}
} </dev/null`;
}

/** What a host's result of that script means. */
export function readAnswer({ spec, args }: Question, result: SectionResult | undefined): Answer {
  return result === undefined ? { problem: 'the host gave no answer' } : spec.read(said(result), args);
}

function said({ code, stdout, stderr }: SectionResult): { code: number; stdout: string; stderr: string } {
  return { code, stdout: Buffer.from(stdout).toString('utf8'), stderr };
}
