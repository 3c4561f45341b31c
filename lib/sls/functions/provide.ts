import type { Dict, Grains } from '../../model/value.ts';
import type { MineOf } from '../others.ts';
import type { Matcher } from '../target-match.ts';
import { readYamlText } from '../yaml-text.ts';
import { computedFunctions } from './computed.ts';
import { configFunctions } from './config.ts';
import { cpFunctions, type StateTrees } from './cp.ts';
import { grainsFunctions } from './grains.ts';
import { matchFunctions } from './match.ts';
import { mineFunctions } from './mine.ts';
import { networkFunctions } from './network.ts';
import { pillarFunctions } from './pillar.ts';
import { plainFunctions } from './plain.ts';
import type { RenderSources } from './render.ts';
import { rendererFunction } from './render.ts';
import type { Functions } from './salt-object.ts';
import { slsutilFunctions } from './slsutil.ts';

/** What the execution functions of one host look into. */
export interface FunctionSources {
  readonly grains: Grains;
  readonly pillar: Dict;
  readonly opts: Dict;
  /** Whether a target means this host. */
  readonly matches: Matcher;
  readonly trees: StateTrees;
  readonly render: RenderSources;
  readonly mine: MineOf;
}

/** Every execution function that can be answered on this machine. */
export function provideFunctions(sources: FunctionSources): Functions {
  const { grains, pillar, render } = sources;
  return new Map([
    ...pillarFunctions(pillar),
    ...grainsFunctions(grains),
    ...configFunctions(sources),
    ...slsutilFunctions((text) => readYamlText(text, 'slsutil.deserialize')),
    ...matchFunctions(sources.matches),
    ...cpFunctions(sources.trees),
    rendererFunction(render),
    ...mineFunctions(sources.mine),
    ...networkFunctions(grains),
    ...computedFunctions(grains),
    ...plainFunctions(),
  ]);
}
