import type { HostResult } from '../model/event.ts';
import type { Ports } from '../model/ports.ts';
import { isActive } from '../plan/group.ts';
import { applyHost, type Applied, type ApplyRequest } from './apply-host.ts';
import { nothingDone } from './host-result.ts';
import type { PlannedHost } from './plan-hosts.ts';
import { rebootHost } from './reboot-host.ts';

const ONCE = 'it was rebooted, and asks for it once more: that is left to a person';

/**
 * Brings one plan about. Where a state asks for a reboot the host is rebooted there, planned again, and the rest is done;
 * a host that keeps nothing over a reboot is then converged from its beginning. Once in a run: what asks for it again has failed.
 */
export async function applyRebooting(
  host: PlannedHost,
  request: ApplyRequest,
  ports: Ports,
): Promise<Applied> {
  const first = await applyHost(host, request, ports);
  if (first.reboots !== true) return first;
  const { name } = host.host;
  const end = (status: HostResult['status'], reason: string): Applied => ({
    ...first,
    result: { ...first.result, status, reason },
  });
  if (request.stop.aborted)
    return end('stopped', 'the run was stopped before the reboot that a state asks for');
  const lost = await rebootHost({ ...host, seconds: request.rebootSeconds }, request.stop, ports);
  if (lost !== undefined) return end('unknown', lost);
  const { plan, hosts, diagnostics } = await request.replan(host.host);
  const next = hosts.get(name);
  if (next === undefined) {
    const why = plan.unread[0]?.reason ?? diagnostics[0]?.summary ?? 'no answer';
    return end('unknown', `it was rebooted, and cannot be planned again: ${why}`);
  }
  if (!next.plan.chunks.some(isActive))
    return added(first, { result: nothingDone(name, 'converged'), unconfirmed: false });
  const refused = request.hold?.(next.plan);
  if (refused !== undefined) {
    await next.session.close();
    return added(first, {
      result: { ...refused, reason: `rebooted, and then ${refused.reason ?? ''}` },
      unconfirmed: false,
    });
  }
  const second = await applyHost(next, request, ports);
  await next.session.close();
  const both = added(first, second);
  if (second.reboots !== true) return both;
  return { ...both, result: { ...both.result, status: 'failed', reason: ONCE } };
}

/** What was done before and after a reboot. What failed before has failed, however well the rest ended. */
function added(first: Applied, second: Applied): Applied {
  const { changed, failed, durationMs, status, destroyed = [] } = first.result;
  const { result } = second;
  const worse = status === 'failed' && result.status === 'converged';
  return {
    unconfirmed: first.unconfirmed || second.unconfirmed,
    result: {
      ...result,
      ...(worse ? { status } : {}),
      changed: changed + result.changed,
      failed: failed + result.failed,
      durationMs: durationMs + result.durationMs,
      ...(destroyed.length === 0 ? {} : { destroyed: [...destroyed, ...(result.destroyed ?? [])] }),
    },
  };
}
