import fc from 'fast-check';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const text = fc.constantFrom(
  'a', 'b c', 'yes', 'no', 'on', '012', '1', '1.5', '- x', '-', 'x: y', 'x:y', '#c', 'a #b', '', ' ', ' lead', 'trail ', 'l1\nl2\n', 'l1\n\n l2',
  'tab\t', 'é', '😀', '{x}', '[y]', 'a,b', '?', '? k', '!t', '&a', '*b', '%d', '@x', '`y', 'null', '~', '12:30', '2020-01-01', '1e3', '1_000', '0x1F',
  '.5', '=', '<<', "it's", '"q"', 'a\\b', '...', '--- x', 'long '.repeat(30), 'unbroken'.repeat(12), 'x  y   z '.repeat(15), 'a\u2028b', '\u0007bell',
  "it's ".repeat(25), 'é\t'.repeat(40), ':', 'a:', ':a', '1.0e+3', '\n', '\n\nx', 'x\n ', '\ufeff', 'k'.repeat(125), 'k'.repeat(122),
); // prettier-ignore

const scalar = fc.oneof(text, fc.constantFrom(null, true, false, 1, -5, 1.5, 2.5e20, 1e-7));

/** Data whose YAML is hard to write; dicts have few keys, in the order in which PyYAML sorts them. */
export const anyYamlValue: fc.Arbitrary<Json> = fc.letrec((tie) => {
  const inner = tie('value') as fc.Arbitrary<Json>;
  return {
    value: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      scalar,
      fc.array(inner, { maxLength: 4 }),
      fc.array(fc.tuple(text, inner), { maxLength: 4 }).map(sortedObject),
    ),
  };
}).value;

function sortedObject(entries: readonly (readonly [string, Json])[]): Json {
  // JavaScript moves keys that look like indexes to the front.
  const usable = entries.filter(([key]) => !/^\d+$/.test(key));
  return Object.fromEntries([...usable].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
}
