import type { RequisiteType } from '../model/state.ts';

/** Requisites that order the run, in the order in which Salt's scheduler pulls them. */
export const ORDERING: readonly RequisiteType[] = [
  'require',
  'require_any',
  'watch',
  'watch_any',
  'prereq',
  'onfail',
  'onfail_any',
  'onfail_all',
  'onchanges',
  'onchanges_any',
];

/** Every requisite written on the state that waits. */
export const FORWARD: ReadonlySet<string> = new Set<string>([...ORDERING, 'listen']);

/** Every requisite written on the other side, with the one it becomes there. */
export const BACKWARD: ReadonlyMap<string, string> = new Map(
  [...FORWARD].map((type): [string, string] => [`${type}_in`, type]),
);

/** Whether an argument names other states: its value is a list of them, and extending it appends. */
export function isRequisite(argument: string): boolean {
  return FORWARD.has(argument) || BACKWARD.has(argument) || argument === 'use' || argument === 'use_in';
}
