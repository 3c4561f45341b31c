/**
 * One word of POSIX shell, whatever is in it: wrapped in single quotes unless nothing in it means anything to a shell.
 * @throws RangeError for NUL, which no argument can hold, and for lone surrogates, which no byte string stands for.
 */
export function quoteWord(word: string): string {
  if (word.includes('\0')) throw new RangeError('a shell word cannot hold NUL');
  if (!word.isWellFormed()) throw new RangeError('a shell word must be well-formed Unicode');
  if (/^[A-Za-z0-9_/.,:=@%+-]+$/.test(word) && !word.includes('=')) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
