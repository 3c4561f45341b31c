import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/near.ts';
import type { SaltOptions } from '../model/salt-options.ts';
import type { SourceRange } from '../model/source.ts';
import { mistake, warning } from './mistake.ts';
import type { TopTarget } from './top.ts';

/**
 * The saltenvs whose top files are read, in order: `base`, then the others as they are written, or what `env_order`
 * says (salt/state.py: BaseHighState._get_envs).
 */
export function topSaltenvs(known: readonly string[], { saltenv, envOrder }: SaltOptions): readonly string[] {
  if (saltenv !== undefined) return [saltenv];
  return envOrder.length === 0 ? known : [...new Set(envOrder)].filter((name) => known.includes(name));
}

/** The same for pillar: every saltenv, unless an option picks one (salt/pillar: Pillar.get_tops). */
export function pillarSaltenvs(known: readonly string[], options: SaltOptions): readonly string[] {
  const { pillarenv, saltenv = 'base', pillarSourceMergingStrategy } = options;
  if (pillarenv !== undefined) return known.filter((name) => name === pillarenv);
  return pillarSourceMergingStrategy === 'none' ? known.filter((name) => name === saltenv) : known;
}

/** Targets of sections that no roots stand behind: an error where one means the host, else a warning. */
export function checkSections(
  targets: readonly TopTarget[],
  matched: readonly TopTarget[],
  known: readonly string[],
): readonly Diagnostic[] {
  const unknown = new Set(targets.map(({ saltenv }) => saltenv).filter((name) => !known.includes(name)));
  return [...unknown].map((saltenv) => {
    const hit = matched.find((target) => target.saltenv === saltenv);
    const source = (hit ?? targets.find((target) => target.saltenv === saltenv))?.section;
    return unknownSaltenv(saltenv, known, source, hit === undefined ? warning : mistake);
  });
}

/** A saltenv without roots. */
export function unknownSaltenv(
  saltenv: string,
  known: readonly string[],
  source: SourceRange | undefined,
  complain: typeof mistake = mistake,
): Diagnostic {
  return complain('SLAB2010', `there is no saltenv ${saltenv}`, source, {
    why: `there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}`,
    fix:
      didYouMean(saltenv, known) ??
      `list its folders in the inventory, under salt: file_roots (pillar: pillar_roots)`,
  });
}
