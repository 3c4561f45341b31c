import type { Dict, Grains } from '../../model/value.ts';
import type { Roots } from '../roots.ts';
import type { SlsNames } from '../sls-name.ts';
import type { Matcher } from '../target-match.ts';
import { readYamlText } from '../yaml-text.ts';
import { configFunctions } from './config.ts';
import { cpFunctions } from './cp.ts';
import { grainsFunctions } from './grains.ts';
import { matchFunctions } from './match.ts';
import { pillarFunctions } from './pillar.ts';
import { plainFunctions } from './plain.ts';
import type { Functions } from './salt-object.ts';
import { slsutilFunctions } from './slsutil.ts';

/** What the execution functions of one host look into. */
export interface FunctionSources {
  readonly grains: Grains;
  readonly pillar: Dict;
  readonly opts: Dict;
  /** Whether a target means this host. */
  readonly matches: Matcher;
  readonly tree: { readonly roots: Roots; readonly names: SlsNames };
}

/** Every execution function that can be answered on this machine. */
export function provideFunctions(sources: FunctionSources): Functions {
  const { grains, pillar, tree } = sources;
  return new Map([
    ...pillarFunctions(pillar),
    ...grainsFunctions(grains),
    ...configFunctions(sources),
    ...slsutilFunctions((text) => readYamlText(text, 'slsutil.deserialize')),
    ...matchFunctions(sources.matches),
    ...cpFunctions(tree.roots, tree.names),
    ...plainFunctions(),
  ]);
}
