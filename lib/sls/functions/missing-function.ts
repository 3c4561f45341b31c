import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/near.ts';
import { mistake } from '../mistake.ts';

/** How the Jinja engine words the use of a member that `salt` does not have. */
const UNDEFINED = /^'salt(?:\.(?<module>[^' ]+))? object' has no attribute '(?<name>[^']+)'$/;

/** What to write in place of functions that need the host or a master. */
const INSTEAD: readonly (readonly [RegExp, string])[] = [
  [/^mine\./, 'the variable "inventory" holds the addresses, groups and vars of every host'],
  [
    /^(cmd|file|service|user|pkg|network)\./,
    'write it as a state with unless, onlyif or creates, or put the answer into pillar',
  ],
  [/^(sdb|vault)\./, 'put the value into pillar'],
];

/**
 * Turns the use of an undefined function of `salt` into SLAB2005, with its full name. The function itself stays
 * undefined in the template, because formulas ask `salt['x.y'] is defined`, or give a default.
 */
export function explainMissingFunction(diagnostic: Diagnostic, known: Iterable<string>): Diagnostic {
  const groups = UNDEFINED.exec(diagnostic.summary)?.groups;
  if (groups?.['name'] === undefined || diagnostic.code !== 'SLAB2003') return diagnostic;
  const name = [groups['module'], groups['name']].filter((part) => part !== undefined).join('.');
  const fix = didYouMean(name, known) ?? INSTEAD.find(([pattern]) => pattern.test(name))?.[1];
  return mistake('SLAB2005', `the function ${name} is not provided to templates`, diagnostic.source, {
    why: 'templates are rendered on this machine, before anything is asked of the host',
    fix,
    related: diagnostic.related,
  });
}
