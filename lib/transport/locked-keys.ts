import type { Host } from '../model/inventory.ts';
import { createKeyring } from './keyring.ts';
import { createRouter } from './router.ts';
import type { ConnectorSettings } from './settings.ts';
import { loadSsh2 } from './ssh2.ts';

/**
 * The private keys that the inventory names for these hosts, that have a passphrase, and that no agent holds: a person
 * has to be asked for these before work begins. Keys of ssh_config and the usual ones are tried without asking.
 * @returns paths, each once, in the order of the hosts.
 */
export async function lockedKeys(
  hosts: readonly Host[],
  settings: ConnectorSettings,
): Promise<readonly string[]> {
  const named = hosts.filter((host) => host.transport === 'ssh' && host.identityFile !== undefined);
  if (named.length === 0) return [];
  const router = createRouter(settings);
  const keyring = createKeyring(
    await loadSsh2(),
    () => undefined,
    () => undefined,
  );
  const locked = new Set<string>();
  for (const { identityFile, agentSocket } of await Promise.all(named.map((host) => router.resolve(host)))) {
    if (identityFile === undefined) continue;
    const file = await keyring.keyFile(identityFile);
    if (file.status !== 'encrypted') continue;
    const held = agentSocket === undefined ? [] : await keyring.agentKeys(agentSocket);
    if (!held.some((key) => key.blob === file.blob)) locked.add(identityFile);
  }
  return [...locked];
}
