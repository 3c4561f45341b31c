import type { HostResult } from '../model/event.ts';
import { UNKNOWN_FIX } from '../plan/left-behind.ts';
import type { PredictedChunk } from '../plan/predicted.ts';
import { nothingDone } from './host-result.ts';
import type { PlannedHost } from './plan-hosts.ts';

/** The commands of which nobody knows whether they ended. */
export function mayHaveRun(predicted: readonly PredictedChunk[]): readonly PredictedChunk[] {
  return predicted.filter(({ examined, listener }) => !listener && examined.left?.begun !== undefined);
}

/** Nothing is begun on a host on which something may have run that must not run twice. */
export function refuseUnknown({ host, predicted }: PlannedHost): HostResult {
  const all = mayHaveRun(predicted);
  const names = all.map(({ planned }) => `${planned.function} ${planned.id}`).join(', ');
  const runs = [...new Set(all.flatMap(({ examined }) => examined.left?.begun?.run ?? []))].join(', ');
  const reason = `nobody knows whether ${names} of run ${runs} ended`;
  return nothingDone(host.name, 'refused', { reason, fix: UNKNOWN_FIX });
}
