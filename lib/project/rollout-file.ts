import { existsSync, mkdirSync, readFileSync } from 'node:fs';
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

/** Which stages of an environment's roll-out a content has passed. */
export function passedStages(place: PassedPlace): readonly string[] {
  const path = pathOf(place);
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** Puts on record that a stage was passed. */
export function notePassed(place: PassedPlace, stage: string): void {
  const passed = passedStages(place).filter((each) => each !== stage);
  mkdirSync(join(place.directory, '.slab', 'rollouts'), { recursive: true, mode: 0o700 });
  writeWhole(pathOf(place), `${[...passed, stage].join('\n')}\n`, 0o600);
}

/** Whose stages. */
export interface PassedPlace {
  readonly directory: string;
  readonly environment: string;
  /** SHA-256 of everything the roll-out reads. */
  readonly content: string;
}

function pathOf({ directory, environment, content }: PassedPlace): string {
  return join(directory, '.slab', 'rollouts', `${environment}-${content.slice(0, 32)}.passed`);
}
