import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Unshared } from '../model/resource.ts';
import type { SourceRange } from '../model/source.ts';
import { isConditional } from '../resources/index.ts';
import type { DeclaredChunk } from './declare-host.ts';

/** What a host declares and no other may have too; plain data, which can be sent from thread to thread. */
export interface UnsharedOf extends Unshared {
  readonly host: string;
  readonly source: SourceRange;
  /** `network.interface` */
  readonly by: string;
  /** The state has a condition: the hosts may never have it at one time. */
  readonly conditional: boolean;
}

/** Finds what no other host may declare too. */
export function unsharedOf(host: string, chunks: readonly DeclaredChunk[]): readonly UnsharedOf[] {
  return chunks.flatMap(({ chunk, kind, declared }) =>
    kind.unshared(declared).map((each) => ({
      ...each,
      ...{
        host,
        source: chunk.source,
        by: `${chunk.module}.${chunk.fun}`,
        conditional: isConditional(chunk),
      },
    })),
  );
}

/** What several hosts of an environment declare although only one can have it, each once with all its hosts and places. */
export function findShared(all: readonly UnsharedOf[]): readonly Diagnostic[] {
  const owners = new Map<string, UnsharedOf[]>();
  for (const each of all) owners.set(each.key, [...(owners.get(each.key) ?? []), each]);
  return [...owners.values()].flatMap((found): readonly Diagnostic[] => {
    const hosts = [...new Set(found.map(({ host }) => host))];
    const [first] = found;
    const last = found.findLast(({ source }) => !isSamePlace(source, first?.source)) ?? found.at(-1);
    if (first === undefined || last === undefined || hosts.length < 2) return [];
    return [
      {
        severity: found.some(({ conditional }) => conditional) ? 'warning' : 'error',
        code: 'SLAB2212',
        summary: `${hosts.length} hosts have ${last.what}`,
        source: last.source,
        ...(isSamePlace(first.source, last.source)
          ? {}
          : {
              related: [{ source: first.source, message: `${first.by} of ${first.host} declares it here` }],
            }),
        ...{ why: last.why, fix: last.fix, hosts },
      },
    ];
  });
}

function isSamePlace(one: SourceRange, other: SourceRange | undefined): boolean {
  return one.file === other?.file && one.line === other.line && one.column === other.column;
}
