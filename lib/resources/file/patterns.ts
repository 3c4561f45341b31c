/** Whether a name fits a pattern of Salt: a shell glob over the whole of it, or with `E@` a regular expression from its start. */
export function matchesGlob(pattern: string, name: string): boolean {
  return patternOf(pattern).test(name);
}

/** What is wrong with a pattern; undefined when it can be used. */
export function patternFault(pattern: string): string | undefined {
  try {
    patternOf(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function patternOf(pattern: string): RegExp {
  if (pattern.startsWith('E@')) return new RegExp(`^(?:${pattern.slice(2)})`, 'u');
  return new RegExp(`^${globSource(pattern)}$`, 'su');
}

/** Python's fnmatch: `*` and `?` also stand for a slash. */
function globSource(glob: string): string {
  return glob.replace(
    /\[(!?)([^\]]+)\]|[*?]|[.+^${}()|[\]\\/]/g,
    (found, not: string | undefined, set: string | undefined) => {
      if (found === '*') return '.*';
      if (found === '?') return '.';
      if (set === undefined) return `\\${found}`;
      return `[${not === '!' ? '^' : ''}${set.replace(/[\\[\]^]/g, '\\$&')}]`;
    },
  );
}
