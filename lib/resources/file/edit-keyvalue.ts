import { type EditResult, joinLines, splitLines } from './lines.ts';

/** Salt's file.keyvalue: values of `key = value` lines. */
export interface KeyValueEdit {
  readonly op: 'keyvalue';
  readonly pairs: readonly (readonly [string, string])[];
  readonly separator: string;
  /** Comment character of lines that may be brought back. */
  readonly uncomment?: string;
  readonly append: boolean;
  readonly keyIgnoreCase: boolean;
  readonly valueIgnoreCase: boolean;
}

/** Sets each value in the first line that has its key; adds a line where that is asked for. */
export function applyKeyValue(edit: KeyValueEdit, text: string): EditResult {
  const { lines, ended } = splitLines(text);
  const edited = [...lines];
  let closes = ended;
  for (const [key, value] of edit.pairs) {
    const lineOf = (uncomment: boolean): number =>
      edited.findIndex((line) => keyOf(line, edit, uncomment) === fold(key, edit.keyIgnoreCase));
    const active = lineOf(false);
    const at = active >= 0 ? active : lineOf(true);
    if (at >= 0) edited[at] = setValue(edited[at] ?? '', { value, edit, commented: active < 0 });
    else if (edit.append) {
      edited.push(`${key}${edit.separator}${value}`);
      closes = true;
    } else return { problem: `no line sets ${key}: add append_if_not_found` };
  }
  return { text: joinLines({ lines: edited, ended: closes }) };
}

function keyOf(line: string, edit: KeyValueEdit, uncomment: boolean): string | undefined {
  const body = uncomment && edit.uncomment !== undefined ? withoutComment(line, edit.uncomment) : line;
  const mark = edit.separator.trim() === '' ? edit.separator : edit.separator.trim();
  const at = body.trimStart().indexOf(mark);
  return at < 0 ? undefined : fold(body.trimStart().slice(0, at).trim(), edit.keyIgnoreCase);
}

/** Everything before the value stays as it is written. */
function setValue(
  line: string,
  {
    value,
    edit,
    commented,
  }: { readonly value: string; readonly edit: KeyValueEdit; readonly commented: boolean },
): string {
  const body = commented && edit.uncomment !== undefined ? withoutComment(line, edit.uncomment) : line;
  const mark = edit.separator.trim() === '' ? edit.separator : edit.separator.trim();
  const indent = body.length - body.trimStart().length;
  const at = body.indexOf(mark, indent) + mark.length;
  const blank = mark === edit.separator.trim() ? (/^[ \t]*/.exec(body.slice(at))?.[0] ?? '') : '';
  const had = body.slice(at).trim();
  const same = fold(had, edit.valueIgnoreCase) === fold(value, edit.valueIgnoreCase);
  return same ? body : body.slice(0, at) + blank + value;
}

function withoutComment(line: string, char: string): string {
  const body = line.trimStart();
  if (!body.startsWith(char)) return line;
  return line.slice(0, line.length - body.length) + body.slice(char.length).trimStart();
}

function fold(text: string, ignoreCase: boolean): string {
  return ignoreCase ? text.toLowerCase() : text;
}
