import { type EditResult, endLine } from './lines.ts';
import { type PatternFlags, translatePattern, translateReplacement } from './python-regex.ts';

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
  const pattern = translatePattern(edit.pattern, edit.flags);
  const translated = translateReplacement(edit.repl, edit.backslashLiteral);
  if ('fault' in pattern) return { problem: pattern.fault };
  if ('fault' in translated) return { problem: translated.fault };

  let found = 0;
  let replaced = '';
  let from = 0;
  for (const match of text.matchAll(pattern.regex)) {
    if (edit.count > 0 && found >= edit.count) break;
    found += 1;
    replaced += text.slice(from, match.index) + translated.replacement(match);
    from = match.index + match[0].length;
  }
  if (found > 0) return { text: replaced + text.slice(from) };
  if (edit.otherwise === undefined) return { text };
  const content = edit.notFoundContent ?? edit.repl;
  if (`\n${endLine(text.replaceAll('\r\n', '\n'))}`.includes(`\n${endLine(content)}`)) return { text };
  return { text: edit.otherwise === 'append' ? `${endLine(text)}${content}\n` : `${content}\n${text}` };
}
