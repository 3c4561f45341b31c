import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/near.ts';
import { mistake } from '../mistake.ts';

/** How the Jinja engine words the use of a member that `salt` does not have. */
const UNDEFINED = /^'salt(?:\.(?<module>[^' ]+))? object' has no attribute '(?<name>[^']+)'$/;

/** What to write in place of functions that need a master, or that slab has not. */
const INSTEAD: readonly (readonly [RegExp, string])[] = [
  [
    /^(mine|publish|saltutil)\./,
    'salt[\'mine.get\'] answers for other hosts; the variable "inventory" holds their addresses, groups and vars',
  ],
  [/^(sdb|vault)\./, 'put the value into pillar'],
  [/^/, "ask with salt['cmd.run'], or put the answer into pillar"],
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
    why: 'slab has execution functions of its own; this is none of them',
    fix,
    related: diagnostic.related,
  });
}
