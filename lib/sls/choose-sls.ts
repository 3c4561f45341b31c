import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { SaltOptions } from '../model/salt-options.ts';
import { mistake, warning } from './mistake.ts';
import { topSaltenvs } from './saltenvs.ts';
import type { HostVariables } from './template-variables.ts';
import type { TopSection, TopTarget } from './top.ts';
import { mergeTops } from './top-merge.ts';
import { renderTops, type TreeCompiler } from './tree-compiler.ts';
import type { WantedIn } from './wanted.ts';

/** What is compiled for a host: the SLS named on the command line, or the targets of the top files. */
interface Choice {
  readonly named: readonly WantedIn[];
  /** Those that do not mean the host are among them. */
  readonly targets: readonly TopTarget[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What the choice is made from. */
interface ChoiceParts {
  /** The states of every saltenv. */
  readonly trees: ReadonlyMap<string, TreeCompiler>;
  readonly options: SaltOptions;
  readonly variables: HostVariables;
}

/** Takes the SLS that are named, or reads the top files. */
export function chooseSls(
  sls: readonly string[] | undefined,
  { trees, options, variables }: ChoiceParts,
): Choice {
  const { saltenv } = options;
  if (sls !== undefined) {
    const named = sls.map((name) => ({ name, saltenv: saltenv ?? 'base' }));
    return { named, targets: [], diagnostics: [] };
  }
  const tops = renderTops(topSaltenvs([...trees.keys()], options), trees, variables);
  if (tops.every(({ files }) => files.length === 0))
    return { named: [], targets: [], diagnostics: [noTopFile()] };
  const targets = mergeTops(tops, options);
  const mistakes = tops.flatMap(({ diagnostics }) => diagnostics);
  const empty = tops.every(({ files }) => files.every(({ sections }) => sections.every(isEmpty)));
  return {
    named: [],
    targets: saltenv === undefined ? targets : targets.filter((target) => target.saltenv === saltenv),
    diagnostics: empty && mistakes.length === 0 ? [emptyTop(trees)] : mistakes,
  };
}

/** The SLS of matching targets, saltenv by saltenv in the order in which these come up; unknown ones are left out. */
export function wantedOf(targets: readonly TopTarget[]): WantedIn[] {
  const wanted = targets.flatMap((target) =>
    target.sls.map((sls): WantedIn => ({ ...sls, saltenv: sls.saltenv ?? target.saltenv })),
  );
  const saltenvs = new Set(wanted.map(({ saltenv }) => saltenv));
  return [...saltenvs].flatMap((saltenv) => wanted.filter((each) => each.saltenv === saltenv));
}

function isEmpty({ targets }: TopSection): boolean {
  return targets.length === 0;
}

/** Salt answers with no state at all, and says nothing. */
function emptyTop(trees: ReadonlyMap<string, TreeCompiler>): Diagnostic {
  const [file] = [...trees.values()].flatMap(({ roots }) => roots.find('top.sls') ?? []);
  const source = file === undefined ? undefined : { file: file.file, line: 1, column: 1 };
  return warning('SLAB2010', 'the top file gives no host any SLS', source, {
    why: 'it is empty, or its sections are, as it is rendered for this host',
    fix: `write "base:", "'*':" and a list of SLS`,
  });
}

function noTopFile(): Diagnostic {
  return mistake('SLAB2010', 'there is no top file', undefined, {
    why: 'top.sls in the state tree says which host gets which SLS',
    fix: 'create top.sls with "base:", "\'*\':" and a list of SLS, or name the SLS on the command line',
  });
}
