import type { LookFor } from '../../disks/verdict.ts';
import type { Answer } from '../../disks/facts.ts';
import { parseFacts } from '../../disks/parse-facts.ts';
import { readLook, type Look } from '../../disks/read-look.ts';
import { lookScript } from '../../disks/scripts.ts';
import type { SectionResult } from '../../model/script.ts';
import type { Look as KindLook } from '../../model/step.ts';
import { judgeDisks } from './judge.ts';
import type { DiskObserved } from './observed.ts';
import type { DiskDeclared } from './parse.ts';

/** Reads the answer of facts.sh: the same for every declaration. */
export function observeDisks(
  result: SectionResult,
  declared: readonly DiskDeclared[],
): readonly DiskObserved[] {
  const facts = parseFacts(result);
  return declared.map(() => ({ facts, looks: {} }));
}

interface Asked extends KindLook {
  readonly name: string;
  readonly at: number;
}

/** Closer looks at the disks of which the facts do not say enough; none when all are ready and mounted. */
export function deepenDisks(
  declared: readonly DiskDeclared[],
  observed: readonly DiskObserved[],
): readonly Asked[] {
  return declared.flatMap((each, at) => {
    const seen = observed[at];
    if (seen?.facts.read !== true) return [];
    const facts = seen.facts.value;
    return judgeDisks(each, seen).flatMap(({ disk, verdict }) => {
      if (verdict.action.do !== 'look') return [];
      const approved = each.records.approvals.some((approval) => approval.serial === disk.serial);
      const wanted: readonly LookFor[] = [
        ...new Set([...verdict.action.for, ...(approved ? (['fingerprint'] as const) : [])]),
      ];
      return [
        {
          name: disk.block.name,
          at,
          title: `disk ${disk.serial}: ${TITLES[wanted[0] ?? 'blank']}`,
          script: lookScript(disk, facts, { wanted, filesystem: each.filesystem }),
        },
      ];
    });
  });
}

const TITLES: Readonly<Record<LookFor, string>> = {
  blank: 'is it blank?',
  peek: 'is it ours?',
  fingerprint: 'is it what was approved?',
  finished: 'is it whole?',
};

/** Puts the answers of closer looks where they belong. */
export function observeDeeper(
  results: readonly SectionResult[],
  declared: readonly DiskDeclared[],
  observed: readonly DiskObserved[],
): readonly DiskObserved[] {
  const asked = deepenDisks(declared, observed);
  return observed.map((seen, at) => {
    const looks = asked.flatMap((each, i): [string, Answer<Look>][] => {
      if (each.at !== at) return [];
      const result = results[i];
      return [
        [
          each.name,
          result === undefined ? { read: false, why: 'the closer look was not answered' } : readLook(result),
        ],
      ];
    });
    return { ...seen, looks: Object.fromEntries(looks) };
  });
}
