import { exitCodes } from '../diagnostics/exit-codes.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { compileAlone, type Alone, type AloneInput } from './compile-alone.ts';
import type { Console } from './console.ts';
import { errorClass, saltCompiles } from './error-class.ts';
import { inSaltsOrder, lowText } from './low-text.ts';
import { managedFiles, type ManagedFile } from './managed-files.ts';

/** What `show low` prints for SLS that are compiled without a project. */
export interface AloneAnswer {
  /** One JSON document in Salt's words. */
  readonly text: string;
  readonly failed: boolean;
  readonly diagnostics: readonly Diagnostic[];
  readonly source: Alone['source'];
}

/** Compiles SLS without a project, and says what came of it as JSON. */
export function answerAlone(input: AloneInput & { readonly files: boolean }): AloneAnswer {
  const { compilation, ofConfig, ofPillar, source } = compileAlone(input);
  const diagnostics = [...ofConfig, ...(compilation?.diagnostics ?? [])];
  const about = { diagnostics, source };
  const errors = diagnostics.filter((each) => each.severity === 'error');
  const fatal = errors.filter((each) => !saltCompiles(each));
  const [first] = fatal;
  if (compilation === undefined || first !== undefined) {
    const ofStates = first === undefined ? 'structure' : errorClass(first);
    const sort = ofPillar.some((each) => each.severity === 'error') ? 'pillar' : ofStates;
    const members = { status: 'error', errors: [...new Set(fatal.map(oneLine))], error_class: sort };
    return { ...about, failed: true, text: JSON.stringify(members, undefined, 1) };
  }
  const chunks = inSaltsOrder(compilation.found);
  const written = input.files ? managedFiles(chunks, compilation) : [];
  const files = input.files ? `,\n"files": ${JSON.stringify(written.map(fileRow), undefined, 1)}` : '';
  const ofFiles = written.flatMap(({ problems }) => problems);
  return {
    ...about,
    diagnostics: [...diagnostics, ...ofFiles],
    failed: false,
    text: `{"status": "ok",\n"low": ${lowText(chunks)}${files}\n}`,
  };
}

/** Prints the answer; what is wrong is said on stderr as well. */
export function showAlone(input: AloneInput & { readonly files: boolean }, console: Console): number {
  const answer = answerAlone(input);
  console.print(answer.text);
  console.complain(answer.diagnostics, answer.source);
  return answer.failed ? exitCodes.badInput : exitCodes.done;
}

/** Where it is not known what would be written, the first reason with its place. */
function fileRow({ problems, ...file }: ManagedFile): object {
  const [first] = problems;
  return first === undefined ? file : { ...file, error: oneLine(first) };
}

function oneLine({ source, summary, why }: Diagnostic): string {
  const place = source === undefined ? '' : `${source.file}:${source.line}:${source.column}: `;
  return `${place}${summary}${why === undefined ? '' : ` (${why})`}`;
}
