import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { ChunkName, Event, HostResult } from '../../lib/model/event.ts';
import { recordRun, type RunRecord } from '../../lib/reporters/run-record.ts';
import { renderHistory, renderRun } from '../../lib/reporters/run-text.ts';
import { chunkOf } from '../support/chunk.ts';

const chunk = chunkOf({ module: 'cmd', fun: 'run', name: 'migrate' });
const name: ChunkName = { ...chunk, function: 'cmd.run', key: chunk.key };
const result = (host: string, status: HostResult['status'], more: Partial<HostResult> = {}): HostResult => ({
  ...{ host, status, changed: 0, failed: 0, skipped: 0, unknown: 0, remaining: [], durationMs: 5 },
  ...more,
});

/** A journal of one event a second. */
function journal(...events: readonly Event[]): RunRecord {
  const record = recordRun(
    events.map((event, second) => ({
      ...event,
      at: new Date(Date.UTC(2026, 0, 1, 12, 0, second)).toISOString(),
    })),
  );
  assert.ok(record);
  return record;
}

const start = (...hosts: readonly string[]): Event => ({
  ...{ type: 'run.started', command: 'deploy', run: '7f3a0001', environment: 'prod', hosts },
  ...{ by: 'anna@laptop', process: 4711, commit: '4be1c9d00f', dirty: true },
});
const states = ({ hosts }: RunRecord) => Object.fromEntries(hosts.map(({ host, state }) => [host, state]));

describe('the record of a run', () => {
  it('that came to its end says of each host whether it is done, failed or untouched', () => {
    const record = journal(
      start('a', 'b', 'c', 'd'),
      { type: 'host.applying', host: 'a' },
      { type: 'host.finished', host: 'a', result: result('a', 'converged', { changed: 2 }) },
      { type: 'host.applying', host: 'b' },
      { type: 'host.finished', host: 'b', result: result('b', 'failed', { failed: 1 }) },
      { type: 'host.finished', host: 'c', result: result('c', 'refused', { reason: 'locked by bert' }) },
      { type: 'run.finished', exitCode: 7, durationMs: 1 },
    );

    assert.deepEqual(states(record), { a: 'done', b: 'failed', c: 'untouched', d: 'untouched' });
    assert.equal(record.hosts[2]?.why, 'refused: locked by bert');
  });

  it('that was cut short calls a host unknown from the moment at which its program was sent', () => {
    const record = journal(
      start('a', 'b', 'c'),
      { type: 'host.applying', host: 'a' },
      { type: 'host.applying', host: 'b' },
      { type: 'chunk.started', host: 'b', chunk: name, step: 'run it' },
    );

    assert.deepEqual(states(record), { a: 'unknown', b: 'unknown', c: 'untouched' });
    assert.equal(record.hosts[1]?.why, 'cmd.run migrate had begun; how it ended is not on record here');
  });

  it('calls a host that was stopped untouched only if nothing had been changed on it', () => {
    const record = journal(
      start('a', 'b'),
      { type: 'host.finished', host: 'a', result: result('a', 'stopped') },
      { type: 'host.finished', host: 'b', result: result('b', 'stopped', { changed: 1 }) },
    );

    assert.deepEqual(states(record), { a: 'untouched', b: 'failed' });
  });

  it('is shown with its hosts, worst first, and what ran on those that are not done', () => {
    const record = journal(
      start('web1', 'web2', 'web3'),
      { type: 'host.finished', host: 'web1', result: result('web1', 'converged') },
      { type: 'host.applying', host: 'web2' },
      { type: 'chunk.started', host: 'web2', chunk: name, step: 'run it' },
    );

    assert.equal(
      renderRun(record, { alive: false }),
      `run 7f3a0001 · deploy prod · cut short
began 2026-01-01 12:00Z by anna@laptop · 4be1c9d00+

unknown (1 host)
  web2  cmd.run migrate had begun; how it ended is not on record here
  web2
    begun     cmd.run migrate  ${name.source.file}:${name.source.line}

untouched (1 host)
  web3  it had not been begun where the record ends

done (1 host)
  web1  in sync

1 of 3 hosts done, 1 unknown, 1 untouched
`,
    );
  });

  it('stands in the history with who began it and how it ended', () => {
    const record = journal(start('a'), { type: 'run.finished', exitCode: 130, durationMs: 1 });

    assert.equal(
      renderHistory([{ record, alive: false }]),
      `RUN       BEGAN              BY           COMMAND      REVISION    RESULT
7f3a0001  2026-01-01 12:00Z  anna@laptop  deploy prod  4be1c9d00+  stopped, 0 of 1 host done, 1 untouched
`,
    );
  });
});
