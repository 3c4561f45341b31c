import { isDeepStrictEqual } from 'node:util';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { createEngine } from '../jinja/engine.ts';
import type { HostFunction, HostValue } from '../jinja/api.ts';
import type { Host, Inventory } from '../model/inventory.ts';
import type { Tree } from '../model/ports.ts';
import type { FileSource } from '../model/resource.ts';
import type { Chunk, LowState } from '../model/state.ts';
import type { Dict, Grains, Value } from '../model/value.ts';
import { createAnswers, type Answers } from '../questions/index.ts';
import { createAsking } from './asking.ts';
import { createFileSource } from './files.ts';
import { askingFunctions } from './functions/ask-host.ts';
import { explainMissingFunction } from './functions/missing-function.ts';
import type { RecordedCall } from './functions/recorded.ts';
import { recordedFunctions } from './functions/recorded.ts';
import { saltObject } from './functions/salt-object.ts';
import { provideFunctions } from './functions/provide.ts';
import type { ContentCache, Wanted } from './load.ts';
import { loadSls } from './load.ts';
import { createLoader } from './loader.ts';
import type { Lowered } from './low-state.ts';
import { lower } from './low-state.ts';
import { mistake } from './mistake.ts';
import { mergePillar } from './pillar.ts';
import { Recent } from './recent.ts';
import type { RootFile, Roots, RootText } from './roots.ts';
import { findSecrets } from './secrets.ts';
import { createMatchers } from './matcher.ts';
import { matchTargets } from './target-match.ts';
import type { HostVariables } from './template-variables.ts';
import { fileVariables, hostDict, inventoryDict, optsOf, slsVariables } from './template-variables.ts';
import type { TopTarget } from './top.ts';
import { createTreeCompiler } from './tree-compiler.ts';
import { readYamlText } from './yaml-text.ts';

/** What a compiler is made from. */
export interface CompilerInput {
  /** State trees; the first that has a file wins. */
  readonly states: readonly Tree[];
  readonly pillar: readonly Tree[];
  readonly inventory: Inventory;
  readonly limits?: CompilerLimits;
  /** Recorded answers of execution functions; they go before slab's own functions. */
  readonly recorded?: readonly RecordedCall[];
}

/** What one compilation is asked for. */
interface CompileOptions {
  /** Names or globs of SLS to compile in place of what the top file says. */
  readonly sls?: readonly string[];
  /** What the host has answered. Questions that are open afterwards have to be asked, and the host compiled again. */
  readonly answers?: Answers;
}

/** Bounds that keep a template from hanging a run. */
interface CompilerLimits {
  /** Evaluation steps one rendering may take. */
  readonly templateSteps?: number;
}

/** Everything the compiler found out about one host. */
export interface HostCompilation {
  /** Of every SLS, collected; the caller fills in the host. With an error among them nothing may be run. */
  readonly diagnostics: readonly Diagnostic[];
  /**
   * Absent when something could not be read or has the wrong shape. A requisite that names nothing (SLAB2014) and a
   * cycle (SLAB2015) leave it there, to be shown.
   */
  readonly low?: LowState;
  /** The chunks that could be read in spite of errors, so that their arguments are checked in the same run. */
  readonly found: readonly Chunk[];
  readonly pillar: Dict;
  /** The SLS names and globs of the top file that match, in order. */
  readonly top: readonly string[];
  readonly files: FileSource;
  /** What `files.render` complained of since. */
  lateDiagnostics(): readonly Diagnostic[];
  /** Texts that must not be shown: pillar values under the inventory's secret keys. */
  readonly secrets: readonly string[];
}

/** The pillar of one host; incomplete when there are errors. */
interface PillarCompilation {
  readonly pillar: Dict;
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles hosts one after the other; templates, documents and low states are shared between them. */
export interface Compiler {
  compile(host: Host, grains: Grains, options?: CompileOptions): HostCompilation;
  compilePillar(host: Host, grains: Grains, options?: Pick<CompileOptions, 'answers'>): PillarCompilation;
}

/** Errors with which the chunks are still worth showing. */
const SHOWABLE: ReadonlySet<string> = new Set(['SLAB2014', 'SLAB2015']);

/** So many low states are kept for hosts that render alike. */
const MOST_LOW_STATES = 64;

/** Makes a compiler for one environment: states and pillar of all its hosts. */
export function createCompiler(input: CompilerInput): Compiler {
  const { inventory, limits = {} } = input;
  const asking = createAsking();
  const makeEngine = (roots: Roots): ReturnType<typeof createEngine> =>
    asking.watch(
      createEngine({
        loader: createLoader(roots),
        loadYaml: readYamlText,
        ...(limits.templateSteps === undefined ? {} : { stepLimit: limits.templateSteps }),
      }),
    );
  const functionNames = new Set<string>();
  const explain = (diagnostic: Diagnostic): Diagnostic => explainMissingFunction(diagnostic, functionNames);
  const states = createTreeCompiler(input.states, makeEngine, explain);
  const pillars = createTreeCompiler(input.pillar, makeEngine, explain);
  const inlineEngine = makeEngine(states.roots);
  const matcherOf = createMatchers(inventory.nodegroups);
  const inventoryVariable = inventoryDict(inventory);
  const contents: ContentCache = new WeakMap();
  const lowered = new Recent<string, Lowered>(MOST_LOW_STATES);

  const variablesOf = (host: Host, facts: Facts, answers: Answers): HostVariables => {
    const { grains, pillar } = facts;
    const opts = optsOf(grains, host);
    const matches = matcherOf({ host, grains, pillar });
    const functions = new Map<string, HostFunction>();
    const salt = saltObject(functions);
    const variables = { salt, grains, pillar, opts, host: hostDict(host), inventory: inventoryVariable };
    const { roots, names, renderer } = states;
    const render = {
      roots,
      renderer,
      variables: (file: RootFile | undefined) => fileVariables(variables, file),
    };
    // Filled in afterwards: slsutil.renderer renders with the very variables that hold it.
    const own = new Map([
      ...askingFunctions(answers, asking),
      ...provideFunctions({ grains, pillar, opts, matches, names, render }),
    ]);
    for (const [name, callee] of [...own, ...recordedFunctions(input.recorded ?? [], own)])
      functions.set(name, callee);
    for (const name of functions.keys()) functionNames.add(name);
    return variables;
  };

  const compilePillar: Compiler['compilePillar'] = (host, grains, { answers = createAnswers() } = {}) => {
    const variables = variablesOf(host, { grains, pillar: new Map<Value, Value>() }, answers);
    const top = pillars.top((sls, file) => slsVariables(variables, sls, file));
    if (top === undefined) return { pillar: new Map(), diagnostics: [] };
    const matched = matchTargets(top.targets, matcherOf({ host, grains }));
    const merged = mergePillar(matched.targets, pillars.names, (sls, file, extra) =>
      pillars.renderer.render(textOf(pillars.roots, file), () =>
        withExtra(slsVariables(variables, sls, file), extra),
      ),
    );
    return {
      pillar: merged.pillar,
      diagnostics: [...top.diagnostics, ...matched.diagnostics, ...merged.diagnostics],
    };
  };

  const compile: Compiler['compile'] = (host, grains, options = {}) => {
    const { answers = createAnswers() } = options;
    const { pillar, diagnostics: ofPillar } = compilePillar(host, grains, { answers });
    const secrets = findSecrets(pillar, inventory.secrets);
    const variables = variablesOf(host, { grains, pillar }, answers);
    const late: Diagnostic[] = [];
    const files = createFileSource({
      roots: states.roots,
      engine: states.engine,
      inlineEngine,
      variables: (file) => fileVariables(variables, file),
      report(diagnostic) {
        const explained = explain(diagnostic);
        // A template is rendered whenever a kind asks for it; its mistake is one mistake.
        if (!late.some((known) => isDeepStrictEqual(known, explained))) late.push(explained);
      },
    });
    const whole = {
      pillar,
      files,
      lateDiagnostics: () => [...late],
      secrets: secrets.values,
    };
    const early = [...ofPillar, ...secrets.diagnostics];
    // With half a pillar every state that reads it would be reported as well.
    if (hasErrors(early)) return { ...whole, diagnostics: early, top: [], found: [] };

    const wanted = choose(options.sls, () => states.top((sls, file) => slsVariables(variables, sls, file)));
    const matched = matchTargets(wanted.targets, matcherOf({ host, grains, pillar }));
    const asked = [...wanted.named, ...matched.targets.flatMap((target) => target.sls)];
    const loaded = loadSls(asked, states.names, renderState, contents);
    const low = lowered.get(loaded.fingerprint, () => lower(loaded.roots));

    const unread = hasErrors([...wanted.diagnostics, ...matched.diagnostics, ...loaded.diagnostics]);
    const ofLow = unread ? low.diagnostics.filter(isIndependent) : low.diagnostics;
    const diagnostics = [
      ...early,
      ...wanted.diagnostics,
      ...matched.diagnostics,
      ...loaded.diagnostics,
      ...ofLow,
    ];
    const broken = diagnostics.some(({ severity, code }) => severity === 'error' && !SHOWABLE.has(code));
    return {
      ...whole,
      diagnostics,
      top: matched.targets.flatMap((target) => target.sls.map((sls) => sls.name)),
      found: low.chunks,
      ...(broken ? {} : { low: { host: host.name, chunks: low.chunks } }),
    };

    function renderState(sls: string, file: RootFile): ReturnType<typeof states.renderer.render> {
      return states.renderer.render(textOf(states.roots, file), () => slsVariables(variables, sls, file));
    }
  };

  return { compile, compilePillar };
}

/** What is known of a host. */
interface Facts {
  readonly grains: Grains;
  readonly pillar: Dict;
}

interface Choice {
  readonly named: readonly Wanted[];
  readonly targets: readonly TopTarget[];
  readonly diagnostics: readonly Diagnostic[];
}

function choose(
  sls: readonly string[] | undefined,
  readTop: () => { targets: readonly TopTarget[]; diagnostics: readonly Diagnostic[] } | undefined,
): Choice {
  if (sls !== undefined) return { named: sls.map((name) => ({ name })), targets: [], diagnostics: [] };
  const top = readTop();
  if (top !== undefined) return { named: [], ...top };
  const missing = mistake('SLAB2010', 'there is no top file', undefined, {
    why: 'top.sls in the state tree says which host gets which SLS',
    fix: 'create top.sls with "base:", "\'*\':" and a list of SLS, or name the SLS on the command line',
  });
  return { named: [], targets: [], diagnostics: [missing] };
}

function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}

/** Whether a finding stands although an SLS is missing: what names no state may be declared there. */
function isIndependent(diagnostic: Diagnostic): boolean {
  return diagnostic.code !== 'SLAB2014' && diagnostic.code !== 'SLAB2016';
}

function textOf(roots: Roots, file: RootFile): RootText {
  return roots.text(file.path) ?? { file: file.file, text: '' };
}

function withExtra(
  variables: Map<string, HostValue>,
  extra: ReadonlyMap<string, HostValue>,
): Map<string, HostValue> {
  for (const [name, value] of extra) variables.set(name, value);
  return variables;
}
