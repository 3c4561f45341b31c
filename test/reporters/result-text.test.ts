import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Event } from '../../lib/model/event.ts';
import { renderResultText } from '../../lib/reporters/result-text.ts';
import type { ResultTextOptions } from '../../lib/reporters/result-text.ts';
import { collectRun } from '../../lib/reporters/run-view.ts';
import { names } from '../support/plans.ts';
import { conf, finished, mixedRun, nginxFailed, nginxFailure, result } from '../support/runs.ts';

function screen(events: readonly Event[], options: ResultTextOptions = {}): string {
  const run = collectRun();
  for (const event of events) run.event(event);
  return renderResultText(run.view(), options);
}

describe('renderResultText', () => {
  it('shows a run in which everything happened', () => {
    assert.equal(
      screen(mixedRun, { retry: (hosts) => `slab apply -t '${hosts.join(',')}'` }),
      `  web01  done         2 changed, verified, 4.1 s
  web02  failed       1 failed, 1 skipped, 1 still different, 1.2 s
  web03  unknown      1 unknown, 2.5 s
      the connection was lost
      fix: slab plan -t web03

NOT read
  x web04  SLAB3301: no answer from 10.0.0.4:22 for 10 s
      fix: ssh -v web04

x web02 · file.managed /etc/nginx/nginx.conf · states/nginx.sls:8
    nginx -t failed with exit code 1
      checking
      nginx: [emerg] duplicate directive in \\x1b[31mnginx.conf\\x1b[0m:9

? web03 · file.managed /etc/nginx/nginx.conf · states/nginx.sls:8
    unknown: write broke off (the connection was lost)
    It may or may not have been done: the next run looks again and tells.

Still different after everything was done
  ~ file.managed /etc/nginx/nginx.conf · states/nginx.sls:8 · web02

Skipped
  o 1 state · web02 · it requires /etc/nginx/nginx.conf, which failed

Warnings
  ? web01 · apt was locked; tried again after 5 s

Run 7QG8: 1 of 4 hosts done · 1 failed · 1 unknown · 1 NOT read · 2 changes · 8.2 s
next: slab apply -t 'web02,web03,web04'
`,
    );
  });

  it('needs three lines for three hundred hosts that went well', () => {
    const hosts = names('web', 1, 300);

    assert.equal(
      screen([
        { type: 'run.started', command: 'apply', run: '7QG9', environment: 'prod', hosts },
        ...hosts.map((host, i): Event => ({
          type: 'host.finished',
          host,
          result: result(host, { durationMs: i * 10 }),
        })),
        { type: 'run.finished', exitCode: 0, durationMs: 61_000 },
      ]),
      `  web[001-300]  done         2 changed, verified, up to 3.0 s

Run 7QG9: 300 of 300 hosts done · 600 changes · 1 m 1 s
`,
    );
  });

  it('shows a failure of many hosts once and says whose output it is', () => {
    const hosts = names('web', 1, 40);
    const shown = screen(
      hosts.map((host, i) => finished(host, i < 38 ? nginxFailure : nginxFailed(`other ${i}`))),
    );

    assert.equal(shown.match(/exit code/g)?.length, 1);
    assert.match(shown, /x web\[001-040\] · file\.managed/);
    assert.match(shown, /\(output of web001; 2 others differ\)/);
  });

  it('shows the end of a long output', () => {
    const output = Array.from({ length: 30 }, (_, i) => `line ${i + 1}`).join('\n');
    const shown = screen([finished('a', { status: 'failed', step: 'make', code: null, output })]);

    assert.match(shown, /make failed\n {6}… 18 lines before\n {6}line 19\n/);
    assert.match(shown, /\n {6}line 30\n/);
  });

  it('names the hosts that were not begun when the run was stopped', () => {
    assert.equal(
      screen(
        [
          { type: 'run.started', command: 'apply', run: '7', environment: 'prod', hosts: ['a', 'b', 'c'] },
          { type: 'host.finished', host: 'a', result: result('a', { changed: 0 }) },
          { type: 'run.stopping', reason: 'Ctrl-C' },
          { type: 'run.finished', exitCode: 130, durationMs: 1000 },
        ],
        { retry: (hosts) => `slab apply -t ${hosts.join(',')}` },
      ),
      `  a  in sync      verified, 4.1 s

Run 7: 1 of 3 hosts done · 2 not started · 0 changes · 1.0 s
Stopped: Ctrl-C
next: slab apply -t b,c
`,
    );
  });

  it('gives a long list of hosts a line of its own', () => {
    const hosts = names('some-long-name-', 1, 15).filter((_, i) => i % 2 === 0);
    const shown = screen(hosts.map((host): Event => ({ type: 'host.finished', host, result: result(host) })));

    assert.match(shown, /^ {2}some-long-name-\[[\d,]+\]\n {4}done {9}2 changed/);
  });

  it('names what still differs with all its hosts', () => {
    const shown = screen(
      ['b', 'a'].map((host): Event => ({
        type: 'host.finished',
        host,
        result: result(host, { status: 'failed', remaining: [conf] }),
      })),
    );

    assert.match(shown, / {2}~ file\.managed \/etc\/nginx\/nginx\.conf · states\/nginx\.sls:8 · a b\n/);
  });
});
