import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'mocha';

/** Templates of a pull request that nobody should merge; each has to end in a diagnostic. */
const HOSTILE = [
  '{{ ("a" * 7000000) | replace("a", "bbbbbbbbbb") }}',
  '{{ ("x" * 100000).replace("", "y" * 10000) }}',
  '{{ "%1000000000d" % 1 }}',
  '{{ "%.1000000000f" % 1 }}',
  '{{ "{0:{1}}".format(1, 10 ** 9) }}',
  '{{ "x" | center(10 ** 9) }}{{ "x".zfill(10 ** 9) }}',
  '{{ "\\t".expandtabs(10 ** 9) }}',
  '{{ 2 ** (2 ** 40) }}',
  '{% set ns = namespace(x=3) %}{% for i in range(60) %}{% set ns.x = ns.x * ns.x %}{% endfor %}',
  '{% for i in range(100000) %}{% set x = (2 ** 900000) // 3 %}{% endfor %}',
  '{% set a = [0] * 1000 %}{% set b = [a] * 1000 %}{{ ([b] * 1000) | string }}',
  '{% set a = [0] * 1000 %}{% set b = [a] * 1000 %}{% set c = [b] * 1000 %}{{ c | tojson }}',
  '{% set a = [0] * 1000 %}{% set b = [a] * 1000 %}{% set c = [b] * 1000 %}{{ c | pprint | length }}',
  '{{ ["x" * 7000000] * 1000 }}',
  '{{ (["x" * 7000000] * 1000) | tojson }}{{ (["x" * 7000000] * 1000) | json }}',
  '{{ (["x" * 7000000] * 1000) | pprint }}',
  '{{ (["x" * 7000000] * 1000) | yaml }}',
  '{{ (["x" * 7000000] * 1000) | join }}',
  '{{ (range(60) | list) | permutations | list }}',
  '{{ range(30) | combinations(15) | list | length }}',
  '{{ [[]] | unique | list }}{% set l = [[]] * 99999 %}{{ l | map("list") | list | unique | length }}{% set n = [] %}{% for i in range(99999) %}{% do n.append([i]) %}{% endfor %}{{ n | unique | length }}',
  '{{ [1] | batch(10 ** 9, "x") | list }}',
  '{{ [1] | slice(10 ** 9) | list }}',
  '{{ (range(100000) | list) | product(range(100000) | list) | list }}',
  '{% macro m() %}{{ caller() }}{% endmacro %}{% macro n() %}{% call m() %}{{ n() }}{% endcall %}{% endmacro %}{{ n() }}',
  '{% for i in range(100000) recursive %}{{ loop(range(100000)) }}{% endfor %}',
  '{% set ns = namespace(l=[]) %}{% for i in range(100000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}',
  '{% set ns = namespace(l=[]) %}{% for i in range(99) %}{% do ns.l.append("x" * 7000000 ~ i) %}{% endfor %}',
  '{% for i in range(100000) %}{% set y = ("é" * 1000000) | urlencode %}{% endfor %}',
  '{% for i in range(100000) %}{% set y = ("ab" * 3000000) | upper %}{% endfor %}',
  '{% for i in range(100000) %}{% set y = ("ab" * 3000000)[::-1] %}{% endfor %}',
  '{{ ("a" * 8000000) | wordwrap(1) }}',
  '{{ ("a" * 40) | regex_search("(a+)+$b") }}',
  '{% for i in range(1000000) %}{{ nope }}{% endfor %}',
  '{{ ("a" * 3000) is match("(.*)*.*.*.*=") }}',
];

describe('a hostile template', () => {
  it('ends in a diagnostic within a small memory, whatever it does', () => {
    const script = fileURLToPath(new URL('./hostile-process.ts', import.meta.url));
    const run = spawnSync(process.execPath, ['--import=tsx', '--max-old-space-size=112', script], {
      input: JSON.stringify(HOSTILE),
      encoding: 'utf8',
    });

    assert.equal(run.status, 0, run.stderr.slice(0, 2000));
    assert.deepEqual(
      (JSON.parse(run.stdout) as string[]).map((code, i) => [
        HOSTILE[i],
        /^SLAB200[346]$/.test(code) || code,
      ]),
      HOSTILE.map((text) => [text, true]),
    );
  }).timeout(120_000);
});
