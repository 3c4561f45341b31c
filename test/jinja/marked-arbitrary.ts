import fc from 'fast-check';

/** A template with its files, in which each line that writes text carries a marker `<file:line>` of its own. */
export interface Marked {
  readonly main: string;
  readonly files: Readonly<Record<string, string>>;
}

type Lines = readonly string[];

/** A line to be marked; `§` in it becomes its marker. */
const line = fc.constantFrom('text §', '§ {{ n }}', '  - § {{ n ~ "," }} after', '{{ l | join("\n") }} §', '{# §\n #}§', '{%- if true %} § {%- endif %}', '{{ "§" }}', '{{ "§" ~ n }}', '{{ ["§", n] | join }}', '§ {{ loop | default("") | length }}', '§ é😀 §2', '{% filter trim | indent(2) %} § {% endfilter %}', '{% set c | trim %} § {{ n }}{% endset %}{{ c }}', '{{ {"§": [n, 1], "b": "§"} | yaml(false) | indent(2) }}', '{{ ("§\\n" ~ n ~ "\\n§") | indent(4, true) | trim }}', '{{ [n, "§"] | map("upper") | map("lower") | join("\\n") | replace("x", "y") }}', '{{ "§" | center(30) | replace("q", "r") }}'); // prettier-ignore

const inside = (open: string, close: string, inner: fc.Arbitrary<Lines>): fc.Arbitrary<Lines> =>
  inner.map((lines) => [open, ...lines, close]);

/** Lines of nested statements. A macro of a file may be called more than once, so markers may show more than once. */
function linesWith(names: {
  readonly macro: string;
  readonly others: readonly string[];
}): fc.Arbitrary<Lines> {
  return fc.letrec((tie) => {
    const some = tie('lines') as fc.Arbitrary<Lines>;
    const other = fc.constantFrom('three', ...names.others);
    return {
      lines: fc.array(tie('one') as fc.Arbitrary<Lines>, { minLength: 1, maxLength: 4 }).map((all) => all.flat()),
      one: fc.oneof(
        { maxDepth: 3, depthSize: 'small' },
        line.map((text) => [text]),
        inside('{% if n -%}', '{%- endif %}', some),
        inside('{% for i in l %}', '{% endfor %}', some),
        inside('{% for i in [] %}', '{% endfor %}', some.map((lines) => ['no', '{% else -%}', ...lines])),
        inside('{%- for i in [[1], [[2]]] recursive %}', '{{ loop(i) if i is iterable }}{% endfor %}', line.map((text) => [text])),
        inside(`{% call ${names.macro}() -%}`, '{%- endcall %}', some),
        inside(`{% call(p) ${names.macro}(1) %}`, '{% endcall %}', some),
        inside('{% with n = 2 %}', '{% endwith %}', some),
        inside('{% set w = "z" %}{% raw %}', '{% endraw %}', fc.constant(['raw §', '§ {{ raw }}'])),
        inside('{% set unused %}', '{% endset %}', some),
        inside('{% macro local() %}', '{% endmacro %}{{ local() }}{{- local() }}', some),
        other.map((name) => [`{% include "${name}" %}`]),
        other.map((name) => [`{%- import "${name}" as other -%}`, '{{ other.m() }}']),
        other.map((name) => [`{% from "${name}" import m as theirs with context %}`, '{% call theirs() %}§{% endcall %}']),
        fc.constant(['{% load_yaml as y %}', 'k: §', '{% endload %}{{ n }}']),
        fc.constant([`{{ ${names.macro}() }} §`]),
      ),
    };
  }).lines; // prettier-ignore
}

function file(name: string, others: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(linesWith({ macro: 'm', others }), line, fc.constantFrom('\n', '\r\n'))
    .map(([lines, inMacro, end]) =>
      [
        '{% macro m(a=0) %}',
        inMacro,
        '{{ caller() if caller is defined }}§',
        '{% endmacro %}',
        ...(others.length > 0 ? lines : []),
        '§',
      ]
        // A piece may hold a line end of its own: number them as they will stand in the file.
        .join('\n')
        .split('\n')
        .map((text, i) => text.replaceAll('§', `<${name}:${i + 1}>`))
        .join(end),
    );
}

/** Files that call, include and import each other, from the first to the last. */
export const anyMarked: fc.Arbitrary<Marked> = fc
  .record({
    main: file('main', ['one', 'two', 'three']),
    one: file('one', ['two', 'three']),
    two: file('two', ['three']),
    three: file('three', []),
  })
  .map(({ main, ...files }) => ({ main, files }));
