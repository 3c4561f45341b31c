import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { createPlain } from '../../lib/reporters/plain.ts';
import type { PlainOptions } from '../../lib/reporters/plain.ts';
import { handClock } from '../support/hand-clock.ts';
import { mixedRun } from '../support/runs.ts';

function log(options: Omit<PlainOptions, 'clock'> = {}) {
  const clock = handClock();
  let text = '';
  const reporter = createPlain((more) => (text += more), { ...options, clock });
  return { clock, reporter, text: () => text };
}

describe('createPlain', () => {
  it('writes a line for each event worth saying, with the time in UTC', () => {
    const { reporter, text } = log();

    for (const event of mixedRun) reporter.event(event);

    assert.equal(
      text(),
      `2026-11-23T10:20:00Z start apply prod: 4 hosts, run 7QG8
2026-11-23T10:20:00Z FAIL web04 not read: SLAB3301 no answer from 10.0.0.4:22 for 10 s (fix: ssh -v web04)
2026-11-23T10:20:00Z plan ready: 3 of 3 hosts change, 1 NOT read, 1.9 s
2026-11-23T10:20:00Z WARN web01: apt was locked; tried again after 5 s
2026-11-23T10:20:00Z host web01 done: 2 changed, 4.1 s
2026-11-23T10:20:00Z FAIL web02 · file.managed /etc/nginx/nginx.conf: nginx -t failed with exit code 1: nginx: [emerg] duplicate directive in \\x1b[31mnginx.conf\\x1b[0m:9 (states/nginx.sls:8)
2026-11-23T10:20:00Z FAIL web02 failed: 1 failed, 1 skipped, still different: file.managed /etc/nginx/nginx.conf, 1.2 s
2026-11-23T10:20:00Z FAIL web03 · file.managed /etc/nginx/nginx.conf: unknown: write broke off (the connection was lost) (states/nginx.sls:8)
2026-11-23T10:20:00Z FAIL web03 unknown: 1 unknown, the connection was lost, fix: slab plan -t web03, 2.5 s
2026-11-23T10:20:00Z end exit 5, 8.2 s
`,
    );
  });

  it('gives a sign of life after half a minute of silence, and not before', () => {
    const { clock, reporter, text } = log();
    for (const event of mixedRun.slice(0, 16)) reporter.event(event);
    const before = text();

    clock.pass(29_000);
    assert.equal(text(), before);
    clock.pass(1000);

    assert.equal(
      text().slice(before.length),
      '2026-11-23T10:20:30Z … still working: 0 of 4 hosts finished, 2 at work, slowest web01 file.managed /etc/nginx/nginx.conf (30 s)\n',
    );
  });

  it('counts the hosts that have been read as long as none is changed', () => {
    const { clock, reporter, text } = log();
    const planning = mixedRun.slice(
      0,
      mixedRun.findIndex(({ type }) => type === 'plan.ready'),
    );
    for (const event of planning) reporter.event(event);
    const before = text();

    clock.pass(30_000);

    assert.equal(
      text().slice(before.length),
      '2026-11-23T10:20:30Z … still working: 3 of 4 hosts read, 0 at work\n',
    );
  });

  it('says how far long work of a host is every half minute, of the slowest in the sign of life', () => {
    const { clock, reporter, text } = log();
    for (const event of mixedRun.slice(0, 16)) reporter.event(event);
    const before = text();
    const work = {
      type: 'host.progress',
      what: 'format disk S1 as xfs',
      phase: 'proof',
      total: 8e12,
    } as const;

    for (const tb of [1, 2, 3, 4]) {
      for (const host of ['web01', 'web02']) reporter.event({ ...work, host, done: tb * 1e12 });
      clock.pass(15_000);
    }

    assert.equal(
      text().slice(before.length),
      `2026-11-23T10:20:30Z … still working: 0 of 4 hosts finished, 2 at work, slowest web01 format disk S1 as xfs: proving it blank, 25 % of 8.0 TB (30 s)
2026-11-23T10:20:30Z … web02: format disk S1 as xfs: proving it blank, 37 % of 8.0 TB
2026-11-23T10:21:00Z … still working: 0 of 4 hosts finished, 2 at work, slowest web01 format disk S1 as xfs: proving it blank, 50 % of 8.0 TB (1 m 0 s)
`,
    );
  });

  it('falls silent when it is closed', () => {
    const { clock, reporter, text } = log();
    reporter.close();
    reporter.close();

    clock.pass(90_000);
    for (const event of mixedRun) reporter.event(event);

    assert.equal(text(), '');
    assert.equal(clock.timers(), 0);
  });

  it('folds the hosts away on GitHub and marks failures so that they are seen', () => {
    const { reporter, text } = log({ folding: 'github' });

    for (const event of mixedRun) reporter.event(event);

    const rows = text().trimEnd().split('\n');
    assert.equal(rows[1], '::group::hosts of prod');
    assert.equal(rows.at(-2), '::endgroup::');
    assert.match(text(), /\n::error::FAIL web02 · file\.managed/);
  });

  it('folds the hosts away on GitLab', () => {
    const { reporter, text } = log({ folding: 'gitlab' });

    for (const event of mixedRun) reporter.event(event);

    const seconds = '1795429200';
    assert.match(
      text(),
      new RegExp(
        `\\u001b\\[0Ksection_start:${seconds}:slab_hosts\\[collapsed=true\\]\\r\\u001b\\[0Khosts of prod\\n`,
      ),
    );
    assert.match(text(), new RegExp(`\\u001b\\[0Ksection_end:${seconds}:slab_hosts\\r\\u001b\\[0K\\n`));
  });

  it('ends an open fold when it is closed early', () => {
    const { reporter, text } = log({ folding: 'github' });
    for (const event of mixedRun.slice(0, 5)) reporter.event(event);

    reporter.close();

    assert.match(text(), /\n::endgroup::\n$/);
  });
});
