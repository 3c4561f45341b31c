import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { ProjectError } from '../diagnostics/errors.ts';
import { didYouMean } from '../diagnostics/near.ts';
import { parseRollout } from '../inventory/parse-rollout.ts';
import type { Rollout } from '../model/rollout.ts';
import { passedStages, readRollout, type PassedPlace } from '../project/rollout-file.ts';
import { amountOf, arrangeStage, type ArrangedStage } from '../rollout/arrange.ts';
import { openProject, type OpenProject } from './open-project.ts';
import type { ProjectOptions } from './options.ts';

/** A roll-out with the hosts of each of its stages; everything it will read has been read. */
export interface OpenRollout {
  readonly rollout: Rollout;
  readonly stages: readonly ArrangedStage[];
  /** Failures allowed in all stages together. */
  readonly allowed: number;
  /** The project as a stage sees it: its environment, its target. */
  readonly projects: ReadonlyMap<string, OpenProject>;
  /** The project of the roll-out's own environment. */
  readonly own: OpenProject;
  /** Stages that these states have passed before and that are left out now. */
  readonly skipped: readonly string[];
  readonly place: PassedPlace;
}

/** Where to begin. */
interface Beginning {
  /** The stage to begin with; those before it must have been passed. */
  readonly from?: string;
  /** Begin with the first stage that these states have not passed. */
  readonly resume: boolean;
}

/** A roll-out, or what is wrong with it. */
type RolloutOpening =
  | { readonly open: OpenRollout }
  | { readonly diagnostics: readonly Diagnostic[]; readonly source: OpenProject['source'] };

/** Reads a roll-out and arranges its stages. @throws ProjectError when it cannot be run as it is. */
export function openRollout(options: ProjectOptions, { from, resume }: Beginning): RolloutOpening {
  const opening = openProject({ ...options, target: '*', pin: true });
  if (opening.project === undefined) return opening;
  const { project: own } = opening;
  const shown = own.files.inventory.file.replace(/[^/]*$/, '');
  const text = readRollout(own.files.folder, shown);
  const parsed = parseRollout(text);
  const source = (file: string) => (file === text.file ? text.text : own.source(file));
  if (parsed.value === undefined) return { diagnostics: parsed.diagnostics, source };
  const rollout = parsed.value;
  const projects = new Map<string, OpenProject>();
  const stages: ArrangedStage[] = [];
  const taken = new Set<string>();
  for (const stage of rollout.stages) {
    const stageOptions = { ...options, target: stage.target, pin: true };
    const found = openProject(
      stage.environment === undefined ? stageOptions : { ...stageOptions, inventory: stage.environment },
    );
    if (found.project === undefined)
      return {
        diagnostics: found.diagnostics.map((each) => ({ source: stage.source, ...each })),
        source: (file) => source(file) ?? found.source(file),
      };
    if (found.project.wanted !== undefined)
      return refuse(
        stage.source,
        `the target of the stage ${stage.name} needs grains or pillar`,
        'stages are arranged before any host is asked: use names, groups, labels or kind',
        source,
      );
    const arranged = arrangeStage(stage, found.project.hosts, taken);
    for (const host of arranged.batches.flat()) taken.add(host);
    if (arranged.batches.length === 0)
      return refuse(
        stage.source,
        `the stage ${stage.name} has no hosts left`,
        'earlier stages have taken them all: correct its target, or remove it',
        source,
      );
    projects.set(stage.name, found.project);
    stages.push(arranged);
  }
  const place = { directory: own.directory, environment: own.files.name, content: own.content ?? '' };
  const skipped = skippedStages(stages, passedStages(place), {
    ...(from === undefined ? {} : { from }),
    resume,
  });
  const left = stages.filter(({ stage }) => !skipped.includes(stage.name));
  const hosts = left.reduce((sum, { batches }) => sum + batches.flat().length, 0);
  const allowed = rollout.budget === undefined ? Infinity : amountOf(rollout.budget, hosts, 'down');
  return { open: { rollout, stages: left, allowed, projects, own, skipped, place } };
}

function refuse(
  at: Diagnostic['source'],
  summary: string,
  fix: string,
  source: OpenProject['source'],
): RolloutOpening {
  return {
    diagnostics: [
      { severity: 'error', code: 'SLAB6009', summary, fix, ...(at === undefined ? {} : { source: at }) },
    ],
    source,
  };
}

/** @throws ProjectError when a stage would be left out that these states have not passed. */
function skippedStages(
  stages: readonly ArrangedStage[],
  passed: readonly string[],
  { from, resume }: Beginning,
): readonly string[] {
  const names = stages.map(({ stage }) => stage.name);
  if (from === undefined) {
    if (!resume) return [];
    const first = names.findIndex((name) => !passed.includes(name));
    return first < 0 ? names : names.slice(0, first);
  }
  const index = names.indexOf(from);
  if (index < 0)
    throw new ProjectError('SLAB6009', `there is no stage ${from}`, {
      fix: didYouMean(from, names) ?? `stages: ${names.join(', ')}`,
    });
  const missing = names.slice(0, index).filter((name) => !passed.includes(name));
  if (missing.length > 0)
    throw new ProjectError('SLAB6009', `the states as they are have not passed ${missing.join(', ')}`, {
      fix: 'begin there: slab deploy --resume',
    });
  return names.slice(0, index);
}
