import { type EditResult, indentOf, joinLines, splitLines } from './lines.ts';
import { compilePattern, editBudget, LINE_PATTERN } from './python-regex.ts';

/** Salt's file.comment and file.uncomment: lines that match get a comment character, or lose it. */
export interface CommentEdit {
  readonly op: 'comment' | 'uncomment';
  /** Of the line without comment character; Python's `re`. */
  readonly regex: string;
  readonly char: string;
  /** Nothing to find is no mistake. */
  readonly ignoreMissing: boolean;
}

/** Comments, or takes comments away; what is so already stays. */
export function applyComment({ op, regex, char, ignoreMissing }: CommentEdit, text: string): EditResult {
  const bare = regex.replace(/^\^/, '').replace(/(?<!\\)((?:\\\\)*)\$$/, '$1');
  const ends = bare.length < regex.replace(/^\^/, '').length ? '$' : '';
  const begins = regex.startsWith('^') ? '^' : '';
  const compiled = compilePattern(`${begins}(?:${bare})${ends}`, LINE_PATTERN);
  if ('fault' in compiled) return { problem: compiled.fault };
  const budget = editBudget();
  const fits = (line: string): boolean => compiled.regex.find(line, 'search', budget) !== undefined;
  const { lines, ended } = splitLines(text);
  const parts = lines.map((line) => ({ line, ...split(line, char) }));
  const matches = ({ line, indent, commented, rest }: (typeof parts)[number]): boolean =>
    commented ? fits(indent + rest) || fits(rest) : fits(line);
  const found = parts.some(matches);
  const edited = parts.map((part) => {
    const { line, indent, commented, rest } = part;
    if (!matches(part)) return line;
    if (op === 'comment') return commented ? line : `${char}${line}`;
    return commented ? indent + rest : line;
  });
  if (!found && !ignoreMissing)
    return { problem: `no line matches ${regex}, with or without "${char}" before it` };
  return { text: joinLines({ lines: edited, ended }) };
}

/** A line without its comment character and the blank after it, and whether there was one. */
function split(
  line: string,
  char: string,
): { readonly indent: string; readonly commented: boolean; readonly rest: string } {
  const indent = indentOf(line);
  const body = line.slice(indent.length);
  const commented = body.startsWith(char);
  return { indent, commented, rest: commented ? body.slice(char.length).replace(/^ /, '') : body };
}
