import type { SaltOptions } from '../model/salt-options.ts';
import type { Wanted } from './wanted.ts';
import type { TopFile, TopSection, TopTarget } from './top.ts';

/** The top file of one saltenv, followed by those it includes; none where the saltenv has no top file. */
export interface TopsOf {
  readonly saltenv: string;
  readonly files: readonly TopFile[];
}

/** Sections by saltenv, targets by expression, both in the order in which they were first seen. */
type Merged = Map<string, Map<string, TopTarget>>;

/**
 * Merges the top files of all saltenvs (salt/state.py: BaseHighState.merge_tops). A target that two of them have keeps
 * its place and takes the later SLS, except with `merge_all`, which joins them.
 */
export function mergeTops(
  tops: readonly TopsOf[],
  { topFileMergingStrategy, defaultTop }: Pick<SaltOptions, 'topFileMergingStrategy' | 'defaultTop'>,
): readonly TopTarget[] {
  const merged: Merged = new Map();
  switch (topFileMergingStrategy) {
    case 'merge':
      mergeBaseFirst(merged, tops);
      break;
    case 'same':
      mergeSame(merged, tops, defaultTop);
      break;
    case 'merge_all':
      for (const section of sectionsOf(tops)) add(merged, section, joinTargets);
      break;
  }
  return targetsOf(merged);
}

/** Merges the top files of pillar: every section of every file counts (salt/pillar: Pillar.merge_tops). */
export function mergePillarTops(tops: readonly TopsOf[]): readonly TopTarget[] {
  const merged: Merged = new Map();
  for (const section of sectionsOf(tops)) add(merged, section);
  return targetsOf(merged);
}

/** `base` says what holds for every saltenv; another one speaks for itself, where `base` is silent about it. */
function mergeBaseFirst(merged: Merged, tops: readonly TopsOf[]): void {
  for (const section of sectionsOf(tops.filter(({ saltenv }) => saltenv === 'base'))) add(merged, section);
  for (const top of tops)
    if (top.saltenv !== 'base')
      for (const section of sectionsOf([top]))
        if (section.saltenv === top.saltenv && !merged.has(section.saltenv)) add(merged, section);
}

function mergeSame(merged: Merged, tops: readonly TopsOf[], defaultTop: string): void {
  const isEmpty = ({ files }: TopsOf): boolean => files.every((file) => file.sections.length === 0);
  for (const top of tops) {
    const source = isEmpty(top) ? tops.filter(({ saltenv }) => saltenv === defaultTop) : [top];
    for (const section of sectionsOf(source)) if (section.saltenv === top.saltenv) add(merged, section);
  }
}

function add(
  merged: Merged,
  section: TopSection,
  join: (first: TopTarget, second: TopTarget) => TopTarget = (_first, second) => second,
): void {
  for (const target of section.targets) {
    const targets = merged.get(section.saltenv) ?? new Map<string, TopTarget>();
    merged.set(section.saltenv, targets);
    const first = targets.get(target.expression);
    targets.set(target.expression, first === undefined ? target : join(first, target));
  }
}

/** The matcher of the second counts, where it has one. */
function joinTargets(first: TopTarget, second: TopTarget): TopTarget {
  const present = new Set(first.sls.map(slsKey));
  return {
    ...first,
    matcher: second.matcher === 'compound' ? first.matcher : second.matcher,
    sls: [...first.sls, ...second.sls.filter((wanted) => !present.has(slsKey(wanted)))],
    subfilters: [
      ...first.subfilters,
      ...second.subfilters.map((each) => ({ ...each, at: each.at + first.sls.length })),
    ],
  };
}

function slsKey({ saltenv = '', name }: Wanted): string {
  return `${saltenv}:${name}`;
}

function sectionsOf(tops: readonly TopsOf[]): readonly TopSection[] {
  return tops.flatMap(({ files }) => files.flatMap((file) => file.sections));
}

function targetsOf(merged: Merged): readonly TopTarget[] {
  return [...merged.values()].flatMap((targets) => [...targets.values()]);
}
