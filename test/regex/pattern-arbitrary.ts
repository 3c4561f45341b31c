import fc from 'fast-check';

const piece = fc.constantFrom(
  'a', 'b', 'A', 'é', '😀', '1', '_', ' ', '.', '\\d', '\\w', '\\s', '\\W', '\\D', '\\S', '[ab]', '[^a]', '[a-c1]', '[\\w-]', '[^\\s_]', '[]a]', '[^]a]',
  '\\.', '\\n', '\\x61', '\\u00e9', '\\141', '\\0', '[\\x41-\\x5a]', '[A-Zé]', 'ſ', 'k', '[i-k]',
); // prettier-ignore
const anchor = fc.constantFrom('^', '$', '\\b', '\\B', '\\A', '\\Z');
const count = fc.constantFrom('*', '+', '?', '{2}', '{1,2}', '{,2}', '{2,}', '*?', '+?', '??', '{1,3}?', '*+', '++', '?+', '{0,2}+', '{', '{a}', '{0}'); // prettier-ignore
const flags = fc.constantFrom('i', 's', 'm', 'x', 'a', 'im', '-i', 'i-s', 'a-i', 'u', 'x-i');

const { pattern } = fc.letrec((tie) => {
  const inner = tie('pattern') as fc.Arbitrary<string>;
  const item = tie('item') as fc.Arbitrary<string>;
  return {
    item: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      { weight: 6, arbitrary: piece },
      { weight: 1, arbitrary: anchor },
      { weight: 4, arbitrary: fc.tuple(item, count).map((parts) => parts.join('')) },
      { weight: 3, arbitrary: inner.map((part) => `(${part})`) },
      { weight: 2, arbitrary: inner.map((part) => `(?:${part})`) },
      { weight: 1, arbitrary: inner.map((part) => `(?>${part})`) },
      { weight: 1, arbitrary: fc.tuple(fc.constantFrom('=', '!', '<=', '<!'), inner).map(([look, part]) => `(?${look}${part})`) },
      { weight: 1, arbitrary: fc.tuple(flags, inner).map(([letters, part]) => `(?${letters}:${part})`) },
      { weight: 1, arbitrary: fc.tuple(fc.constantFrom('n', 'm'), inner).map(([name, part]) => `(?P<${name}>${part})`) },
      { weight: 1, arbitrary: fc.constantFrom('\\1', '\\2', '(?P=n)', '(?#note)') },
      { weight: 1, arbitrary: fc.tuple(fc.constantFrom('1', '2', 'n'), inner, inner).map(([group, yes, no]) => `(?(${group})${yes}|${no})`) },
    ),
    pattern: fc.oneof(
      { weight: 5, arbitrary: fc.array(item, { maxLength: 4 }).map((items) => items.join('')) },
      { weight: 1, arbitrary: fc.tuple(inner, inner).map((branches) => branches.join('|')) },
    ),
  };
}); // prettier-ignore

const withFlags = fc
  .tuple(
    fc.constantFrom('', '', '', '(?i)', '(?m)', '(?s)', '(?x)', '(?ims)', '(?a)', '(?ia)', '(?xi)', '(?m)(?i)'),
    pattern,
  )
  .map((parts) => parts.join('')); // prettier-ignore

const raw = fc
  .array(
    fc.constantFrom(...Array.from('()[]{}*+?|^$\\.-:=!<>P#ab12nix,'), '(?', '(?P<', '(?<', '(?(', '\\x', '\\u', '\\8', '\\Q', '[^', '{2', '😀', '\n'),
    { maxLength: 8 },
  )
  .map((parts) => parts.join('')); // prettier-ignore

/** A pattern, now and then malformed. */
export const anyPattern: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: withFlags },
  { weight: 2, arbitrary: raw },
);

/** A text for patterns. */
export const anySubject: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom('a', 'b', 'A', 'B', 'c', '1', '2', ' ', '_', '\n', '-', '.', 'é', 'É', '😀', 'ſ', 'K', 'i', 'İ', ']', '{'),
    { maxLength: 12 },
  )
  .map((parts) => parts.join('')); // prettier-ignore

/** A replacement, now and then malformed. */
export const anyReplacement: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom('x', '-', '\\1', '\\2', '\\g<1>', '\\g<0>', '\\g<n>', '\\n', '\\\\', '\\0', '\\101', '\\.', '\\q', '\\g', '\\g<', '\\g<>', '\\400', '😀'),
    { maxLength: 3 },
  )
  .map((parts) => parts.join('')); // prettier-ignore
