import { matchGlob } from '../regex/glob.ts';
import type { ArgumentOrigin, Passage, StateExplanation } from '../model/explanation.ts';
import type { Chunk, Requisite } from '../model/state.ts';
import { nodeToJson } from '../yaml/node-value.ts';
import type { Extension, SlsBranch } from './high-state.ts';
import { textOf } from './node-shape.ts';
import { requisiteEntries } from './requisite-entry.ts';
import { BACKWARD, isRequisite } from './requisite-words.ts';
import type { TopTarget } from './top.ts';

/** How the SLS of a host came together. */
export interface SlsOrigin {
  /** The targets of the top file that mean the host. */
  readonly targets: readonly TopTarget[];
  readonly roots: readonly SlsBranch[];
  readonly chunks: readonly Chunk[];
}

/** Where one chunk of a host came from, and what touched it since. */
export function explainChunk(host: string, chunk: Chunk, origin: SlsOrigin): StateExplanation {
  const { chunks, roots } = origin;
  return {
    of: 'state',
    host,
    state: `${chunk.module}.${chunk.fun}`,
    id: chunk.id,
    name: chunk.name,
    sls: chunk.sls,
    order: chunk.order,
    position: chunks.indexOf(chunk) + 1,
    count: chunks.length,
    source: chunk.source,
    through: [...passagesTo(chunk.sls, origin), ...declaration(chunk, roots)],
    touched: [...extensionsOf(chunk, roots), ...usesOf(chunk), ...writtenElsewhere(chunk, chunks)],
    arguments: argumentsOf(chunk),
    waitsFor: chunk.requisites.flatMap((requisite) => waits(requisite, chunks)),
    waitedForBy: chunks.flatMap((other) =>
      other.requisites
        .filter((requisite) => requisite.targets.includes(chunk.key))
        .map(({ type, source }) => ({ source, words: `${label(other)} (${type})` })),
    ),
  };
}

/** From the line of the top file to the include that brings in an SLS; nothing where none does. */
export function passagesTo(sls: string, { targets, roots }: Omit<SlsOrigin, 'chunks'>): readonly Passage[] {
  const chain = chainTo(sls, roots);
  const [root] = chain;
  if (root === undefined) return [];
  const includes = chain.slice(1).flatMap((branch, index): Passage[] => {
    const includer = chain[index]?.content;
    const include = includer?.includes.find(({ name }) => matchGlob(name, branch.content.sls));
    if (includer === undefined || include === undefined) return [];
    return [{ source: include.source, words: `${includer.sls} includes ${branch.content.sls}` }];
  });
  return [...topOf(root.content.sls, targets), ...includes];
}

function topOf(sls: string, targets: readonly TopTarget[]): Passage[] {
  return targets.flatMap((target) => [
    ...target.sls
      .filter(({ name }) => name === sls || matchGlob(name, sls))
      .map((wanted) => ({
        source: wanted.source ?? target.source,
        words: `the target '${target.expression}' gets ${sls}`,
      })),
    ...topOf(
      sls,
      target.subfilters.map((each) => each.target),
    ),
  ]);
}

function chainTo(sls: string, branches: readonly SlsBranch[]): readonly SlsBranch[] {
  for (const branch of branches) {
    if (branch.content.sls === sls) return [branch];
    const inside = chainTo(sls, branch.branches);
    if (inside.length > 0) return [branch, ...inside];
  }
  return [];
}

/** Every SLS of a host with its branch, includers first. */
export function* everyBranch(branches: readonly SlsBranch[]): Generator<SlsBranch> {
  for (const branch of branches) {
    yield branch;
    yield* everyBranch(branch.branches);
  }
}

function declaration(chunk: Chunk, roots: readonly SlsBranch[]): Passage[] {
  const found = [...everyBranch(roots)]
    .flatMap(({ content }) => content.declarations)
    .find((each) => each.id === chunk.id && each.sls === chunk.sls);
  const state = { source: chunk.source, words: `as ${chunk.module}.${chunk.fun}` };
  return found === undefined
    ? [state]
    : [{ source: found.at.source, words: `${chunk.sls} declares ${chunk.id}` }, state];
}

function extensionsOf(chunk: Chunk, roots: readonly SlsBranch[]): Passage[] {
  return [...everyBranch(roots)].flatMap(({ content }) =>
    content.extensions
      .filter((extension) => extendsChunk(extension, chunk))
      .map((extension) => {
        const items = extension.states.get(chunk.module)?.items ?? [];
        const names = items
          .filter((item) => item.type === 'argument' || item.name !== chunk.fun)
          .map(({ name }) => name);
        return { source: extension.at.source, words: `${content.sls} extends it: ${names.join(', ')}` };
      }),
  );
}

function extendsChunk(extension: Extension, chunk: Chunk): boolean {
  if (!extension.states.has(chunk.module)) return false;
  return (
    extension.id === chunk.id ||
    extension.id === chunk.name ||
    [...chunk.args.values()].some(({ value }) => textOf(value) === extension.id)
  );
}

function usesOf(chunk: Chunk): Passage[] {
  const use = chunk.args.get('use');
  return use === undefined
    ? []
    : requisiteEntries(use.value).map(({ module, name, source }) => ({
        source,
        words: `use copies arguments of ${module}: ${name}`,
      }));
}

/** Requisites that other states write for this one. */
function writtenElsewhere(chunk: Chunk, chunks: readonly Chunk[]): Passage[] {
  return chunks.flatMap((other) =>
    [...other.args].flatMap(([name, { value }]) => {
      if (!BACKWARD.has(name) && name !== 'use_in') return [];
      const what = BACKWARD.get(name) ?? 'arguments';
      return requisiteEntries(value)
        .filter(({ module, name: wanted }) => names(module, wanted, chunk))
        .map(({ source }) => ({ source, words: `${name} of ${label(other)} adds ${what}` }));
    }),
  );
}

function names(module: string, wanted: string, chunk: Chunk): boolean {
  if (module === 'sls') return matchGlob(wanted, chunk.sls);
  if (module !== 'id' && module !== chunk.module) return false;
  return [chunk.id, chunk.name].some((each) => each === wanted || matchGlob(wanted, each));
}

function argumentsOf(chunk: Chunk): ArgumentOrigin[] {
  return [...chunk.args]
    .filter(([name]) => !isRequisite(name) && name !== 'prerequired')
    .map(([name, { source, value }]) => ({ name, source, words: name, value: nodeToJson(value) }));
}

function waits({ type, targets, source }: Requisite, chunks: readonly Chunk[]): Passage[] {
  return targets.flatMap((key) => {
    const target = chunks.find((each) => each.key === key);
    return target === undefined ? [] : [{ source, words: `${label(target)} (${type})` }];
  });
}

/** A state in a few words: Salt's way to name it in a requisite. */
function label(chunk: Chunk): string {
  return `${chunk.module}: ${chunk.id}`;
}
