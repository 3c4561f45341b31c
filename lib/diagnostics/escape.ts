const NAMED = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/**
 * Everything that moves a cursor, changes the order of what is read or is not there to be seen: C0, DEL, C1, bidi marks,
 * embeddings and isolates (Unicode TR9), line and paragraph separators, zero-width space and joiner marks, tag characters
 * and halves of surrogate pairs.
 */
const HOSTILE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}\ud800-\udfff]/gu;

/** Shows control characters of hostile text as `\x1b`, `\u202e` and the like, so that they cannot drive a terminal. */
export function escapeControl(text: string, keep: { newline?: boolean; tab?: boolean } = {}): string {
  return text.replace(HOSTILE, (character) => {
    if ((character === '\n' && keep.newline) || (character === '\t' && keep.tab)) return character;
    return NAMED.get(character) ?? codePointEscape(character.codePointAt(0) ?? 0);
  });
}

function codePointEscape(code: number): string {
  const hex = code.toString(16);
  if (code > 0xffff) return `\\u{${hex}}`;
  return code > 0xff ? `\\u${hex.padStart(4, '0')}` : `\\x${hex.padStart(2, '0')}`;
}
