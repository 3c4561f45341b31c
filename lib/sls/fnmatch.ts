const compiled = new Map<string, RegExp>();

/** Whether a name matches a shell pattern as Python's fnmatch reads it: `*`, `?`, `[a-z]`, `[!a]`; case counts, `/` is an ordinary letter. */
export function fnmatch(name: string, pattern: string): boolean {
  if (!isPattern(pattern)) return name === pattern;
  let regex = compiled.get(pattern);
  if (regex === undefined) compiled.set(pattern, (regex = toRegExp(pattern)));
  return regex.test(name);
}

/** Whether the text has a character that fnmatch treats as special. */
export function isPattern(text: string): boolean {
  return /[*?[]/.test(text);
}

function toRegExp(pattern: string): RegExp {
  let source = '';
  for (let index = 0; index < pattern.length; index++) {
    const letter = pattern.charAt(index);
    if (letter === '*') source += '.*';
    else if (letter === '?') source += '.';
    else if (letter === '[') {
      // `]` directly after `[` or `[!` is an ordinary member; an unclosed `[` is an ordinary letter.
      const close = pattern.indexOf(']', index + (pattern[index + 1] === '!' ? 3 : 2));
      if (close === -1) source += '\\[';
      else {
        source += memberSet(pattern.slice(index + 1, close));
        index = close;
      }
    } else source += letter.replace(/[\\^$.|+(){}\]]/, '\\$&');
  }
  return new RegExp(`^(?:${source})$`, 'su');
}

function memberSet(members: string): string {
  const negated = members.startsWith('!');
  const escaped = (negated ? members.slice(1) : members).replace(/[\\^[\]]/g, '\\$&');
  // A range that runs backwards matches nothing in Python and is a syntax error in a RegExp.
  const parts = escaped.replace(/(\\?.)-(\\?.)/gu, (range, from: string, to: string) =>
    (from.at(-1) ?? '') <= (to.at(-1) ?? '') ? range : '',
  );
  if (parts === '') return negated ? '.' : '(?!)';
  return `[${negated ? '^' : ''}${parts.replace(/^-|-$/g, '\\-')}]`;
}
