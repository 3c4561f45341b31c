import type { ExchangeListener } from '../model/ports.ts';
import type { Section, SectionResult } from '../model/script.ts';
import type { Grains } from '../model/value.ts';
import type { ExaminedChunk } from '../plan/predicted.ts';
import { byKind } from './examine-host.ts';

/** How far the looks have come. */
export interface LookProgress {
  /** What is being looked at. */
  readonly what: string;
  /** Looks that have ended, and all there are. */
  readonly done: number;
  readonly total: number;
}

/** How looks reach the host. */
export interface LookPort {
  readonly exchange: (
    sections: readonly Section[],
    listener: ExchangeListener,
  ) => Promise<readonly SectionResult[]>;
  readonly progress: (progress: LookProgress) => void;
  /** A look says how far it is. @param what the look's title. */
  readonly told?: (what: string, words: readonly string[]) => void;
}

interface Asking {
  readonly chunks: readonly ExaminedChunk[];
  /** Names of the sections that answer, in the order of the kind's looks. */
  readonly sections: readonly string[];
}

/**
 * Lets every kind look once more at what its probe left open: one exchange at most, none when nothing is open. Equal
 * looks are sent once. A look that failed is the kind's to judge: it gets the exit code.
 * @param wanted chunks that nothing more need be known of are left out.
 */
export async function lookDeeper(
  examined: readonly ExaminedChunk[],
  grains: Grains,
  port: LookPort,
  wanted: (chunk: ExaminedChunk) => boolean = () => true,
): Promise<readonly ExaminedChunk[]> {
  const sections: (Section & { readonly title: string })[] = [];
  const asking: Asking[] = [];
  const open = examined.filter((each) => each.problem === undefined && wanted(each));
  for (const chunks of byKind(open).values()) {
    const looks = chunks[0]?.kind.deepen?.(declaredOf(chunks), observedOf(chunks), grains) ?? [];
    if (looks.length === 0) continue;
    const names = looks.map(({ title, script }) => {
      const same = sections.find((section) => section.script.text === script.text);
      if (same !== undefined) return same.name;
      const name = `look.${sections.length}`;
      sections.push({ name, script, title });
      return name;
    });
    asking.push({ chunks, sections: names });
  }
  if (sections.length === 0) return examined;

  let done = 0;
  const titles = new Map(sections.map(({ name, title }) => [name, title]));
  const results = await port.exchange(
    sections.map(({ name, script }) => ({ name, script })),
    {
      started: (name) => port.progress({ what: titles.get(name) ?? name, done, total: sections.length }),
      finished: () => void (done += 1),
      told: (name, words) => port.told?.(titles.get(name) ?? name, words),
    },
  );
  const answers = new Map(results.map((result) => [result.name, result]));
  const deeper = new Map<ExaminedChunk, ExaminedChunk>();
  for (const { chunks, sections: names } of asking) {
    const own = names.flatMap((name) => answers.get(name) ?? []);
    const seen = chunks[0]?.kind.observeDeeper?.(own, declaredOf(chunks), observedOf(chunks)) ?? [];
    chunks.forEach((chunk, i) => deeper.set(chunk, { ...chunk, observed: seen[i] ?? chunk.observed }));
  }
  return examined.map((each) => deeper.get(each) ?? each);
}

function declaredOf(chunks: readonly ExaminedChunk[]) {
  return chunks.map((each) => each.declared);
}

function observedOf(chunks: readonly ExaminedChunk[]) {
  return chunks.map((each) => each.observed);
}
