import type { Rule } from './rules.ts';
import { checkRules } from './rules.ts';

const parts: readonly Rule[] = [
  {
    says: 'reads names, globs and relative names in include; dir.* is not dir itself',
    by: 'salt/state.py BaseHighState.render_state, fnmatch.filter and the dots of a relative include',
    states: {
      'a.sls': 'include: [d.*]\n',
      'd/init.sls': 'i: test.nop\n',
      'd/x.sls': 'include: [.y]\nx: test.nop\n',
      'd/y.sls': 'include: [..b]\ny: test.nop\n',
      'b.sls': 'b: test.nop\n',
    },
    gives: ['10000 test.nop b', '10001 test.nop y', '10002 test.nop x'],
  },
  {
    says: 'lets an init.sls include what stands beside it',
    by: 'salt/state.py BaseHighState.render_state, source that ends with /init.sls',
    states: { 'a.sls': 'include: [d]\n', 'd/init.sls': 'include: [.x]\n', 'd/x.sls': 'x: test.nop\n' },
    gives: ['10000 test.nop x'],
  },
  {
    says: 'renders an SLS once, so that circles do no harm',
    by: 'salt/state.py BaseHighState.render_state, mods; case include circular1',
    states: { 'a.sls': 'include: [b]\nx: test.nop\n', 'b.sls': 'include: [a]\ny: test.nop\n' },
    gives: ['10000 test.nop y', '10001 test.nop x'],
  },
  {
    says: 'refuses an include of nothing, and one that leads too high',
    by: 'salt/state.py BaseHighState.render_state, "Unknown include" and "beyond top level package"',
    states: 'include:\n  - gone\n  - ...x\n',
    answers: ['SLAB2012:3', 'SLAB2011:2'],
  },
  {
    says: 'appends requisites by extend and replaces other arguments and the function',
    by: 'salt/state.py State.reconcile_extend',
    states: `x: {test.nop: [{v: 1}, {require: [{test: y}]}]}
y: test.nop
z: test.nop
extend: {x: {test: [succeed_without_changes, {v: 2}, {require: [{test: z}]}]}}
`,
    gives: [
      '10001 test.nop y',
      '10002 test.nop z',
      '10000 test.succeed_without_changes x v=2 require=[{"test":"y"},{"test":"z"}]',
    ],
  },
  {
    says: 'replaces names by the name that extend gives',
    by: 'salt/state.py State.reconcile_extend, argfirst "name" and "names"',
    states: 'x: {test.nop: [{names: [p, q]}]}\nextend: {x: {test: [{name: r}]}}\n',
    gives: ['10000 test.nop x r'],
  },
  {
    says: 'adds by extend a module the ID lacks, without a number',
    by: 'salt/state.py State.reconcile_extend, `if state not in high[name]`',
    states: 'x: test.nop\nextend: {x: {test: [], cmd.run: []}}\n',
    gives: ['10000 test.nop x', '10100 cmd.run x'],
  },
  {
    says: 'refuses to extend what is not there',
    by: 'salt/state.py State.reconcile_extend, "Cannot extend ID"',
    states: 'extend:\n  x: {test: [{v: 1}]}\n',
    answers: ['SLAB2016:2'],
  },
  {
    says: 'lets the extend of the included file win',
    by: 'salt/state.py BaseHighState.merge_included_states, highstate["__extend__"]; case extend twice',
    states: {
      'a.sls': 'include: [b]\nextend: {x: {test: [{v: outer}]}}\n',
      'b.sls': 'x: test.nop\nextend: {x: {test: [{v: inner}]}}\n',
    },
    gives: ['10000 test.nop x v="inner"'],
  },
  {
    says: 'excludes by ID, by name of an SLS and by glob, after requisites have been copied',
    by: 'salt/state.py State.apply_exclude; State.call_high',
    states: {
      'a.sls': 'include: [b, c.d]\nexclude: [{id: y}, b, {sls: c.*}]\nx: test.nop\ny: test.nop\n',
      'b.sls': 'z: test.nop\n',
      'c/d.sls': 'w: test.nop\n',
    },
    gives: ['10002 test.nop x'],
  },
  {
    says: 'takes no glob for an ID to exclude, and lets an SLS be excluded that is not there',
    by: 'salt/state.py State.apply_exclude, `if id_ in high`',
    states: 'exclude:\n  - id: x*\n  - id: y1\n  - sls: gone\nx1: test.nop\n',
    gives: ['10000 test.nop x1'],
    answers: ['warning SLAB2012:2', 'warning SLAB2012:3'],
  },
  {
    says: 'refuses to exclude one state of an ID, two things in one entry, and what is no text',
    by: 'salt/state.py State.apply_exclude, "Explicitly declared exclude" (Salt passes over the first three, and breaks off at the others)',
    states: `exclude:
  - file: x
  - {id: x, sls: b}
  - 5
  - id: [x]
  - sls: 5
x: test.nop
`,
    answers: ['SLAB2012:2', 'SLAB2012:3', 'SLAB2012:4', 'SLAB2012:5', 'SLAB2012:6'],
  },
  {
    says: 'refuses an exclude that is no list',
    by: 'salt/state.py BaseHighState._handle_exclude, "is not formed as a list"',
    states: 'exclude: {id: x}\nx: test.nop\n',
    answers: ['SLAB2012:1'],
  },
];

checkRules('include, extend and exclude', parts);
