import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { predictHost } from '../../lib/plan/predict.ts';
import { examinedOf, type Thing } from '../support/planning.ts';

function verdicts(...things: readonly Thing[]): readonly string[] {
  return predictHost(things.map((thing) => examinedOf(thing))).map((each) => each.planned.verdict);
}

describe('predictHost', () => {
  it('plans nothing for what is already so', () => {
    assert.deepEqual(verdicts({ name: 'a', wants: '1', has: '1' }), ['none']);
  });

  it('plans a change for what differs', () => {
    const [only] = predictHost([examinedOf({ name: 'a', wants: '2', has: '1' })]);

    assert.equal(only?.planned.verdict, 'act');
    assert.deepEqual(
      only.planned.changes.map((change) => [change.before, change.after]),
      [['1', '2']],
    );
    assert.equal(only.planned.risk, 'change');
  });

  it('lets a later state see what an earlier one will have done', () => {
    const again: Thing = { name: 'a', wants: '2', has: '1' };

    assert.deepEqual(verdicts(again, again), ['act', 'none']);
  });

  it('fails what cannot work, leaves out what requires it, and nothing else', () => {
    assert.deepEqual(
      verdicts(
        { name: 'bad', wants: 'broken' },
        { name: 'child', wants: '1', requisites: [['require', 'bad']] },
        { name: 'grandchild', wants: '1', requisites: [['require', 'child']] },
        { name: 'other', wants: '1' },
      ),
      ['fail', 'skip', 'skip', 'act'],
    );
  });

  it('says which state is to blame', () => {
    const [, child] = predictHost([
      examinedOf({ name: 'bad', wants: 'broken' }),
      examinedOf({ name: 'child', wants: '1', requisites: [['require', 'bad']] }),
    ]);

    assert.equal(child?.planned.because, 'requires thing.set bad, which fails');
    assert.equal(child.broken, true);
  });

  it('refreshes once when anything watched changes', () => {
    const [, , watcher] = predictHost([
      examinedOf({ name: 'a', wants: '2', has: '1' }),
      examinedOf({ name: 'b', wants: '2', has: '1' }),
      examinedOf({
        name: 'w',
        refreshes: true,
        requisites: [
          ['watch', 'a'],
          ['watch', 'b'],
        ],
      }),
    ]);

    assert.equal(watcher?.planned.verdict, 'act');
    assert.deepEqual(watcher.planned.changes, []);
    assert.equal(watcher.planned.refresh?.action, 'restart');
    assert.equal(watcher.planned.risk, 'disrupt');
  });

  it('does not refresh when nothing watched changes', () => {
    assert.deepEqual(
      verdicts(
        { name: 'a', wants: '1', has: '1' },
        { name: 'w', refreshes: true, requisites: [['watch', 'a']] },
      ),
      ['none', 'none'],
    );
  });

  it('runs an onchanges state only when one of its targets changes', () => {
    const onchanges: Thing = { name: 'c', wants: '1', requisites: [['onchanges', 'a', 'b']] };

    assert.deepEqual(verdicts({ name: 'a', wants: '1' }, { name: 'b' }, onchanges), ['act', 'none', 'act']);
    assert.deepEqual(verdicts({ name: 'a' }, { name: 'b' }, onchanges), ['none', 'none', 'skip']);
  });

  it('takes a state left out by onchanges as success for those that require it', () => {
    assert.deepEqual(
      verdicts(
        { name: 'a' },
        { name: 'b', wants: '1', requisites: [['onchanges', 'a']] },
        { name: 'c', wants: '1', requisites: [['require', 'b']] },
      ),
      ['none', 'skip', 'act'],
    );
  });

  it('keeps an onfail state back, and keeps what it would change for the failure nobody expects', () => {
    const [, rescue] = predictHost([
      examinedOf({ name: 'a', wants: '1' }),
      examinedOf({ name: 'rescue', wants: '1', requisites: [['onfail', 'a']] }),
    ]);

    assert.equal(rescue?.planned.verdict, 'skip');
    assert.equal(rescue.planned.changes.length, 1);
    assert.equal(rescue.broken, false);
  });

  it('runs an onfail state when a target is sure to fail', () => {
    assert.deepEqual(
      verdicts({ name: 'a', wants: 'broken' }, { name: 'b', wants: '1', requisites: [['onfail', 'a']] }),
      ['fail', 'act'],
    );
  });

  it('runs a prereq state only when the later state is going to change', () => {
    const before: Thing = { name: 'before', wants: '1', requisites: [['prereq', 'after']] };

    assert.deepEqual(verdicts(before, { name: 'after', wants: '1' }), ['act', 'act']);
    assert.deepEqual(verdicts(before, { name: 'after' }), ['skip', 'none']);
  });

  it('shows the refresh of what listens once, at the end, and not where the state stands', () => {
    const predicted = predictHost([
      examinedOf({ name: 'l', refreshes: true, requisites: [['listen', 'a', 'b']] }),
      examinedOf({ name: 'a', wants: '1' }),
      examinedOf({ name: 'b', wants: '1' }),
    ]);

    assert.deepEqual(
      predicted.map(({ planned }) => [planned.name, planned.verdict, planned.refresh?.action]),
      [
        ['l', 'none', undefined],
        ['a', 'act', undefined],
        ['b', 'act', undefined],
        ['l', 'act', 'restart'],
      ],
    );
    assert.equal(predicted[3]?.planned.because, 'at the end of the run, because thing.set a changes');
    assert.equal(predicted[3].planned.risk, 'disrupt');
  });

  it('lets a prereq see that its target will not run, for its own requisites or conditions', () => {
    const before: Thing = { name: 'before', wants: '1', requisites: [['prereq', 'after']] };
    const no = {
      asked: { unless: [], onlyif: [], creates: ['/x'] },
      answer: { unless: [], onlyif: [], creates: [true] },
    };

    assert.deepEqual(
      verdicts({ name: 'a' }, before, { name: 'after', wants: '1', requisites: [['onchanges', 'a']] }),
      ['none', 'skip', 'skip'],
    );
    assert.deepEqual(
      predictHost([examinedOf(before), examinedOf({ name: 'after', wants: '1' }, { conditions: no })]).map(
        (each) => each.planned.verdict,
      ),
      ['skip', 'skip'],
    );
  });

  it('leaves out the target of a prereq that is sure to fail', () => {
    assert.deepEqual(
      verdicts(
        { name: 'before', wants: 'broken', requisites: [['prereq', 'after']] },
        { name: 'after', wants: '1' },
      ),
      ['fail', 'skip'],
    );
  });

  it('plans nothing after a sure failure with failhard', () => {
    const settings = { failhard: true, forgives: false, notes: [] };
    const [, second] = predictHost([
      examinedOf({ name: 'bad', wants: 'broken' }, { settings }),
      examinedOf({ name: 'a', wants: '1' }),
    ]);

    assert.equal(second?.planned.verdict, 'skip');
    assert.equal(second.planned.because, 'thing.set bad fails, and with failhard that ends the run');
  });

  it('fails a state in sync whose check_cmd fails, unless earlier steps or another try may help', () => {
    const check = { commands: ['test -e /x'], failing: 'test -e /x' };
    const retry = { attempts: 2, until: true, interval: 30, splay: 0 };
    const settings = { failhard: false, forgives: false, notes: [], retry };

    const [alone] = predictHost([examinedOf({ name: 'a' }, { check })]);
    const [, later] = predictHost([
      examinedOf({ name: 'first', wants: '1' }),
      examinedOf({ name: 'a' }, { check }),
    ]);
    const [again] = predictHost([examinedOf({ name: 'a' }, { check, settings })]);

    assert.deepEqual(
      [alone?.planned.verdict, alone?.planned.problems],
      ['fail', ['check_cmd fails: test -e /x']],
    );
    assert.deepEqual([later?.planned.verdict, again?.planned.verdict], ['maybe', 'maybe']);
  });

  it('leaves a state out when its condition says no, and says which', () => {
    const conditions = {
      asked: { unless: ['test -e /x'], onlyif: [], creates: [] },
      answer: { unless: [0], onlyif: [], creates: [] },
    };
    const [only] = predictHost([examinedOf({ name: 'a', wants: '1' }, { conditions })]);

    assert.equal(only?.planned.verdict, 'skip');
    assert.equal(only.planned.because, 'unless is met: test -e /x');
  });

  it('marks a condition that earlier steps may turn round as unknown', () => {
    const conditions = {
      asked: { unless: ['test -e /x'], onlyif: [], creates: [] },
      answer: { unless: [0], onlyif: [], creates: [] },
    };
    const [, second] = predictHost([
      examinedOf({ name: 'first', wants: '1' }),
      examinedOf({ name: 'a', wants: '1' }, { conditions }),
    ]);

    assert.equal(second?.planned.verdict, 'maybe');
    assert.equal(second.planned.because, 'unless is met: test -e /x; earlier steps may change that');
  });

  it('keeps a state that may not run from counting as a change for sure', () => {
    const conditions = {
      asked: { unless: ['true'], onlyif: [], creates: [] },
      answer: { unless: [0], onlyif: [], creates: [] },
    };
    const planned = predictHost([
      examinedOf({ name: 'first', wants: '1' }),
      examinedOf({ name: 'a', wants: '1' }, { conditions }),
      examinedOf({ name: 'w', refreshes: true, requisites: [['watch', 'a']] }),
      examinedOf({ name: 'c', wants: '1', requisites: [['onchanges', 'a']] }),
    ]);

    assert.deepEqual(
      planned.map((each) => each.planned.verdict),
      ['act', 'maybe', 'maybe', 'maybe'],
    );
  });

  it('turns a probe that failed into a problem of its states', () => {
    const [only] = predictHost([
      examinedOf({ name: 'a', wants: '1' }, { problem: 'the probe ended with 2' }),
    ]);

    assert.equal(only?.planned.verdict, 'fail');
    assert.deepEqual(only.planned.problems, ['the probe ended with 2']);
  });

  it('counts creates as met when an earlier state will have made the path', () => {
    const conditions = {
      asked: { unless: [], onlyif: [], creates: ['/x'] },
      answer: { unless: [], onlyif: [], creates: [false] },
    };
    const maker = examinedOf({ name: 'm', wants: '1' });
    const kind = {
      ...maker.kind,
      diff: () => ({
        changes: maker.kind.diff(maker.declared, null, { predicted: () => undefined, earlier: [] }).changes,
        predicted: { 'file:/x': { exists: true } },
      }),
    };
    const [, second] = predictHost([
      { ...maker, kind },
      examinedOf({ name: 'a', wants: '1' }, { conditions }),
    ]);

    assert.equal(second?.planned.verdict, 'skip');
    assert.equal(second.planned.because, '/x exists');
  });
});
