import { type EditResult, endLine } from './lines.ts';
import { compilePattern, editBudget, type PatternFlags, readReplacement } from './python-regex.ts';

/** Salt's file.replace: a pattern of Python's `re` and what takes its place. */
export interface ReplaceEdit {
  readonly op: 'replace';
  readonly pattern: string;
  readonly flags: PatternFlags;
  readonly repl: string;
  /** 0 replaces all. */
  readonly count: number;
  /** Where to put the content when the pattern is not found. */
  readonly otherwise?: 'append' | 'prepend';
  readonly notFoundContent?: string;
  readonly backslashLiteral: boolean;
}

/** Replaces; without a match adds the content if asked, unless it is a line already. */
export function applyReplace(edit: ReplaceEdit, text: string): EditResult {
  const compiled = compilePattern(edit.pattern, edit.flags);
  if ('fault' in compiled) return { problem: compiled.fault };
  const { regex } = compiled;
  const read = readReplacement(edit.repl, edit.backslashLiteral, regex);
  if ('fault' in read) return { problem: read.fault };

  const budget = editBudget();
  if (regex.find(text, 'search', budget) !== undefined)
    return { text: regex.replace(text, read.replacement, { count: edit.count, budget }) };
  if (edit.otherwise === undefined) return { text };
  const content = edit.notFoundContent ?? edit.repl;
  if (`\n${endLine(text.replaceAll('\r\n', '\n'))}`.includes(`\n${endLine(content)}`)) return { text };
  return { text: edit.otherwise === 'append' ? `${endLine(text)}${content}\n` : `${content}\n${text}` };
}
