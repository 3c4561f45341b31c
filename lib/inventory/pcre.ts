/** A regular expression ready to be matched, or why it is none. */
type CompiledPattern =
  | { readonly regex: RegExp; readonly problem?: undefined }
  | { readonly regex?: undefined; readonly problem: string };

/**
 * Compiles a regular expression of Python's `re` for `re.match`: anchored at the start, not at the end. Named groups,
 * flags in front, `\A`, `\Z`, comments and `[]…]` are translated; what JavaScript lacks is a problem.
 */
export function compilePcre(pattern: string): CompiledPattern {
  let flags = 'y';
  let body = pattern;
  const inline = /^\(\?([aiLmsux]+)\)/.exec(pattern);
  if (inline !== null) {
    const letters = inline[1] ?? '';
    if (letters.includes('x') || letters.includes('L'))
      return { problem: `the flags (?${letters}) are not supported` };
    for (const letter of 'ims') if (letters.includes(letter)) flags += letter;
    body = pattern.slice(inline[0].length);
  }
  try {
    return { regex: new RegExp(translate(body), flags) };
  } catch (error) {
    return {
      problem:
        error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : 'invalid',
    };
  }
}

/** Whether Python's `re.match` would find the pattern at the start of the text. */
export function matchPcre(regex: RegExp, text: string): boolean {
  regex.lastIndex = 0;
  return regex.test(text);
}

function translate(pattern: string): string {
  let result = '';
  let inClass = false;
  for (let at = 0; at < pattern.length; at++) {
    const rest = pattern.slice(at, at + 4);
    const char = rest.charAt(0);
    if (char === '\\') {
      const next = rest.charAt(1);
      // Without this a trailing backslash or \z would silently mean something else.
      if (!inClass && next === 'A') result += '(?<![\\s\\S])';
      else if (!inClass && next === 'Z') result += '(?![\\s\\S])';
      else result += char + next;
      at++;
    } else if (inClass) {
      if (char === ']') inClass = false;
      result += char;
    } else if (char === '[') {
      inClass = true;
      const isNegated = rest.charAt(1) === '^';
      const opening = isNegated ? '[^' : '[';
      at += opening.length - 1;
      // A bracket right behind the opening one belongs to the class.
      if (pattern.charAt(at + 1) === ']') {
        result += `${opening}\\]`;
        at++;
      } else result += opening;
    } else if (rest === '(?P<') {
      result += '(?<';
      at += 3;
    } else if (rest === '(?P=') {
      const close = pattern.indexOf(')', at);
      result += `\\k<${pattern.slice(at + 4, close < 0 ? undefined : close)}>`;
      at = close < 0 ? pattern.length : close;
    } else if (rest.startsWith('(?#')) {
      const close = pattern.indexOf(')', at);
      at = close < 0 ? pattern.length : close;
    } else result += char;
  }
  return result;
}
