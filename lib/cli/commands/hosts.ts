import { Command } from 'commander';
import { exitCodes } from '../../diagnostics/exit-codes.ts';
import type { Host } from '../../model/inventory.ts';
import type { Ended } from '../ended.ts';
import { withProject, withShow, type ProjectOptions, type ShowOptions } from '../options.ts';

/** `slab hosts`: what a target matches. */
export function hostsCommand(ended: Ended): Command {
  const command = new Command('hosts').description(
    'list the hosts a target matches, with their groups; no network',
  );
  withShow(withProject(command));
  return command.action(async (options: ProjectOptions & ShowOptions) => {
    ended.code = await listHosts(options);
  });
}

async function listHosts(options: ProjectOptions & ShowOptions): Promise<number> {
  const { openConsole } = await import('../console.ts');
  const { openProject } = await import('../open-project.ts');
  const { offlineGrains } = await import('../offline-grains.ts');
  const console = await openConsole({ ...options, progress: 'none' });
  const opening = openProject(options);
  if (opening.project === undefined) {
    console.complain(opening.diagnostics, opening.source);
    return exitCodes.badInput;
  }
  const { project } = opening;
  console.complain(opening.diagnostics, project.source);
  const { wanted } = project;
  const grains = offlineGrains(project);
  const hosts = wanted === undefined ? project.hosts : project.hosts.filter((host) => byRecord(host));
  if (wanted !== undefined)
    console.say('grains and pillar are taken from what was recorded (slab grains --record)');
  if (options.json === true) console.printJson(hosts.map(hostJson));
  else {
    const { renderTable } = await import('../../reporters/table.ts');
    const rows = hosts.map((host) => [host.name, reachText(host), host.kind, host.groups.join(' ')]);
    console.print(renderTable(['host', 'reached at', 'kind', 'groups'], rows, console.style));
  }
  return exitCodes.done;

  function byRecord(host: Host): boolean {
    const { grains: seen, ...known } = grains.known(host);
    return wanted?.(host, seen, project.compiler.compilePillar(host, seen, known).pillar) ?? true;
  }
}

function reachText(host: Host): string {
  if (host.transport === 'local') return 'this machine';
  const user = host.user === undefined ? '' : `${host.user}@`;
  return `${user}${host.address ?? host.name}${host.port === undefined ? '' : `:${host.port}`}`;
}

function hostJson(host: Host): object {
  return {
    name: host.name,
    transport: host.transport,
    address: host.address ?? host.name,
    ...(host.port === undefined ? {} : { port: host.port }),
    ...(host.user === undefined ? {} : { user: host.user }),
    kind: host.kind,
    groups: host.groups,
    labels: Object.fromEntries(host.labels),
  };
}
