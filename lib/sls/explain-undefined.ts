import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { RootText } from './roots.ts';

/** How the Jinja engine words a name, and a member of a value, that is not there. */
const NAME = /^'[^']*' is undefined$/;
const MEMBER = /^(?:'(?<type>[\w.]+) object'|'(?<none>None)') has no (?:attribute|element) '?(?<member>\w*)/;

/** Methods that Python 2 had: old templates still call them. */
const PYTHON_2: ReadonlyMap<string, string> = new Map([
  ['iteritems', 'items()'],
  ['iterkeys', 'keys()'],
  ['itervalues', 'values()'],
  ['viewitems', 'items()'],
  ['viewkeys', 'keys()'],
  ['viewvalues', 'values()'],
  ['has_key', '"key in …"'],
]);

const DEFAULT = 'set it, or write "| default(…)" behind it';

/** What values are in a person's words. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['str', 'text'],
  ['int', 'a number'],
  ['float', 'a number'],
  ['bool', 'true or false'],
  ['list', 'a list'],
  ['tuple', 'a list'],
]);

/** Says more of a name or a key that is not there: what the value is that was asked, and what can be done. */
export function explainUndefined(diagnostic: Diagnostic): Diagnostic {
  const { code, summary, source, fix, why } = diagnostic;
  if (code !== 'SLAB2003' || why !== undefined) return diagnostic;
  if (NAME.test(summary)) {
    if (summary === "'env' is undefined")
      return { ...diagnostic, why: 'old releases of Salt had it', fix: 'write saltenv, its name since' };
    // A near name says all; so does a name of the file that the person looks at.
    if (fix !== undefined) return diagnostic;
    const elsewhere = source?.via !== undefined && source.via.length > 0;
    return {
      ...diagnostic,
      ...(elsewhere ? { why: 'neither this file nor what uses it sets it' } : {}),
      fix: elsewhere
        ? `hand it over (an argument of the macro, "with context", context of the state), or ${DEFAULT}`
        : DEFAULT,
    };
  }
  const groups = MEMBER.exec(summary)?.groups;
  if (groups === undefined) return diagnostic;
  const now = groups['type'] === 'dict' ? PYTHON_2.get(groups['member'] ?? '') : undefined;
  if (now !== undefined) return { ...diagnostic, why: 'it was a method of Python 2', fix: `write ${now}` };
  const what = WORDS.get(groups['type'] ?? '');
  if (groups['none'] !== undefined)
    return {
      ...diagnostic,
      why: 'what is in front of it is None: a key with nothing behind its colon',
      fix: fix ?? DEFAULT,
    };
  if (what !== undefined)
    return {
      ...diagnostic,
      why: `what is in front of it is ${what}, which has no keys${groups['type'] === 'str' ? "; pillar.get gives '' for what is not set" : ''}`,
    };
  return fix === undefined ? { ...diagnostic, fix: DEFAULT } : diagnostic;
}

/** How a template reads one value of pillar by keys that are written out. */
const PILLAR_KEYS = /^pillar(?:\.\w+|\[(?:'[^']*'|"[^"]*")\])+$/;

/** Says that it is the pillar that lacks a key, and how it may lack it. @param text of the file that was rendered. */
export function explainPillarKey(diagnostic: Diagnostic, { file, text }: RootText): Diagnostic {
  const { code, summary, source, fix } = diagnostic;
  if (code !== 'SLAB2003' || fix !== undefined || source?.file !== file) return diagnostic;
  const { line, column, endColumn = column } = source;
  const read = text.split(/\r\n|\n|\r/)[line - 1]?.slice(column - 1, endColumn - 1) ?? '';
  if (MEMBER.exec(summary)?.groups?.['type'] !== 'dict' || !PILLAR_KEYS.test(read)) return diagnostic;
  const keys = [...read.matchAll(/\.(\w+)|'([^']*)'|"([^"]*)"/g)].map((key) => key[1] ?? key[2] ?? key[3]);
  return {
    ...diagnostic,
    why: `the pillar of the host has no ${keys.join(':')}`,
    fix: `set it there, or write salt['pillar.get']('${keys.join(':')}', …) with what holds otherwise`,
  };
}

/** Says why pillar is empty where a pillar file reads it. @param text of the file that was rendered. */
export function explainOwnPillar(diagnostic: Diagnostic, { file, text }: RootText): Diagnostic {
  const { code, source, fix } = diagnostic;
  if (code !== 'SLAB2003' || source?.file !== file || fix?.startsWith('did you mean') === true)
    return diagnostic;
  const line = text.split(/\r\n|\n|\r/)[source.line - 1] ?? '';
  if (!/^pillar\b/.test(line.slice(source.column - 1))) return diagnostic;
  return {
    ...diagnostic,
    why: 'pillar files are rendered before there is a pillar',
    fix: 'set a variable: {% set port = 80 %}, and use that in both places',
  };
}
