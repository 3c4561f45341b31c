import type { Document } from './document.ts';
import type { Problem } from './problem.ts';
import type { Flaw } from './flaw.ts';

/** Explains a colon too many, or one too few: the most frequent mistakes of all. */
export function explainColon(document: Document, flaw: Flaw): Problem {
  const line = document.lineText(flaw.start);
  const before = document.text.slice(document.lineStart(flaw.start), flaw.start);
  if (flaw.kind === 'colon-missing') return explainMissing(line);
  const outer = /^(\s*(?:- +)*[^\s:#'"][^:]*): +(\S.*)$/.exec(before);
  if (outer !== null) {
    const key = outer[1]?.trim() ?? '';
    const value = line.slice(before.length - (outer[2]?.length ?? 0)).trimEnd();
    const quoted = value.includes('"') ? `'${value.replaceAll("'", "''")}'` : `"${value}"`;
    return {
      summary: 'a second colon stands on the line',
      why: 'a colon with a space behind it makes what is in front of it a key',
      fix: `put quotes around the value: ${key}: ${quoted}`,
    };
  }
  const above = lineAbove(document, flaw.start);
  const glued = gluedColon(above);
  if (glued !== undefined) return missingSpace(glued);
  const indent = above.search(/\S/);
  if (/:\s+\S/.test(above) && before.search(/\S/) > indent)
    return {
      summary: 'the line is indented deeper than the one above, which has a value already',
      why: 'so it continues that value, and a value cannot hold ": "',
      fix: `indent it like the line above, or put quotes around the value`,
    };
  if (above !== '' && !above.includes(':'))
    return {
      summary: 'a colon is missing in the line above, or a quote in this one',
      why: 'the line above has no colon, so this line continues it',
      fix: `write a colon behind ${JSON.stringify(above.trim())}, or put quotes around the text`,
    };
  return {
    summary: 'a key cannot stand here',
    why: 'the colon makes the text in front of it a key, where a value was to be continued',
    fix: 'check the indentation, or put quotes around the text',
  };
}

function explainMissing(line: string): Problem {
  const glued = gluedColon(line);
  if (glued !== undefined) return missingSpace(glued);
  return {
    summary: 'a key without a colon',
    why: 'the lines beside it are keys of a mapping, so this one has to be one',
    fix: `write ${JSON.stringify(`${line.trim().slice(0, 60)}:`)}, or indent it if it continues the value above`,
  };
}

/** `key:value` on a line that has no proper colon. */
function gluedColon(line: string): readonly [string, string] | undefined {
  const match = /^\s*(?:- +)*([\w.-]+):([^\s:/].*)$/.exec(line);
  return match === null ? undefined : [match[1] ?? '', (match[2] ?? '').trimEnd()];
}

function missingSpace([key, value]: readonly [string, string]): Problem {
  return {
    summary: 'a space is missing behind the colon',
    why: `${JSON.stringify(`${key}:${value}`.slice(0, 60))} is one word to YAML`,
    fix: `write ${JSON.stringify(`${key}: ${value}`.slice(0, 60))}`,
  };
}

/** The nearest line above that is not empty and not a comment. */
function lineAbove(document: Document, offset: number): string {
  let start = document.lineStart(offset);
  while (start > 0) {
    const line = document.lineText(start - 1);
    start = document.lineStart(start - 1);
    if (/^\s*[^\s#]/.test(line)) return line;
  }
  return '';
}
