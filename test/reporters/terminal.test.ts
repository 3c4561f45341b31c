import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { createTerminal } from '../../lib/reporters/terminal.ts';
import { handClock } from '../support/hand-clock.ts';
import { names } from '../support/plans.ts';
import { conf, mixedRun, nginxFailure } from '../support/runs.ts';
import { virtualScreen } from '../support/virtual-screen.ts';

function display(rows = 24) {
  const clock = handClock();
  const screen = virtualScreen(rows);
  const exits = new Set<() => void>();
  const reporter = createTerminal(screen, {
    clock,
    onExit: (restore) => {
      exits.add(restore);
      return () => exits.delete(restore);
    },
  });
  /** Turns the clock until the display has been loaded and drawn. */
  const drawn = async () => {
    for (
      let turn = 0;
      turn < 5000 && screen.lines().every((line) => !line.includes('━') && !line.includes('─'));
      turn++
    ) {
      await setTimeout(1);
      clock.pass(125);
    }
  };
  return { clock, screen, exits, reporter, drawn };
}

describe('createTerminal', function () {
  // Loading listr2 may take seconds on a busy machine.
  this.timeout(20_000);

  it('draws the stages, keeps failures above them and leaves only those behind', async () => {
    const { clock, screen, reporter, drawn } = display();
    for (const event of mixedRun.slice(0, 17)) reporter.event(event);
    await drawn();
    // A stage that is done is marked in the frame after.
    await setTimeout(1);
    clock.pass(2000);

    const [failure, ...area] = screen.lines();
    assert.equal(failure, 'x web04 · not read: SLAB3301 no answer from 10.0.0.4:22 for 10 s');
    assert.deepEqual(
      area.map((line) => line.replace(/\d+(\.\d)? s$/, 'N s')),
      [
        '= connect ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  3/4  1 not reached',
        '= read    ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  3/3',
        '> apply   ──────────────────────────────  0/3  3 at work',
        '> verify  ──────────────────────────────  0/3',
        '',
        '· web01  file.managed /etc/nginx/nginx.conf  N s',
        '  web02  file.managed /etc/nginx/nginx.conf  N s',
        '  web03  file.managed /etc/nginx/nginx.conf  N s',
      ],
    );

    reporter.event({
      type: 'chunk.finished',
      host: 'web01',
      chunk: conf,
      outcome: nginxFailure,
      durationMs: 1,
    });
    const above = screen.lines();
    assert.match(
      above[1] ?? '',
      /^x web01 · file\.managed .*nginx -t failed with exit code 1: nginx: \[emerg\]/,
    );
    assert.equal(above[2], '= connect ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  3/4  1 not reached');

    reporter.close();
    assert.deepEqual(screen.lines(), above.slice(0, 2));
    assert.equal(screen.cursorShown(), true);
  });

  it('writes at most ten times a second, and nothing when nothing changed', async () => {
    const { clock, screen, reporter, drawn } = display();
    const hosts = names('web', 1, 300);
    reporter.event({ type: 'run.started', command: 'apply', run: '1', environment: 'prod', hosts });
    await drawn();
    const before = screen.writes();

    for (let i = 0; i < 1000; i++) {
      const host = hosts[i % 300] ?? '';
      reporter.event(
        i < 300 ? { type: 'host.connecting', host } : { type: 'host.connected', host, durationMs: 1 },
      );
      clock.pass(1);
    }
    const busy = screen.writes() - before;
    clock.pass(1000);
    const settled = screen.writes();
    clock.pass(200);

    assert.ok(busy >= 1 && busy <= 10, `${busy} writes in a second`);
    assert.ok(screen.writes() - settled <= 2);
    assert.ok(screen.lines().length <= 12);
    reporter.close();
  });

  it('makes room for a question and comes back', async () => {
    const { screen, reporter, drawn } = display();
    reporter.event({ type: 'run.started', command: 'apply', run: '1', environment: 'prod', hosts: ['a'] });
    await drawn();

    reporter.pause();
    assert.deepEqual(screen.lines(), []);
    reporter.resume();
    await drawn();

    assert.match(screen.lines()[0] ?? '', /connect/);
    reporter.close();
    assert.deepEqual(screen.lines(), []);
  });

  it('restores the screen when the process exits, and forgets about it when closed', async () => {
    const { clock, screen, exits, reporter, drawn } = display();
    reporter.event({ type: 'run.started', command: 'plan', run: '1', environment: 'prod', hosts: ['a'] });
    await drawn();

    for (const restore of exits) restore();

    assert.deepEqual(screen.lines(), []);
    reporter.close();
    assert.equal(exits.size, 0);
    assert.equal(clock.timers(), 0);
  });

  it('prints what must stay: notices, ends of hosts, the reason to stop', () => {
    const { screen, reporter } = display();

    for (const event of mixedRun.filter((event) => event.type !== 'run.started')) reporter.event(event);
    reporter.event({ type: 'notice', level: 'info', code: 'x', message: 'took the lock of a dead run' });
    reporter.event({ type: 'run.stopping', reason: 'Ctrl-C' });
    reporter.close();
    reporter.event({ type: 'run.stopping', reason: 'too late' });

    assert.deepEqual(screen.lines(), [
      'x web04 · not read: SLAB3301 no answer from 10.0.0.4:22 for 10 s',
      '? web01 · apt was locked; tried again after 5 s',
      'x web02 · file.managed /etc/nginx/nginx.conf: nginx -t failed with exit code 1: nginx: [emerg] duplicate directive in \\x1b[31mnginx.conf\\x1b[0m:9',
      '? web03 · file.managed /etc/nginx/nginx.conf: unknown: write broke off (the connection was lost)',
      'x web03 · unknown: the connection was lost',
      '  took the lock of a dead run',
      'stopping: Ctrl-C',
    ]);
  });

  it('draws nothing when the run is over before the display is loaded', async () => {
    const { clock, screen, reporter } = display();
    reporter.event({ type: 'run.started', command: 'plan', run: '1', environment: 'prod', hosts: ['a'] });
    reporter.close();

    await import('listr2');
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    clock.pass(1000);

    assert.deepEqual(screen.lines(), []);
  });
});
