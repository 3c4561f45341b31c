import type { Rule } from './rules.ts';
import { checkRules } from './rules.ts';

const order: readonly Rule[] = [
  {
    says: 'numbers included SLS first, wherever include stands',
    by: 'salt/state.py BaseHighState.render_state, _handle_iorder after the includes; case include bottom_include',
    states: { 'a.sls': 'x: test.nop\ninclude: [b]\n', 'b.sls': 'y: test.nop\n' },
    gives: ['10000 test.nop y', '10001 test.nop x'],
  },
  {
    says: 'gives first, numbers, none, negative and last their places',
    by: 'salt/state.py State.order_chunks',
    states: `l: {test.nop: [{order: last}]}
m: {test.nop: [{order: -1}]}
f: {test.nop: [{order: first}]}
n: {test.nop: [{order: 5}]}
t: {test.nop: [{order: soon}]}
h: {test.nop: [{order: 1.5}]}
`,
    gives: [
      '0 test.nop f order="first"',
      '1.5 test.nop h order=1.5',
      '5 test.nop n order=5',
      '105 test.nop t order="soon"',
      '1000104 test.nop m order=-1',
      '1000105 test.nop l order="last"',
    ],
  },
  {
    says: 'moves the cap only by what stands 1 above it',
    by: 'salt/state.py State.order_chunks, `chunk["order"] > cap - 1`',
    states: 'x: {test.nop: [{order: 20}]}\ny: {test.nop: [{order: 100}]}\nz: {test.nop: [{order: soon}]}\n',
    gives: ['20 test.nop x order=20', '100 test.nop y order=100', '120 test.nop z order="soon"'],
  },
  {
    says: 'sorts equal numbers by module, name and function as one text',
    by: 'salt/state.py State.order_chunks, the key of sort',
    states: 'b: {test.nop: [{order: 1}]}\na: {test.nop: [{order: 1}]}\nz: {cmd.run: [{order: 1}]}\n',
    gives: ['1 cmd.run z order=1', '1 test.nop a order=1', '1 test.nop b order=1'],
  },
  {
    says: 'sees an order only as the first key of its entry, and numbers the state where it is another',
    by: 'salt/state.py BaseHighState._handle_iorder, next(iter(arg.keys()))',
    states: 'x: {test.nop: [{v: 1, order: 2}]}\ny: {test.nop: [{order: 3, v: 1}]}\n',
    gives: ['3 test.nop y order=3 v=1', '10000 test.nop x v=1'],
    answers: ['warning SLAB2012:1'],
  },
  {
    says: 'lets requisites pull what they name, whatever its order',
    by: 'salt/state.py State.call_chunk, requisites that have not run',
    states: 'x: {test.nop: [{require: [{test: y}]}]}\ny: {test.nop: [{order: last}]}\n',
    gives: ['1010100 test.nop y order="last"', '10000 test.nop x require=[{"test":"y"}]'],
  },
];

checkRules('order', order);
