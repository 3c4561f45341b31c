/** What the process says to its caller. When several apply, `worstExitCode` picks. */
export const exitCodes = {
  done: 0,
  bug: 1,
  differences: 2,
  badInput: 3,
  incomplete: 4,
  applyFailed: 5,
  refused: 6,
  halted: 7,
  interrupted: 130,
  terminated: 143,
} as const;

const WORST_FIRST: readonly number[] = [
  exitCodes.bug,
  exitCodes.badInput,
  exitCodes.refused,
  exitCodes.applyFailed,
  exitCodes.halted,
  exitCodes.interrupted,
  exitCodes.terminated,
  exitCodes.incomplete,
  exitCodes.differences,
  exitCodes.done,
];

/** The code to exit with when several things are true at once; 0 when none is. */
export function worstExitCode(found: Iterable<number>): number {
  const all = new Set(found);
  return WORST_FIRST.find((code) => all.has(code)) ?? exitCodes.done;
}
