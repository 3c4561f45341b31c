import type { Rule } from './rules.ts';
import { checkRules } from './rules.ts';

const shape: readonly Rule[] = [
  {
    says: 'reads the three ways of writing a state',
    by: 'salt/state.py BaseHighState._handle_state_decls',
    states: 'x: test.nop\ny: {test.nop: []}\nz: {test: [nop]}\n',
    gives: ['10000 test.nop x', '10001 test.nop y', '10002 test.nop z'],
  },
  {
    says: 'takes several modules under one ID, those without a dot first',
    by: 'salt/state.py BaseHighState._handle_state_decls',
    states: 'x: {pkg.installed: [], test: [nop]}\n',
    gives: ['10000 test.nop x', '10001 pkg.installed x'],
  },
  {
    says: 'refuses two states of one module under one ID',
    by: 'salt/state.py BaseHighState._handle_state_decls, skeys',
    states: 'x:\n  test.nop: []\n  test.succeed_without_changes: []\n',
    answers: ['SLAB2012:3'],
  },
  {
    says: 'takes the last of equal arguments, and a map of several whole',
    by: 'salt/state.py State.compile_high_data',
    states: 'x: {test.nop: [{v: 1}, {v: 2, w: 3}]}\n',
    gives: ['10000 test.nop x v=2 w=3'],
  },
  {
    says: 'drops state, and takes the function in place of fun',
    by: 'salt/state.py State.compile_high_data, arg_items "state"',
    states: 'x: {test.nop: [{state: y}, {fun: z}, {v: 1}]}\n',
    gives: ['10000 test.nop x v=1'],
  },
  {
    says: 'refuses two functions',
    by: 'salt/state.py State.verify_high, "Too many functions declared"',
    states: 'x:\n  test.nop:\n    - nop\n',
    answers: ['SLAB2012:2'],
  },
  {
    says: 'passes over a requisite that stands beside the states, which takes a number',
    by: 'salt/state.py State.verify_high, `state == "require" or state == "watch"`',
    states: 'y: test.nop\nx:\n  require: [{test: y}]\n  test.nop: []\n  watch: []\n',
    gives: ['10000 test.nop y', '10003 test.nop x'],
    answers: ['warning SLAB2012:3', 'warning SLAB2012:5'],
  },
  {
    says: 'refuses other requisites there',
    by: 'salt/state.py State.verify_high, "No function declared"',
    states: 'x:\n  onchanges: [{test: y}]\n  test.nop: []\n',
    answers: ['SLAB2012:2'],
  },
  {
    says: 'finds the package that a lone dot includes, and names it with the dot',
    by: 'salt/state.py BaseHighState.render_state, level_count; salt/fileclient.py Client.get_state',
    states: {
      'top.sls': "base: {'*': [p.a]}\n",
      'p/init.sls': 'x: test.nop\n',
      'p/a.sls': 'include: [.]\ny: test.nop\n',
    },
    gives: ['10000 test.nop x', '10001 test.nop y'],
  },
  {
    says: 'refuses a word with a space as an argument without its colon',
    by: 'salt/state.py State.verify_high, "a function with whitespace"',
    states: 'x:\n  test.nop:\n    - v 1\n',
    answers: ['SLAB2012:3'],
  },
  {
    says: 'refuses a colon behind which nothing comes',
    by: 'salt/state.py State.verify_high, "with a trailing colon"',
    states: 'x:\n  test.nop:\n',
    answers: ['SLAB2012:2'],
  },
  {
    says: 'refuses an ID that is not text',
    by: 'salt/state.py State.verify_high, "is not formed as a string"',
    states: '5: {test.nop: []}\n',
    answers: ['SLAB2012:1'],
  },
  {
    says: 'refuses a list at the top',
    by: 'salt/state.py BaseHighState.render_state, "does not render to a dictionary"',
    states: '- x\n',
    answers: ['SLAB2012:1'],
  },
  {
    says: 'reads no state from an empty SLS, or one of comments',
    by: 'salt/state.py BaseHighState.render_state; cases structure-errors empty and only_comment',
    states: { 'a.sls': 'include: [b]\n', 'b.sls': '# nothing\n' },
    gives: [],
  },
  {
    says: 'refuses the same ID in two SLS',
    by: 'salt/state.py BaseHighState.merge_included_states, "Detected conflicting IDs"',
    states: { 'a.sls': 'include: [b]\nx: {test.nop: [{v: 1}]}\n', 'b.sls': 'x: {test.nop: []}\n' },
    answers: ['SLAB2013:1'],
  },
  {
    says: 'refuses the same key twice in one document',
    by: 'salt/utils/yamlloader.py SaltYamlSafeLoader.construct_mapping, "found conflicting ID"',
    states: 'x: {test.nop: []}\nx: {test.nop: []}\n',
    answers: ['SLAB2013:2'],
  },
  {
    says: 'takes the ID for the name, also where the name is no text',
    by: 'salt/state.py State.compile_high_data, key "name"',
    states: 'x: {test.nop: [{name: 5}]}\n',
    gives: ['10000 test.nop x'],
    answers: ['warning SLAB2012:1'],
  },
  {
    says: 'makes a chunk of each name, with its own arguments, and numbers them',
    by: 'salt/state.py State.compile_high_data, name_order; State.order_chunks',
    states: 'x: {test.nop: [{v: 1}, {names: [b, {a: [{v: 2}]}, b]}]}\n',
    gives: ['10000.0001 test.nop x b v=1', '10000.0002 test.nop x a v=2'],
  },
  {
    says: 'passes over keys that begin with an underscore',
    by: 'salt/state.py BaseHighState._handle_state_decls, key.startswith("_")',
    states: 'x: {_note: hello, test.nop: []}\n',
    gives: ['10000 test.nop x'],
  },
  {
    says: 'hands global arguments to the engine as they stand',
    by: 'salt/state.py State.compile_high_data, STATE_INTERNAL_KEYWORDS stay in the chunk',
    states: 'x: {test.nop: [{unless: [a, b]}, {retry: {attempts: 3}}, {failhard: true}, {parallel: true}]}\n',
    gives: ['10000 test.nop x unless=["a","b"] retry={"attempts":3} failhard=true parallel=true'],
  },
  {
    says: 'knows saltenv, but no env, among the variables',
    by: 'salt/utils/templates.py wrap_tmpl_func, render_jinja_tmpl (Salt 3006: "Jinja variable \'env\' is undefined")',
    states: "x: {test.nop: [{v: '{{ saltenv }} {{ env is defined }}'}]}\n",
    gives: ['10000 test.nop x v="base False"'],
  },
  {
    says: 'refuses env where it is written out',
    by: 'salt/utils/jinja.py, StrictUndefined',
    states: "x:\n  test.nop: [{v: '{{ env }}'}]\n",
    answers: ['SLAB2003:2'],
  },
  {
    says: 'takes the text of !!binary',
    by: 'salt/utils/yamlloader.py SaltYamlSafeLoader, PyYAML construct_yaml_binary (bytes in Salt, which Jinja writes as text)',
    states: 'x: {test.nop: [{v: !!binary aGVsbG8=}]}\n',
    gives: ['10000 test.nop x v="hello"'],
  },
  {
    says: 'refuses !!binary that is no text, at its place',
    by: 'salt/utils/yamlloader.py SaltYamlSafeLoader, PyYAML construct_yaml_binary (bytes in Salt)',
    states: 'x:\n  test.nop:\n    - v: !!binary /w==\n',
    answers: ['SLAB2001:3'],
  },
];

checkRules('the shape of an SLS', shape);
