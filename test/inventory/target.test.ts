import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { selectHosts } from '../../lib/inventory/select.ts';
import { couldMatch, matchTarget } from '../../lib/inventory/target-match.ts';
import { parseTarget } from '../../lib/inventory/target-parse.ts';
import type { Subject, Target } from '../../lib/inventory/target.ts';
import { targetNeeds } from '../../lib/inventory/target.ts';
import { GRAINS, INVENTORY } from './fleet.ts';

function parse(text: string): Target {
  const { value, diagnostics } = parseTarget(text, INVENTORY.nodegroups);
  assert.deepEqual(diagnostics, []);
  assert.ok(value);
  return value;
}

function complaint(text: string): string {
  const { value, diagnostics } = parseTarget(text, INVENTORY.nodegroups);
  assert.equal(value, undefined);
  assert.equal(diagnostics[0]?.code, 'SLAB1010');
  return `${diagnostics[0].summary} | ${diagnostics[0].fix ?? ''}`;
}

function select(text: string): string {
  const facts = () => ({ grains: GRAINS, pillar: GRAINS });
  return (selectHosts(INVENTORY, parse(text), facts).value ?? []).map(({ name }) => name).join(' ');
}

describe('a target', () => {
  const CASES: readonly (readonly [string, string])[] = [
    ['*', 'web01 web02 web03 web04 db1 db2'],
    ['web01', 'web01'],
    ['web0[12]', 'web01 web02'],
    ['web0[!1-3]', 'web04'],
    ['db?', 'db1 db2'],
    ['stores', 'db1 db2'],
    ['site', 'web01 web02 web03 web04 db1 db2'],
    ['group:front', 'web01 web02 web03 web04'],
    ['N@stores', 'db1 db2'],
    ['N@ng', 'web01 db1'],
    ['not N@ng and db*', 'db2'],
    ['kind:physical', 'db1 db2'],
    ['label:rack=r1 and not web01', 'web02 web03 web04'],
    ['label:tier', 'web01 web02 web03 web04'],
    ['label:rack=r*', 'web01 web02 web03 web04 db1'],
    ['web01,db1', 'web01 db1'],
    ['web[01-02,04],stores', 'web01 web02 web04 db1 db2'],
    ['web[01:03]', 'web01 web02 web03'],
    ['L@web01,db2,nope', 'web01 db2'],
    ['E@web0(1|2)', 'web01 web02'],
    ['E@b', ''],
    ['web* and not web01 not web02', 'web03 web04'],
    ['web01 or db1 and db2', 'web01'],
    ['( web01 or db1 ) and db*', 'db1'],
    ['(web01 or db1) and (db*)', 'db1'],
    ['not ( web* or db1 )', 'db2'],
    ['not not db1', 'db1'],
    ['G@os:debian and db1', 'db1'],
    ['G@os:Deb* and db1', 'db1'],
    ['P@os:(Red|Deb) and db1', 'db1'],
    ['G|@path|a:b and db1', 'db1'],
    ['I@roles:cache and db1', 'db1'],
    ['J@roles:^ca and db1', 'db1'],
    ['S@10.0.0.0/16 and db1', 'db1'],
    ['S@10.1.0.0/16', ''],
    ['S@10.0.4.7 and db1', 'db1'],
    ['S@fe80::/10 and db1', 'db1'],
  ];
  for (const [text, expected] of CASES)
    it(`${text} picks ${expected || 'nothing'}`, () => {
      assert.equal(select(text), expected);
    });

  const MISTAKES: readonly (readonly [string, string])[] = [
    ['', "the target is empty | write '*' for all hosts"],
    ['web1 web2', 'there is no operator between "web1" and "web2" | write "web1 or web2", or "web1,web2" for a list'],
    ['and web1', 'a word is missing in front of "and" in "and web1" | remove "and", or write what it joins'],
    ['web1 and', 'the target "web1 and" breaks off | add it, or remove the operator'],
    ['web1 and or web2', 'a word is missing in front of "or" in "web1 and or web2" | remove "or", or write what it joins'],
    ['( web1', '"(" is never closed in "( web1" | add ")"'],
    ['web1 )', '")" closes nothing in "web1 )" | remove it'],
    ['( )', 'a word is missing in front of ")" in "( )" | write something between the parentheses'],
    ['( web1 web2 )', 'there is no operator in front of "web2" in "( web1 web2 )" | write "or web2" or "and web2"'],
    ['g@os:x', '"g@" is no way to match hosts | write G@'],
    ['X@os:x', '"X@" is no way to match hosts | use one of them'],
    ['R@x', '"R@x" asks for a range server, which is not supported | write the range itself: web[001:020]'],
    ['G@', 'nothing stands behind "G@" | write what to match: G@…'],
    ['G@os', '"os" has no ":" | write key:value, or os:* if any value will do'],
    ['E@(', '"(" is not a regular expression | mend it, or write a name with * for any text'],
    ['P@os:(', '"(" is not a regular expression | mend it, or write a name with * for any text'],
    ['S@10.0.0.1/8', '"10.0.0.1/8" is neither an IP address nor a network | write it like 10.1.0.0/16 or fe80::/10'],
    ['kind:phisical', '"kind:phisical" is not known | did you mean "physical"?'],
    ['kidn:vm', '"kidn:" is no way to match hosts | did you mean "kind"?'],
    ['label:', '"label:" names no label | write label:key=value'],
    ['rack=r1', '"rack=r1" is neither a name nor a test | write label:key=value for labels, G@key:value for grains'],
    ['N@loop', 'the nodegroup loop contains itself | remove one of the N@ in these nodegroups'],
  ]; // prettier-ignore
  for (const [text, expected] of MISTAKES)
    it(`refuses "${text}"`, () => {
      assert.equal(complaint(text), expected);
    });

  it('says where a mistake is written', () => {
    const source = { file: 'top.sls', line: 2, column: 3 };

    assert.deepEqual(parseTarget('a b', new Map(), source).diagnostics[0]?.source, source);
  });

  it('says what it needs to know', () => {
    assert.deepEqual(targetNeeds(parse('web* or not kind:vm and L@a')), { grains: false, pillar: false });
    assert.deepEqual(targetNeeds(parse('web* or not G@a:b')), { grains: true, pillar: false });
    assert.deepEqual(targetNeeds(parse('I@a:b and S@10.0.0.1')), { grains: true, pillar: true });
  });

  it('keeps hosts that may match once their grains are known, and picks none of them before', () => {
    const target = parse('web0[12] and not G@os:Debian');

    assert.deepEqual(
      selectHosts(INVENTORY, target).value?.map(({ name }) => name),
      ['web01', 'web02'],
    );
    const [host] = INVENTORY.hosts.values();
    assert.ok(host);
    assert.deepEqual([matchTarget(target, { host }), couldMatch(target, { host })], [false, true]);
  });

  it('that picks no host is a mistake with near names', () => {
    const { diagnostics } = selectHosts(INVENTORY, parse('web9 or stors'), () => ({}));

    assert.deepEqual(diagnostics, [
      {
        severity: 'error',
        code: 'SLAB1011',
        summary: 'the target matches no host of prod',
        why: 'no host or group is called web9 or stors',
        fix: 'did you mean "stores"?',
      },
    ]);
    assert.match(
      selectHosts(INVENTORY, parse('G@os:Plan9'), () => ({ grains: GRAINS })).diagnostics[0]?.fix ?? '',
      /the groups are front, stores, site/,
    );
  });
});

describe('the laws of and, or, not', () => {
  const word = fc.constantFrom(
    'web01',
    'db*',
    'front',
    'kind:vm',
    'G@os:Debian',
    'G@os:Plan9',
    'label:rack=r1',
    'E@.*2',
  );
  const expression = fc.letrec<{ expression: string; binary: string; negated: string; word: string }>(
    (tie) => ({
      expression: fc.oneof({ maxDepth: 5 }, tie('word'), tie('binary'), tie('negated')),
      binary: fc
        .tuple(tie('expression'), fc.constantFrom('and', 'or'), tie('expression'))
        .map(([left, operator, right]) => `( ${left} ${operator} ${right} )`),
      negated: tie('expression').map((inner) => `not ${inner}`),
      word,
    }),
  ).expression;
  const subject = fc.constantFrom(
    ...[...INVENTORY.hosts.values()].map((host): Subject => ({ host, grains: GRAINS })),
  );

  it('holds De Morgan for every host', () => {
    fc.assert(
      fc.property(expression, expression, subject, (a, b, host) => {
        const left = matchTarget(parse(`not ( ${a} and ${b} )`), host);
        const right = matchTarget(parse(`not ${a} or not ${b}`), host);

        assert.equal(left, right);
      }),
    );
  });

  it('binds not tighter than and, and and tighter than or', () => {
    fc.assert(
      fc.property(word, word, word, subject, (a, b, c, host) => {
        const [isA, isB, isC] = [a, b, c].map((text) => matchTarget(parse(text), host));

        assert.equal(matchTarget(parse(`not ${a} and ${b} or ${c}`), host), (!isA && isB) || isC);
        assert.equal(matchTarget(parse(`${a} or ${b} and ${c}`), host), isA || (isB && isC));
      }),
    );
  });

  it('never loses a host before its grains are known', () => {
    fc.assert(
      fc.property(expression, subject, (text, { host, grains }) => {
        const target = parse(text);

        if (grains !== undefined && matchTarget(target, { host, grains }))
          assert.ok(couldMatch(target, { host }));
        if (matchTarget(target, { host })) assert.ok(grains && matchTarget(target, { host, grains }));
      }),
    );
  });
});
