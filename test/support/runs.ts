import { reportPlan } from '../../lib/plan/report.ts';
import type { ChunkName, Event, HostResult, Outcome } from '../../lib/model/event.ts';
import { hostPlan, nginxConf, planOf, somaxconn } from './plans.ts';

/** The name of the state that the recorded runs speak of. */
export const conf: ChunkName = {
  key: nginxConf.key,
  function: nginxConf.function,
  id: nginxConf.id,
  name: nginxConf.name,
  source: nginxConf.source,
};

/** The end of a host, converged with two changes unless said otherwise. */
export function result(host: string, rest: Partial<HostResult> = {}): HostResult {
  return {
    host,
    status: 'converged',
    changed: 2,
    failed: 0,
    skipped: 0,
    unknown: 0,
    remaining: [],
    durationMs: 4100,
    ...rest,
  };
}

/** How the state ended on a host. */
export function finished(host: string, outcome: Outcome): Event {
  return { type: 'chunk.finished', host, chunk: conf, outcome, durationMs: 900 };
}

/** A failed check with that output. */
export function nginxFailed(output: string): Outcome {
  return { status: 'failed', step: 'nginx -t', code: 1, output };
}

export const nginxFailure = nginxFailed(
  'checking\nnginx: [emerg] duplicate directive in \u001b[31mnginx.conf\u001b[0m:9\n',
);

/** An apply to four hosts: one converges, one fails, one is cut off, one was never reached. */
export const mixedRun: readonly Event[] = [
  {
    type: 'run.started',
    command: 'apply',
    run: '7QG8',
    environment: 'prod',
    hosts: ['web01', 'web02', 'web03', 'web04'],
  },
  { type: 'host.connecting', host: 'web01' },
  { type: 'host.connecting', host: 'web02' },
  { type: 'host.connecting', host: 'web03' },
  { type: 'host.connecting', host: 'web04' },
  { type: 'host.connected', host: 'web01', durationMs: 80 },
  { type: 'host.connected', host: 'web02', durationMs: 80 },
  { type: 'host.connected', host: 'web03', durationMs: 80 },
  {
    type: 'host.unread',
    host: 'web04',
    unread: {
      host: 'web04',
      code: 'SLAB3301',
      reason: 'no answer from 10.0.0.4:22 for 10 s',
      fix: 'ssh -v web04',
    },
  },
  { type: 'host.planned', host: 'web01', changes: 2, states: 2 },
  { type: 'host.planned', host: 'web02', changes: 2, states: 2 },
  { type: 'host.planned', host: 'web03', changes: 2, states: 2 },
  {
    type: 'plan.ready',
    report: reportPlan(
      planOf(
        ['web01', 'web02', 'web03'].map((host) => hostPlan(host, [nginxConf, somaxconn])),
        { unread: [{ host: 'web04', code: 'SLAB3301', reason: 'no answer' }] },
      ),
    ),
  },
  { type: 'lock.taken', host: 'web01' },
  { type: 'chunk.started', host: 'web01', chunk: conf, step: 'write' },
  { type: 'chunk.started', host: 'web02', chunk: conf, step: 'write' },
  { type: 'chunk.started', host: 'web03', chunk: conf, step: 'write' },
  {
    type: 'notice',
    level: 'warning',
    host: 'web01',
    code: 'retry',
    message: 'apt was locked; tried again after 5 s',
  },
  finished('web01', { status: 'changed' }),
  { type: 'host.verifying', host: 'web01' },
  { type: 'lock.released', host: 'web01' },
  { type: 'host.finished', host: 'web01', result: result('web01') },
  finished('web02', nginxFailure),
  finished('web02', { status: 'skipped', because: 'it requires /etc/nginx/nginx.conf, which failed' }),
  {
    type: 'host.finished',
    host: 'web02',
    result: result('web02', {
      status: 'failed',
      changed: 0,
      failed: 1,
      skipped: 1,
      remaining: [conf],
      durationMs: 1200,
    }),
  },
  finished('web03', { status: 'unknown', step: 'write', cause: 'the connection was lost' }),
  {
    type: 'host.finished',
    host: 'web03',
    result: result('web03', {
      status: 'unknown',
      changed: 0,
      unknown: 1,
      durationMs: 2500,
      reason: 'the connection was lost',
      fix: 'slab plan -t web03',
    }),
  },
  { type: 'run.finished', exitCode: 5, durationMs: 8200 },
];
