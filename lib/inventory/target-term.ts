import { didYouMean } from '../diagnostics/near.ts';
import { isGlob } from '../regex/glob.ts';
import { parseIpNetwork } from './ip-network.ts';
import type { Comparison, DataQuery } from './match-data.ts';
import { compilePcre } from './pcre.ts';
import { expandRange, isRange } from './range.ts';
import type { Target, Term } from './target.ts';
import type { Regex } from '../regex/regex.ts';

/** Stops the parsing of a target. Never leaves this room: parseTarget makes it a diagnostic. */
export class TargetProblem extends Error {
  readonly why: string | undefined;
  readonly fix: string | undefined;

  constructor(summary: string, details: { readonly why?: string; readonly fix?: string } = {}) {
    super(summary);
    this.why = details.why;
    this.fix = details.fix;
  }
}

/** Salt's letters in front of `@`; four of them may have a delimiter of their own: `G|@os|Debian`. */
const ENGINE = /^(?:([GPIJ])(.?)|([ELSR]))@(.*)$/s;

/** Parses one word of a target that is no operator and no nodegroup. */
export function parseTerm(word: string): Target {
  const match = ENGINE.exec(word);
  if (match !== null) {
    const [, dataEngine, delimiter = '', engine, pattern = ''] = match;
    if (pattern === '')
      throw new TargetProblem(`nothing stands behind "${word}"`, { fix: `write what to match: ${word}…` });
    if (dataEngine === undefined) return parseHostEngine(engine ?? '', pattern, word);
    const query = makeQuery(
      pattern,
      delimiter === '' ? ':' : delimiter,
      'PJ'.includes(dataEngine) ? 'pcre' : 'glob',
    );
    return { type: 'GP'.includes(dataEngine) ? 'grain' : 'pillar', query };
  }
  const letter = /^([A-Za-z])@/.exec(word)?.[1];
  if (letter !== undefined)
    throw new TargetProblem(`"${letter}@" is no way to match hosts`, {
      why: 'known are G@ P@ (grains), I@ J@ (pillar), E@ (regular expression), L@ (list), S@ (network), N@ (nodegroup)',
      fix: 'GPIJELSN'.includes(letter.toUpperCase()) ? `write ${letter.toUpperCase()}@` : 'use one of them',
    });
  return parseWord(word);
}

function parseHostEngine(engine: string, pattern: string, word: string): Term {
  switch (engine) {
    case 'E':
      return { type: 'pcre', regex: compileOrRefuse(pattern) };
    case 'L':
      return {
        type: 'list',
        names: new Set(splitList(pattern).flatMap((item) => rangeNames(item) ?? [item])),
      };
    case 'S':
      return parseNetwork(pattern);
    default:
      throw new TargetProblem(`"${word}" asks for a range server, which is not supported`, {
        fix: 'write the range itself: web[001:020]',
      });
  }
}

/** Parses an address or network in CIDR notation. */
export function parseNetwork(text: string): Term {
  const network = parseIpNetwork(text);
  if (network !== undefined) return { type: 'network', network };
  throw new TargetProblem(`"${text}" is neither an IP address nor a network`, {
    why: 'a network has no bits behind its prefix: 10.0.0.0/8, not 10.0.0.1/8',
    fix: 'write it like 10.1.0.0/16 or fe80::/10',
  });
}

/** Compiles a regular expression, or says what is wrong with it. */
export function compileOrRefuse(pattern: string): Regex {
  const { regex, problem } = compilePcre(pattern);
  if (regex !== undefined) return regex;
  throw new TargetProblem(`"${pattern}" is not a regular expression`, {
    why: problem,
    fix: 'mend it, or write a name with * for any text',
  });
}

/** Makes a query over grains or pillar, checking a regular expression as far as the expression tells where it begins. */
export function makeQuery(expression: string, delimiter: string, comparison: Comparison): DataQuery {
  const first = expression.indexOf(delimiter);
  if (first < 0)
    throw new TargetProblem(`"${expression}" has no "${delimiter}"`, {
      why: 'grains and pillar are matched by key and value',
      fix: `write key${delimiter}value, or ${expression}${delimiter}* if any value will do`,
    });
  if (comparison === 'pcre') compileOrRefuse(expression.slice(first + delimiter.length).toLowerCase());
  return { expression, delimiter, comparison };
}

function parseWord(word: string): Target {
  const items = splitList(word);
  if (items.length > 1) return { type: 'or', terms: items.map(parseItem) };
  return parseItem(items[0] ?? '');
}

function parseItem(item: string): Target {
  const named = /^(group|kind|label):(.*)$/s.exec(item);
  if (named === null) {
    if (item.includes('@') || item.includes('='))
      throw new TargetProblem(`"${item}" is neither a name nor a test`, {
        fix: 'write label:key=value for labels, G@key:value for grains',
      });
    const prefixed = /^([a-z]+):/.exec(item)?.[1];
    if (prefixed !== undefined)
      throw new TargetProblem(`"${prefixed}:" is no way to match hosts`, {
        fix:
          didYouMean(prefixed, ['group', 'kind', 'label']) ??
          'write group:, kind: or label:, or G@ for grains',
      });
    const names = rangeNames(item);
    return names === undefined
      ? { type: 'word', word: item }
      : { type: 'word', word: item, names: new Set(names) };
  }
  const [, test = '', value = ''] = named;
  if (test === 'group') return { type: 'group', name: value };
  if (test === 'kind') return parseKind(value);
  const [, name = '', pattern] = /^([^=]+)(?:=(.*))?$/s.exec(value) ?? [];
  if (name === '') throw new TargetProblem(`"${item}" names no label`, { fix: 'write label:key=value' });
  return { type: 'label', name, pattern: pattern ?? '*' };
}

function parseKind(value: string): Term {
  if (value === 'vm' || value === 'physical') return { type: 'kind', kind: value };
  throw new TargetProblem(`"kind:${value}" is not known`, {
    fix: didYouMean(value, ['vm', 'physical']) ?? 'write kind:vm or kind:physical',
  });
}

/** Splits at commas outside of brackets. */
function splitList(text: string): readonly string[] {
  const items: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '[') depth++;
    else if (char === ']') depth = Math.max(0, depth - 1);
    else if (char === ',' && depth === 0) {
      items.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...items, text.slice(from)].filter((item) => item !== '');
}

/** The names of a range; undefined when the text is a glob, or nothing to expand. */
function rangeNames(text: string): readonly string[] | undefined {
  if (!isRange(text) || isGlob(text.replaceAll('[', ''))) return undefined;
  return expandRange(text).names;
}
