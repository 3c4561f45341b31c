import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { Event } from '../../lib/model/event.ts';
import { createPlain } from '../../lib/reporters/plain.ts';
import { Progress } from '../../lib/reporters/progress.ts';
import { liveHeight, liveRows } from '../../lib/reporters/progress-text.ts';
import { makeStyle } from '../../lib/reporters/style.ts';
import { handClock } from '../support/hand-clock.ts';
import { result } from '../support/runs.ts';

type Stages = readonly { readonly name: string; readonly hosts: number; readonly batches: number }[];

const started = (stages: Stages): Event => ({
  ...{ type: 'run.started', command: 'deploy', run: '7QH1', environment: 'prod' },
  hosts: stages.flatMap(({ name, hosts }) => Array.from({ length: hosts }, (_, n) => `${name}-${n}`)),
  stages: stages.map((stage) => ({ ...stage, allowed: 3 })),
});
const step = (
  stage: string,
  what: Extract<Event, { type: 'rollout' }>['step'],
  message = '',
): Extract<Event, { type: 'rollout' }> => ({
  ...{ type: 'rollout', step: what, stage, level: 'info', message, hosts: [] },
});
const ended = (host: string, status: 'converged' | 'failed' = 'converged'): Event => ({
  ...{ type: 'host.finished', host, result: result(host, { status }) },
});
const follow = (events: readonly Event[]): Progress => {
  const progress = new Progress();
  events.forEach((event, index) => progress.event(event, index * 1000));
  return progress;
};
const screen = (progress: Progress, now: number, rows = 24): readonly string[] => {
  const { stages, below } = liveRows(progress, now, { rows, columns: 100 }, makeStyle());
  return [...stages.map(({ text }) => text), ...(below.length > 0 ? ['', ...below] : [])];
};

const three: Stages = [
  { name: 'lab', hosts: 2, batches: 1 },
  { name: 'fleet', hosts: 6, batches: 3 },
  { name: 'physical', hosts: 4, batches: 4 },
];
const middle: readonly Event[] = [
  started(three),
  step('lab', 'stage'),
  step('lab', 'batch'),
  ended('lab-0'),
  ended('lab-1'),
  step('lab', 'end'),
  step('fleet', 'stage'),
  step('fleet', 'batch'),
  ended('fleet-0'),
  ended('fleet-1', 'failed'),
  step('fleet', 'gate', 'gate health is not green yet: fleet-0: exit code 1'),
];

describe('the live display of a roll-out', () => {
  it('says last what can be typed, in a row that is always there and one of the twelve', () => {
    const many = Array.from({ length: 15 }, (_, n) => ({ name: `stage${n}`, hosts: 9, batches: 1 }));
    const busy = many.flatMap(({ name }) => [
      step(name, 'stage'),
      step(name, 'batch'),
      ended(`${name}-0`, 'failed'),
    ]);
    const connecting = Array.from({ length: 9 }, (_, n): Event => ({
      type: 'host.connecting',
      host: `stage3-${n}`,
    }));
    const progress = follow([started(many), ...busy.slice(0, 11), ...connecting]);
    const rows = (height: number) => {
      const at = { rows: height, columns: 100, hint: '[p] pause' };
      const { stages, below } = liveRows(progress, 99_000, at, makeStyle());
      return [...stages.map(({ text }) => text), '', ...below];
    };

    assert.equal(rows(24).at(-1), '[p] pause');
    assert.equal(rows(24).length, 12);
    for (const height of [1, 2, 5, 9, 10, 11, 13, 16, 40])
      assert.ok(
        rows(height).length <= Math.max(3, liveHeight(height)),
        `${height}: ${rows(height).join('\n')}`,
      );
    assert.ok(!rows(9).includes('[p] pause'));
  });

  it('shows stages that are done, at work and to come, and names the hosts that failed', () => {
    const batch: readonly Event[] = [
      step('fleet', 'batch'),
      { type: 'host.connecting', host: 'fleet-2' },
      { type: 'host.connecting', host: 'fleet-3' },
    ];

    assert.deepEqual(screen(follow([...middle, ...batch]), 66_000), [
      'done   lab       2/2',
      'now    fleet     2/6  1 m 0 s · failed 1 of 3 allowed · batch 2 of 3 · 2 at work',
      'wait   physical  0/4',
      '━━━━━━━━━━────────────────────  4/12',
      '',
      'not done: fleet-1',
      'fleet-2  connect  54 s',
      'fleet-3  connect  53 s',
    ]);
  });

  it('says which gate it asks, and where it halted', () => {
    const asks = screen(follow(middle), 16_000);
    const halted = screen(follow([...middle, step('fleet', 'halt', 'gate health')]), 16_000);

    assert.equal(
      asks[1],
      'now    fleet     2/6  10.0 s · failed 1 of 3 allowed · gate health is not green yet: fleet-0: e…',
    );
    assert.equal(halted[1], 'HALT   fleet     2/6  failed 1 of 3 allowed');
  });

  it('counts what came before and what comes after where there are more stages than rows', () => {
    const many = Array.from({ length: 20 }, (_, n) => ({ name: `s${n}`, hosts: 1, batches: 1 }));
    const events = many
      .slice(0, 9)
      .flatMap(({ name }) => [
        step(name, 'stage'),
        step(name, 'batch'),
        ended(`${name}-0`),
        step(name, 'end'),
      ]);

    assert.deepEqual(screen(follow([started(many), ...events, step('s9', 'stage')]), 37_000), [
      'done   9 stages',
      'now    s9   0/1  0.0 s',
      'wait   s10  0/1',
      'wait   s11  0/1',
      'wait   s12  0/1',
      'wait   7 stages',
      '━━━━━━━━━━━━━─────────────────  9/20',
    ]);
  });

  it('never takes more rows than it may, always as many for the stages, and always shows the stage at work', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 60 }),
        fc.nat({ max: 39 }),
        fc.integer({ min: 0, max: 300 }),
        (count, rows, at, failed) => {
          const many = Array.from({ length: count }, (_, n) => ({ name: `s${n}x`, hosts: 400, batches: 1 }));
          const now = many[at % count]?.name ?? '';
          const begun = follow([started(many), step('s0x', 'stage')]);
          const later = follow([
            started(many),
            step(now, 'stage'),
            ...Array.from({ length: failed }, (_, n) => ended(`host${n}`, 'failed')),
            { type: 'run.stopping', reason: 'it was stopped' },
          ]);

          const shown = screen(later, 1e6, rows);

          assert.ok(shown.length <= liveHeight(rows), `${shown.length} rows of ${rows}`);
          assert.ok(shown.some((line) => new RegExp(`^now +${now} `).test(line)));
          const { stages } = liveRows(later, 1e6, { rows, columns: 80 }, makeStyle());
          assert.equal(stages.length, liveRows(begun, 1e6, { rows, columns: 80 }, makeStyle()).stages.length);
        },
      ),
    );
  });
});

describe('the log of a roll-out', () => {
  it('says in its sign of life which stage and batch is at work', () => {
    const clock = handClock();
    const lines: string[] = [];
    const plain = createPlain((text) => void lines.push(text), { clock });
    for (const event of [...middle, step('fleet', 'batch', 'fleet, batch 2 of 3')]) plain.event(event);

    clock.pass(31_000);
    plain.close();

    assert.match(lines.at(-1) ?? '', /… still working: stage fleet, batch 2 of 3; 4 of 12 hosts finished/);
  });
});
