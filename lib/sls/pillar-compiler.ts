import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { HostValue } from '../jinja/api.ts';
import type { Host } from '../model/inventory.ts';
import type { SaltOptions } from '../model/salt-options.ts';
import type { Dict, Grains, Value } from '../model/value.ts';
import type { Decryption } from './decrypt.ts';
import { decryptKeys } from './decrypt-keys.ts';
import { explainOwnPillar } from './explain-undefined.ts';
import type { Known, VariablesOf } from './host-variables.ts';
import type { Matchers } from './matcher.ts';
import { mergePillar, type PillarLayer } from './pillar.ts';
import { textOf } from './roots.ts';
import { checkSections, pillarSaltenvs } from './saltenvs.ts';
import { matchTargets } from './target-match.ts';
import { slsVariables } from './template-variables.ts';
import { mergePillarTops } from './top-merge.ts';
import { renderTops, type TreeCompiler } from './tree-compiler.ts';

/** The pillar of one host; incomplete when there are errors. */
export interface PillarCompilation {
  readonly pillar: Dict;
  /** What its SLS gave, in the order in which they were merged. */
  readonly layers: readonly PillarLayer[];
  readonly diagnostics: readonly Diagnostic[];
  /** Texts in it that were encrypted. */
  readonly decrypted: readonly string[];
}

/** What pillar is compiled with. */
interface PillarParts {
  /** The pillar trees of every saltenv. */
  readonly trees: ReadonlyMap<string, TreeCompiler>;
  readonly options: SaltOptions;
  readonly matcherOf: Matchers;
  readonly variablesOf: VariablesOf;
  readonly decryption: Decryption;
  /** Pillar that wins over every file. */
  readonly start?: Dict;
}

/** Compiles the pillar of one host after the other: top files, SLS with what they include, decryption. */
export function createPillarCompiler(
  parts: PillarParts,
): (host: Host, grains: Grains, known: Known) => PillarCompilation {
  const { trees, options, matcherOf, variablesOf, decryption, start } = parts;
  return (host, grains, known) => {
    // Templates of pillar see no pillar.
    const variables = variablesOf(host, { grains, pillar: new Map<Value, Value>() }, known);
    const tops = renderTops(pillarSaltenvs([...trees.keys()], options), trees, variables);
    const all = mergePillarTops(tops);
    const picked = options.pillarenv;
    const wanted = picked === undefined ? all : all.filter(({ saltenv }) => saltenv === picked);
    const matched = matchTargets(wanted, matcherOf({ host, grains }));
    const decrypted: string[] = [];
    const merged = mergePillar({
      targets: matched.targets,
      ignored: new Set(
        all.flatMap(({ saltenv, sls, ignoreMissing }) =>
          ignoreMissing ? sls.map(({ name }) => `${saltenv}:${name}`) : [],
        ),
      ),
      source(saltenv) {
        const tree = trees.get(saltenv);
        if (tree === undefined) return undefined;
        return {
          names: tree.names,
          render(sls, file, extra) {
            const text = textOf(tree.roots, file);
            const document = tree.renderer.render(text, () =>
              withExtra(slsVariables(variables, sls, file), extra),
            );
            for (const each of document.decrypted) decrypted.push(each);
            const diagnostics = document.diagnostics.map((each) => explainOwnPillar(each, text));
            return document.diagnostics.length === 0 ? document : { ...document, diagnostics };
          },
        };
      },
      options,
      ...(start === undefined ? {} : { start }),
    });
    const opened = decryptKeys(merged.pillar, options, decryption);
    return {
      pillar: merged.pillar,
      layers: merged.layers,
      diagnostics: [
        ...tops.flatMap((top) => top.diagnostics),
        ...checkSections(wanted, matched.targets, [...trees.keys()]),
        ...matched.diagnostics,
        ...merged.diagnostics,
        ...opened.diagnostics,
      ],
      decrypted: [...decrypted, ...opened.secrets],
    };
  };
}

function withExtra(
  variables: Map<string, HostValue>,
  extra: ReadonlyMap<string, HostValue>,
): Map<string, HostValue> {
  for (const [name, value] of extra) variables.set(name, value);
  return variables;
}
