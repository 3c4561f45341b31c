import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Kind } from '../model/resource.ts';
import { isConditional } from './global-arguments.ts';
import type { DeclaredChunk } from './ownership.ts';

/**
 * What does not fit together in all that the states of one host declare, kind by kind, at the place of what is wrong.
 * Where one of the two has a condition it is a warning: they may never meet.
 */
export function findConflicts(
  all: readonly (DeclaredChunk & { readonly kind: Kind })[],
): readonly Diagnostic[] {
  return [...new Set(all.map(({ kind }) => kind))].flatMap((kind) => {
    const own = all.filter((each) => each.kind === kind);
    return kind.conflicts(own.map(({ declared }) => declared)).flatMap((conflict): Diagnostic[] => {
      const chunk = own[conflict.at]?.chunk;
      if (chunk === undefined) return [];
      const other = conflict.with === undefined ? undefined : own[conflict.with]?.chunk;
      const mayNotMeet = [chunk, other].some((each) => each !== undefined && isConditional(each));
      const { summary, why, fix, mayBeMeant } = conflict;
      return [
        {
          severity: mayBeMeant || mayNotMeet ? 'warning' : 'error',
          code: 'SLAB2211',
          ...{ summary, why, fix, source: chunk.source },
          ...(other === undefined || other === chunk
            ? {}
            : {
                related: [{ source: other.source, message: `${other.module}.${other.fun} declares it here` }],
              }),
        },
      ];
    });
  });
}
