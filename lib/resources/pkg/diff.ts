import type { Change } from '../../model/change.ts';
import type { Diff, Prospect } from '../../model/resource.ts';
import { differenceOf } from './differences.ts';
import { indexNotes, indexPolicy } from './index-age.ts';
import type { PkgObserved } from './observe.ts';
import type { PkgDeclared } from './parse.ts';
import { sideEffects } from './side-effects.ts';

/** What differs between declared packages and those that were seen. */
export function diffPkg(declared: PkgDeclared, observed: PkgObserved, prospect: Prospect): Diff {
  if (observed === null)
    return { changes: [], predicted: {}, problems: ['the host did not answer for its packages'] };
  if (!observed.apt)
    return {
      changes: [],
      predicted: {},
      problems: ['this host has neither dpkg nor apt, and slab manages no other packages yet'],
    };
  if (observed.unreadable !== null)
    return {
      changes: [],
      predicted: {},
      problems: [`the packages of this host cannot be read: ${observed.unreadable}`],
    };
  const found = declared.packages.map((wanted) => differenceOf(wanted, { declared, observed, prospect }));
  const own = found.flatMap(({ changes }) => changes);
  const index = indexPolicy(declared, observed, own);
  const fetches = index.isChange ? [indexChange(declared)] : [];
  const side =
    own.length === 0 ? { changes: [], problems: [], notes: [] } : sideEffects(declared, observed, own);
  const uncertain = own.some(({ certainty }) => certainty === 'provisional');
  const problems = [
    ...found.flatMap((each) => each.problems),
    // What apt says of today's index means little when an earlier change alters it.
    ...(uncertain ? [] : side.problems),
  ];
  const notes = [
    ...found.flatMap((each) => each.notes),
    ...side.notes,
    ...indexNotes(declared, observed, index),
  ];
  return {
    changes: problems.length > 0 ? [] : [...fetches, ...own, ...side.changes],
    predicted: problems.length > 0 ? {} : Object.fromEntries(found.map((each) => [each.key, each.predicted])),
    ...(problems.length > 0 ? { problems } : {}),
    ...(notes.length > 0 ? { notes } : {}),
  };
}

/** The one change when nothing else is known to differ: whether there is something newer shows only afterwards. */
function indexChange({ packages }: PkgDeclared): Change {
  return {
    ...{ object: `pkg:${packages[0]?.name ?? ''}`, field: 'index', action: 'run' },
    ...{ before: null, after: 'apt-get update', risk: 'change', certainty: 'provisional' },
    why: 'the package index is too old to tell which version is the newest',
  };
}
