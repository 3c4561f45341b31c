import type { Script } from '../model/script.ts';
import { quoteWord } from './quote.ts';

/** What may stand in `${}` of a shell template: a word, several words, a number, or more script. */
type Word = string | number | readonly string[] | Script;

/**
 * Shell text from a template: strings become one quoted word, arrays one word each, scripts are spliced in as they are.
 * What is written is what the shell reads: backslashes are not interpreted by JavaScript.
 * @throws RangeError for NUL, and for numbers that are not safe integers.
 */
export function sh(template: TemplateStringsArray, ...words: readonly Word[]): Script {
  let text = '';
  template.raw.forEach((piece, index) => {
    const word = words[index];
    text += piece + (word === undefined ? '' : wordText(word));
  });
  return script(text);
}

/** One script after another, each on lines of its own. */
export function joinScripts(scripts: readonly Script[]): Script {
  return script(scripts.map((each) => each.text).join('\n'));
}

/** Marks text as script. For lib/shell alone: everyone else writes templates. */
export function script(text: string): Script {
  return { text } as Script;
}

function wordText(word: Word): string {
  if (typeof word === 'string') return quoteWord(word);
  if (typeof word === 'number') {
    if (!Number.isSafeInteger(word)) throw new RangeError(`${word} is not a safe integer`);
    return String(word);
  }
  return 'text' in word ? word.text : word.map(quoteWord).join(' ');
}
