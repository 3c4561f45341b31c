import type { Change } from '../model/change.ts';
import type { Json } from '../model/json.ts';
import type { Diff, Prospect } from '../model/resource.ts';
import type { DeviceVerdict } from './device-verdict.ts';
import { judgeDevice, type DeviceWish, type StorageObserved } from './device-looks.ts';
import { refusalOf } from './device-words.ts';
import type { HostFacts } from './facts.ts';
import type { MakeDevice } from './make-script.ts';

/** A device that a state names, and what is decided on it. */
export interface JudgedDevice {
  readonly wish: DeviceWish;
  readonly verdict: DeviceVerdict;
}

/** Decides on each of several devices. */
export function judgeDevices(
  wishes: readonly DeviceWish[],
  observed: StorageObserved,
  prospect: Prospect,
): readonly JudgedDevice[] {
  return wishes.map((wish) => ({ wish, verdict: judgeDevice(wish, observed, prospect) }));
}

/** Why nothing is made of them, for each that is refused. */
export function refusalsOf(judged: readonly JudgedDevice[]): readonly string[] {
  return judged.flatMap(({ wish, verdict }) =>
    ['refuse', 'look'].includes(verdict.action.do) ? [refusalOf(wish.name, verdict, wish.records)] : [],
  );
}

/** Notes on names: one that may mean another disk after the next boot. */
export function notesOf(judged: readonly JudgedDevice[]): readonly string[] {
  return judged.flatMap(({ verdict }) => (verdict.note === undefined ? [] : [verdict.note]));
}

/** What of the diff says whose promises its changes stand on. */
export function standingOn(judged: readonly Pick<JudgedDevice, 'verdict'>[]): Pick<Diff, 'standsOn'> {
  const standsOn = judged.flatMap(({ verdict }) => verdict.promise ?? []);
  return standsOn.length === 0 ? {} : { standsOn };
}

/** Arrays that were put together of unfinished members, are not started, and have to be stopped first. */
export function heldOf(judged: readonly Pick<JudgedDevice, 'verdict'>[]): readonly string[] {
  const held = judged.flatMap(({ verdict: { action } }) => (action.do === 'make' ? (action.held ?? []) : []));
  return [...new Set(held)];
}

/** What a change makes. */
interface Made {
  readonly object: string;
  readonly field: string;
  readonly after: Json;
}

/** The change that makes something of devices. What the plan saw of each stands in `before`: its step is built from that. */
export function makingChange(judged: readonly JudgedDevice[], made: Made): Change {
  const [only, ...more] = judged;
  const before =
    only !== undefined && more.length === 0
      ? only.verdict.state
      : Object.fromEntries(judged.map(({ wish, verdict }) => [wish.name, verdict.state]));
  const approved = judged.some(
    ({ verdict: { action } }) => action.do === 'make' && action.mode === 'approved',
  );
  return {
    ...made,
    action: 'create',
    before,
    risk: approved ? 'destroy' : 'change',
    certainty:
      judged.some(({ verdict }) => verdict.state === 'PROMISED') || heldOf(judged).length > 0
        ? 'provisional'
        : 'exact',
    why: judged
      .map(({ wish, verdict }) => `${more.length > 0 ? `${wish.name}: ` : ''}${verdict.evidence.join('; ')}`)
      .join('; '),
  };
}

/** The devices of such a change as its step has to prove them, each as the plan saw it. */
export function orderDevices(
  wishes: readonly DeviceWish[],
  { before }: Change,
  { observed, becomes }: { readonly observed: StorageObserved; readonly becomes?: string },
): readonly MakeDevice[] {
  const states: Readonly<Record<string, Json>> =
    typeof before === 'object' && before !== null && !Array.isArray(before)
      ? (before as Readonly<Record<string, Json>>)
      : { [wishes[0]?.name ?? '']: before };
  return wishes.flatMap((wish): readonly MakeDevice[] => {
    const state = states[wish.name];
    if (state === undefined) return [];
    const base = { name: wish.name, ...(becomes === undefined ? {} : { becomes }) };
    const { action, device } = judgeDevice(wish, observed);
    if (state === 'PROMISED' || action.do !== 'make' || device === undefined)
      return [{ ...base, mode: 'promised' }];
    const { mode, fingerprint, head, tail, array } = action;
    return [
      {
        ...{ ...base, mode, device },
        ...(fingerprint === undefined ? {} : { fingerprint }),
        ...(head === undefined ? {} : { head }),
        ...(tail === undefined ? {} : { tail }),
        ...(array === undefined ? {} : { array }),
      },
    ];
  });
}

/** Why a tool is not there; undefined when it is, or an earlier state of the plan installs its package. */
export function lacksTool(
  facts: HostFacts,
  { tool, pkg }: { readonly tool: string; readonly pkg: string },
  prospect: Prospect,
): string | undefined {
  if (facts.tools[tool] !== undefined) return undefined;
  if (prospect.earlier.some(({ object }) => object === `pkg:${pkg}`)) return undefined;
  return `${tool} is not installed (Debian: package ${pkg}, without what it recommends: --no-install-recommends)`;
}
