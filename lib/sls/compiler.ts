import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { saltDefaults } from '../inventory/salt-options.ts';
import { createEngine } from '../jinja/engine.ts';
import type { Engine } from '../jinja/api.ts';
import { createAnswers } from '../questions/index.ts';
import { certainAbsences } from './absence.ts';
import { createAsking } from './asking.ts';
import { chooseSls, wantedOf } from './choose-sls.ts';
import { keepNothing } from './common.ts';
import { rememberAnswers, type Decryption } from './decrypt.ts';
import { Divergence } from './divergence.ts';
import { explainUndefined } from './explain-undefined.ts';
import { createFileSource } from './files.ts';
import { explainMissingFunction } from './functions/missing-function.ts';
import { createHostVariables } from './host-variables.ts';
import { includedFrom } from './include-chain.ts';
import { loadSls } from './load.ts';
import { createLoader } from './loader.ts';
import { lower } from './low-state.ts';
import { eachPiece } from './pieces.ts';
import { createPillarCompiler, type PillarCompilation } from './pillar-compiler.ts';
import { createRenderer } from './renderer.ts';
import { textOf, type RootFile, type Roots, type Trees } from './roots.ts';
import { checkSections } from './saltenvs.ts';
import { findSecrets } from './secrets.ts';
import { explainUnknownSls } from './sls-name.ts';
import { createMatchers } from './matcher.ts';
import { createMine } from './mine.ts';
import { hasErrors, noteIn } from './mistake.ts';
import { nobody } from './others.ts';
import { matchTargets } from './target-match.ts';
import { fileVariables, inventoryDict, placeVariables, slsVariables } from './template-variables.ts';
import { baseOf, createTreeCompilers, type TreeCompiler, type TreeMakers } from './tree-compiler.ts';
import { WatchedDict } from './watched-dict.ts';
import { readYamlText } from './yaml-text.ts';
import type { CompilerInput, Compiler } from './api.ts';

/** Errors with which the chunks are still worth showing. */
const SHOWABLE: ReadonlySet<string> = new Set(['SLAB2014', 'SLAB2015']);

/** Makes a compiler for one environment: states and pillar of all its hosts. */
export function createCompiler(input: CompilerInput): Compiler {
  const { inventory, limits = {}, former } = input;
  const kept = former?.common.kept ?? keepNothing();
  const pieces = former?.common.pieces.newer ?? input.common?.pieces.older ?? eachPiece;
  const saltOptions = inventory.salt ?? saltDefaults;
  const asking = createAsking();
  const makeEngine = (saltenv: string, all: ReadonlyMap<string, Roots>): Engine =>
    asking.watch(
      createEngine({
        loader: createLoader(saltenv, all),
        loadYaml: readYamlText,
        importVariables: placeVariables,
        onFailure: asking.mistaken,
        ...(limits.templateSteps === undefined ? {} : { stepLimit: limits.templateSteps }),
      }),
    );
  const functionNames = new Set<string>();
  const explain = (diagnostic: Diagnostic): Diagnostic =>
    explainUndefined(explainMissingFunction(diagnostic, functionNames));
  const decryption: Decryption = {
    decrypt: rememberAnswers(input.decrypt),
    mustSucceed: saltOptions.gpgDecryptMustSucceed,
  };
  const makers = (sort: 'states' | 'pillar'): TreeMakers => ({
    engine: makeEngine,
    renderer: (saltenv, engine) =>
      createRenderer({
        ...{ engine, explain, decryption },
        documents: kept.documents(sort, saltenv),
        ...(input.common === undefined ? {} : { alike: input.common.kept.documents(sort, saltenv) }),
      }),
  });
  const divergence = former?.divergence ?? new Divergence();
  const beside = (trees: Trees | undefined) => (trees === undefined ? undefined : { trees, divergence });
  const states = createTreeCompilers(input.states, makers('states'), beside(former?.states));
  const rootsOf = new Map([...states].map(([saltenv, tree]) => [saltenv, tree.roots]));
  const namesOf = new Map([...states].map(([saltenv, tree]) => [saltenv, tree.names]));
  const inlineEngine = makeEngine('base', rootsOf);
  const matcherOf = createMatchers(inventory.nodegroups);
  const { contents, lowered } = input.common?.kept ?? kept;
  const base = baseOf(states);

  const sameHosts = former?.sameHosts ?? true;
  const variablesOf = createHostVariables({
    inventory: sameHosts ? inventoryDict(inventory) : new WatchedDict(inventoryDict(inventory), divergence),
    options: saltOptions,
    states,
    matcherOf,
    asking,
    recorded: input.recorded ?? [],
    provided: functionNames,
  });
  const pillarOf = createPillarCompiler({
    trees: createTreeCompilers(input.pillar, makers('pillar'), beside(former?.pillar)),
    options: saltOptions,
    matcherOf,
    variablesOf,
    decryption,
    ...(input.pillarData === undefined ? {} : { start: input.pillarData }),
  });
  const secretsOf = ({ pillar, decrypted }: PillarCompilation): readonly string[] => [
    ...findSecrets(pillar, inventory.secrets).values,
    ...decrypted,
  ];
  const mineOf = createMine({ inventory, sameHosts, divergence, asking, pillarOf, variablesOf, secretsOf });

  const compilePillar: Compiler['compilePillar'] = (host, grains, options = {}) => {
    const { answers = createAnswers(), others = nobody } = options;
    const notes: Diagnostic[] = [];
    const shown: string[] = [];
    const hide = (texts: readonly string[]): void => void shown.push(...texts);
    const mine = mineOf({ host, grains, answers, others, warn: noteIn(notes), hide });
    const compiled = pillarOf(host, grains, { answers, mine });
    const diagnostics = [...compiled.diagnostics, ...notes];
    return { ...compiled, diagnostics, decrypted: [...compiled.decrypted, ...shown] };
  };

  const compile: Compiler['compile'] = (host, grains, options = {}) => {
    const { answers = createAnswers(), others = nobody } = options;
    const hidden = new Set<string>();
    const notes: Diagnostic[] = [];
    const late: Diagnostic[] = [];
    let warn = noteIn(notes);
    const mine = mineOf({
      host,
      grains,
      answers,
      others,
      warn: (diagnostic) => warn(diagnostic),
      hide(texts) {
        for (const text of texts) hidden.add(text);
      },
    });
    const known = { answers, mine };
    pieces.see({ grains });
    const compiled = pieces.once('pillar', () => pillarOf(host, grains, known));
    const { pillar, layers } = compiled;
    const secrets = findSecrets(pillar, inventory.secrets);
    for (const text of [...secrets.values, ...compiled.decrypted]) hidden.add(text);
    const variables = variablesOf(host, { grains, pillar }, known);
    pieces.see({ grains, pillar, opts: variables.opts, host: variables.host });
    const report = noteIn(late);
    const files = createFileSource({
      saltenv: 'base',
      trees: states,
      inlineEngine,
      variables: (file) => fileVariables(variables, file),
      report: (diagnostic) => report(explain(diagnostic)),
    });
    const whole = {
      pillar,
      files,
      lateDiagnostics: () => [...late],
      get secrets() {
        return [...hidden];
      },
    };
    const early = [...compiled.diagnostics, ...secrets.diagnostics];
    // With half a pillar every state that reads it would be reported as well.
    if (hasErrors(early))
      return Object.assign(whole, {
        origin: { layers, targets: [], roots: [] },
        diagnostics: [...early, ...notes],
        top: [],
        found: [],
        includedFrom: (diagnostic: Diagnostic) => diagnostic,
      });

    const wanted = pieces.once('top', () =>
      chooseSls(options.sls, { trees: states, options: saltOptions, variables }),
    );
    const matched = matchTargets(wanted.targets, matcherOf({ host, grains, pillar }));
    const ofTop = wantedOf(matched.targets);
    const loaded = loadSls([...wanted.named, ...ofTop], {
      names: namesOf,
      render: (sls, file) =>
        pieces.once(`${file.saltenv}:${sls}`, () =>
          treeOf(file).renderer.render(textOf(treeOf(file).roots, file), () =>
            slsVariables(variables, sls, file),
          ),
        ),
      cache: contents,
    });
    for (const text of loaded.decrypted) hidden.add(text);
    const low = lowered.get(loaded.fingerprint, () => lower(loaded.roots, saltOptions.stateAutoOrder));

    const ofTops = [
      ...wanted.diagnostics,
      ...matched.diagnostics,
      ...checkSections(wanted.targets, matched.targets, [...states.keys()]),
    ];
    const unread = hasErrors([...ofTops, ...loaded.diagnostics]);
    const absent = unread
      ? certainAbsences(low.absences, () => loaded.faulty.map((file) => textOf(treeOf(file).roots, file)))
      : low.absences.map(({ diagnostic }) => diagnostic);
    const addIncludes = (diagnostic: Diagnostic): Diagnostic =>
      includedFrom(explainUnknownSls(diagnostic, base.names), loaded.chains);
    const mistakes = [...loaded.diagnostics, ...low.diagnostics, ...absent, ...notes].map(addIncludes);
    const diagnostics = [...early, ...ofTops, ...mistakes];
    warn = report;
    const broken = diagnostics.some(({ severity, code }) => severity === 'error' && !SHOWABLE.has(code));
    return Object.assign(whole, {
      diagnostics,
      top: ofTop.map(({ saltenv, name }) => (saltenv === 'base' ? name : `${saltenv}:${name}`)),
      found: low.chunks,
      origin: { layers, targets: matched.targets, roots: loaded.roots },
      includedFrom: addIncludes,
      ...(broken ? {} : { low: { host: host.name, chunks: low.chunks } }),
    });
  };

  return { compile, compilePillar };

  function treeOf(file: RootFile): TreeCompiler {
    return states.get(file.saltenv) ?? base;
  }
}
