import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/near.ts';
import { parseRollout } from '../inventory/parse-rollout.ts';
import { selectHosts } from '../inventory/select.ts';
import { parseTarget } from '../inventory/target-parse.ts';
import { targetNeeds } from '../inventory/target.ts';
import type { Host } from '../model/inventory.ts';
import type { Rollout, RolloutStage } from '../model/rollout.ts';
import { passedStages, readRollout } from '../project/rollout-file.ts';
import { contentHash } from '../plan/canonical.ts';
import { amountOf, arrangeStage, type ArrangedStage } from '../rollout/arrange.ts';
import { chooseStages, unmetNeeds, type StageChoice } from '../rollout/choose.ts';
import { goOnWith, type GoingOn } from './go-on.ts';
import { openProject, type OpenProject } from './open-project.ts';
import type { ProjectOptions } from './options.ts';
import { mustHaveStages, needWords, passedIn } from './stage-needs.ts';

/** A roll-out with the hosts of each of its stages; everything it will read has been read. */
export interface OpenRollout {
  readonly rollout: Rollout;
  readonly stages: readonly ArrangedStage[];
  /** Failures allowed in all stages together. */
  readonly allowed: number;
  /** The project of a stage's environment; each is opened once. */
  readonly projectOf: (stage: RolloutStage) => OpenProject;
  /** The project of the roll-out's own environment. */
  readonly own: OpenProject;
  /** Stages that are left out now. */
  readonly skipped: readonly string[];
  /** SHA-256 of everything the roll-out reads. */
  readonly content: string;
  /** Which stages this content has passed before, and in which runs. */
  readonly passed: ReadonlyMap<string, string>;
  /** Why it may not begin: what its stages need and the content has not passed. */
  readonly unmet: readonly string[];
  /** The roll-out that is gone on with. */
  readonly goesOn?: GoingOn;
  /** The run that was to be gone on with, where what it rolled out has changed since. */
  readonly changedSince?: string;
  /** The text of a file, for complaints. */
  readonly source: OpenProject['source'];
}

/** Which stages to begin. */
interface Beginning extends Pick<StageChoice, 'from' | 'only'> {
  /** Begin with the first stage that this very content has not passed: of the run that is named, or of the last one. */
  readonly resume?: string | true;
}

/** A roll-out, or what is wrong with it. */
type RolloutOpening =
  | { readonly open: OpenRollout }
  | { readonly diagnostics: readonly Diagnostic[]; readonly source: OpenProject['source'] };

/** Reads a roll-out and arranges its stages. @throws ProjectError when it cannot be run as it is. */
export function openRollout(options: ProjectOptions, { resume, ...choice }: Beginning): RolloutOpening {
  const opening = openProject({ ...options, target: '*', pin: true });
  if (opening.project === undefined) return opening;
  const { project: own } = opening;
  const shown = own.files.inventory.file.replace(/[^/]*$/, '');
  const text = readRollout(own.files.folder, shown);
  const parsed = parseRollout(text);
  const source = (file: string) => (file === text.file ? text.text : own.source(file));
  if (parsed.value === undefined) return { diagnostics: parsed.diagnostics, source };
  const rollout = parsed.value;
  const projects = new Map<string | undefined, OpenProject>([[undefined, own]]);
  const stages: ArrangedStage[] = [];
  const taken = new Set<string>();
  for (const written of rollout.stages) {
    const stage = inOwnWords(written, own.files.name);
    const { environment } = stage;
    if (environment !== undefined && !projects.has(environment)) {
      const found = openProject({ ...options, target: '*', pin: true, inventory: environment });
      if (found.project === undefined)
        return {
          diagnostics: found.diagnostics.map((each) => ({ source: stage.source, ...each })),
          source: (file) => source(file) ?? found.source(file),
        };
      projects.set(environment, found.project);
    }
    const hosts = hostsOf(stage, projects.get(environment) ?? own);
    if (hosts.value === undefined) return { diagnostics: hosts.diagnostics, source };
    const ranks = rankHosts(stage, projects.get(environment) ?? own);
    if (ranks.value === undefined) return { diagnostics: ranks.diagnostics, source };
    const rankOf = ranks.value;
    const arranged = arrangeStage(stage, hosts.value, taken, (host) => rankOf(host));
    for (const host of arranged.batches.flat()) taken.add(host);
    if (arranged.batches.length === 0 && (!stage.allowEmpty || taken.size === 0))
      return {
        diagnostics: [
          refused(
            stage,
            `the stage ${stage.name} has no hosts left`,
            stage.allowEmpty
              ? 'allow_empty lets a stage have none when earlier ones have some: correct its target'
              : 'earlier stages have taken them all: correct its target, remove it, or let it have none with allow_empty: true',
          ),
        ],
        source,
      };
    stages.push(arranged);
  }
  // Which disks may be overwritten is approved between one stage and the next, and is no part of it.
  const content = contentHash([text.text, ...[own, ...projects.values()].map((each) => each.content ?? '')]);
  const place = { directory: own.directory, environment: own.files.name, content };
  const found =
    resume === undefined ? undefined : goOnWith({ ...place, ...(resume === true ? {} : { run: resume }) });
  mustHaveStages(stages, choice);
  const records = passedStages(own.directory, own.files.name);
  const passed = passedIn(records, content);
  const known = new Set(passed.keys());
  const chosen = chooseStages(stages, known, { ...choice, resume: resume !== undefined });
  const hosts = chosen.reduce((sum, { batches }) => sum + batches.flat().length, 0);
  return {
    open: {
      ...{ rollout, stages: chosen, own, content, passed, source, ...found },
      allowed: rollout.budget === undefined ? Infinity : amountOf(rollout.budget, hosts, 'down'),
      projectOf: ({ environment }) => projects.get(environment) ?? own,
      skipped: stages.filter((each) => !chosen.includes(each)).map(({ stage }) => stage.name),
      unmet: unmetNeeds(chosen, known).map((unmet) => needWords(unmet, records, content)),
    },
  };
}

/** A stage that names the roll-out's own environment is one that names none: its hosts are the same ones. */
function inOwnWords({ environment, ...stage }: RolloutStage, own: string): RolloutStage {
  return environment === undefined || environment === own ? stage : { ...stage, environment };
}

/** The hosts that a stage's target picks, or why it cannot pick any. */
function hostsOf(stage: RolloutStage, { inventory }: OpenProject): Checked<readonly Host[]> {
  const placed = ({ diagnostics }: Checked<unknown>): Checked<never> => ({
    diagnostics: diagnostics.map((each) => ({ source: stage.source, ...each })),
  });
  const target = parseTarget(stage.target, inventory.nodegroups);
  if (target.value === undefined) return placed(target);
  const needs = targetNeeds(target.value);
  if (needs.grains || needs.pillar)
    return {
      diagnostics: [
        refused(
          stage,
          `the target of the stage ${stage.name} needs grains or pillar`,
          'stages are arranged before any host is asked: use names, groups, labels or kind',
        ),
      ],
    };
  const hosts = selectHosts(inventory, target.value);
  // A name that nobody has is a mistake all the same.
  const isNone = hosts.diagnostics.every(({ why }) => why === undefined);
  if (hosts.value === undefined && stage.allowEmpty && isNone) return { value: [], diagnostics: [] };
  return hosts.value === undefined ? placed(hosts) : hosts;
}

/** The place of each host in the stage's order, or why there is none; hosts that run commands have to be there too. */
function rankHosts(stage: RolloutStage, project: OpenProject): Checked<(host: Host) => number> {
  const places = new Map<string, number>();
  const { order = [] } = stage;
  for (const [place, target] of order.entries()) {
    const found = hostsOf({ ...stage, target }, project);
    if (found.value === undefined) return { diagnostics: found.diagnostics };
    for (const { name } of found.value) if (!places.has(name)) places.set(name, place);
  }
  for (const { on, source } of [stage.drain, stage.undrain].flatMap((each) => each ?? []))
    if (!['host', 'controller'].includes(on) && !project.inventory.hosts.has(on))
      return {
        diagnostics: [
          refused(
            { ...stage, source },
            `there is no host ${on} to run this on`,
            didYouMean(on, project.inventory.hosts.keys()) ??
              'name a host of the inventory, controller, or host for the host itself',
          ),
        ],
      };
  return { value: ({ name }) => places.get(name) ?? order.length, diagnostics: [] };
}

function refused({ source }: RolloutStage, summary: string, fix: string): Diagnostic {
  return { severity: 'error', code: 'SLAB6009', summary, fix, source };
}
