import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { asWarning, type KnownHost } from '../engine/check-host.ts';
import { matchTarget } from '../inventory/target-match.ts';
import { parseTarget } from '../inventory/target-parse.ts';
import { targetNeeds, type Target } from '../inventory/target.ts';
import type { Host } from '../model/inventory.ts';
import type { HostPlan, PlannedChunk } from '../model/plan.ts';
import { compareStates, type DeclaredState } from '../plan/compare-states.ts';
import { groupKey } from '../plan/group.ts';
import type { Compiler } from '../sls/compiler.ts';
import type { ChunkKey } from '../model/state.ts';
import { declaredStates } from './declared-states.ts';
import type { RecordsOf } from './offline-grains.ts';
import { openParts, type CompilerParts } from './open-project.ts';

/** Comparing every host between two revisions, as plain data. */
export interface DiffTask {
  readonly before: SideParts;
  readonly after: SideParts;
  /** Whose recorded grains and answers are used, for both. */
  readonly records: RecordsOf;
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

/** Reads a revision's folders and makes its compiler, where none is there yet. @throws ProjectError */
export function openSide({ parts, target }: SideParts, compiler = openParts(parts).compiler): Side {
  const { hosts, nodegroups } = parts.inventory;
  const parsed = target === undefined ? undefined : parseTarget(target, nodegroups).value;
  const late = parsed !== undefined && (targetNeeds(parsed).grains || targetNeeds(parsed).pillar);
  return { compiler, hosts, ...(late ? { target: parsed } : {}) };
}

/** What a comparison needs. */
interface Comparison {
  readonly before: Side;
  readonly after: Side;
  readonly known: KnownHost;
}

/** Compiles one host at two revisions and compares what they declare. */
export function compareHost(name: string, { before, after, known }: Comparison): ComparedHost {
  const now = compileSide(name, after, known);
  const then = compileSide(name, before, known);
  const secrets = [...now.secrets, ...then.secrets];
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
  const states = broken ? [] : declaredStates(compiled);
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
