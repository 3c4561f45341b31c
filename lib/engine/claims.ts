import type { Claim } from '../model/resource.ts';
import type { Denials } from '../plan/predict.ts';
import type { PredictedChunk } from '../plan/predicted.ts';

/** What one host draws from the limits of a plan. */
export interface HostClaims {
  readonly host: string;
  readonly claims: readonly Claim[];
}

/** The claims of everything that will be done to a host. */
export function claimsOf(host: string, predicted: readonly PredictedChunk[]): HostClaims {
  return { host, claims: predicted.flatMap((each) => each.planned.claims ?? []) };
}

/**
 * Counts claims over all hosts of a plan. Of a budget that is drawn on too often nothing is granted: which of the claims
 * are the wrong ones nobody knows.
 */
export function denyClaims(hosts: readonly HostClaims[]): Denials {
  const budgets = new Map<string, { readonly limit: number; readonly wanted: readonly string[] }>();
  for (const { host, claims } of hosts) {
    for (const { budget, limit, what } of claims) {
      const before = budgets.get(budget);
      budgets.set(budget, {
        limit: Math.min(limit, before?.limit ?? limit),
        wanted: [...(before?.wanted ?? []), `${what} of ${host}`],
      });
    }
  }
  return (budget) => {
    const asked = budgets.get(budget);
    if (asked === undefined || asked.wanted.length <= asked.limit) return undefined;
    const { wanted, limit } = asked;
    const more = wanted.length > 6 ? ` and ${wanted.length - 6} more` : '';
    return `${wanted.length} at once are asked for (${wanted.slice(0, 6).join(', ')}${more}), and the limit "${budget}" is ${limit}`;
  };
}
