import type { Change } from '../../model/change.ts';
import { wayIn } from './differences.ts';
import type { PkgObserved } from './observe.ts';
import type { PkgDeclared } from './parse.ts';

/** What apt would do beside what is declared. */
export interface SideEffects {
  readonly changes: readonly Change[];
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/** Reads the trial run: packages that would go or come along, and why it would not work. */
export function sideEffects(
  declared: PkgDeclared,
  { simulation }: NonNullable<PkgObserved>,
  own: readonly Change[],
): SideEffects {
  if (simulation === null) return { changes: [], problems: [], notes: [] };
  const names = new Set(own.map(({ object }) => object.slice('pkg:'.length)));
  const others = (found: Readonly<Record<string, string>>) =>
    Object.entries(found).filter(([name]) => !names.has(name));
  const removed = others(simulation.removes);
  const cut = removed.filter(([name]) => wayIn.has(name)).map(([name]) => name);
  return {
    changes: removed.map(([name, version]) => removal(name, version, own)),
    problems: [
      ...(cut.length > 0
        ? [`apt would remove ${cut.join(', ')}, without which nobody, slab included, reaches the host`]
        : []),
      ...(simulation.works || simulation.together ? [] : [refusal(simulation.errors)]),
    ],
    notes: alongside(declared, others(simulation.installs), simulation.together),
  };
}

/** Told as changes of the packages that cause them: nobody declared these others. */
function removal(name: string, version: string, [first]: readonly Change[]): Change {
  const cause = first?.object.slice('pkg:'.length) ?? '';
  return {
    ...{ object: first?.object ?? '', field: 'removes', action: 'remove' },
    ...{ before: `${name} ${version}`, after: null, risk: 'disrupt', certainty: 'exact' },
    why:
      first?.action === 'remove'
        ? `${name} needs ${cause}, or what goes with it`
        : `apt removes ${name} to make room for ${cause}`,
  };
}

/** The other packages that the changes say will go. */
export function removedOthers(changes: readonly Change[]): readonly string[] {
  return changes.flatMap(({ field, before }) =>
    field === 'removes' && typeof before === 'string' ? [before.split(' ', 1)[0] ?? ''] : [],
  );
}

function refusal(errors: readonly string[]): string {
  return errors.length === 0 ? 'apt-get refuses, without a reason' : `apt-get refuses: ${errors.join('; ')}`;
}

/** One trial for several declarations cannot tell which of them needs what. */
function alongside(
  { packages }: PkgDeclared,
  others: readonly (readonly [string, string])[],
  together: boolean,
): readonly string[] {
  if (others.length === 0 || together) return [];
  const named = others.slice(0, 8).map(([name]) => name);
  const more = others.length > named.length ? ` and ${others.length - named.length} more` : '';
  const whose = packages.length === 1 ? 'it' : 'them';
  return [`with ${whose}, apt installs or updates ${named.join(', ')}${more}`];
}
