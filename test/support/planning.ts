import type { Change } from '../../lib/model/change.ts';
import type { Declared, Kind } from '../../lib/model/resource.ts';
import type { Chunk, ChunkKey, Requisite } from '../../lib/model/state.ts';
import type { Step } from '../../lib/model/step.ts';
import type { ExaminedChunk } from '../../lib/plan/predicted.ts';
import { sh } from '../../lib/shell/sh.ts';

const source = { file: 'states/site.sls', line: 1, column: 1 };

/** The key of a chunk that the makers below make. */
export function keyOf(name: string): ChunkKey {
  // The brand only keeps arbitrary strings out; this is the tag as Salt writes it.
  return `thing_|-${name}_|-${name}_|-set` as ChunkKey;
}

/** What a thing wants of its world: the simplest resource there can be. */
export interface Thing {
  readonly name: string;
  readonly wants?: string;
  readonly has?: string;
  readonly needs?: readonly string[];
  /** Things whose promised values its changes stand on. */
  readonly standsOn?: readonly string[];
  readonly refreshes?: boolean;
  readonly script?: string;
  /** It may end our own way to the host; its trial is stored by this script. */
  readonly tried?: string;
  readonly requisites?: readonly (readonly [Requisite['type'], ...string[]])[];
}

function change(thing: Thing): Change {
  return {
    object: `thing:${thing.name}`,
    field: 'value',
    action: thing.has === undefined ? 'create' : 'update',
    before: thing.has ?? null,
    after: thing.wants ?? null,
    risk: 'change',
    certainty: 'exact',
  };
}

/** A kind whose objects have one value; `wants: broken` cannot be brought about. */
const thingKind: Kind = {
  name: 'thing',
  summary: 'a thing with a value',
  functions: {},
  parse: () => ({ complaints: [] }),
  conflicts: () => [],
  unshared: () => [],
  probe: () => sh`:`,
  observe: () => [],
  diff(declared, _observed, prospect) {
    const thing = declared.value as Thing;
    if (thing.wants === 'broken') return { changes: [], predicted: {}, problems: ['it is broken'] };
    const now = prospect.predicted(`thing:${thing.name}`) ?? thing.has;
    const changes = thing.wants === undefined || thing.wants === now ? [] : [change(thing)];
    return {
      changes,
      predicted: changes.length > 0 ? { [`thing:${thing.name}`]: thing.wants ?? null } : {},
      ...(thing.standsOn === undefined ? {} : { standsOn: thing.standsOn.map((name) => `thing:${name}`) }),
      ...(thing.tried === undefined ? {} : { access: 'slab comes in by it' }),
    };
  },
  steps: (declared, changes) => (changes.length === 0 ? [] : [step(declared.value as Thing)]),
  refresh(declared) {
    const thing = declared.value as Thing;
    if (thing.refreshes !== true) return undefined;
    return {
      change: { ...change(thing), field: 'refresh', action: 'restart', risk: 'disrupt' },
      steps: [{ title: `refresh ${thing.name}`, script: sh`echo refreshed ${thing.name}`, risk: 'disrupt' }],
    };
  },
};

function step(thing: Thing): Step {
  const { name, script = 'true', tried } = thing;
  const run = (text: string) => sh`sh -c ${text}`;
  const trial = { about: 'network', stores: [], rollback: sh`:` };
  return {
    ...{ title: `set ${name}`, script: run(script), risk: 'change' },
    ...(tried === undefined ? {} : { trial: { ...trial, persist: run(tried) } }),
  };
}

/** A chunk about a thing. */
export function thingChunk(thing: Thing): Chunk {
  return {
    key: keyOf(thing.name),
    id: thing.name,
    module: 'thing',
    fun: 'set',
    name: thing.name,
    order: 10000,
    sls: 'site',
    env: 'base',
    args: new Map(),
    requisites: (thing.requisites ?? []).map(([type, ...names]) => ({
      type,
      targets: names.map(keyOf),
      source,
    })),
    source,
  };
}

/** A chunk about a thing, declared. */
export function declaredOf(thing: Thing): {
  readonly chunk: Chunk;
  readonly kind: Kind;
  readonly declared: Declared;
} {
  const declared = {
    kind: 'thing',
    objects: [`thing:${thing.name}`],
    needs: (thing.needs ?? []).map((name) => `thing:${name}`),
    alwaysRuns: false,
    value: thing,
  };
  return { chunk: thingChunk(thing), kind: thingKind, declared };
}

/** A chunk about a thing, probed. */
export function examinedOf(thing: Thing, more: Partial<ExaminedChunk> = {}): ExaminedChunk {
  return { ...declaredOf(thing), observed: thing.has ?? null, ...more };
}
