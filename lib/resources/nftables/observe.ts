import { createHash } from 'node:crypto';
import type { SectionResult } from '../../model/script.ts';
import type { NftablesDeclared } from './parse.ts';

/** What the host says of one table; null: it did not say. */
export type NftablesObserved = {
  readonly nft: boolean;
  readonly systemd: boolean;
  /** The wanted table as this host's nft lists it, elements of kept sets left out; null: it cannot be loaded. */
  readonly want: string | null;
  /** The table that runs, in the same way; null: there is none. */
  readonly have: string | null;
  /** Why the ruleset cannot be loaded, in nft's words; empty when it can. */
  readonly fault: string;
  /** Tables that the ruleset makes besides. */
  readonly strays: readonly string[];
  /** Tables of others. */
  readonly others: readonly string[];
  /** The boot loads exactly this. */
  readonly stored: boolean;
  /** What became of a login under the new rules; null: not tried. */
  readonly login: string | null;
} | null;

/** Reads the answer of probe.sh. */
export function observeNftables(
  result: SectionResult,
  declared: readonly NftablesDeclared[],
): readonly NftablesObserved[] {
  const [head = '', ...blocks] = new TextDecoder().decode(result.stdout).split(/^table\t/m);
  const nft = /^nft\t(yes|no)$/m.exec(head)?.[1];
  if (result.code !== 0 || nft === undefined) return declared.map(() => null);
  const others = [...head.matchAll(/^other\t(\S+)\t(\S+)$/gm)].map(
    ([, family, name]) => `${family ?? ''} ${name ?? ''}`,
  );
  return declared.map((each, index) => {
    const lines = (blocks[index] ?? '').split('\n').slice(1);
    const part = (mark: string) =>
      lines.filter((line) => line.startsWith(`${mark}\t`)).map((line) => line.slice(mark.length + 1));
    const own = `${each.family} ${each.table}`;
    const want = splitTables(part('want'));
    const listed = want.get(own);
    const have = part('have');
    return {
      nft: nft === 'yes',
      systemd: /^manager\tsystemd$/m.test(head),
      want: listed === undefined ? null : withoutElements(listed, each.keepSets).join('\n'),
      have: have.length === 0 ? null : withoutElements(have, each.keepSets).join('\n'),
      fault: [...part('fault'), ...part('live-fault')]
        .filter((line) => /Error/.test(line))
        .map(inRules)
        .join('; '),
      strays: [...want.keys()].filter((name) => name !== own),
      others: others.filter((name) => name !== own),
      stored: part('unit')[0] === 'enabled' && part('file')[0]?.split(' ')[0] === sha256(`${each.text}\n`),
      login: null,
    };
  });
}

/** A complaint of nft's with the place as it is in the rules that a person wrote: two lines of ours stand before them. */
function inRules(line: string): string {
  return line.replace(
    /^\/dev\/stdin:(\d+):(\d+)-\d+: Error: /,
    (_, at: string, column: string) => `line ${Number(at) - 2}, column ${column}: `,
  );
}

/** A listing of a ruleset, table by table. */
function splitTables(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const tables = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of lines) {
    const name = /^table (\S+ \S+) \{$/.exec(line)?.[1];
    if (name !== undefined) tables.set(name, (current = []));
    if (line !== '' || current.length > 0) current.push(line);
    if (line === '}') current = [];
  }
  return tables;
}

/** As load.sh leaves them out: elements of a set that come at run time are nobody's wish. */
function withoutElements(lines: readonly string[], sets: readonly string[]): readonly string[] {
  let [inside, skip] = [false, false];
  return lines.filter((line) => {
    const name = /^\s*(?:set|map) (\S+)/.exec(line)?.[1];
    if (name !== undefined) inside = sets.includes(name);
    if (inside && /^\s*elements\b/.test(line)) skip = true;
    const isLeftOut = skip;
    if (skip && /\}\s*$/.test(line)) skip = false;
    return !isLeftOut;
  });
}

/** The hash of a text, as sha256sum(1) prints it. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
