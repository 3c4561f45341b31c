import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/near.ts';
import type { SourceRange } from '../model/source.ts';
import type { Document } from './document.ts';
import { explainColon } from './explain-colon.ts';
import { leftoverTemplate } from './explain-template.ts';
import type { Flaw, FlawKind } from './flaw.ts';
import type { Problem } from './problem.ts';
import { complain } from './problem.ts';

/** The diagnostic for an alias without an anchor. */
export function undefinedAlias(name: string, known: Iterable<string>, source: SourceRange): Diagnostic {
  const fix =
    didYouMean(name, known) ?? `put &${name} in front of the value to repeat, or quotes around "*${name}"`;
  return complain(source, {
    summary: `the alias *${name} repeats nothing`,
    why: `no value above it has the anchor &${name}`,
    fix,
  });
}

/** Says in a person's words what stopped the reading, where, and what to do. */
export function explainFlaw(document: Document, flaw: Flaw): Diagnostic {
  const end = Math.max(flaw.start, Math.min(flaw.end, document.text.length));
  const start = Math.min(flaw.start, document.text.length);
  const template = leftoverTemplate(document, flaw);
  if (template !== undefined) return template;
  const diagnostic = complain(document.range(start, end), describe(document, flaw));
  const message = RELATED[flaw.kind];
  if (message === undefined || flaw.other === undefined) return diagnostic;
  return { ...diagnostic, related: [{ source: document.range(flaw.other, flaw.other), message }] };
}

const RELATED: { readonly [kind in FlawKind]?: string } = {
  'flow-separator': 'the bracket opens here',
  'block-end': 'the list or mapping begins here',
  'anchor-twice': 'the first one is here',
  'alias-recursive': 'the value it repeats begins here',
  'quote-separator': 'the document ends here',
};

function describe(document: Document, flaw: Flaw): Problem {
  const found = document.text.charAt(flaw.start);
  switch (flaw.kind) {
    case 'character':
      return {
        summary: `an invisible character stands here (U+${document.text.charCodeAt(flaw.start).toString(16).toUpperCase().padStart(4, '0')})`,
        why: 'YAML allows no control characters and no broken UTF-16',
        fix: characterFix(document.text.charCodeAt(flaw.start)),
      };
    case 'tab':
      return describeTab(document, flaw);
    case 'cannot-start':
      return {
        summary: `${found} cannot begin a value`,
        why: 'YAML reserves this character',
        fix: 'put quotes around the value',
      };
    case 'value-not-allowed':
    case 'colon-missing':
      return explainColon(document, flaw);
    case 'flow-colon':
      return {
        summary: `a colon stands right in front of ${document.text.charAt(flaw.start + 1)}`,
        why: 'inside brackets the colon behind a key is followed by a space, and no plain text ends in one',
        fix: 'write a space behind the colon, or put quotes around the text',
      };
    case 'key-not-allowed':
      return { summary: 'a key marked with "?" cannot begin here', fix: 'put it on a line of its own' };
    case 'item-not-allowed':
      return {
        summary: 'a list item cannot begin here',
        why: 'the "-" of a block list stands first on its line',
        fix: 'begin a new line in front of "-", or put quotes around the text',
      };
    case 'quote-open':
      return {
        summary: `the quote ${found} is never closed`,
        fix: `write ${found} at the end of the value${found === "'" ? "; an apostrophe inside single quotes is written ''" : ''}`,
      };
    case 'quote-separator':
      return {
        summary: `the quote ${found} is not closed before the document ends`,
        fix: `write ${found} at the end of the value`,
      };
    case 'escape-unknown':
      return {
        summary: `${document.text.slice(flaw.start, flaw.start + 2)} is no escape that YAML knows`,
        why: 'a backslash in double quotes begins an escape such as \\n or \\x41',
        fix: 'write \\\\ for a backslash, or use single quotes',
      };
    case 'escape-digits':
      return {
        summary: `${document.text.slice(flaw.start, flaw.start + 2)} wants ${flaw.other ?? 2} hexadecimal digits of a character`,
        fix: 'write all digits (\\x41, \\u0041), or use single quotes for a plain backslash',
      };
    case 'block-header':
      return {
        summary: `${JSON.stringify(found)} cannot follow ${document.text.charAt(flaw.other ?? flaw.start)} on its line`,
        why: 'behind | or > only +, - and a digit from 1 to 9 may stand, then a comment',
        fix: 'begin the text on the next line, indented; or put quotes around the value',
      };
    case 'anchor-name':
      return {
        summary: `${found} is not followed by a name`,
        why: `${found} begins ${found === '&' ? 'an anchor' : 'an alias'}: letters, digits, - and _`,
        fix: `put quotes around the value if ${found} belongs to it`,
      };
    case 'tag-syntax':
      return {
        summary: 'the tag is malformed',
        why: '"!" begins a tag',
        fix: 'put quotes around the value if "!" belongs to it',
      };
    case 'tag-handle':
      return {
        summary: 'the tag begins with a handle that is not defined',
        fix: 'put quotes around the value if "!" belongs to it',
      };
    case 'directive':
      return {
        summary: 'the directive is malformed, or stands here twice, or asks for YAML 2',
        why: 'a line that begins with % is a directive',
        fix: 'remove the line, or put quotes around a value that begins with %',
      };
    case 'content-missing':
      return describeMissing(found);
    case 'block-end':
      return describeBlockEnd(document, flaw);
    case 'flow-separator':
      return {
        summary: `${flaw.start >= document.text.length ? 'the end of the file' : found} stands where "," or the closing bracket should`,
        fix: 'close the bracket, put a comma between the entries, or put quotes around a text that holds brackets',
      };
    case 'flow-open':
      return {
        summary: `${found} is never closed`,
        fix: `write ${found === '[' ? ']' : '}'} at the end of the ${found === '[' ? 'list' : 'mapping'}, or put quotes around the value`,
      };
    case 'flow-unopened':
      return { summary: `${found} closes nothing`, fix: 'remove it, or put quotes around the value' };
    case 'several-documents':
      return {
        summary: 'a second document begins here',
        why: 'a file holds one document, as in Salt',
        fix: 'remove the line, or move what follows into a file of its own',
      };
    case 'document-start':
      return {
        summary: 'nothing more is expected here',
        why: 'the document was complete in front of it',
        fix: 'check the indentation of this line and of the one above',
      };
    case 'too-deep':
      return {
        summary: 'lists and mappings are nested more than 200 deep',
        fix: 'check the brackets and the indentation',
      };
    case 'alias-recursive':
      return {
        summary: 'a value repeats itself',
        why: 'an alias stands inside the value it repeats',
        fix: 'remove the alias',
      };
    case 'alias-bomb':
      return {
        summary: 'aliases make this document too large',
        why: 'they repeat more than 200000 values',
        fix: 'write fewer aliases of aliases',
      };
    case 'anchor-twice':
      return { summary: 'two values have the same anchor', fix: 'give one of them another name' };
  }
}

function describeTab(document: Document, flaw: Flaw): Problem {
  const before = document.text.slice(document.lineStart(flaw.start), flaw.start);
  const isIndentation = before.trim() === '';
  return {
    summary: isIndentation ? 'the line is indented with a tab' : 'a tab stands between or behind values',
    why: 'YAML allows only spaces there',
    fix: isIndentation
      ? 'indent with spaces, two for each level'
      : 'replace the tab with a space, or delete it',
  };
}

function describeMissing(found: string): Problem {
  if (found === ',')
    return {
      summary: 'a value is missing in front of the comma',
      fix: 'remove the comma, or put quotes around the value',
    };
  if (found === ']' || found === '}')
    return { summary: `${found} closes nothing`, fix: 'remove it, or put quotes around the value' };
  if (found === '-')
    return {
      summary: 'a list item cannot stand here',
      fix: 'begin the list on a line of its own, or put quotes around the text',
    };
  return {
    summary: 'a value is missing here',
    why: `${found === '' ? 'the end of the file' : JSON.stringify(found)} stands where a value is expected`,
    fix: 'write the value, or put it in quotes',
  };
}

function describeBlockEnd(document: Document, flaw: Flaw): Problem {
  const lineStart = document.lineStart(flaw.start);
  const beginning = document.text.slice(lineStart, flaw.start);
  const column = (flaw.other ?? 0) - document.lineStart(flaw.other ?? 0);
  if (beginning.trim() === '') {
    const inList = /^-[ \n]/.test(document.text.slice(flaw.other, (flaw.other ?? 0) + 2));
    if (inList)
      return {
        summary: 'the line is neither an item of the list above nor part of one',
        why: `items of that list begin with "- " at column ${column + 1}`,
        fix: `write "- " in front of it at column ${column + 1}, or begin it at column ${column + 3} when it belongs to the item above`,
      };
    return {
      summary: 'the indentation fits none of the lines above',
      why: `the list or mapping above stands at column ${column + 1}, this line at column ${beginning.length + 1}`,
      fix: `begin the line at column ${column + 1}, or indent it as the line it belongs to`,
    };
  }
  const ended = /(["'\]}])\s*$/.exec(beginning)?.[1];
  return {
    summary: 'text stands behind a value that is complete',
    why: ended === undefined ? 'the value ended in front of it' : `the value ended with ${ended}`,
    fix:
      ended === "'"
        ? "write '' for a quote inside the text, or put double quotes around it"
        : 'put quotes around the whole value, or remove the rest',
  };
}

/** Half a character has no escape. */
function characterFix(code: number): string {
  if (code > 0xff) return 'delete it';
  return `delete it, or write it as an escape in double quotes: "\\x${code.toString(16).padStart(2, '0')}"`;
}
