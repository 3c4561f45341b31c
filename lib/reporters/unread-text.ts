import { foldHosts } from '../diagnostics/fold.ts';
import { displayWidth } from '../diagnostics/width.ts';
import type { UnreadHost } from '../model/plan.ts';
import { paintSign } from './item-text.ts';
import { wrapProse } from './style.ts';
import type { Style } from './style.ts';

/** How many reasons are told; beyond it they are folded, by what they have in common and at last by code. */
const UNREAD_REASONS = 8;

/** The hosts that were not read, equal reasons once, each with what to do. */
export function unreadRows(unread: readonly UnreadHost[], style: Style): readonly string[] {
  const exact = foldUnread(unread, (host) => JSON.stringify([host.code, host.reason, host.fix]));
  const ways = [kindOfReason, (host: UnreadHost) => host.code];
  let folded = exact;
  for (const way of ways) if (folded.length > UNREAD_REASONS) folded = foldUnread(unread, way);
  return folded.flatMap(([first, hosts]) => {
    const names = style.show(foldHosts(hosts));
    const example = folded === exact || hosts.length === 1 ? '' : `, for example ${first.host}`;
    const reason = `${first.code}${example}: ${style.show(first.reason)}`;
    const rows = [`  ${paintSign('x', style)} ${names}`, `      ${wrapProse(reason, style.width - 6, 6)}`];
    if (displayWidth(names) + displayWidth(reason) + 6 <= style.width)
      rows.splice(0, 2, `  ${paintSign('x', style)} ${names}  ${reason}`);
    if (first.fix !== undefined) rows.push(`      ${style.paint.dim('fix:')} ${style.show(first.fix)}`);
    return rows;
  });
}

/** A reason without what differs from host to host: names, addresses, fingerprints and paths. */
function kindOfReason({ code, host, reason }: UnreadHost): string {
  return `${code} ${reason.replaceAll(host, '').replace(/\S*[\d/]\S*/g, '')}`;
}

function foldUnread(
  unread: readonly UnreadHost[],
  keyOf: (host: UnreadHost) => string,
): readonly (readonly [UnreadHost, readonly string[]])[] {
  const byKey = new Map<string, [UnreadHost, string[]]>();
  for (const host of unread) {
    const entry = byKey.get(keyOf(host)) ?? [host, []];
    byKey.set(keyOf(host), entry);
    entry[1].push(host.host);
  }
  return [...byKey.values()];
}
