import { Command } from 'commander';
import { ProjectError } from '../../diagnostics/errors.ts';
import { exitCodes } from '../../diagnostics/exit-codes.ts';
import { didYouMean } from '../../diagnostics/near.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Chunk } from '../../model/state.ts';
import type { HostCompilation } from '../../sls/api.ts';
import type { Console } from '../console.ts';
import type { Ended } from '../ended.ts';
import type { OpenProject } from '../open-project.ts';
import { isPlanFile } from '../plan-word.ts';
import {
  withFormat,
  withProject,
  withReach,
  withShow,
  type FormatOptions,
  type ProjectOptions,
  type ReachOptions,
  type ShowOptions,
} from '../options.ts';

const PARTS = ['low', 'pillar', 'top'] as const;
type Part = (typeof PARTS)[number];

interface ShowCommandOptions extends ProjectOptions, ReachOptions, ShowOptions, FormatOptions {
  readonly offline?: boolean;
  readonly grains?: string;
  readonly pillar?: string;
  readonly answers?: string;
  readonly files?: boolean;
  readonly config?: string;
  readonly lax?: boolean;
}

/** `slab show`: what the compiler makes of one host. */
export function showCommand(ended: Ended): Command {
  const command = new Command('show')
    .description("what the compiler makes of a host: its low state, its pillar, or its top file's SLS")
    .argument('<what>', `${PARTS.join(', ')}; a saved plan (slab plan -o FILE); or a run (slab history)`)
    .argument(
      '[names...]',
      'a run: one of its hosts; otherwise a host of the inventory; with --grains, the SLS to compile (none: those of the top file)',
    )
    .option('--offline', 'take what is recorded (slab grains --record) instead of asking the host')
    .option('--grains <file>', 'low: compile for these grains (JSON), without project, inventory and network')
    .option('--pillar <path>', 'low --grains: one pillar SLS, or a pillar tree with its top.sls')
    .option('--answers <file>', 'low --grains: answers of functions that ask the host, as JSON')
    .option(
      '--config <file>',
      "low --grains: Salt's options (YAML or JSON): file_roots, nodegroups, pillar_source_merging_strategy …",
    )
    .option(
      '--lax',
      'for use beside check, plan and apply: show never refuses arguments that a state function does not know',
    )
    .option('--files', 'low --grains: also what file.managed would write');
  withFormat(withShow(withReach(withProject(command))));
  return command.action(async (what: string, names: readonly string[], options: ShowCommandOptions) => {
    const part = PARTS.find((each) => each === what);
    ended.code =
      part === undefined ? await showFile(what, names, options) : await choose(part, names, options);
  });
}

/** What is on record, or in a file: a run or a saved plan. */
async function showFile(
  what: string,
  names: readonly string[],
  options: ShowCommandOptions,
): Promise<number> {
  if (isRun(what)) {
    const { showRun } = await import('../show-run.ts');
    return showRun(what, names, options);
  }
  if (isPlanFile(what)) {
    const { showPlan } = await import('../show-plan.ts');
    return showPlan(what, options);
  }
  throw new ProjectError('SLAB6001', `slab show knows no "${what}"`, {
    fix:
      didYouMean(what, PARTS) ??
      `say one of ${PARTS.join(', ')}, a run (slab history), or the file of a saved plan (./FILE)`,
  });
}

/** Ids of runs are hexadecimal; a file that is called so is named ./FILE. */
function isRun(what: string): boolean {
  return /^[0-9a-f]{3,8}$/.test(what);
}

async function choose(part: Part, names: readonly string[], options: ShowCommandOptions): Promise<number> {
  const { grains, pillar, answers, files, config, states, pillarData } = options;
  if (grains !== undefined && part === 'low') {
    const { openResultConsole } = await import('../console.ts');
    const { showAlone } = await import('../show-alone.ts');
    const console = await openResultConsole(options);
    return showAlone(
      {
        sls: names,
        states: states.length === 0 && config === undefined ? ['states'] : states,
        grains,
        files: files === true,
        ...(pillar === undefined ? {} : { pillar }),
        ...(answers === undefined ? {} : { answers }),
        ...(config === undefined ? {} : { config }),
        ...(pillarData === undefined ? {} : { pillarData }),
      },
      console,
    );
  }
  const alone = Object.entries({ grains, pillar, answers, config, files }).find(
    ([, value]) => value !== undefined,
  );
  if (alone !== undefined)
    throw new ProjectError('SLAB6001', `--${alone[0]} is for "show low" without a project`, {
      fix: 'slab show low SLS --states DIR --grains FILE',
    });
  const [host] = names;
  if (host === undefined || names.length > 1)
    throw new ProjectError('SLAB6001', `show ${part} takes one host, not ${names.length}`, {
      fix: `slab hosts lists them${part === 'low' ? '; to compile SLS without a host, say --grains FILE' : ''}`,
    });
  return show(part, host, options);
}

async function show(part: Part, name: string, options: ShowCommandOptions): Promise<number> {
  const { openResultConsole } = await import('../console.ts');
  const console = await openResultConsole(options);
  // The name is looked up here rather than as a target: `show` is about exactly one host.
  const one = { ...options, target: `L@${name}` };
  const found = options.offline === true ? await offline(one, name, console) : await online(one, console);
  if (!('project' in found)) return found.code;
  const { project, compilation } = found;
  console.redactor.add(...compilation.secrets);
  const errors = compilation.diagnostics.filter((each) => each.severity === 'error');
  if (part !== 'pillar' && errors.length > 0) {
    console.complain(compilation.diagnostics, project.source);
    return exitCodes.badInput;
  }
  const value = await partOf(part, compilation);
  if (options.json === true) console.printJson(value);
  else {
    const { stringify } = await import('yaml');
    console.print(stringify(value, { lineWidth: 0 }));
  }
  return exitCodes.done;
}

interface Found {
  readonly project: OpenProject;
  readonly compilation: HostCompilation;
}

async function offline(
  options: ProjectOptions,
  name: string,
  console: Console,
): Promise<Found | { readonly code: number }> {
  const { openProject } = await import('../open-project.ts');
  const { offlineGrains } = await import('../offline-grains.ts');
  const opening = openProject(options);
  if (opening.project === undefined) {
    console.complain(opening.diagnostics, opening.source);
    return { code: exitCodes.badInput };
  }
  const { project } = opening;
  const host = project.inventory.hosts.get(name);
  if (host === undefined) throw unknownHost(name, project);
  const { grains, ...known } = offlineGrains(project).known(host);
  return { project, compilation: project.compiler.compile(host, grains, known) };
}

async function online(
  options: ProjectOptions & ReachOptions,
  console: Console,
): Promise<Found | { readonly code: number }> {
  const { withHosts } = await import('../read-hosts.ts');
  const { compileAsking } = await import('../../engine/compile-asking.ts');
  const { sayNotices } = await import('../say-notices.ts');
  const result = await withHosts(options, console, (read, project, fleet) =>
    compileAsking({ session: read.session, emit: sayNotices(console), fleet }, (answers, others) => {
      const compiled = project.compiler.compile(read.host, read.grains, { answers, others });
      console.redactor.add(...compiled.secrets);
      return compiled;
    }),
  );
  if (!('answers' in result)) return result;
  const [compilation] = result.answers;
  return compilation === undefined ? { code: result.code } : { project: result.project, compilation };
}

function unknownHost(name: string, project: OpenProject): ProjectError {
  const fix = didYouMean(name, project.inventory.hosts.keys());
  return new ProjectError('SLAB1011', `there is no host "${name}"`, fix === undefined ? {} : { fix });
}

async function partOf(part: Part, compilation: HostCompilation): Promise<Json> {
  switch (part) {
    case 'low':
      return Promise.all((compilation.low?.chunks ?? []).map(chunkJson));
    case 'pillar': {
      const { valueToJson } = await import('../../grains/grains-json.ts');
      return valueToJson(compilation.pillar);
    }
    case 'top':
      return [...compilation.top];
  }
}

/** One chunk as Salt's `state.show_lowstate` prints it, with the place it was written at. */
async function chunkJson(chunk: Chunk): Promise<JsonObject> {
  const { nodeToJson } = await import('../../yaml/node-value.ts');
  return {
    state: chunk.module,
    fun: chunk.fun,
    name: chunk.name,
    __id__: chunk.id,
    __sls__: chunk.sls,
    __env__: chunk.env,
    order: chunk.order,
    ...Object.fromEntries([...chunk.args].map(([key, argument]) => [key, nodeToJson(argument.value)])),
    __source__: `${chunk.source.file}:${chunk.source.line}:${chunk.source.column}`,
  };
}
