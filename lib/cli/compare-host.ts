import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { asWarning, type KnownHost } from '../engine/check-host.ts';
import { matchTarget } from '../inventory/target-match.ts';
import { parseTarget } from '../inventory/target-parse.ts';
import { targetNeeds, type Target } from '../inventory/target.ts';
import type { Host } from '../model/inventory.ts';
import type { HostPlan, PlannedChunk } from '../model/plan.ts';
import { compareStates, type DeclaredState } from '../plan/compare-states.ts';
import { groupKey } from '../plan/group.ts';
import type { Compiler } from '../sls/api.ts';
import { createCommon } from '../sls/common.ts';
import { Divergence } from '../sls/divergence.ts';
import { eachPiece, type Pieces } from '../sls/pieces.ts';
import type { ChunkKey } from '../model/state.ts';
import { declaredStates } from './declared-states.ts';
import type { RecordsOf } from './offline-grains.ts';
import { makeCompiler, openParts, type CompilerParts, type OpenProject } from './open-project.ts';
import { areSameSettings, isSameFleet, isSameHost } from './same-inventory.ts';

/** Comparing every host between two revisions, as plain data. */
export interface DiffTask {
  readonly before: SideParts;
  readonly after: SideParts;
  /** Whose recorded grains and answers are used, for both. */
  readonly records: RecordsOf;
  /** Compile each host at both revisions, however equal they are: what must come of it either way. */
  readonly apart?: boolean;
}

/** One revision of a project, as plain data. */
export interface SideParts {
  readonly parts: CompilerParts;
  /** The target, where it needs grains or pillar. */
  readonly target?: string;
}

/** One revision of a project, opened. */
export interface Side {
  readonly compiler: Compiler;
  readonly pieces: Pieces;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly target?: Target;
}

/** What comparing one host gave: plain data. */
export interface ComparedHost {
  /** Texts that must not be shown. */
  readonly secrets: readonly string[];
  /** What changes; absent when it does not compile, or is not meant by the target. */
  readonly plan?: HostPlan;
  /** Errors and warnings of the newer revision, each naming the host. */
  readonly diagnostics: readonly Diagnostic[];
  /** Errors of the older one: it cannot be compared. */
  readonly formerErrors: readonly Diagnostic[];
}

/** Two revisions, opened. */
export interface Sides {
  readonly before: Side;
  readonly after: Side;
  /**
   * Whether the newer revision's compilation of a host, which has just ended, would have come out the same at the older one:
   * everything that it has looked at is equal there. Never so where that is not certain.
   */
  readonly same: (name: string) => boolean;
  /** A host is about to be compiled. */
  readonly begin: () => void;
}

/** A revision whose folders were read, or which has to be read here. */
type SideFolders = Pick<OpenProject, 'compiler' | 'trees'>;

/** Opens both revisions of a comparison, where they are not open yet. @throws ProjectError */
export function openSides(
  { before, after, apart = false }: Omit<DiffTask, 'records'>,
  open: { readonly before: SideFolders; readonly after: SideFolders } = {
    before: openParts(before.parts),
    after: openParts(after.parts),
  },
): Sides {
  const divergence = new Divergence();
  const [older, newer] = [before.parts, after.parts];
  const comparable =
    !apart &&
    areSameSettings(older.inventory, newer.inventory) &&
    older.untrusted === newer.untrusted &&
    isSameList(saltenvsOf(open.before), saltenvsOf(open.after));
  if (!comparable)
    return {
      before: openSide(before, open.before.compiler, eachPiece),
      after: openSide(after, open.after.compiler, eachPiece),
      begin: () => undefined,
      same: () => false,
    };
  const common = createCommon(divergence);
  const { pieces } = common;
  const sameHosts = isSameFleet(newer.inventory, older.inventory);
  const former = { ...open.before.trees, sameHosts, divergence, common };
  return {
    before: openSide(before, makeCompiler(older, open.before.trees, { common }), pieces.older),
    after: openSide(after, makeCompiler(newer, open.after.trees, { former }), pieces.newer),
    begin: () => pieces.begin(),
    same(name) {
      const sameHost = isSameHost(name, older.inventory, newer.inventory);
      if (!sameHost) pieces.part();
      return sameHost && !divergence.met;
    },
  };
}

function openSide({ parts, target }: SideParts, compiler: Compiler, pieces: Pieces): Side {
  const { hosts, nodegroups } = parts.inventory;
  const parsed = target === undefined ? undefined : parseTarget(target, nodegroups).value;
  const late = parsed !== undefined && (targetNeeds(parsed).grains || targetNeeds(parsed).pillar);
  return { compiler, pieces, hosts, ...(late ? { target: parsed } : {}) };
}

function saltenvsOf({ trees }: SideFolders): readonly string[] {
  return [...trees.states.keys(), '', ...trees.pillar.keys()];
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, index) => name === other[index]);
}

/**
 * Compiles one host at two revisions and compares what they declare. Where the newer compilation looked at nothing that the
 * older revision has otherwise, it counts for both.
 */
export function compareHost(name: string, sides: Sides, known: KnownHost): ComparedHost {
  const { before, after } = sides;
  sides.begin();
  const now = compileSide(name, after, known);
  const then = sides.same(name) ? now : compileSide(name, before, known);
  const secrets = then === now ? now.secrets : [...now.secrets, ...then.secrets];
  const formerErrors = then.errors;
  const wanted = now.wanted || then.wanted;
  if (!wanted || now.errors.length > 0 || formerErrors.length > 0)
    return { secrets, diagnostics: wanted ? now.found : [], formerErrors: wanted ? formerErrors : [] };
  const chunks = [...presence(name, then, now), ...compareStates(then.states, now.states)];
  const address = after.hosts.get(name)?.address ?? before.hosts.get(name)?.address;
  const names = [name, ...(address === undefined ? [] : [address])];
  const plan = { host: name, chunks, group: groupKey(chunks, names) };
  return { secrets, plan, diagnostics: now.found, formerErrors };
}

interface CompiledSide {
  readonly host: Host | undefined;
  readonly wanted: boolean;
  readonly states: readonly DeclaredState[];
  readonly secrets: readonly string[];
  /** Errors and warnings. */
  readonly found: readonly Diagnostic[];
  readonly errors: readonly Diagnostic[];
}

function compileSide(name: string, side: Side, { grains, answers, others }: KnownHost): CompiledSide {
  const host = side.hosts.get(name);
  if (host === undefined) return { host, wanted: false, states: [], secrets: [], found: [], errors: [] };
  const compiled = side.compiler.compile(host, grains, {
    answers,
    ...(others === undefined ? {} : { others }),
  });
  const { secrets, pillar } = compiled;
  const wanted = side.target === undefined || matchTarget(side.target, { host, grains, pillar });
  const early = compiled.diagnostics.map(asWarning);
  const broken = early.some((each) => each.severity === 'error');
  const states = broken ? [] : declaredStates(compiled, side.pieces);
  const found = [...early, ...compiled.lateDiagnostics().map(asWarning)].map((each) => ({
    ...each,
    hosts: [name],
  }));
  return { host, wanted, states, secrets, found, errors: found.filter((each) => each.severity === 'error') };
}

/** A host that comes or goes says so before everything else. */
function presence(name: string, then: CompiledSide, now: CompiledSide): readonly PlannedChunk[] {
  if ((then.host === undefined) === (now.host === undefined)) return [];
  const comes = then.host === undefined;
  const source = (now.host ?? then.host)?.source;
  if (source === undefined) return [];
  const why = comes
    ? 'it is new in the inventory'
    : 'it is no longer in the inventory: nothing is done to it any more';
  return [
    {
      key: `host_|-${name}_|-${name}_|-${comes ? 'added' : 'removed'}` as ChunkKey,
      function: 'inventory.host',
      id: name,
      name,
      sls: '',
      source,
      verdict: 'act',
      changes: [
        {
          object: `host:${name}`,
          field: 'exists',
          action: comes ? 'create' : 'remove',
          before: null,
          after: null,
          risk: 'change',
          certainty: 'exact',
          why,
        },
      ],
      risk: 'change',
      problems: [],
      notes: [],
    },
  ];
}
