import type { Change } from '../../model/change.ts';
import type { Diff, Prospect } from '../../model/resource.ts';
import type { ServiceObserved } from './observe.ts';
import type { ServiceDeclared } from './parse.ts';
import { bringsUnit, changesDefinition } from './prospects.ts';
import { problemsOf } from './problems.ts';

type Observed = NonNullable<ServiceObserved>;

/** What differs between a declared service and the one that was seen. */
export function diffService(declared: ServiceDeclared, observed: ServiceObserved, prospect: Prospect): Diff {
  if (observed === null)
    return { changes: [], predicted: {}, problems: [`the host did not answer for ${declared.unit}`] };
  const bringer = observed.exists ? undefined : bringsUnit(declared, prospect);
  const changes = differences(declared, observed, { prospect, bringer });
  const problems = problemsOf(declared, observed, { prospect, bringer, changes });
  if (problems.length > 0) return { changes: [], predicted: {}, problems };
  const notes = notesOn(declared, observed, changes);
  return { changes, predicted: predict(declared), ...(notes.length > 0 ? { notes } : {}) };
}

interface Prospects {
  readonly prospect: Prospect;
  /** The earlier change that may bring a unit that is missing. */
  readonly bringer: string | undefined;
}

function differences(declared: ServiceDeclared, observed: Observed, prospects: Prospects): readonly Change[] {
  const { running, enabled, masked } = declared;
  const { bringer, prospect } = prospects;
  // Nothing that is missing runs, starts at boot or is masked, unless an earlier change brings it.
  const there = observed.exists || bringer !== undefined;
  const base = {
    object: `service:${declared.name}`,
    action: 'update',
    certainty: bringer === undefined ? 'exact' : 'provisional',
  } as const;
  const changes: Change[] = [];
  const unmasks = declared.unmask && observed.masked;
  if (unmasks || (masked !== undefined && masked !== observed.masked))
    changes.push({
      ...base,
      ...{ field: 'masked', before: observed.masked, after: !unmasks && masked === true, risk: 'change' },
    });
  if (enabled === true && observed.enabled === false)
    changes.push({ ...base, field: 'enabled', before: observed.boot, after: 'enabled', risk: 'change' });
  if (enabled === false && there && (observed.enabled === true || bringer !== undefined) && !observed.masked)
    changes.push({ ...base, field: 'enabled', before: observed.boot, after: 'disabled', risk: 'change' });
  if (isStale(declared, observed, prospect))
    changes.push({
      ...{ ...base, field: 'definition', before: 'older than its file', after: 'read anew', risk: 'change' },
      why: 'systemd has not read its unit file since it changed',
    });
  if (running === true && !observed.running)
    changes.push({ ...base, field: 'running', before: observed.state, after: 'active', risk: 'change' });
  if (running === false && there && (isUp(observed) || bringer !== undefined))
    changes.push({ ...base, field: 'running', before: observed.state, after: 'inactive', risk: 'disrupt' });
  const [first, ...rest] = changes;
  if (first === undefined || bringer === undefined) return changes;
  return [{ ...first, why: `known after ${bringer}` }, ...rest];
}

/** Also on its way up or down, or started again and again. */
function isUp({ running, state }: Observed): boolean {
  return running || /^(activating|deactivating)/.test(state);
}

/** A start reads the definition anyway; for what runs already it is a change of its own, beside any restart. */
function isStale({ running, name, unit }: ServiceDeclared, observed: Observed, prospect: Prospect): boolean {
  if (running !== true || !observed.running || observed.manager !== 'systemd') return false;
  return observed.stale || changesDefinition({ name, unit, file: observed.file }, prospect);
}

function notesOn(
  declared: ServiceDeclared,
  observed: Observed,
  changes: readonly Change[],
): readonly string[] {
  const { unit, enabled, running } = declared;
  const notes: string[] = [];
  if (enabled !== undefined && observed.exists && observed.enabled === null)
    notes.push(`${unit} is ${observed.boot}: it has no [Install] section, so nothing enables or disables it`);
  if (running === true && observed.state === 'failed')
    notes.push(`${unit} has failed before; its failure is reset`);
  if (declared.refreshBy === 'reload' && observed.exists && !observed.canReload)
    notes.push(`${unit} cannot be reloaded: a watched change restarts it`);
  if (changes.some(({ certainty }) => certainty === 'provisional'))
    notes.push(`there is no ${unit} on the host yet`);
  return notes;
}

function predict({ name, running, enabled, masked }: ServiceDeclared): Diff['predicted'] {
  return {
    ...(running === undefined ? {} : { [`service:${name}#running`]: running }),
    ...(enabled === undefined ? {} : { [`service:${name}#enabled`]: enabled }),
    ...(masked === undefined ? {} : { [`service:${name}#masked`]: masked }),
  };
}
