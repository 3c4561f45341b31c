import { Command } from 'commander';
import { SlabError } from '../../diagnostics/errors.ts';
import { exitCodes } from '../../diagnostics/exit-codes.ts';
import type { ScannedHost } from '../../transport/connect.ts';
import type { Console } from '../console.ts';
import type { Ended } from '../ended.ts';
import {
  withProject,
  withReach,
  withShow,
  type ProjectOptions,
  type ReachOptions,
  type ShowOptions,
} from '../options.ts';

interface TrustOptions extends ProjectOptions, ReachOptions, ShowOptions {
  readonly yes?: boolean;
}

/** `slab trust`: shows the host keys of many hosts and accepts them in one go. */
export function trustCommand(ended: Ended): Command {
  const command = new Command('trust')
    .description('list the host keys of hosts that are not known yet, and add them to known_hosts in one go')
    .argument('[host...]', 'only these hosts')
    .option('-y, --yes', 'add them without asking: only where the network between is trusted');
  withShow(withReach(withProject(command)));
  return command.action(async (names: string[], options: TrustOptions) => {
    ended.code = await trust(names.length === 0 ? options : { ...options, target: `L@${names.join(',')}` });
  });
}

async function trust(options: TrustOptions): Promise<number> {
  const { openResultConsole } = await import('../console.ts');
  const { openProject } = await import('../open-project.ts');
  const { reachHosts } = await import('../reach.ts');
  const { forEachLimited } = await import('../../engine/each-host.ts');
  const console = await openResultConsole(options);
  const opening = openProject(options);
  if (opening.project === undefined) {
    console.complain(opening.diagnostics, opening.source);
    return exitCodes.badInput;
  }
  const { project } = opening;
  const connector = await reachHosts(project, { ...options, askPassword: false, askSudo: false }, console);
  const remote = project.hosts.filter((host) => host.transport === 'ssh');
  let code: number = exitCodes.done;
  const scanned = await forEachLimited(remote, options.parallel, async (host) => {
    try {
      return await connector.scanHostKeys(host, new AbortController().signal);
    } catch (error) {
      if (!(error instanceof SlabError)) throw error;
      console.say(`${host.name}: ${error.message}`);
      code = exitCodes.incomplete;
      return undefined;
    }
  });
  await connector.close();
  const hosts = scanned.filter((host) => host !== undefined);
  const fresh = hosts.filter((host) => host.keys.some((key) => key.standing === 'new'));
  await printKeys(hosts, console);
  if (
    hosts.some((host) => host.keys.some((key) => key.standing === 'changed' || key.standing === 'revoked'))
  ) {
    console.say(
      'Keys that changed or were revoked are never added. Find out why, then remove the old line by hand.',
    );
    code = exitCodes.refused;
  }
  if (fresh.length === 0) {
    console.say(`Nothing to add: ${hosts.length - fresh.length} of ${remote.length} hosts are known.`);
    return code;
  }
  const { askToGoOn } = await import('../ask.ts');
  const say = (text: string): void => console.say(text);
  const otherwise = 'compare the fingerprints, then say -y';
  if (!(await askToGoOn(`Add the new keys of ${fresh.length} hosts?`, options, { say, otherwise })))
    return exitCodes.refused;
  await addKeys(fresh, console);
  return code;
}

async function printKeys(hosts: readonly ScannedHost[], console: Console): Promise<void> {
  const { renderTable } = await import('../../reporters/table.ts');
  const rows = hosts.flatMap((host) =>
    host.keys.map((key) => [
      host.host,
      `${host.address}:${host.port}`,
      key.type,
      key.fingerprint,
      key.standing,
    ]),
  );
  console.print(renderTable(['host', 'address', 'key', 'fingerprint', ''], rows, console.style));
}

async function addKeys(fresh: readonly ScannedHost[], console: Console): Promise<void> {
  const { addKnownHosts } = await import('../../transport/connect.ts');
  for (const host of fresh) {
    if (host.file === undefined) {
      console.say(`${host.host}: no known_hosts file counts for this host; set known_hosts in the inventory`);
      continue;
    }
    const keys = host.keys
      .filter((key) => key.standing === 'new')
      .map(({ key, type }) => ({ address: host.address, port: host.port, type, key }));
    const added = await addKnownHosts(host.file, keys, { hash: host.hash });
    console.say(`${host.host}: ${added} keys added to ${host.file}`);
  }
}
