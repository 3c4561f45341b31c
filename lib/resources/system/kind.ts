import {
  askHostname,
  compareHostname,
  hostnameObjects,
  hostnameSteps,
  readHostname,
  type SeenHostname,
  unsharedHostname,
} from '../../hostname/compare.ts';
import type { DesiredHostname } from '../../hostname/desired.ts';
import { defineKind } from '../define-kind.ts';
import { functions, parseSystem } from './parse.ts';

/** What a host is called. */
export const system = defineKind<DesiredHostname, SeenHostname>({
  name: 'system',
  summary: 'what a host is called',
  functions,
  parse: parseSystem,
  identify: hostnameObjects,
  unshared: (declared) => [unsharedHostname(declared)],
  probe: (declared) => askHostname(declared.map(({ hostname }) => hostname)),
  observe: ({ code, stdout }, declared) => {
    const observed = code === 0 ? readHostname(new TextDecoder().decode(stdout)) : null;
    return declared.map(() => observed);
  },
  diff: compareHostname,
  steps: hostnameSteps,
});
