/** Whether a word of the command line is a saved plan and not the name of an SLS. */
export function isPlanFile(word: string): boolean {
  return /[.](slabplan|json)$/.test(word) || word.includes('/');
}
