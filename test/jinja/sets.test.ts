import assert from 'node:assert/strict';
import { describe, it } from 'mocha';

import { failure, render } from './render.ts';

describe('a set', () => {
  const table: readonly (readonly [string, string])[] = [
    ['{{ {"a": 1, "b": 2}.keys() - ["b"] }}', "{'a'}"],
    ['{{ {"a": 1}.keys() - {"a": 2}.keys() }}', 'set()'],
    ['{{ ({"a": 1, "b": 2}.keys() - ["b"]) | list }}', "['a']"],
    ['{{ ("a", "b", "a") | unique }}', "{'a', 'b'}"],
    ['{{ "a" in ("a", "b") | unique }}', 'True'],
    ['{{ (1, 2) | union((2, 3)) }} {{ (1, 2) | intersect((2, 3)) }} {{ (1, 2) | difference((2, 3)) }}', '{1, 2, 3} {2} {1}'],
    ['{{ (1, 2) | unique == (2, 1) | unique }} {{ (1,) | unique < (2, 1) | unique }}', 'True True'],
    ['{% set s = (1,) | unique %}{% do s.add(2) %}{{ s | sort }} {{ s | length }} {{ s.union([3]) | sum }}', '[1, 2] 2 6'],
    ['{% set s = (1, 2) | unique %}{{ s.issubset([1, 2, 3]) }} {{ s.isdisjoint([3]) }} {{ s.symmetric_difference([2, 3]) }}', 'True True {1, 3}'],
    ['{% set s = (1, 2, 3) | unique %}{% do s.discard(9) %}{% do s.remove(1) %}{{ s }} {{ s.difference([2]) }} {{ s.intersection([2]) }}', '{2, 3} {3} {2}'],
    ['{% set s = (1,) | unique %}{{ s.copy().pop() }} {% do s.clear() %}{{ s }}', '1 set()'],
  ]; // prettier-ignore
  for (const [text, expected] of table)
    it(`renders ${text}`, () => {
      assert.equal(render(text), expected);
    });

  const refused: readonly (readonly [string, string])[] = [
    ['{{ {"a": 1}.keys() - 5 }}', "TypeError: 'int' object is not iterable"],
    ['{% do ((1,) | unique).add([]) %}', "TypeError: unhashable type: 'list'"],
    ['{% do ((1,) | unique).remove(7) %}', 'KeyError: 7'],
  ];
  for (const [text, message] of refused)
    it(`refuses ${text}`, () => {
      assert.equal(failure(text).summary, message);
    });
});
