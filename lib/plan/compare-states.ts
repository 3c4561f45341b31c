import { isDeepStrictEqual } from 'node:util';
import type { Action, Change, Risk, TextChange } from '../model/change.ts';
import type { Json } from '../model/json.ts';
import type { PlannedChunk } from '../model/plan.ts';
import type { SourceRange } from '../model/source.ts';
import type { ChunkKey } from '../model/state.ts';

/** One state as a revision declares it for one host. */
export interface DeclaredState {
  readonly key: ChunkKey;
  readonly id: string;
  /** `file` in `file.managed`. */
  readonly module: string;
  readonly fun: string;
  readonly name: string;
  readonly sls: string;
  readonly source: SourceRange;
  /** Every argument but the name and the requisites. */
  readonly args: ReadonlyMap<string, Json>;
  /** `require file:/etc/hosts`, sorted. */
  readonly requisites: readonly string[];
  /** The states whose change makes this one act: its `watch` and `listen`. */
  readonly watches: readonly ChunkKey[];
  /** What it would write from the state tree, where that is known. */
  readonly content?: DeclaredContent;
}

/** The content of a file. */
export interface DeclaredContent {
  /** Null where it is no text, or cannot be made. */
  readonly text: string | null;
  /** Equal contents have equal ones. */
  readonly hash: string;
  /** Why there is no text. */
  readonly note?: string;
}

/** A function that takes something away, stops it, or may cost data or the way to the host, by its name or its module. */
const RISKS: ReadonlyMap<string, readonly [Risk, string]> = new Map<string, readonly [Risk, string]>([
  ['system.reboot', ['reboot', 'the host reboots']],
  ['system.shutdown', ['reboot', 'the host is shut down']],
  ['service.dead', ['disrupt', 'the service is stopped']],
  ['service.masked', ['disrupt', 'the service cannot be started any more']],
  ...['disk', 'blockdev', 'lvm', 'raid', 'luks', 'partition', 'filesystem', 'mount'].map(
    (module): [string, readonly [Risk, string]] => [
      module,
      ['disrupt', 'it is about disks: slab plan shows what would happen to which'],
    ],
  ),
  ...['network', 'nftables', 'iptables', 'firewalld'].map((module): [string, readonly [Risk, string]] => [
    module,
    ['disrupt', 'it can end the way to the host'],
  ]),
]);

const REMOVING = new Set(['absent', 'removed', 'purged', 'dead', 'unmounted', 'disabled']);

/**
 * How what is declared for a host changes from one revision to the next, as a plan would say it: states that come, go or
 * change, what they watch and would restart, in the order in which they will run. No host was asked: what is declared anew may
 * be so already. States that stay the same have the verdict `none`.
 */
export function compareStates(
  before: readonly DeclaredState[],
  after: readonly DeclaredState[],
): readonly PlannedChunk[] {
  if (before === after) return after.map((state) => plannedOf(state, []));
  const former = matchStates(before, after);
  const kept = new Set(former.values());
  const changed = new Map<ChunkKey, DeclaredState>();
  const planned = after.map((state): PlannedChunk => {
    const changes = changesOf(former.get(state), state);
    if (changes.length > 0) changed.set(state.key, state);
    return plannedOf(state, changes);
  });
  const gone = before.filter((state) => !kept.has(state)).map(goneChunk);
  return [...planned.map((chunk, index) => withRefresh(chunk, after[index], changed)), ...gone];
}

/** Which former state each state was: by its key, or else the only one of its module and name. */
function matchStates(
  before: readonly DeclaredState[],
  after: readonly DeclaredState[],
): ReadonlyMap<DeclaredState, DeclaredState> {
  const byKey = new Map(before.map((state) => [state.key, state]));
  const found = new Map<DeclaredState, DeclaredState>();
  for (const state of after) {
    const same = byKey.get(state.key);
    if (same !== undefined) found.set(state, same);
  }
  const taken = new Set(found.values());
  const rest = before.filter((state) => !taken.has(state));
  for (const state of after) {
    if (found.has(state)) continue;
    const at = rest.findIndex((each) => each.module === state.module && each.name === state.name);
    const [match] = at < 0 ? [] : rest.splice(at, 1);
    if (match !== undefined) found.set(state, match);
  }
  return found;
}

function changesOf(before: DeclaredState | undefined, after: DeclaredState): readonly Change[] {
  const action: Action = before === undefined ? (REMOVING.has(after.fun) ? 'remove' : 'create') : 'update';
  const [risk, why] = riskOf(after);
  const change = (field: string, from: Json, to: Json, more: Partial<Change> = {}): Change => ({
    object: objectOf(after),
    field,
    action,
    before: from,
    after: to,
    risk,
    certainty: 'exact',
    ...more,
  });
  if (before !== undefined && isSameState(before, after)) return [];
  const changes: Change[] = [];
  if (before === undefined) changes.push(change('exists', null, null));
  else if (before.fun !== after.fun)
    changes.push(
      change('function', nameOf(before), nameOf(after), REMOVING.has(after.fun) ? { action: 'remove' } : {}),
    );
  for (const name of new Set([...(before?.args.keys() ?? []), ...after.args.keys()])) {
    const [from, to] = [before?.args.get(name) ?? null, after.args.get(name) ?? null];
    if (
      isDeepStrictEqual(from, to) &&
      (before === undefined || before.args.has(name) === after.args.has(name))
    )
      continue;
    const text = textOf(from, to);
    changes.push(change(name, from, to, text === undefined ? {} : { text }));
  }
  if (before?.content?.hash !== after.content?.hash)
    changes.push(change('contents', null, null, { text: contentChange(before?.content, after.content) }));
  if (before !== undefined && !isDeepStrictEqual(before.requisites, after.requisites))
    changes.push(
      change(
        'requisites',
        without(before.requisites, after.requisites),
        without(after.requisites, before.requisites),
      ),
    );
  const [first, ...others] = changes;
  if (first === undefined || why === undefined) return changes;
  return [{ ...first, why }, ...others];
}

/** Whether two states come of the same data: most states of most hosts do. */
function isSameState(before: DeclaredState, after: DeclaredState): boolean {
  return (
    before === after ||
    (before.args === after.args &&
      before.requisites === after.requisites &&
      before.fun === after.fun &&
      before.content?.hash === after.content?.hash)
  );
}

function riskOf({ module, fun }: DeclaredState): readonly [Risk, string | undefined] {
  return RISKS.get(`${module}.${fun}`) ?? RISKS.get(module) ?? ['change', undefined];
}

/** Texts of more than one line are shown as the lines that differ. */
function textOf(before: Json, after: Json): TextChange | undefined {
  const isText = (value: Json): value is string => typeof value === 'string' && value.includes('\n');
  if (!isText(before) && !isText(after)) return undefined;
  if ((before !== null && typeof before !== 'string') || (after !== null && typeof after !== 'string'))
    return undefined;
  return { before, after, hidden: false };
}

function contentChange(before: DeclaredContent | undefined, after: DeclaredContent | undefined): TextChange {
  const note = after?.note ?? before?.note;
  return {
    before: before?.text ?? null,
    after: after?.text ?? null,
    hidden: false,
    ...(note === undefined ? {} : { note }),
  };
}

function without(list: readonly string[], others: readonly string[]): readonly string[] {
  return list.filter((each) => !others.includes(each));
}

function plannedOf(state: DeclaredState, changes: readonly Change[]): PlannedChunk {
  const { key, id, name, sls, source } = state;
  return {
    key,
    function: nameOf(state),
    id,
    name,
    sls,
    source,
    verdict: changes.length > 0 ? 'act' : 'none',
    changes,
    risk: changes[0]?.risk ?? 'read',
    problems: [],
    notes: [],
  };
}

function goneChunk(state: DeclaredState): PlannedChunk {
  const change: Change = {
    object: objectOf(state),
    field: 'exists',
    action: 'remove',
    before: null,
    after: null,
    risk: 'change',
    certainty: 'exact',
    why: 'it is no longer declared: what it made stays on the host as it is',
  };
  return plannedOf(state, [change]);
}

/** A service that watches a changed state restarts if that state changes anything on the host; a command runs. */
function withRefresh(
  chunk: PlannedChunk,
  state: DeclaredState | undefined,
  changed: ReadonlyMap<ChunkKey, DeclaredState>,
): PlannedChunk {
  const cause = state?.watches.map((key) => changed.get(key)).find((each) => each !== undefined);
  if (state === undefined || cause === undefined) return chunk;
  const runs = state.module === 'cmd' || state.module === 'module';
  if (!runs && state.module !== 'service') return chunk;
  const reloads = state.args.get('reload') === true;
  const refresh: Change = {
    object: objectOf(state),
    field: runs ? 'run' : reloads ? 'reload' : 'restart',
    action: runs ? 'run' : 'restart',
    before: null,
    after: null,
    risk: runs ? 'change' : 'disrupt',
    certainty: 'provisional',
    why: `it watches ${objectOf(cause)}`,
  };
  const risk = chunk.risk === 'reboot' || chunk.risk === 'destroy' ? chunk.risk : refresh.risk;
  return { ...chunk, verdict: 'act', refresh, risk };
}

function nameOf({ module, fun }: DeclaredState): string {
  return `${module}.${fun}`;
}

function objectOf({ module, name }: DeclaredState): string {
  return `${module}:${name}`;
}
