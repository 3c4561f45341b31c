import fc from 'fast-check';

/** Pieces of YAML that have a meaning, or nearly one; strung together they make right and wrong documents. */
const PIECES = [
  'a', 'b c', 'key', 'é', '😀', '0644', '-0644', '0x1F', '0b11', '1_000', '12:30', '1.5', '1.0e+3', '1e3', '.inf', '-.INF',
  '.nan', '~', 'null', 'yes', 'Off', 'y', 'TRUE', 'tRUE', '2026-01-02', '=', '<<', '08', '0o17', '1:30.5', '', '+12', '685_230.15',
  ': ', ':', ':\n', '- ', '-', '? ', '?', '\n', '\n', '\n  ', '\n    ', '\n ', '\n\n', '  ', ' ', '\t',
  '"', "'", '"x"', "'it''s'", '"\\n\\x41\\u00e9\\\n  z"', '[', ']', '{', '}', ', ', ',', '[a, b]', '{a: 1}', '[]', '{}',
  '&x ', '*x', '*x ', '&y ', '*y', '<<: *x', '<<: [*x, *y]', '!!int ', '!!str ', '!!float ', '!!bool ', '!!null ', '!!map ',
  '!!seq ', '! ', '!foo ', '!!binary ', '!!set ', '!!omap ', '!<tag:yaml.org,2002:str> ', '|', '>', '|-\n  ', '>+\n  ', '|2\n', '>1-\n ',
  '#', ' # c', '# c\n', '---', '---\n', '--- ', '...\n', '%YAML 1.1\n', '%TAG !e! tag:yaml.org,2002:\n', '!e!int ',
  '\r\n', '\r', '\u0085', '\u2028', '@', '`', '%', '&', '*', '!', '|', '>', '\ufeff', 'a: 1', 'a: 2\n', '- a\n', 'k:\n  - v\n',
] as const; // prettier-ignore

/** Strings of pieces of YAML, mostly wrong. */
export const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((pieces) => pieces.join(''));

/** Whole lines at likely indentations: these make valid documents more often. */
export const lines = fc
  .array(
    fc.tuple(fc.constantFrom('', '', '  ', '  ', '    ', ' '), fc.constantFrom(
      'a: 1', 'b: two words', 'c:', 'd: [1, 2,', '3]', '- x', '- y: 1', '-', '- - z', 'e: |', 'f: >-', 'text goes on', '  more',
      '', '# comment', 'g: "quoted', 'end"', "h: 'it''s'", '&x a: b', 'i: &x', 'j: *x', '<<: *x', '? k', ': v', 'l: {m: n,', 'o: p}', 'a: again',
      '1: one', 'true: yes', '!!str q: !!int 7', 'r: - s', '"t": u', '*x : w', 'x:y', 'z : 1',
    )), // prettier-ignore
    { maxLength: 9 },
  )
  .map((all) => all.map(([indent, line]) => indent + line).join('\n'));

/** A state file with something of everything. */
export const SAMPLE = `# managed
include: &all
  - apache.map
nginx-conf:
  file.managed:
    - name: /etc/nginx/nginx.conf
    - mode: 0644
    - contents: |
        server {
          listen 80;

        }
    - context: {port: 80, "names": [a, 'b c']}   # inline
    - text: >-
        folded
        text

        more
    - require:
      - pkg: nginx
  service.running: &run
    - enable: yes
    - retry: {attempts: 3, until: True}
multi: plain text
  over lines
again: {<<: {a: 1, b: 2}, b: 3}
base: &base {x: 1}
derived:
  <<: [*base, {y: 2}]
ref: *run
quoted: "tab\\there \\
  joined"
`;

/** The sample with a few characters taken out or put in. */
export const mutated = fc
  .array(
    fc.record({
      at: fc.nat(SAMPLE.length),
      remove: fc.nat(3),
      add: fc.constantFrom(
        '',
        '',
        ' ',
        '\n',
        '\t',
        ':',
        '-',
        '"',
        "'",
        '[',
        '}',
        '#',
        '&',
        '*',
        '!',
        'x',
        '\0',
        '\ud800',
      ),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((edits) =>
    edits.reduce((text, { at, remove, add }) => text.slice(0, at) + add + text.slice(at + remove), SAMPLE),
  );
