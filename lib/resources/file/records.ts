import { SlabError } from '../../diagnostics/errors.ts';
import type { SectionResult } from '../../model/script.ts';

/** The records of an answer, one after the other; each ends in NUL. */
export interface Records {
  /** The next record. */
  text(): string;
  /** The next record, line by line. */
  lines(): { next(): string };
  /** The mark at the end of a part. */
  expectEnd(): void;
  /** What to throw when a record makes no sense. */
  broken(): SlabError;
}

/** Opens an answer; asking for more than is there throws. */
export function openRecords(result: SectionResult): Records {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let from = 0;
  const broken = (): SlabError =>
    new SlabError(
      'SLAB4101',
      `the answer about files broke off${result.stderr === '' ? '' : `: ${result.stderr.trim()}`}`,
      {
        fix: 'run it again; the files may have changed while they were looked at',
      },
    );
  const text = (): string => {
    const end = result.stdout.indexOf(0, from);
    if (end < 0) throw broken();
    const record = decoder.decode(result.stdout.subarray(from, end));
    from = end + 1;
    return record;
  };
  const lines = (): { next(): string } => {
    const all = text().split('\n');
    let at = 0;
    return { next: () => all[at++] ?? '' };
  };
  const expectEnd = (): void => {
    if (text() !== 'end') throw broken();
  };
  return { text, lines, expectEnd, broken };
}
