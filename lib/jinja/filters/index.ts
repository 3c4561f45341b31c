import type { Native } from '../python/native.ts';
import { absentFilters } from './salt-absent.ts';
import { dataFilters } from './data.ts';
import { networkFilters } from './salt-network.ts';
import { numberFilters } from './numbers.ts';
import { randomFilters } from './random.ts';
import { saltFilters } from './salt.ts';
import { selectFilters } from './select.ts';
import { sequenceFilters } from './sequences.ts';
import { textFilters } from './text.ts';

/** Jinja's filters and those of Salt that need nothing from outside; where both have one it is Salt's. */
export const builtinFilters: ReadonlyMap<string, Native> = new Map(
  [
    ...absentFilters,
    ...textFilters,
    ...numberFilters,
    ...sequenceFilters,
    ...selectFilters,
    ...dataFilters,
    ...randomFilters,
    ...saltFilters,
    ...networkFilters,
  ].map((filter) => [filter.name, filter]),
);
