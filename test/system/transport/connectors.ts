import { createConnector, type Connector, type ConnectorSettings } from '../../../lib/transport/connect.ts';
import type { Notice } from '../../../lib/transport/line.ts';
import type { SectionResult } from '../../../lib/model/script.ts';
import type { Place } from './sshd.ts';

/** A signal that is never aborted. */
export const noAbort = new AbortController().signal;

/** A connector at home in a place, and the notices it gave. */
export function connectorIn(
  place: Place,
  settings: Partial<ConnectorSettings> = {},
): { readonly connector: Connector; readonly notices: readonly Notice[] } {
  const notices: Notice[] = [];
  const connector = createConnector({
    notice: (notice) => notices.push(notice),
    homeDirectory: place.folder,
    environment: { PATH: process.env['PATH'] },
    knownHostsFiles: [place.path('.ssh/known_hosts')],
    connectTimeoutMs: 10_000,
    ...settings,
  });
  return { connector, notices };
}

/** Standard output of the first result, as text. */
export function firstOutput(results: readonly SectionResult[]): string {
  return Buffer.from(results[0]?.stdout ?? []).toString();
}
