import type { Host } from '../model/inventory.ts';
import type { Dict, Grains } from '../model/value.ts';
import { fnmatch } from './fnmatch.ts';
import { mistake } from './mistake.ts';
import type { Matcher } from './target-match.ts';

/** What a host is matched by; without a pillar, pillar targets match nothing. */
export interface Subject {
  readonly host: Host;
  readonly grains: Grains;
  readonly pillar?: Dict;
}

/** Decides targets for one host. */
export function matcherOf(subject: Subject): Matcher {
  const id = subject.grains.get('id');
  return (matcher, expression, source) =>
    matcher === 'glob' || (matcher === 'compound' && !/[@\s]/.test(expression))
      ? { value: fnmatch(typeof id === 'string' ? id : subject.host.name, expression), diagnostics: [] }
      : { diagnostics: [mistake('SLAB1010', `the matcher ${matcher} cannot be used here`, source)] };
}
