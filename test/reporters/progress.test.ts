import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { Progress } from '../../lib/reporters/progress.ts';
import { liveHeight, liveRows } from '../../lib/reporters/progress-text.ts';
import { makeStyle } from '../../lib/reporters/style.ts';
import type { Event } from '../../lib/model/event.ts';
import { names } from '../support/plans.ts';
import { conf, mixedRun } from '../support/runs.ts';

const follow = (events: readonly Event[]) => {
  const progress = new Progress();
  events.forEach((event, i) => progress.event(event, i * 1000));
  return progress;
};
const rows = (progress: Progress, height = 24) => {
  const { stages, below } = liveRows(progress, 60_000, { rows: height, columns: 80 }, makeStyle());
  return [...stages.map((stage) => `${stage.state} ${stage.text}`), ...below];
};

describe('Progress', () => {
  it('counts hosts through the stages', () => {
    assert.deepEqual(rows(follow(mixedRun.slice(0, 20))), [
      'done connect ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  3/4  1 not reached',
      'done read    ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  3/3',
      'running apply   ━━━━━━━━━━────────────────────  1/3  2 at work',
      'running verify  ──────────────────────────────  0/3  1 at work',
      'web02  file.managed /etc/nginx/nginx.conf  45 s',
      'web03  file.managed /etc/nginx/nginx.conf  44 s',
      'web01  verify  41 s',
    ]);
  });

  it('shows in place how far long work is, and goes on counting its time', () => {
    const progress = follow(mixedRun.slice(0, 20));
    const event = { type: 'host.progress', host: 'web02', what: 'format disk S1 as xfs' } as const;

    progress.event({ ...event, phase: 'samples', done: 1024, total: 4096 }, 50_000);
    const proving = rows(progress)[4];
    progress.event({ ...event, phase: 'mkfs', done: 0, total: 0 }, 55_000);

    assert.equal(proving, 'web02  format disk S1 as xfs: proving it blank, 25 % of 4096 places  45 s');
    assert.equal(rows(progress)[4], 'web02  format disk S1 as xfs: making the file system  45 s');
  });

  it('is done at the end', () => {
    assert.deepEqual(
      rows(follow(mixedRun)).map((row) => row.split(' ')[0]),
      ['done', 'done', 'done', 'done'],
    );
  });

  it('has two stages for a plan', () => {
    const plan = follow([
      { type: 'run.started', command: 'plan', run: '1', environment: 'prod', hosts: ['web01'] },
      ...mixedRun.slice(1, 10),
    ]);

    assert.deepEqual(
      plan.stages().map((stage) => stage.name),
      ['connect', 'read'],
    );
  });

  it('shows that it is being stopped', () => {
    const progress = follow([...mixedRun.slice(0, 17), { type: 'run.stopping', reason: 'Ctrl-C' }]);

    assert.ok(rows(progress).includes('stopping: Ctrl-C'));
  });
});

describe('liveRows', () => {
  it('never takes more rows than the terminal has room for, nor more than twelve', () => {
    const event = fc.constantFrom<Event['type']>(
      'host.connecting',
      'host.connected',
      'chunk.started',
      'host.verifying',
    );
    const hosts = names('web', 1, 300);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(event, fc.nat(299)), { maxLength: 50 }),
        fc.integer({ min: 1, max: 60 }),
        (steps, height) => {
          const events = steps.map(([type, index]): Event => {
            const host = hosts[index] ?? '';
            if (type === 'chunk.started') return { type, host, chunk: conf, step: 'x' };
            return type === 'host.connected'
              ? { type, host, durationMs: 1 }
              : { type: 'host.connecting', host };
          });
          const progress = follow([
            { type: 'run.started', command: 'apply', run: '1', environment: 'e', hosts },
            ...events,
          ]);

          const { stages, below } = liveRows(progress, 1e6, { rows: height, columns: 80 }, makeStyle());

          const taken = stages.length + (below.length > 0 ? below.length + 1 : 0);
          assert.ok(taken <= liveHeight(height) && taken <= 12, `${taken} rows of ${height}`);
        },
      ),
    );
  });

  it('shows only the stage at work in a low terminal', () => {
    assert.deepEqual(rows(follow(mixedRun.slice(0, 18)), 6), [
      'running apply   ──────────────────────────────  0/3  3 at work',
    ]);
  });
});
