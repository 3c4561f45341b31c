import fc from 'fast-check';
import type { ProjectFiles } from '../support/command-line.ts';

/** A project with something of everything that slab reads from disk. */
export const SEEDS: Readonly<Record<string, string>> = {
  'inventories/prod/inventory.yaml': `defaults: {user: deploy, become: sudo}
hosts:
  web[1:2]: {address: '192.0.2.[1:2]', groups: [web]}
  db1: {kind: physical, labels: {rack: r1}, vars: {shards: 4, nested: {a: [1, 2]}}}
groups:
  web: {vars: {port: 80}}
  all: {children: [web], hosts: ['db*']}
nodegroups: {first: web1 or G@os:Debian}
secrets: ['db:password', token]
salt: {pillar_source_merging_strategy: smart, pillar_merge_lists: false}
`,
  'inventories/prod/pillar/top.sls': `base:
  '*': [common]
  'web* and G@os:Debian':
    - web
    - order: 2
  'missing*':
    - gone
    - ignore_missing: true
`,
  'inventories/prod/pillar/common.sls': `include:
  - extra: {defaults: {size: 3}, key: a:b}
db: {password: secret-text, port: 5432}
users: [{name: amy, uid: 1001}, {name: bob}]
token: {{ grains['id'] }}-token
`,
  'inventories/prod/pillar/web.sls': "web: {listen: 80, vhosts: {main: {docroot: /srv}}}\n",
  'inventories/prod/pillar/extra.sls': 'size: {{ size }}\n',
  'inventories/prod/disks/S4EV.json': JSON.stringify({
    format: 'slab.disk/1',
    disk: { serial: 'S4EV', host: 'db1', role: 'object', sizeBytes: 16000900661248, gen: 0, firstSeen: '2026-11-01T00:00:00Z' },
    approvals: [],
  }),
  'states/top.sls': "base:\n  '*': [site, web]\n",
  'states/site.sls': `include: [.parts.base]
{% set users = salt['pillar.get']('users', []) %}
{% for user in users %}
user-{{ user.name }}:
  user.present:
    - name: {{ user.name }}
    - uid: {{ user.uid | default(2000 + loop.index) }}
    - require: [test: anchor]
{% endfor %}
/etc/motd:
  file.managed:
    - source: salt://files/motd.j2
    - template: jinja
    - mode: '0644'
    - context: {greeting: "hello {{ grains['id'] }}"}
    - unless: test -e /etc/no
extend:
  anchor:
    test.nop:
      - require_in: [file: /etc/motd]
`,
  'states/parts/base.sls': "anchor:\n  test.nop: []\ntools:\n  pkg.installed:\n    - pkgs: [curl, vim]\n",
  'states/web.sls': `#!jinja|yaml
{% from 'map.jinja' import web, vhost with context %}
{% import_yaml 'data.yaml' as data %}
{% load_yaml as local %}
a: [1, {b: c}]
{% endload %}
nginx:
  pkg.installed: []
  service.running:
    - enable: true
    - watch: [file: site-conf]
site-conf:
  file.managed:
    - name: /etc/site.conf
    - contents: |
        listen {{ web.listen }};
        {{ data['text'] | indent(8) }} {{ local.a[1].b }}
{{ vhost('main', port=web.listen) }}
`,
  'states/map.jinja': `{% set web = salt['grains.filter_by']({'Debian': {'listen': 80}}, merge=pillar.get('web', {})) %}
{% macro vhost(name, port=80) %}
vhost-{{ name }}:
  cmd.run:
    - name: echo {{ port }} "{{ name ~ '!' }}"
    - creates: /tmp/x
{% endmacro %}
`,
  'states/data.yaml': 'text: two words\nlist: [0644, yes, 1:30]\n',
  'states/files/motd.j2': '{{ greeting | upper }}\n{% if grains.os is defined %}{{ grains.os }}{% endif %}\n',
  '.slab/grains/prod/web1.json': '{"id": "web1", "os": "Debian", "os_family": "Debian", "ipv4": ["127.0.0.1"], "n": 1.5}',
  '.slab/answers/prod/web1.json': '{}',
}; // prettier-ignore

/** What may be put into a text: pieces that mean something to YAML, Jinja or Salt. */
const PIECES = [
  '{{', '}}', '{%', '%}', '{#', '#}', '{% if x %}', '{% endif %}', '{% for i in range(3) %}', '{% endfor %}', '{% else %}',
  '{% raw %}', '{% set x = 1 %}', '{% macro m() %}', '{% endmacro %}', '{% import "map.jinja" as m %}', '{% include "web.sls" %}',
  '{{ x }}', '{{ 1 / 0 }}', '{{ pillar }}', '{{ grains.x.y }}', "{{ salt['cmd.run']('x') }}", "{{ salt['pillar.get']('a:b') }}",
  '{{ range(99999) | list }}', '{{ "x" * 999999 }}', '{{ [] | first }}', '{{ none.x }}', '{{ lipsum() }}', '{% do x.append(1) %}',
  '| default(1)', '| json', '| yaml', '| tojson', '| length', '[0]', '.items()', '~', '+', '==', ' in ', ' not ', ' is defined',
  ':', ': ', '- ', '\n', '\n  ', '\n    ', '  ', '\t', '[', ']', '{', '}', ',', '"', "'", '#', '&a ', '*a', '<<: ', '!!int ', '!x ',
  '|', '>', '? ', '---\n', '...\n', '%YAML 1.1\n', '@', '`', '\u0000', '\ud800', '\ufeff', '\u2028', 'é', '😀', '\r\n', '0x', '1e999',
  '99999999999999999999', '-', '.', '..', '~', 'null', 'yes', '[[', ']]', '[1:3]', '[1:999999]', '[a:zz]', '{}', '[]',
  'include: [site]\n', 'include: [..x]\n', 'exclude: [web]\n', 'extend: {x: {test.nop: []}}\n', 'x: test.nop\n', 'names: [a, b]',
  'require: [x: y]', 'require_in: [sls: web]', 'use: [test: anchor]', 'prereq: [test: anchor]', 'order: last', 'listen_in: [id: x]',
  'G@os:x', 'E@(', 'I@a:b', ' and ', ' or ', ' not ', '(', ')', 'S@10.0.0.0/8', 'N@first', 'match: pcre', 'base:', "'*': [x]",
  'hosts:', 'groups:', 'children: [web]', 'secrets: [**]', 'dynamic: 5', 'vars:', 'become: 7', 'port: 99999999', '__proto__: 1',
  'constructor: {}', 'toString: x', '#!py\n', '#!yaml\n', '#!jinja|json\n', '#!gpg\n', '#!jinja|yaml|gpg\n',
] as const; // prettier-ignore

/** One edit: where (as a share of the length), how much goes, what comes. */
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.oneof({ weight: 4, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(60) }),
  add: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom<string>(...PIECES) },
    { weight: 2, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 3 }) },
  ),
});

const byteEdit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 4 }),
});

/** Lines moved about: what people do by cutting and pasting. */
const shuffle = fc.record({
  from: fc.nat(20),
  to: fc.nat(20),
  indent: fc.constantFrom('', '  ', '    ', ' '),
});

function cut(text: string, { at, remove, add }: { at: number; remove: number; add: string }): string {
  const start = Math.floor(at * text.length);
  return text.slice(0, start) + add + text.slice(start + remove);
}

function moveLine(text: string, { from, to, indent }: { from: number; to: number; indent: string }): string {
  const lines = text.split('\n');
  const [line = ''] = lines.splice(from % lines.length, 1);
  lines.splice(to % (lines.length + 1), 0, indent + line.trimStart());
  return lines.join('\n');
}

function writeBytes(text: string, at: number, bytes: Uint8Array): Uint8Array {
  const all = Buffer.from(text);
  const start = Math.floor(at * all.length);
  return Buffer.concat([all.subarray(0, start), bytes, all.subarray(start + bytes.length)]);
}

/** What happens to a text: words put in, lines moved, bytes overwritten, or all of it replaced. */
export const damaged: fc.Arbitrary<(text: string) => string | Uint8Array> = fc.oneof(
  { weight: 6, arbitrary: fc.array(edit, { minLength: 1, maxLength: 4 }).map((all) => (text: string) => all.reduce(cut, text)) },
  { weight: 2, arbitrary: fc.array(shuffle, { minLength: 1, maxLength: 3 }).map((all) => (text: string) => all.reduce(moveLine, text)) },
  { weight: 2, arbitrary: byteEdit.map(({ at, bytes }) => (text: string) => writeBytes(text, at, bytes)) },
  { weight: 1, arbitrary: fc.array(fc.constantFrom<string>(...PIECES), { maxLength: 12 }).map((all) => () => all.join('')) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => () => bytes) },
); // prettier-ignore

/** The project with one or two of its files damaged. */
export const damagedProject: fc.Arbitrary<ProjectFiles> = fc
  .array(fc.tuple(fc.constantFrom(...Object.keys(SEEDS)), damaged), { minLength: 1, maxLength: 2 })
  .map((all) => ({
    ...SEEDS,
    ...Object.fromEntries(all.map(([path, damage]) => [path, damage(SEEDS[path] ?? '')])),
  }));
