import type { Chunk } from '../model/state.ts';

/** Whether something keeps a state that acts each time it runs from running each time. */
export function isConditional(chunk: Chunk): boolean {
  const conditions = ['creates', 'unless', 'onlyif'];
  const requisites: readonly string[] = [
    'onchanges',
    'onchanges_any',
    'onfail',
    'onfail_any',
    'onfail_all',
    'prereq',
  ];
  return (
    conditions.some((name) => chunk.args.has(name)) ||
    chunk.requisites.some((requisite) => requisites.includes(requisite.type))
  );
}

/** An ID that no other state of its kind has on a host: those that `names` makes of one ID differ in a fraction of their order. */
export function uniqueId(chunk: Chunk, name = chunk.name): string {
  return Number.isInteger(chunk.order) ? chunk.id : `${chunk.id}/${name}`;
}
