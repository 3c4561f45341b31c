import type { Native } from '../python/native.ts';
import { digestFilters } from './salt-digests.ts';
import { iteratorFilters } from './salt-iterators.ts';
import { listFilters } from './salt-lists.ts';
import { nestedKeyFilters } from './salt-nested-keys.ts';
import { regexFilters } from './salt-regex.ts';
import { setFilters } from './salt-sets.ts';
import { saltDataFilters } from './salt-data.ts';
import { saltNumberFilters } from './salt-numbers.ts';
import { saltTextFilters } from './salt-text.ts';
import { timeFilters } from './salt-time.ts';
import { traverseFilters } from './salt-traverse.ts';

/** Salt's own filters, those that ask nothing of a host. */
export const saltFilters: readonly Native[] = [
  ...digestFilters,
  ...iteratorFilters,
  ...listFilters,
  ...nestedKeyFilters,
  ...regexFilters,
  ...setFilters,
  ...saltDataFilters,
  ...saltNumberFilters,
  ...saltTextFilters,
  ...timeFilters,
  ...traverseFilters,
];
