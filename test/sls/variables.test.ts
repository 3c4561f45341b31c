import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { dictOf } from './dict-of.ts';
import { argument, compile } from './project.ts';

describe('what a template sees', () => {
  const expressions: [string, unknown][] = [
    ["{{ salt['pillar.get']('web:port') }}", 80],
    ["{{ salt.pillar.get('web:gone', 'd') }}", 'd'],
    ['{{ pillar.web.port }}', 80],
    ['{{ grains.os }}', 'Debian'],
    ["{{ salt['grains.filter_by']({'Debian': 'deb'}) }}", 'deb'],
    ["{{ salt['match.glob']('host1*') }}", true],
    ["{{ salt['match.pillar']('web:port:80') }}", true],
    ["{{ salt['match.compound']('G@os:RedHat or L@x,y') }}", false],
    ["{{ salt['match.filter_by']({'x*': 1, 'default': {'a': 1}}, merge={'b': 2}) | json }}", { a: 1, b: 2 }],
    [
      "{{ salt['match.filter_by']({'host1*': {'a': 1}, 'base': {'c': 3}}, base='base') | json }}",
      { a: 1, c: 3 },
    ],
    ["{{ salt['match.filter_by']({'G@os:RedHat': 'red', 'host1*': 'h1'}) }}", 'h1'],
    ["{{ salt['match.ifelse']('G@os:RedHat', 'red', 'host1*', 'h1', 'other') }}", 'h1'],
    [
      "{{ ifelse('x*', 1, false, 2, 'none of them') }} {{ ifelse(true, 'all', '') }} {{ ifelse(5) }}",
      'none of them all 5',
    ],
    ['{{ opts.id }} {{ opts.test }} {{ saltenv }}', 'host1.example.com False base'],
    ['{{ host.name }} {{ host.address }} {{ host.kind }}', 'host1.example.com 192.0.2.1 physical'],
    ['{{ host.vars.rack }} {{ host.labels.site }} {{ host.groups | join }}', 'r7 north web'],
    ["{{ inventory.hosts['host1.example.com'].vars.rack }}", 'r7'],
    ["{{ inventory.groups.web | join(',') }}", 'host1.example.com'],
    [
      '{{ sls }}|{{ tplfile }}|{{ tpldir }}|{{ tpldot }}|{{ slspath }}|{{ tplpath }}',
      'a|a.sls|.|||states/a.sls',
    ],
    // salt/modules/saltutil.py list_extmods
    ["{{ 'x' in salt['saltutil.list_extmods']().get('states', []) }}", false],
    ["{{ salt['slsutil.merge']({'a': 1}, {'b': 2}) | json }}", { a: 1, b: 2 }],
    ["{{ salt['slsutil.renderer'](string='n: {{ 1 + k }}', k=2).n }}", 3],
    ["{{ salt['slsutil.renderer']('salt://sub/data.sls').dir }}", 'sub'],
    ["{{ salt['slsutil.renderer'](string='[1, 2]', default_renderer='json') | length }}", 2],
    ["{{ salt['slsutil.renderer'](string='') | length }}", 0],
    ["{{ salt['cp.get_file_str']('salt://hello.txt') }}", 'hello'],
  ];
  for (const [expression, expected] of expressions)
    it(`renders ${expression}`, () => {
      const result = compile({
        states: {
          'a.sls': `x:\n  test.nop:\n    - v: ${expression}\n`,
          'hello.txt': 'hello',
          'sub/data.sls': 'dir: {{ tpldir }}',
        },
        pillar: { 'top.sls': "base:\n  '*': [data]\n", 'data.sls': 'web: {port: 80}\n' },
        host: {
          address: '192.0.2.1',
          kind: 'physical',
          groups: ['web'],
          labels: new Map([['site', 'north']]),
          vars: dictOf('{rack: r7}'),
        },
      });

      assert.deepEqual(argument(result), expected);
    });
});

// As in Salt, whose loader sets the place of a template for all that is loaded without context from then on.
describe('what an imported template sees of its place', () => {
  const states = {
    'top.sls': "base:\n  '*': [web.sub]\n",
    'web/sub/init.sls':
      "{% from 'web/map.jinja' import place with context %}{% import_text 'web/data.txt' as data %}" +
      "{% from './near.jinja' import near %}x:\n  test.nop:\n    - v: {{ place }}|{{ data }}|{{ near }}|{{ tpldir }}\n",
    'web/map.jinja': '{% set place = tpldir %}',
    'web/data.txt': '{{ tplfile }}:{{ tpldir }}:{{ tpldot }}',
    'web/near.jinja': '{% set near = "beside the last" %}',
    'web/sub/near.jinja': '{% set near = "beside the SLS" %}',
  };
  const shown = (files: Record<string, string>): string[] =>
    String(argument(compile({ states: files }))).split('|');

  it('is that of the importing file with context, its own without', () => {
    const [place, data, , own] = shown(states);

    assert.deepEqual([place, data, own], ['web/sub', 'web/data.txt:web:web', 'web/sub']);
  });

  it('begins relative names at the template that was loaded last', () => {
    assert.equal(shown(states)[2], 'beside the last');
  });

  it('begins them at the importing file where nothing is found there', () => {
    const without = Object.fromEntries(Object.entries(states).filter(([path]) => path !== 'web/near.jinja'));

    assert.equal(shown(without)[2], 'beside the SLS');
  });
});
