import { compareHostname, type SeenHostname } from '../../hostname/compare.ts';
import type { Change } from '../../model/change.ts';
import type { Diff } from '../../model/resource.ts';
import type { Compared } from '../../network/comparison.ts';
import { keyOf } from './objects.ts';
import { type Declared, type Part, partsOf, type SeenPart } from './parts.ts';

/** What differs of a state, part by part; where one of them cannot be, nothing of the state is done. */
export function diffNetwork(declared: Declared, seen: readonly SeenPart[]): Diff {
  const diffs = partsOf(declared).map((part, at) => diffOf(part, seen[at] ?? null));
  const [only] = diffs;
  if (diffs.length === 1 && only !== undefined) return only;
  const all = (key: 'problems' | 'notes' | 'shortfalls') => {
    const found = [...new Set(diffs.flatMap((each) => each[key] ?? []))];
    return found.length > 0 ? { [key]: found } : {};
  };
  if (diffs.some(({ problems = [] }) => problems.length > 0))
    return { changes: [], predicted: {}, ...all('problems'), ...all('notes') };
  const access = diffs.find((each) => each.access !== undefined)?.access;
  return {
    changes: diffs.flatMap(({ changes }) => changes),
    predicted: Object.assign({}, ...diffs.map(({ predicted }) => predicted)) as Diff['predicted'],
    ...{ ...all('notes'), ...all('shortfalls') },
    ...(access === undefined ? {} : { access }),
  };
}

function diffOf(part: Part, seen: SeenPart): Diff {
  if (part.is === 'hostname') return compareHostname(part, seen as SeenHostname);
  if (seen === null)
    return {
      changes: [],
      predicted: {},
      problems: ['the host did not say how its network is (is there ip, of iproute2?)'],
    };
  return diffCompared(keyOf(part), seen as Compared);
}

function diffCompared(object: string, seen: Compared): Diff {
  const changes = changesOf(object, seen);
  const problems = [...seen.problems, ...(changes.length > 0 ? seen.refusals : [])];
  const notes = seen.notes.length > 0 ? { notes: seen.notes } : {};
  if (problems.length > 0) return { changes: [], predicted: {}, problems, ...notes };
  const { shortfalls = [] } = seen;
  const access = changes.length > 0 && seen.access !== '' ? { access: seen.access } : {};
  return {
    ...{ changes, predicted: changes.length > 0 ? { [object]: true } : {}, ...notes, ...access },
    ...(shortfalls.length > 0 ? { shortfalls } : {}),
  };
}

/** What runs and what is stored are two things: either may be right without the other. */
function changesOf(object: string, seen: Compared): readonly Change[] {
  const running = seen.differences.map(({ field, action, before, after }): Change => ({
    ...{ object, field, action, before, after, risk: 'disrupt', certainty: 'exact' },
  }));
  const risk = running.length > 0 || seen.access !== '' ? 'disrupt' : 'change';
  // One of netplan's files may be about several interfaces.
  const stored = [...new Map(seen.files.map((file) => [file.path, file])).values()]
    .filter(({ want, have }) => want !== have)
    .map(({ path, want, have, former }): Change => {
      const action = have === null ? 'create' : want === null ? 'remove' : 'update';
      const why =
        former === undefined
          ? 'the next boot reads it'
          : `stored also by ${path}, of a state that was called ${former}: removed`;
      return {
        ...{ object, field: 'stored', action, before: have === null ? null : 'otherwise' },
        ...{ after: want === null ? null : path, risk, certainty: 'exact', why },
        text: { before: have, after: want, hidden: false },
      };
    });
  return [...running, ...stored];
}
