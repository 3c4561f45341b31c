import { scriptFile } from '../shell/script-file.ts';
import type { Script } from '../model/script.ts';
import type { TableCopy } from './verdict.ts';

/** Functions that write the damaged copy of a GPT anew from the other one. */
export const tableCopiesScript: Script = scriptFile(import.meta.url, './table-copies.sh').text;

/** Which copy of a GPT is damaged, where sfdisk says that of one and nothing else; undefined for whatever else it says. */
export function damagedCopyOf(warnings: readonly string[]): TableCopy | undefined {
  const [warning = '', ...others] = warnings;
  const [, damaged] =
    /^The (primary|backup) GPT table is corrupt, but the (?:backup|primary) appears OK, so that will be used\.$/.exec(
      warning,
    ) ?? [];
  if (others.length > 0) return undefined;
  return damaged === 'primary' || damaged === 'backup' ? damaged : undefined;
}

/** What of a table is damaged, in words; facts.sh says of an end of the disk that it cannot be read. */
export function describeDamage(warning: string): string {
  const [, end] = /^unreadable: (.+)$/.exec(warning) ?? [];
  return end === undefined
    ? `one copy of its table is damaged: ${warning}`
    : `${end} cannot be read, so nothing is mended: the disk is failing. Replace it while the other copy can be read`;
}
