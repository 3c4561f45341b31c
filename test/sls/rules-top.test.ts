import type { Files } from './project.ts';
import type { Rule } from './rules.ts';
import { checkRules } from './rules.ts';

/** A top file whose target gives `a`, which has one state. */
const targeted = (target: string, sls = 'a'): Files => ({
  'top.sls': `base:\n  ${JSON.stringify(target)}: [${sls}]\n`,
  'a.sls': 'x: test.nop\n',
});

const matched = ['10000 test.nop x'];

const compound: readonly (readonly [target: string, by: string, matches: boolean])[] = [
  ['host1*', 'compound_match.py match: a bare word is a glob', true],
  ['HOST1*', 'glob_match.py match: fnmatch.fnmatch of the id', false],
  ['G@os:debian', 'data.py _match: both sides in lower case', true],
  ['P@os:(Debian|Ubuntu)', 'grain_pcre_match.py match', true],
  ['E@ost1', 'pcre_match.py match: re.match, from the start', false],
  ['L@other,host1.example.com', 'list_match.py match', true],
  ['S@192.0.2.0/24', 'ipcidr_match.py match', true],
  ['G|@os|Debian', 'minions.py parse_target: another delimiter', true],
  ['G@roles:web', 'data.py subdict_match: an element of a list', true],
  ['G@osmajorrelease:12', 'data.py _match: numbers as texts', true],
  ['I@role:w*', 'pillar_match.py match', true],
  ['J@role:^w.b$', 'pillar_pcre_match.py match', true],
  ['not G@os:Debian', 'compound_match.py match: operators', false],
  ['( web* or host1* ) and not G@os:Suse', 'compound_match.py match: parentheses', true],
  ['web* or host1* and G@os:Suse', 'compound_match.py match: precedence of Python', false],
  ['host1* not G@os:Suse', 'compound_match.py match: not after an operand', true],
];

const tops: readonly Rule[] = [
  ...compound.map(([target, by, matches]): Rule => ({
    says: `${matches ? 'matches' : 'does not match'} ${target}`,
    by: `salt/matchers and salt/utils, ${by}`,
    states: targeted(target),
    pillar: { 'top.sls': "base: {'*': [p]}\n", 'p.sls': 'role: web\n' },
    gives: matches ? matched : [],
  })),
  {
    says: 'applies every target that matches, in order, and renders an SLS once',
    by: 'salt/state.py BaseHighState.top_matches and render_highstate',
    states: {
      'top.sls': "base:\n  '*': [b, a]\n  'host1*': [a, c.*]\n",
      'a.sls': 'x: test.nop\n',
      'b.sls': 'y: test.nop\n',
      'c/d.sls': 'z: test.nop\n',
    },
    gives: ['10000 test.nop y', '10001 test.nop x', '10002 test.nop z'],
  },
  ...[
    ['os:Debian', 'grain', true],
    ['os:(Debian|x)', 'grain_pcre', true],
    ['ost1', 'pcre', false],
    ['host1.example.com', 'list', true],
    ['192.0.2.10', 'ipcidr', true],
    ['role:w*', 'pillar', true],
    ['role:w*', 'pillar_exact', false],
    ['host?.example.com', 'glob', true],
  ].map(([target, match, matches]): Rule => ({
    says: `${matches === true ? 'matches' : 'does not match'} ${String(target)} with match: ${String(match)}`,
    by: `salt/matchers/confirm_top.py confirm_top`,
    states: targeted(String(target), `a, match: ${String(match)}`),
    pillar: { 'top.sls': "base: {'*': [p]}\n", 'p.sls': 'role: web\n' },
    gives: matches === true ? matched : [],
  })),
];

checkRules('top files and targets', tops);
