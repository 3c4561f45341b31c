import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProjectError } from '../diagnostics/errors.ts';
import { writeWhole } from './write-whole.ts';

/** The roll-out of an environment. @throws ProjectError when it has none. */
export function readRollout(folder: string, shown: string): { readonly file: string; readonly text: string } {
  const path = join(folder, 'rollout.yaml');
  const file = join(shown, 'rollout.yaml');
  if (!existsSync(path))
    throw new ProjectError('SLAB6002', `there is no ${file}`, {
      fix: "write one: stages: [{name: first, target: 'web01', gates: [converged]}, {name: rest, target: '*', batch: 20%}]",
    });
  return { file, text: readFileSync(path, 'utf8') };
}

/** A stage that a content has passed, and the run in which it did so last. */
export interface PassedStage {
  readonly stage: string;
  /** SHA-256 of everything the roll-out read. */
  readonly content: string;
  readonly run: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Which stages of an environment's roll-out were passed, by any content; in no order. */
export function passedStages(directory: string, environment: string): readonly PassedStage[] {
  const folder = folderOf(directory);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(
      (name) =>
        name.startsWith(`${environment}-`) &&
        /^[0-9a-f]{64}\.jsonl$/.test(name.slice(environment.length + 1)),
    )
    .flatMap((name) => readPassed(join(folder, name)));
}

/** Puts on record that a stage was passed. */
export function notePassed(directory: string, environment: string, passed: PassedStage): void {
  const path = join(folderOf(directory), `${environment}-${passed.content}.jsonl`);
  const others = (existsSync(path) ? readPassed(path) : []).filter(({ stage }) => stage !== passed.stage);
  mkdirSync(folderOf(directory), { recursive: true, mode: 0o700 });
  writeWhole(path, [...others, passed].map((each) => `${JSON.stringify(each)}\n`).join(''), 0o600);
}

/** @throws ProjectError where the record is damaged: what cannot be read was not passed, but somebody has to look. */
function readPassed(path: string): readonly PassedStage[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      try {
        return JSON.parse(line) as PassedStage;
      } catch (cause) {
        throw new ProjectError('SLAB6009', `${path} is damaged: it says which stages were passed`, {
          cause,
          fix: 'remove it: its stages count as not passed then',
        });
      }
    });
}

function folderOf(directory: string): string {
  return join(directory, '.slab', 'rollouts');
}
