import type { Rule } from './rules.ts';
import { checkRules } from './rules.ts';

const requisites: readonly Rule[] = [
  {
    says: 'finds what a requisite names by name, by ID, by glob of both, by SLS and by a bare ID',
    by: 'salt/state.py State.check_requisite, fnmatch.fnmatch',
    states: {
      'a.sls':
        'include: [b]\nx: {test.nop: [{order: 1}, {require: [{test: n}, {test: p*}, q, {sls: b}]}]}\ni: {test.nop: [{name: n}]}\np1: test.nop\nq: test.nop\n',
      'b.sls': 'r: test.nop\n',
    },
    gives: [
      '10001 test.nop i n',
      '10002 test.nop p1',
      '10003 test.nop q',
      '10000 test.nop r',
      '1 test.nop x order=1 require=[{"test":"n"},{"test":"p*"},"q",{"sls":"b"}]',
    ],
  },
  {
    says: 'refuses a function in place of the module',
    by: 'salt/state.py State.verify_high, "Requisite types must not contain dots"',
    states: 'x:\n  test.nop:\n    - require: [{test.nop: y}]\ny: test.nop\n',
    answers: ['SLAB2012:3'],
  },
  {
    says: 'refuses a text in place of the list',
    by: 'salt/state.py State.verify_high, "needs to be formed as a list"',
    states: 'x:\n  test.nop:\n    - require: y\ny: test.nop\n',
    answers: ['SLAB2012:3'],
  },
  {
    says: 'passes over a text in place of the list of a requisite that is written at the other end, with a warning',
    by: 'salt/state.py State.requisite_in, isinstance(items, list)',
    states: 'x:\n  test.nop:\n    - require_in: y\ny: test.nop\n',
    gives: ['10000 test.nop x require_in="y"', '10001 test.nop y'],
    answers: ['warning SLAB2012:3'],
  },
  {
    says: 'reports a requisite of nothing',
    by: 'salt/state.py State.check_requisite, reqs "unmet" (Salt only when it runs)',
    states: 'x:\n  test.nop:\n    - require: [{test: y}]\n',
    gives: ['10000 test.nop x require=[{"test":"y"}]'],
    answers: ['SLAB2014:3'],
  },
  {
    says: 'refuses a require_in of nothing',
    by: 'salt/state.py State.requisite_in, by way of reconcile_extend',
    states: 'x:\n  test.nop:\n    - require_in: [{test: y}]\n',
    answers: ['SLAB2016:3'],
  },
  {
    says: 'moves *_in to the target and leaves it where it was written; a map does for the list',
    by: 'salt/state.py State.requisite_in',
    states: 'x: {test.nop: [{require_in: {test: y}}, {watch_in: [{test: y}]}]}\ny: test.nop\n',
    gives: [
      '10000 test.nop x require_in={"test":"y"} watch_in=[{"test":"y"}]',
      '10001 test.nop y require=[{"test":"x"}] watch=[{"test":"x"}]',
    ],
  },
  {
    says: 'marks what prereq names with prerequired, and runs the one that has it first',
    by: 'salt/state.py State.requisite_in, "prerequired"; State.call_chunk',
    states: 'y: test.nop\nx: {test.nop: [{prereq: [{test: y}]}]}\n',
    gives: ['10001 test.nop x prereq=[{"test":"y"}]', '10000 test.nop y prerequired=[{"test":"x"}]'],
  },
  {
    says: 'copies by use what is not there, but no requisite and no name',
    by: 'salt/state.py State.requisite_in, req_in_all and `use`',
    states:
      'y: {test.nop: [{name: n}, {v: 1}, {w: 2}, {require: [{test: z}]}]}\nz: test.nop\nx: {test.nop: [{v: 3}, {use: [{test: y}]}]}\n',
    gives: [
      '10001 test.nop z',
      '10000 test.nop y n v=1 w=2 require=[{"test":"z"}]',
      '10002 test.nop x v=3 use=[{"test":"y"}] w=2',
    ],
  },
  {
    says: 'reports states that wait for each other',
    by: 'salt/state.py State.verify_high, "A recursive requisite was found"',
    states: 'x:\n  test.nop: [{require: [{test: y}]}]\ny:\n  test.nop: [{require: [{test: x}]}]\n',
    answers: ['SLAB2015:2'],
  },
  {
    says: 'refuses a state that requires itself by its ID',
    by: 'salt/state.py State.verify_high, "A recursive requisite was found"',
    states: 'x:\n  test.nop: [{require: [{test: x}]}]\n',
    gives: ['10000 test.nop x require=[{"test":"x"}]'],
    answers: ['SLAB2015:2'],
  },
  {
    says: 'refuses a state that requires itself by its name, without a module, and from the other end',
    by: 'salt/state.py State.call_chunk, "Recursive requisite found" (Salt only when it runs)',
    states: `x:
  test.nop: [{name: n}, {require: [{test: n}]}]
y:
  test.nop: [{onfail: [y]}]
z:
  test.nop: [{require_in: [{test: z}]}]
`,
    answers: ['SLAB2015:2', 'SLAB2015:4', 'SLAB2015:6'],
  },
  {
    says: 'refuses a state that its own requisite names among others, by a glob or by the SLS it stands in',
    by: 'salt/state.py State.call_chunk, fnmatch.fnmatch (Salt only when it runs)',
    states: `x1:
  test.nop: [{require: [{test: x*}]}]
x2: test.nop
y:
  test.nop: [{require: [{sls: a}]}]
`,
    gives: [
      '10001 test.nop x2',
      '10000 test.nop x1 require=[{"test":"x*"}]',
      '10002 test.nop y require=[{"sls":"a"}]',
    ],
    answers: ['SLAB2015:2', 'SLAB2015:5'],
  },
  {
    says: 'lets a state listen to itself, and use itself',
    by: 'salt/state.py State.call_listen; State.requisite_in, `use`',
    states: 'x: {test.nop: [{listen: [{test: x}]}]}\ny: {test.nop: [{v: 1}, {use: [{test: y}]}]}\n',
    gives: ['10000 test.nop x listen=[{"test":"x"}]', '10001 test.nop y v=1 use=[{"test":"y"}]'],
  },
  {
    says: 'moves nothing by listen',
    by: 'salt/state.py State.call_listen, after the run',
    states: 'x: {test.nop: [{listen: [{test: y}]}]}\ny: test.nop\n',
    gives: ['10000 test.nop x listen=[{"test":"y"}]', '10001 test.nop y'],
  },
];

checkRules('requisites', requisites);
