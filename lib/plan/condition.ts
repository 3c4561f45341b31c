/** Salt's `unless`, `onlyif` and `creates` of one chunk. */
export interface Conditions {
  /** Shell commands; the state is left out only if every one of them succeeds. */
  readonly unless: readonly string[];
  /** Shell commands; the state is left out if one of them fails. */
  readonly onlyif: readonly string[];
  /** Paths; the state is left out if all of them exist. */
  readonly creates: readonly string[];
}

/** What a host answered to the conditions of one chunk. */
export interface ConditionAnswer {
  /** Exit codes in the order of the commands; `null` where one was not run. */
  readonly unless: readonly (number | null)[];
  readonly onlyif: readonly (number | null)[];
  /** Whether each path exists. */
  readonly creates: readonly boolean[];
  /** Of conditions that are calls, by `unless 0`: what the host said. */
  readonly heard?: ReadonlyMap<string, HeardCall>;
}

/** What a host said to a call in the plan. */
export interface HeardCall {
  /** 0 for yes, 1 for no; undefined when it could not say. */
  readonly code: number | undefined;
  readonly problem?: string;
  /** Of the script's output and exit code: where they are the same again, so is the answer. */
  readonly digest: string;
}

/** Why a chunk is left out, or undefined when it is to be brought about. */
export function conditionSaysNo(conditions: Conditions, answer: ConditionAnswer): string | undefined {
  const failing = answer.onlyif.findIndex((code) => code !== 0);
  if (failing >= 0) return `onlyif is not met: ${conditions.onlyif[failing] ?? ''}`;
  if (conditions.unless.length > 0 && answer.unless.every((code) => code === 0)) {
    return `unless is met: ${conditions.unless.join('; ')}`;
  }
  if (conditions.creates.length > 0 && answer.creates.every(Boolean))
    return `${conditions.creates.join(', ')} exists`;
  return undefined;
}

/** True when the answer may be another one after earlier steps ran: commands can look at anything, a path only at itself. */
export function dependsOnCommands(conditions: Conditions): boolean {
  return conditions.unless.length > 0 || conditions.onlyif.length > 0;
}
