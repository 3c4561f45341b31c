import fc from 'fast-check';

/** Expressions by the type of what they give, so that most of them give something. */
export interface TypedExpressions {
  readonly int: fc.Arbitrary<string>;
  readonly float: fc.Arbitrary<string>;
  readonly text: fc.Arbitrary<string>;
  readonly list: fc.Arbitrary<string>;
  readonly dict: fc.Arbitrary<string>;
  readonly flag: fc.Arbitrary<string>;
  readonly any: fc.Arbitrary<string>;
}

type Parts = readonly fc.Arbitrary<string>[];

/** The parts laid into a text: `$0`, `$1` and so on stand for them. */
export function form(text: string, ...parts: Parts): fc.Arbitrary<string> {
  return fc.tuple(...parts).map((made) => fill(text, made));
}

/** One of several forms of the same parts. */
export function forms(texts: readonly string[], ...parts: Parts): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...texts), ...parts).map(([text, ...made]) => fill(text, made));
}

/** A dot binds to the last word of an expression unless that stands in parentheses. */
function fill(text: string, made: readonly string[]): string {
  return text.replace(/\$(\d)(?=([.[])?)/g, (_, i: string, step: string | undefined) => {
    const part = made[Number(i)] ?? '';
    return step !== undefined && part.includes(' ') ? `(${part})` : part;
  });
}

const small = fc.constantFrom('0', '1', '2', '3', '-1', '-2', '');
const slice = fc.tuple(small, small, fc.constantFrom('', ':', ':1', ':2', ':-1', ':-2', ':-3')).map((part) => `[${part[0]}:${part[1]}${part[2]}]`); // prettier-ignore

const formats = fc.constantFrom(
  '%s', '%r', '%5s', '%-6s|', '%.2s', '%8.3s', '%%%s', '%s%%',
); // prettier-ignore
const numberFormats = fc.constantFrom(
  '%d', '%5d', '%-5d|', '%05d', '%+d', '% d', '%x', '%X', '%#x', '%o', '%#o', '%e', '%.0e', '%.1e', '%.2g', '%.2f', '%8.1f', '%+.3e', '%g', '%G', '%.3g', '%s', '%r', '%i', '%u', '%c', '%08.2f', '%-8.2f|', '%#.3g',
); // prettier-ignore
const specs = fc.constantFrom(
  '', ':5', ':>6', ':<6', ':^7', ':*^9', ':05', ':+', ': ', ':,', ':_', ':x', ':#x', ':b', ':o', ':e', ':.2e', ':.3f', ':8.2f', ':%', ':.1%', ':g', ':n', '!r', '!s', ':>+8', ':=+8', ':08.3f', ':.0f', ':c',
); // prettier-ignore

/** Typed expressions over the names of `programVars`. */
export const typed = fc.letrec((tie) => {
  const at = (name: keyof TypedExpressions): fc.Arbitrary<string> => tie(name) as fc.Arbitrary<string>;
  const [int, float, text, list, dict, flag, any] = [at('int'), at('float'), at('text'), at('list'), at('dict'), at('flag'), at('any')] as const; // prettier-ignore
  const limits = { maxDepth: 3, depthSize: 'small' } as const;
  return {
    int: fc.oneof(
      limits,
      fc.constantFrom('0', '1', '2', '7', '12', '(-3)', 'n', 'big', 'ints[0]', 'ints | first', 'ints[-1]', '1_000', '0x1F', '0b101', '0o17'),
      forms(['($0 + $1)', '($0 - $1)', '($0 * $1)', '($0 // $1)', '($0 % $1)', '(-$0)', '($0 | abs)', '($0 if $2 else $1)', '[$0, $1] | max', '[$0, $1] | min', '($0 and $1)', '($0 or $1)'], int, int, flag),
      forms(['($0 | length)', "$0.count('l')", "$0.find('o')", "$0.rfind('o', 1)", '$0 | wordcount', '$0 | int', '$0 | int(-1)', "$0.index('z')"], text),
      forms(['($0 | length)', '$0.count(1)', '$0.index(1)', '($0 | select("integer") | sum)', '($0 | first | int)'], list),
      forms(['($0 | round | int)', '($0 | int)'], float),
      forms(['$0 | length', "$0.get('k', 3)", "$0 | count"], dict),
    ),
    float: fc.oneof(
      limits,
      fc.constantFrom('0.5', '2.5', 'f', '1.0', '1e3', '1e16', '-0.0', '1e-7', '0.1', '3.14159'),
      forms(['($0 / $1)', '($0 | float)', '($0 + 0.5)', '($0 * 1.0)', '($0 ** -1)', '(2 ** ($0 % 5))'], int, int),
      forms(['($0 | round(1))', "($0 | round(2, 'floor'))", "($0 | round(method='ceil'))", '($0 | abs)', '($0 // $1)', '($0 % $1)', '($0 - $1)', '(-$0)'], float, float),
    ),
    text: fc.oneof(
      limits,
      fc.constantFrom("''", "'abc'", "'Hello World'", 's', 'u', "'l1\\nl2\\n'", "'a,b,,c'", "' pad '", '"it\'s"', "'ßñ😀'", "'x' 'y'", "'1.5'", "'-12'", "'\\t'", "words[1]", "'<&>'", "'İı ǅ'", "'e\\u0301'", "'path/to/file'"),
      forms(['($0 ~ $1)', '($0 ~ $1 ~ none)', '$1 | string', '"%s" | format($1)', '[$1, $0] | join("+")'], text, any),
      forms(['($0 + $1)', '($0 * 2)', '$0.join(words)', "$0.replace($1, '_')", "$0.replace('l', $1, 1)", '$0.strip($1)', '$0.lstrip()', '$0.rstrip($1)', '$0.join([$1, $0])', '$0 | replace("o", $1)', '$0 | default($1, true)'], text, text),
      forms(['$0.upper()', '$0.lower()', '$0.title()', '$0.capitalize()', '$0.swapcase()', '$0.casefold()', '$0.strip()', '$0.zfill(8)', "$0.center(11, '*')", '$0.ljust(8)', "$0.rjust(9, '.')", '$0.expandtabs(4)', "$0.removeprefix('a')", "$0.removesuffix('d')", '$0 | upper', '$0 | title', '$0 | capitalize', '$0 | trim', '$0 | reverse', '$0 | truncate(7)', "$0 | truncate(6, true, '…', 0)", '$0 | center(12)', '$0 | indent(3)', '$0 | indent(2, true, true)', '$0 | wordwrap(5)', '$0 | urlencode', '$0 | tojson', '$0 | e', '$0 | striptags', "$0.format(1, 2)", "$0.translate({97: 'z'})", '$0 | first', '$0 | last', '$0 | sort | join'], text),
      form('$0$1', text, slice),
      fc.tuple(formats, text).map(([f, value]) => `('${f}' % ${value})`),
      fc.tuple(numberFormats, fc.oneof(int, float)).map(([f, value]) => `('${f}' % ${value})`),
      fc.tuple(formats, numberFormats, text, int).map(([f, g, a, b]) => `('${f}-${g}' % (${a}, ${b}))`),
      form("('%(k)s:%(j)03d' % {'k': $0, 'j': $1})", any, int),
      fc.tuple(specs, fc.oneof(int, float, text)).map(([spec, value]) => `'{${spec}}|'.format(${value})`),
      forms(["('%s %s' % $0)", "('%s' % ($0,))", "('%s-%r' % ($0 | list)[:2])", "('%(k)s' % $1)", "('%%%(k)-6s|%(k)r' % $1)", "('%*d|%.*f' % (6, $2, 2, $2))"], list, dict, int),
      forms(["'{0.k}{0[k]}'.format($0)", "'{:{}}|'.format($1, 8)", "'{:{w}.{p}}|'.format($1, w=9, p=3)", "'{}{}{{}}'.format($0, $1)", "'{0!r}{0!s:>20}'.format($1)", "'{k}{j}'.format(**dict($0, j=$1))", "'{a[0]}{a[1]}'.format(a=[$1, $0])", "'{:>{}}'.format(*[$1, 5])", "'{} {0}'.format($1)", "'{nope}'.format(k=$1)"], dict, text),
      form("'{0}{1[0]}{k!r:>8}{0:{w}}'.format($0, $1, k=$2, w=6)", text, list, any),
      forms(['$0 | tojson', '$0 | string', '$0 | pprint', '$0 | join(",")'], fc.oneof(list, dict)),
      forms(['$0 | filesizeformat', '$0 | filesizeformat(true)'], fc.oneof(int, float)),
      forms(['$0 | xmlattr', '$0 | dictsort | first | string'], dict),
    ),
    list: fc.oneof(
      limits,
      fc.constantFrom('ints', 'words', '[]', '()', '(1,)', "[none, true, 1.0, 'x']", 'range(4) | list', 'range(5, 0, -2) | list', 'rows', 'pairs'),
      forms(['[$0]', '[$0, $1]', '($0, $1)', '[[$0], ($1,)]', '[$0, $1] | unique | list'], any, any),
      forms(['($0 + [1])', '($0 | list * 2)', '$0 | reverse | list', '$0 | batch(2) | list', "$0 | batch(3, '-') | list", '$0 | slice(2) | list', "$0 | slice(3, 'z') | list", '$0 | map("string") | list', '$0 | map("string") | map("upper") | list', '$0 | select | list', '$0 | reject("none") | list', '$0 | select("string") | list', '$0 | select("in", [1, 2]) | list', '$0 | map("default", "q") | list', '$0 | map("string") | unique | list', '$0 | map("string") | sort | list', '$0 | map("string") | sort(reverse=true, case_sensitive=true)', '$0.copy()', '$0 | first | list', '$0 | map("string") | map("replace", "1", "one") | list'], list),
      form('($0)$1', list, slice),
      forms(["$0.split()", "$0.split(',')", "$0.split(',', 1)", "$0.rsplit(',', 1)", '$0.splitlines()', '$0.splitlines(true)', "$0.partition('o')", "$0.rpartition(',')", '$0 | list', '($0 | reverse) | list', "$0.split(none, 1)", "$0.split(',', -1)"], text),
      forms(['$0.keys() | list', '$0.values() | list', '$0.items() | list', '$0 | dictsort', "$0 | dictsort(true, 'value')", '$0 | list', '$0 | items | list', '$0 | dictsort(reverse=true)'], dict),
      fc.constantFrom("rows | map(attribute='n') | list", "rows | map(attribute='x.y', default=7) | list", "rows | selectattr('v', 'gt', 1) | map(attribute='n') | list", "rows | rejectattr('v', 'odd') | list", "rows | sort(attribute='v') | map(attribute='n') | list", "rows | sort(attribute='n,v', reverse=true) | list", "rows | groupby('v') | list", "rows | groupby('x', default='none') | list", "rows | selectattr('x', 'defined') | list", "pairs | map('first') | list", "pairs | map('last') | map('abs') | list", 'pairs | sort(attribute=1)', 'pairs | map(attribute=0) | list', "ints | select('divisibleby', 3) | list", "ints | reject('odd') | list", "ints | select('gt', 2) | map('float') | list", "ints | sort", "ints | map('round', 1) | list", "words | map('length') | list", "words | sort(case_sensitive=true)", "words | map('truncate', 3, true, '.') | list", 'ints | unique | list', "rows | sum(attribute='v') | string | list"),
    ),
    dict: fc.oneof(
      limits,
      fc.constantFrom('d', 'deep', '{}', 'deep.b', "rows[0]", 'dict(a=1)', "{1: 'int', 2.5: 'float', none: 'none', true: 'yes'}", "{(1, 2): 'tuple'}", 'dict(pairs)'),
      forms(["{'k': $0, 'j': $1}", '{1: $0, 1.0: $1}', '{$2: $0}', 'dict(d, q=$0)', "dict([('p', $0), ('q', $1)])", "dict(**{'w': $0})"], any, any, text),
      forms(['$0.copy()', 'dict($0)', 'dict($0, z=1)'], dict),
    ),
    flag: fc.oneof(
      limits,
      fc.constantFrom('true', 'false', 'True', 'False'),
      forms(['$0 < $1', '$0 <= $1 < $2', '$0 == $1', '$0 != $1 != $2', '$0 > $1 >= $2', '$0 is divisibleby(3)', '$0 is odd', '$0 is even', '$0 is eq($1)', '$0 is ge $1', '$0 is lt($1)', '$0 is in([$1, $2])', '$0 not in [$1]', '$0 is sameas $1', '$0 < $1 == $2', '$0 < $1 < $2 < 12', '1 <= $0 != $1 in [$2, 1]', '$0 == $1 not in [$2]', 'not $0 < $1 <= $2', '$0 < $1 and $1 < $2 or $0 == $2', '($0 < $1) == ($1 < $2)', '$0 is not divisibleby 2'], int, int, int),
      forms(["$0.startswith('a')", "$0.endswith(('c', 'd'))", "'l' in $0", "'zz' not in $0", '$0 is string', '$0 is lower', '$0 is upper', '$0.isdigit()', '$0.isalpha()', '$0.isupper()', '$0.isspace()', '$0 == "abc"', '$0 < "b"', '$0.isalnum()', '$0.isnumeric()', '$0.istitle()', '$0.isidentifier()', '$0.isdecimal()', "$0.startswith('b', 1)"], text),
      forms(['$0 is $1', '$0 is not $1'], any, fc.constantFrom('defined', 'none', 'number', 'mapping', 'sequence', 'iterable', 'string', 'boolean', 'integer', 'float', 'true', 'callable', 'undefined')),
      forms(['not $0', '($0 and $1)', '($0 or $1)', '($0 == $1)', '$0 is sameas($1)'], flag, flag),
      forms(["'k' in $0", "$0 == d", "'k' in $0.keys()", "$0.k is defined", "$0.nope is defined", "$0['k'] is none"], dict),
      forms(['1 in $0', '$0 == ints', '$0 | length > 1', '$0 < [2]', "$0[5] is defined", '$0 == $1'], list, list),
      form('nope is defined and $0', any),
    ),
    any: fc.oneof({ maxDepth: 4, depthSize: 'small' }, int, float, text, list, dict, flag, fc.constantFrom('none', 'x', 'nope | default("d")', 'z.y.x | default(1)'),
      forms(['($0 if $1 else $2)', '($0 if $1)', '(($0 if $1) | default($2))', '$0 | default($2)', '($0)'], any, flag, any)),
  };
}) as unknown as TypedExpressions; // prettier-ignore
