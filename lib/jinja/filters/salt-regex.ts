import { textArgument } from '../python/arguments.ts';
import { native } from '../python/native.ts';
import type { Args, Native } from '../python/native.ts';
import { pythonStr } from '../python/repr.ts';
import { tuple } from '../python/value.ts';
import type { Val } from '../python/value.ts';
import { compileRegex, expandReplacement } from '../regex.ts';

/** Salt's filters of regular expressions. */
export const regexFilters: readonly Native[] = [
  native('regex_search', 'txt rgx ignorecase= multiline=', (args) => groups(args, 'anywhere')),
  native('regex_match', 'txt rgx ignorecase= multiline=', (args) => groups(args, 'start')),
  native('regex_replace', 'txt rgx val ignorecase= multiline=', replace),
  native('regex_escape', 'txt', ([value = null]) =>
    pythonStr(value).replace(/[\t-\r #$&()*+.?[\\\]^{|}~-]/g, '\\$&'),
  ),
];

/** The groups of the match as a tuple; None when there is no match. */
function groups([value = null, pattern = null, ignoreCase, multiLine]: Args, at: 'start' | 'anywhere'): Val {
  const found = compileRegex(pattern, { ignoreCase, multiLine, at }).exec(textArgument(value, 'text'));
  return found === null ? null : tuple(found.slice(1).map((group: string | undefined) => group ?? null));
}

function replace([value = null, pattern = null, by = null, ignoreCase, multiLine]: Args): Val {
  const regex = compileRegex(pattern, { ignoreCase, multiLine, global: true });
  const replacement = textArgument(by, 'replacement');
  return textArgument(value, 'text').replace(regex, (...found: unknown[]) => {
    const last = found.at(-1);
    const named =
      typeof last === 'object' && last !== null ? (last as Record<string, string | undefined>) : {};
    const texts = found.filter(
      (part): part is string | undefined => typeof part === 'string' || part === undefined,
    );
    // The whole text comes last of the strings.
    return expandReplacement(replacement, texts.slice(0, -1), named);
  });
}
