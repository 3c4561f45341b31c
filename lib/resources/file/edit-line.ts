import { type EditResult, indentOf, joinLines, splitLines } from './lines.ts';
import { compilePattern, editBudget, LINE_PATTERN } from './python-regex.ts';

/** Salt's file.line: one line, by what it holds or where it stands. */
export interface LineEdit {
  readonly op: 'line';
  readonly mode: 'ensure' | 'replace' | 'delete' | 'insert';
  readonly content: string;
  /** Patterns of Python's `re`, or plain text that a line contains. */
  readonly match?: string;
  readonly before?: string;
  readonly after?: string;
  readonly location?: 'start' | 'end';
  /** The new line takes the indent of the one it replaces or stands beside. */
  readonly indent: boolean;
}

/** Ensures, replaces, deletes or inserts the line. */
export function applyLine(edit: LineEdit, text: string): EditResult {
  const { lines, ended } = splitLines(text);
  const edited = editLines(edit, lines);
  if ('problem' in edited) return edited;
  return { text: joinLines({ lines: edited.lines, ended: ended || edited.lines.length > lines.length }) };
}

type EditedLines = { readonly lines: readonly string[] } | { readonly problem: string };

function editLines(edit: LineEdit, lines: readonly string[]): EditedLines {
  switch (edit.mode) {
    case 'delete': {
      const matches = finder(edit.match ?? edit.content);
      return { lines: lines.filter((line) => !matches(line)) };
    }
    case 'replace': {
      const matches = finder(edit.match ?? edit.content);
      return { lines: lines.map((line) => (matches(line) ? like(edit, line) : line)) };
    }
    case 'insert':
      return insert(edit, lines);
    case 'ensure':
      return ensure(edit, lines);
  }
}

function insert(edit: LineEdit, lines: readonly string[]): EditedLines {
  if (edit.location === 'start')
    return { lines: isContent(edit, lines[0]) ? lines : [edit.content, ...lines] };
  if (edit.location === 'end')
    return { lines: isContent(edit, lines.at(-1)) ? lines : [...lines, edit.content] };
  return ensure(edit, lines);
}

/** Between two lines it becomes all there is; beside one it is the neighbour. */
function ensure(edit: LineEdit, lines: readonly string[]): EditedLines {
  const after = edit.after === undefined ? undefined : only(lines, edit.after, 'after');
  const before = edit.before === undefined ? undefined : only(lines, edit.before, 'before');
  if (typeof after === 'string') return { problem: after };
  if (typeof before === 'string') return { problem: before };
  if (after !== undefined && before !== undefined) {
    if (after >= before)
      return { problem: `the line for "after" does not stand before the line for "before"` };
    if (edit.mode === 'insert' && lines.slice(after, before).some((line) => isContent(edit, line)))
      return { lines };
    const kept = edit.mode === 'insert' ? lines.slice(after + 1, before) : [];
    return {
      lines: [...lines.slice(0, after + 1), ...kept, like(edit, lines[after] ?? ''), ...lines.slice(before)],
    };
  }
  if (after !== undefined) return beside(edit, lines, { neighbour: after, at: after + 1, there: after + 1 });
  if (before !== undefined) return beside(edit, lines, { neighbour: before, at: before, there: before - 1 });
  return { problem: 'it needs "before", "after" or "location"' };
}

function beside(
  edit: LineEdit,
  lines: readonly string[],
  { neighbour, at, there }: { readonly neighbour: number; readonly at: number; readonly there: number },
): EditedLines {
  if (isContent(edit, lines[there])) return { lines };
  return { lines: [...lines.slice(0, at), like(edit, lines[neighbour] ?? ''), ...lines.slice(at)] };
}

/** The number of the one line that matches, or a problem. */
function only(lines: readonly string[], text: string, what: string): number | string {
  const matches = finder(text);
  const found = lines.flatMap((line, at) => (matches(line) ? [at] : []));
  const [first] = found;
  if (first === undefined) return `no line matches "${what}": ${text}`;
  return found.length === 1 ? first : `${found.length} lines match "${what}": ${text}`;
}

function like(edit: LineEdit, line: string): string {
  return edit.indent ? indentOf(line) + edit.content.trimStart() : edit.content;
}

function isContent(edit: LineEdit, line: string | undefined): boolean {
  return line !== undefined && (edit.indent ? line.trim() === edit.content.trim() : line === edit.content);
}

/** Text that is no pattern is looked for as it is. */
function finder(text: string): (line: string) => boolean {
  const compiled = compilePattern(text, LINE_PATTERN);
  if ('fault' in compiled) return (line) => line.includes(text);
  const budget = editBudget();
  return (line) => line.includes(text) || compiled.regex.find(line, 'search', budget) !== undefined;
}
