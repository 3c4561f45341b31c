import type { Code } from '../diagnostics/codes.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/** The sorts of errors that Salt's compiler has. */
export type ErrorClass =
  | 'pillar'
  | 'missing-sls'
  | 'conflicting-id'
  | 'extend'
  | 'recursive-requisite'
  | 'salt-function'
  | 'jinja-undefined'
  | 'jinja-syntax'
  | 'jinja'
  | 'yaml'
  | 'structure';

const BY_CODE: Readonly<Partial<Record<Code, ErrorClass>>> = {
  SLAB2001: 'yaml',
  SLAB2002: 'jinja-syntax',
  SLAB2003: 'jinja-undefined',
  SLAB2004: 'jinja',
  // A function that nobody has is an attribute that `salt` lacks.
  SLAB2005: 'jinja-undefined',
  SLAB2006: 'jinja',
  SLAB2007: 'salt-function',
  SLAB2011: 'missing-sls',
  SLAB2013: 'conflicting-id',
  SLAB2015: 'recursive-requisite',
  SLAB2016: 'extend',
  SLAB2020: 'pillar',
};

/** The sort of error that Salt would call a mistake in states; what it has no name for is one of structure. */
export function errorClass(diagnostic: Diagnostic): ErrorClass {
  // For Salt a key that is written twice is an ID, wherever it stands.
  if (diagnostic.code === 'SLAB2001' && diagnostic.summary.endsWith(' is written twice'))
    return 'conflicting-id';
  // Jinja2 looks for filters and tests while it reads the template.
  if (diagnostic.code === 'SLAB2005' && /^No (?:filter|test) named /.test(diagnostic.summary))
    return 'jinja-syntax';
  return BY_CODE[diagnostic.code] ?? 'structure';
}

/** Whether Salt compiles in spite of a mistake and fails, if at all, when the state runs. */
export function saltCompiles(diagnostic: Diagnostic): boolean {
  if (diagnostic.code === 'SLAB2014') return true;
  // Salt looks for two states that require each other, not for longer cycles.
  return diagnostic.code === 'SLAB2015' && (diagnostic.related?.length ?? 0) > 2;
}
