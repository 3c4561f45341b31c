/** Texts of hosts and states are anybody's: longer ones are cut where they stand in a table. */
const LONGEST_WORDS = 300;

/** Control characters and those that turn the direction of text are shown, not obeyed. */
export function visible(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** Words of somebody else as plain text. */
export function words(text: string): string {
  return html(shorten(visible(text).replace(/\s+/gu, ' '), LONGEST_WORDS))
    .replace(/[\\`*_{}[\]#|~]/gu, '\\$&')
    .replace(/@/gu, '@\u200b');
}

/** A code span that nothing in it can end, in tables too. */
export function code(text: string, most = LONGEST_WORDS): string {
  const flat = shorten(visible(text).replace(/\s+/gu, ' '), most);
  if (flat.trim() === '') return '` `';
  const longest = (flat.match(/`+/gu) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
  const fence = '`'.repeat(longest + 1);
  const pad = flat.startsWith('`') || flat.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${flat.replaceAll('|', '\\|')}${pad}${fence}`;
}

/** Words of somebody else within HTML. */
export function html(text: string): string {
  return visible(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Words of somebody else within a comment, which nothing in them can end. */
export function comment(text: string): string {
  return visible(text).replace(/[^\w.-]/gu, '-');
}

function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** A text of several lines, at most so many characters; a code block that is open where it is cut is closed. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, Math.max(0, most - 24));
  const open = /\n(`{3,})diff\n(?![\s\S]*\n\1\n)/u.exec(cut);
  return `${cut}…${open === null ? '' : `\n${open[1] ?? ''}`}\n(cut)\n`;
}
