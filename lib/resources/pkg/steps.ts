import type { Change } from '../../model/change.ts';
import type { Script } from '../../model/script.ts';
import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { joinScripts } from '../../shell/sh.ts';
import { indexPolicy } from './index-age.ts';
import type { PkgObserved } from './observe.ts';
import type { PkgDeclared } from './parse.ts';
import { removedOthers } from './side-effects.ts';
import { compareVersions } from './version.ts';

const apt = scriptFile(import.meta.url, './apt.sh');
const refresh = scriptFile(import.meta.url, './refresh.sh');
const install = scriptFile(import.meta.url, './install.sh');
const remove = scriptFile(import.meta.url, './remove.sh');
const hold = scriptFile(import.meta.url, './hold.sh');

/** apt may wait for another package manager, and a large installation takes its time. */
const timeoutMs = 3_600_000;

/** What to run for these changes: one call of apt for all packages of a declaration. */
export function stepsOfPkg(
  declared: PkgDeclared,
  changes: readonly Change[],
  observed: PkgObserved,
): readonly Step[] {
  const own = changes.filter(({ field }) => field !== 'removes');
  const others = removedOthers(changes);
  const risk = highest(changes);
  if (declared.fun === 'removed' || declared.fun === 'purged') {
    const verb = declared.fun === 'purged' ? 'purge' : 'remove';
    const words = [verb, others.join(' '), ...own.map(nameOf)];
    return [
      { title: `${verb} ${own.map(nameOf).join(', ')}`, script: withApt(remove(words)), risk, timeoutMs },
    ];
  }
  return [
    ...fetching(declared, observed, changes),
    ...installing(declared, own, { others, risk }),
    ...holding(own),
  ];
}

function fetching(declared: PkgDeclared, observed: PkgObserved, changes: readonly Change[]): readonly Step[] {
  if (observed === null) return [];
  const own = changes.filter(({ field }) => field !== 'index');
  const { fetchAfterSeconds } = indexPolicy(declared, observed, own);
  if (fetchAfterSeconds === undefined) return [];
  // With refresh: True once a run: an index a few minutes old was fetched by an earlier state of it.
  const limit = declared.refresh === true ? Math.min(fetchAfterSeconds, 300) : fetchAfterSeconds;
  return [
    {
      title: 'fetch the package index if it is old',
      script: refresh([String(limit)]),
      risk: 'change',
      timeoutMs,
    },
  ];
}

function installing(
  declared: PkgDeclared,
  own: readonly Change[],
  { others, risk }: { readonly others: readonly string[]; readonly risk: Step['risk'] },
): readonly Step[] {
  const changed = own.filter(({ field }) => field !== 'hold');
  if (changed.length === 0) return [];
  const fetched = changed.some(({ field }) => field === 'index');
  const down = changed.some(
    ({ before, after }) =>
      typeof before === 'string' &&
      typeof after === 'string' &&
      isVersion(after) &&
      compareVersions(after, before) < 0,
  );
  const options = [
    ...(declared.release === undefined ? [] : ['-t', declared.release]),
    ...(declared.recommends === undefined ? [] : [`--${declared.recommends ? '' : 'no-'}install-recommends`]),
    ...(declared.onlyUpgrade ? ['--only-upgrade'] : []),
    ...(declared.changesHeld ? ['--allow-change-held-packages'] : []),
    ...(down ? ['--allow-downgrades'] : []),
  ];
  const names = fetched ? declared.packages.map(({ name }) => name) : [...new Set(changed.map(nameOf))];
  const newest = declared.packages.some((wanted) => wanted.newest);
  const words = [
    declared.takesNewConfiguration ? 'new' : 'old',
    others.join(' '),
    options.join(' '),
    changed.some(({ field }) => field === 'state') ? 'settle' : '',
    newest ? 'newest' : 'missing',
    ...names.flatMap((name) => [name, versionFor(name, declared, changed)]),
  ];
  return [{ title: `install ${names.join(', ')}`, script: withApt(install(words)), risk, timeoutMs }];
}

/** A version is named to apt only where the state names one: the index may be newer than the plan. */
function versionFor(name: string, { packages }: PkgDeclared, changed: readonly Change[]): string {
  const wanted = packages.find((each) => each.name === name)?.version;
  const change = changed.find(({ object, field }) => object === `pkg:${name}` && field === 'version');
  if (wanted === undefined || typeof change?.after !== 'string') return '';
  if (isVersion(change.after)) return change.after;
  // A pattern apt understands itself; comparisons it does not.
  return /^[^<>=!,]+$/.test(wanted.text) ? wanted.text : '';
}

function isVersion(text: string): boolean {
  return /^(\d+:)?\d[A-Za-z0-9.+~:-]*$/.test(text);
}

function holding(own: readonly Change[]): readonly Step[] {
  return [true, false].flatMap((held): readonly Step[] => {
    const names = own.filter(({ field, after }) => field === 'hold' && after === held).map(nameOf);
    const verb = held ? 'hold' : 'unhold';
    return names.length === 0
      ? []
      : [{ title: `${verb} ${names.join(', ')}`, script: hold([verb, ...names]), risk: 'change' }];
  });
}

function withApt(script: Script): Script {
  return joinScripts([apt.text, script]);
}

function nameOf({ object }: Change): string {
  return object.slice('pkg:'.length);
}

function highest(changes: readonly Change[]): Step['risk'] {
  const order: readonly Step['risk'][] = ['destroy', 'reboot', 'disrupt', 'change'];
  return order.find((risk) => changes.some((change) => change.risk === risk)) ?? 'change';
}
