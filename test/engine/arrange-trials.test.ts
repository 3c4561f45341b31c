import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { arrangeTrials } from '../../lib/engine/arrange-trials.ts';
import { predictHost } from '../../lib/plan/predict.ts';
import { examinedOf, type Thing } from '../support/planning.ts';

const plain = (name: string, ...requisites: Thing['requisites'] & {}): Thing => ({
  ...{ name, wants: '1', requisites },
});
const tried = (name: string, ...requisites: Thing['requisites'] & {}): Thing => ({
  ...{ name, wants: '1', requisites, tried: 'true' },
});

/** What is done at once and what is tried then, stage by stage: `a b | c`. */
function stages(...things: readonly Thing[]): readonly string[] {
  const names = (all: readonly { readonly planned: { readonly name: string } }[]) =>
    all.map(({ planned }) => planned.name).join(' ');
  const arranged = arrangeTrials(predictHost(things.map((thing) => examinedOf(thing))));
  return arranged.map((stage) => `${names(stage.plain)} | ${names(stage.tried)}`.trim());
}

describe('trials of a host', () => {
  it('are none where nothing is tried', () => {
    assert.deepEqual(stages(plain('a'), plain('b')), ['a b |']);
  });

  it('gather what is tried where the first of it stands, and leave all else in order', () => {
    assert.deepEqual(stages(plain('a'), tried('t'), plain('b'), tried('u'), plain('c')), [
      'a | t u',
      'b c |',
    ]);
  });

  it('come after what they require, and before what requires them', () => {
    assert.deepEqual(
      stages(
        tried('t', ['require', 'key']),
        plain('key', ['require', 'folder']),
        plain('folder'),
        plain('after', ['watch', 't']),
      ),
      ['key folder | t', 'after |'],
    );
  });

  it('are two where something between them requires the first and is required by the second', () => {
    assert.deepEqual(
      stages(tried('t'), plain('between', ['require', 't']), tried('u', ['require', 'between']), tried('v')),
      ['| t v', 'between | u', '|'],
    );
  });

  it('take what only listens last', () => {
    assert.deepEqual(stages({ ...plain('l', ['listen', 't']), refreshes: true }, tried('t'), plain('a')), [
      'l | t',
      'a l |',
    ]);
  });

  it('end although states require each other in a circle', () => {
    assert.deepEqual(
      stages(tried('t', ['require', 'a']), plain('a', ['require', 'b']), plain('b', ['require', 'a'])),
      ['a b | t', '|'],
    );
  });
});
