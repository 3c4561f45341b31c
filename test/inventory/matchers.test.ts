import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { matchGlob } from '../../lib/regex/glob.ts';
import { isInNetwork, parseIpNetwork } from '../../lib/inventory/ip-network.ts';
import { matchGrain, matchPillar } from '../../lib/inventory/match-data.ts';
import { matchType, parseTypedTarget } from '../../lib/inventory/match-type.ts';
import { compilePcre, matchPcre } from '../../lib/inventory/pcre.ts';
import type { Subject } from '../../lib/inventory/target.ts';
import { GRAINS, INVENTORY } from './fleet.ts';

describe('matchGrain and matchPillar', () => {
  const CASES: readonly (readonly [string, boolean])[] = [
    ['os:Debian', true],
    ['os:DEBIAN', true],
    ['os:Ubuntu', false],
    ['os:*', true],
    ['osrelease:12', true],
    ['roles:web', true],
    ['roles:we', false],
    ['nested:a:b:c', true],
    ['nested:a:*', true],
    ['nested:a', true],
    ['nested:x:y:z', false],
    ['nested:n:none', true],
    ['nested:t:true', true],
    ['nested:f:1.0', true],
    ['nested:*:b:c', true],
    ['*:a:b:C', true],
    ['list:k:v', true],
    ['list:0:k:v', true],
    ['list:9:k:v', false],
    ['list:k2:v2', true],
    ['list:*:v', true],
    ['path:a:b', true],
    ['8:eight', true],
    ['empty:x', false],
    ['nope:x', false],
    ['os', false],
  ];
  for (const [expression, expected] of CASES)
    it(`${expected ? 'finds' : 'does not find'} ${expression}`, () => {
      assert.equal(matchGrain(GRAINS, expression), expected);
      assert.equal(matchPillar(GRAINS, expression), expected);
    });
});

describe('matchGlob', () => {
  it('is case-sensitive and matches the whole name', () => {
    assert.equal(matchGlob('Web*', 'web1'), false);
    assert.equal(matchGlob('web', 'web1'), false);
    assert.equal(matchGlob('w*b*1', 'web-b1'), true);
  });

  it('reads classes as fnmatch does', () => {
    const rows: readonly (readonly [string, string, boolean])[] = [
      ['[]]', ']', true],
      ['[!]]', ']', false],
      ['[!]]', 'a', true],
      ['[a', '[a', true],
      ['[a-c]', 'b', true],
      ['[c-a]', 'b', false],
      ['[-a]', '-', true],
      ['[a-]', '-', true],
      ['[^a]', '^', true],
      ['?', '😀', true],
    ];
    for (const [pattern, name, expected] of rows) assert.equal(matchGlob(pattern, name), expected, pattern);
  });

  it('does not hang on many stars', () => {
    assert.equal(matchGlob(`${'*a'.repeat(500)}b`, 'a'.repeat(5000)), false);
  });
});

describe('a network', () => {
  const CASES: readonly (readonly [string, string, boolean | undefined])[] = [
    ['10.0.0.0/255.0.0.0', '10.1.2.3', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['0.0.0.0/0', '1.2.3.4', true],
    ['10.0.0.7', '10.0.0.7', true],
    ['10.0.0.7', '::10.0.0.7', false],
    ['::/0', 'fe80::1', true],
    ['2001:db8::/32', '2001:db8:1::2', true],
    ['2001:db8:0:0:0:0:0:1', '2001:db8::1', true],
    ['::ffff:10.0.0.0/104', '::ffff:10.1.2.3', true],
    ['10.0.0.0/33', '10.0.0.0', undefined],
    ['10.0.0.0/255.0.255.0', '10.0.0.0', undefined],
    ['10.0.0.0/8/8', '10.0.0.0', undefined],
    ['10.0.0', '10.0.0.0', undefined],
    ['010.0.0.0', '10.0.0.0', undefined],
    ['::1::', '::1', undefined],
    ['1:2:3:4:5:6:7', '::1', undefined],
    ['::12345', '::1', undefined],
    ['::1.2.3.256', '::1', undefined],
    ['::/x', '::1', undefined],
  ];
  for (const [text, address, expected] of CASES)
    it(`${text} ${expected === undefined ? 'is none' : expected ? `holds ${address}` : `does not hold ${address}`}`, () => {
      const network = parseIpNetwork(text);

      assert.equal(network && isInNetwork(address, network), expected);
    });
});

describe('compilePcre', () => {
  const CASES: readonly (readonly [string, string, boolean])[] = [
    ['web', 'web1', true],
    ['eb', 'web1', false],
    ['web\\d$', 'web12', false],
    ['a|web', 'web1', true],
    ['(?i)WEB', 'web1', true],
    ['(?P<x>w)eb(?P=x)', 'webw', true],
    ['\\Aweb1\\Z', 'web1', true],
    ['web\\Z', 'web1', false],
    ['[]w]eb', 'web', true],
    ['[^]w]eb', 'web', false],
    ['w(?#comment)eb', 'web', true],
    ['[(?P<]', '(', true],
  ];
  for (const [pattern, text, expected] of CASES)
    it(`${pattern} ${expected ? 'matches' : 'does not match'} ${text}`, () => {
      const { regex } = compilePcre(pattern);
      assert.ok(regex);
      assert.equal(matchPcre(regex, text), expected);
      assert.equal(matchPcre(regex, text), expected);
    });

  it('says what it cannot compile', () => {
    assert.equal(compilePcre('(').problem, 'missing ), unterminated subpattern at position 0');
    assert.equal(compilePcre('a**').problem, 'multiple repeat at position 2');
  });

  it('does not say whether a pattern matches when that takes too many steps', () => {
    const { regex } = compilePcre('(a+)+b');
    assert.ok(regex);
    assert.equal(matchPcre(regex, 'a'.repeat(60)), undefined);
  });
});

describe('matchType', () => {
  const [host] = INVENTORY.hosts.values();
  assert.ok(host);
  const subject: Subject = { host, grains: GRAINS, pillar: GRAINS };
  const nodegroups = INVENTORY.nodegroups;

  const CASES: readonly (readonly [string, string, boolean])[] = [
    ['compound', 'web* and G@os:Debian', true],
    ['glob', 'web*', true],
    ['glob', 'front', false],
    ['pcre', 'web\\d+', true],
    ['grain', 'os:Deb*', true],
    ['grain_pcre', 'os:Deb', true],
    ['pillar', 'roles:web', true],
    ['pillar_pcre', 'roles:w.b', true],
    ['pillar_exact', 'os:debian', true],
    ['pillar_exact', 'os:deb*', false],
    ['list', 'a, web01', true],
    ['ipcidr', '10.0.4.0/24', true],
    ['nodegroup', 'ng', true],
    ['nodegroup', 'stores', false],
  ];
  for (const [type, expression, expected] of CASES)
    it(`${type} ${expression} is ${expected}`, () => {
      assert.deepEqual(matchType({ type, expression, nodegroups }, subject), {
        value: expected,
        diagnostics: [],
      });
    });

  it('refuses types it does not know', () => {
    const source = { file: 'top.sls', line: 4, column: 7 };

    const { diagnostics } = parseTypedTarget({ type: 'grian', expression: 'a:b', nodegroups, source });

    assert.deepEqual(
      diagnostics.map(({ code, summary, fix, source: place }) => [code, summary, fix, place]),
      [['SLAB1010', 'the match type "grian" is not known', 'did you mean "grain"?', source]],
    );
    assert.equal(matchType({ type: 'data', expression: 'a:b', nodegroups }, subject).value, undefined);
  });
});
