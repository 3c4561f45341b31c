import type { HostResult } from '../model/event.ts';
import type { Ports } from '../model/ports.ts';
import type { Applied, ApplyRequest } from './apply-host.ts';
import { applyRebooting } from './apply-rebooting.ts';
import { isOnTrial } from './arrange-trials.ts';
import { forEachLimited } from './each-host.ts';
import { nothingDone } from './host-result.ts';
import type { PlannedHost } from './plan-hosts.ts';
import { wavesOf } from './waves.ts';

/** What to apply, to which hosts. */
export interface ApplyHostsRequest extends ApplyRequest {
  readonly hosts: readonly PlannedHost[];
  readonly parallel: number;
}

/**
 * Brings plans about: one program a host, events as they happen, then everything is probed again. Of the hosts on which
 * something is tried that may end our own way to them, one goes first, then a tenth, then the others; after the first
 * that is not confirmed none begins.
 */
export async function applyHosts(request: ApplyHostsRequest, ports: Ports): Promise<readonly HostResult[]> {
  const results = new Map<string, HostResult>();
  let unconfirmed: string | undefined;
  const bring = async (host: PlannedHost, risky: boolean): Promise<void> => {
    const name = host.host.name;
    const done: Applied = request.stop.aborted
      ? {
          result: nothingDone(name, 'stopped', { reason: 'the run was stopped before this host' }),
          unconfirmed: false,
        }
      : risky && unconfirmed !== undefined
        ? {
            result: nothingDone(name, 'stopped', {
              reason: `what is tried was not confirmed on ${unconfirmed}`,
            }),
            unconfirmed: false,
          }
        : await applyRebooting(host, request, ports);
    if (done.unconfirmed) unconfirmed ??= name;
    await host.session.close();
    ports.emit({ type: 'host.finished', host: name, result: done.result });
    results.set(name, done.result);
  };
  const { parallel } = request;
  const risky = request.hosts.filter(triesSomething);
  const others = request.hosts.filter((host) => !risky.includes(host));
  const waves = wavesOf(risky);
  const inWaves = async (): Promise<void> => {
    for (const wave of waves) await forEachLimited(wave, parallel, (host) => bring(host, true));
  };
  await Promise.all([inWaves(), forEachLimited(others, parallel, (host) => bring(host, false))]);
  return request.hosts.flatMap((host) => results.get(host.host.name) ?? []);
}

function triesSomething({ predicted }: PlannedHost): boolean {
  return predicted.some(
    (each) => isOnTrial(each) && (each.planned.verdict === 'act' || each.planned.verdict === 'maybe'),
  );
}
