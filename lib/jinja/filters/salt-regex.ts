import { escapePattern } from '../../regex/regex.ts';
import { textArgument } from '../python/arguments.ts';
import { checkLength } from '../python/meter.ts';
import { native } from '../python/native.ts';
import type { Args, Native } from '../python/native.ts';
import { tuple } from '../python/value.ts';
import type { Val } from '../python/value.ts';
import { compileRegex, withRegex } from '../regex.ts';

/** Salt's filters of regular expressions. */
export const regexFilters: readonly Native[] = [
  native('regex_search', 'txt rgx ignorecase= multiline=', (args) => groups(args, 'search')),
  native('regex_match', 'txt rgx ignorecase= multiline=', (args) => groups(args, 'match')),
  native('regex_replace', 'txt rgx val ignorecase= multiline=', replace),
  native('regex_escape', 'value', ([value = null]) => escapePattern(textArgument(value, 'text'))),
];

/** The groups of the match as a tuple; None when there is no match. */
function groups([value = null, pattern = null, ignoreCase, multiLine]: Args, at: 'search' | 'match'): Val {
  const regex = compileRegex(pattern, { ignoreCase, multiLine });
  const text = textArgument(value, 'text');
  const found = withRegex(pattern, (budget) => regex.find(text, at, budget));
  if (found === undefined) return null;
  return tuple(found.groups.slice(1).map((group) => (group === undefined ? null : group)));
}

function replace([value = null, pattern = null, by = null, ignoreCase, multiLine]: Args): Val {
  const regex = compileRegex(pattern, { ignoreCase, multiLine });
  const text = textArgument(value, 'text');
  const replacement = textArgument(by, 'replacement');
  return withRegex(pattern, (budget) => regex.replace(text, replacement, { budget, checkLength }));
}
