import { type EditResult, endLine, joinLines, splitLines } from './lines.ts';
import { compilePattern, editBudget, LINE_PATTERN } from './python-regex.ts';

/** Salt's file.blockreplace: what stands between two lines with markers. */
export interface BlockEdit {
  readonly op: 'block';
  readonly start: string;
  readonly end: string;
  /** Ends in a newline unless it is empty or that was refused. */
  readonly content: string;
  /** Where to put the whole block when the markers are not there. */
  readonly otherwise?: 'append' | 'prepend';
  /** Before or after the first line that matches this pattern of Python's `re`, when the markers are not there. */
  readonly beside?: { readonly pattern: string; readonly where: 'before' | 'after' };
}

/** Replaces what is between the markers; both markers belong to exactly one line each. */
export function applyBlock(edit: BlockEdit, text: string): EditResult {
  const { lines, ended } = splitLines(text);
  const start = lines.findIndex((line) => line.includes(edit.start));
  const after = lines.findIndex(
    (line, at) => at >= start && start >= 0 && line.includes(edit.end) && at > start,
  );
  const inside = splitLines(edit.content).lines;
  if (start >= 0 && after < 0)
    return { problem: `the block begins with "${edit.start}" but never ends with "${edit.end}"` };
  if (start < 0 && lines.some((line) => line.includes(edit.end)))
    return { problem: `the block ends with "${edit.end}" but never begins with "${edit.start}"` };
  if (start >= 0)
    return {
      text: joinLines({ lines: [...lines.slice(0, start + 1), ...inside, ...lines.slice(after)], ended }),
    };

  const block = [edit.start, ...inside, edit.end];
  if (edit.beside !== undefined) {
    const compiled = compilePattern(edit.beside.pattern, LINE_PATTERN);
    if ('fault' in compiled) return { problem: compiled.fault };
    const budget = editBudget();
    const at = lines.findIndex((line) => compiled.regex.find(line, 'search', budget) !== undefined);
    if (at < 0) return { problem: 'no line matches the place where the block belongs' };
    const place = edit.beside.where === 'before' ? at : at + 1;
    return {
      text: joinLines({ lines: [...lines.slice(0, place), ...block, ...lines.slice(place)], ended: true }),
    };
  }
  const whole = `${block.join('\n')}\n`;
  if (edit.otherwise === 'append') return { text: endLine(text) + whole };
  if (edit.otherwise === 'prepend') return { text: whole + text };
  return {
    problem: `no line has the marker "${edit.start}": add append_if_not_found or prepend_if_not_found`,
  };
}
