import type { Section, SectionResult } from '../model/script.ts';
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
      inOrder().map(({ spec, args }, index) => ({ name: `ask.${index}`, script: apart(spec.script(args)) })),
    learn(results) {
      inOrder().forEach(({ spec, args, key }, index) => {
        const result = results[index];
        known.set(
          key,
          result === undefined ? { problem: 'the host gave no answer' } : spec.read(said(result), args),
        );
      });
      asked.clear();
    },
    known: () =>
      new Map([...known].flatMap(([key, answer]) => ('value' in answer ? [[key, answer.value]] : []))),
  };
}

/** Nothing that a question runs may read what the next one is made of. */
function apart(script: Section['script']): Section['script'] {
  return sh`export LC_ALL=C
{
${script}
} </dev/null`;
}

function said({ code, stdout, stderr }: SectionResult): { code: number; stdout: string; stderr: string } {
  return { code, stdout: Buffer.from(stdout).toString('utf8'), stderr };
}
