/** A Python float. Kept apart from int because templates show the difference: `6 / 2` prints `3.0`. */
export interface Float {
  readonly float: number;
}

/** A Python scalar: `number` is an int within ±(2^53-1), `bigint` an int beyond it. */
export type Scalar = null | boolean | number | bigint | Float | string;

/**
 * A value as templates, pillar, grains and state arguments hold it: Python's data model in plain JavaScript.
 * Lists and dicts are mutable because templates mutate them (`do`, `.update`, `.append`).
 */
export type Value = Scalar | Value[] | Dict;

/** A Python dict: keeps insertion order and the type of its keys (`1` and `'1'` are two keys). */
export type Dict = Map<Value, Value>;

/** What is known of a host before anything is compiled for it, under Salt's names (`os_family`, `id` …). */
export type Grains = Dict;
