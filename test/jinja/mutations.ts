import fc from 'fast-check';

/** Pieces that a template means something by, and some that mean trouble. */
const PIECES = [
  '{{', '}}', '{%', '%}', '{%-', '-%}', '{#', '#}', '{% raw %}', '{% endraw %}', '{% if ', '{% for i in ', '{% endfor %}', '{% else %}', '{% endif %}', '{% macro m(', '{% call ', '{% import "one" as ', '{% include ', '{% from "one" import ', '{% set ', '{% endset %}',
  '{% extends "two" %}', '{% block b %}', '{% endblock %}', '{% break %}', '{% load_yaml as y %}', '{% endload %}', '{% import_yaml "one" as y %}', '{% profile as "p" %}',
  '(', ')', '[', ']', '{', '}', ':', '::', ',', '|', '.', '..', '*', '**', '=', '==', '!', '~', '@', '$', '\\', "'", '"', "'\\", '"\\x', '\\N{DASH}', '0x', '1e', '1e999', '9'.repeat(400), '0.', '_', '\0', '\ufeff', '\ud800', '\udc00', '😀', '\r', '\u2028',
  ' is ', ' not ', ' in ', ' if ', ' else ', ' recursive ', ' as ', ' with context ', 'loop(', 'caller(', 'super()', 'self.', 'varargs', 'kwargs', 'nope', 'none', ' | ', ' | length', ' | regex_search("(")', ' | map("', ' | yaml', ' | tojson', ' | sort', ' % ', '"%s%(a)d%*d"', '"{0[a]}{:{}}"', '.format(', '.items()', '.__class__', '[::0]', '[-9:]', '-- -', 'not not ', '((((((((', '[[[[[[[[',
] as const; // prettier-ignore

type Change = readonly [kind: number, from: number, length: number, piece: string];

const change: fc.Arbitrary<Change> = fc.tuple(
  fc.integer({ min: 0, max: 3 }),
  fc.nat(5000),
  fc.nat(12),
  fc.constantFrom(...PIECES),
);

/** The text with some pieces put in, taken out, doubled or moved to the end. */
export function mutated(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(text, fc.array(change, { minLength: 1, maxLength: 5 }))
    .map(([start, changes]) => changes.reduce(apply, start));
}

function apply(text: string, [kind, from, length, piece]: Change): string {
  const at = from % (text.length + 1);
  const cut = text.slice(at, at + length);
  const without = text.slice(0, at) + text.slice(at + length);
  if (kind === 0) return text.slice(0, at) + piece + text.slice(at);
  if (kind === 1) return without;
  return kind === 2 ? text.slice(0, at) + cut + text.slice(at) : without + cut;
}

/** Bytes as a file of a template might hold them. */
export const anyBytes: fc.Arbitrary<string> = fc.oneof(
  fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString('utf8')),
  fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 25 }).map((parts) => parts.join('')),
); // prettier-ignore
