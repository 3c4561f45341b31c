import type { Prospect } from '../../model/resource.ts';
import type { PkgObserved } from './observe.ts';
import type { PkgDeclared } from './parse.ts';

/** What is known when one package is compared. */
export interface Circumstances {
  readonly declared: PkgDeclared;
  readonly observed: NonNullable<PkgObserved>;
  readonly prospect: Prospect;
}
