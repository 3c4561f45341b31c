import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { createJsonLines } from '../../lib/reporters/json-lines.ts';
import type { JsonLinesOptions } from '../../lib/reporters/json-lines.ts';
import type { Event } from '../../lib/model/event.ts';
import { handClock } from '../support/hand-clock.ts';
import { mixedRun } from '../support/runs.ts';

function lines(events: readonly Event[], options: JsonLinesOptions = {}): readonly string[] {
  let text = '';
  const reporter = createJsonLines((more) => (text += more), { clock: handClock(), ...options });
  for (const event of events) reporter.event(event);
  reporter.close();
  reporter.event({ type: 'run.stopping', reason: 'too late' });
  return text.trimEnd().split('\n');
}

describe('createJsonLines', () => {
  it('begins with its format and writes each event once, with its time', () => {
    const written = lines(mixedRun);

    assert.equal(written[0], '{"format":"slab.events/1"}');
    assert.deepEqual(
      written.slice(1).map((line) => (JSON.parse(line) as { type: string }).type),
      mixedRun.map((event) => event.type),
    );
    assert.equal(written[2], '{"at":"2026-11-23T10:20:00.000Z","type":"host.connecting","host":"web01"}');
  });

  it('keeps the time of an event that has one', () => {
    const event = { type: 'run.stopping', reason: 'Ctrl-C', at: '2026-01-01T00:00:00.000Z' } as const;

    assert.equal(
      lines([event])[1],
      '{"at":"2026-01-01T00:00:00.000Z","type":"run.stopping","reason":"Ctrl-C"}',
    );
  });

  it('never writes the contents of files, but the document of a plan where it is given', () => {
    const plain = lines(mixedRun).join('\n');
    const planned = lines(mixedRun, { plan: (report) => ({ groups: report.groups.length }) }).join('\n');

    assert.doesNotMatch(plain, /worker_processes/);
    assert.match(plain, /"type":"host.planned","host":"web01","changes":2,"states":2\}/);
    assert.match(plain, /"type":"plan.ready","summary":\{"targeted":4,"read":3,"unread":1,/);
    assert.match(planned, /"plan":\{"groups":1\}\}/);
  });
});
