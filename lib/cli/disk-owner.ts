import { seenElsewhere } from '../disks/adoption.ts';
import type { Disk } from '../disks/identity.ts';
import type { Marker } from '../disks/marker.ts';
import { parseFacts } from '../disks/parse-facts.ts';
import { factsScript } from '../disks/scripts.ts';
import type { HostDisks } from './host-disks.ts';
import type { Console } from './console.ts';
import type { OpenProject } from './open-project.ts';
import type { ProjectOptions, ReachOptions } from './options.ts';
import { withHosts } from './read-hosts.ts';

/** Whether the host whose disk is taken over can still write to it: what is known, or why that forbids it. */
export type OwnerAnswer =
  | { readonly owner: string }
  /** @property sure it has the disk: nobody's word changes that. */
  | { readonly why: string; readonly sure: boolean };

/**
 * Asks the host whose disk is to be taken over whether it has it: two hosts that mount one file system destroy it. Only reads.
 */
export async function askOwner(
  { options, console, project }: AskOwner,
  { seen, disk, marker }: { readonly seen: HostDisks; readonly disk: Disk; readonly marker: Marker },
): Promise<OwnerAnswer> {
  const { host, cluster } = marker;
  const unsure = (why: string): OwnerAnswer => ({ why, sure: false });
  if (cluster !== project.files.name)
    return unsure(`${host} of cluster "${cluster}", whose it is, cannot be asked from here`);
  if (host === seen.host) return { owner: 'the same host' };
  if (!project.inventory.hosts.has(host))
    return unsure(`${host}, whose it is, is no host of this inventory and cannot be asked`);
  const asked = await withHosts({ ...options, target: host }, console, async ({ session }) => {
    const [answer] = await session.exchange([{ name: 'facts', script: factsScript }]);
    return answer === undefined ? undefined : parseFacts(answer);
  });
  const facts = 'answers' in asked ? asked.answers[0] : undefined;
  if (facts?.read !== true) {
    const why = 'unread' in asked ? asked.unread[0]?.reason : undefined;
    return unsure(
      `${host}, whose it is, does not say whether it has it: ${facts?.why ?? why ?? 'no answer'}`,
    );
  }
  const found = seenElsewhere(disk, marker, facts.value);
  return found === undefined
    ? { owner: `${host} was asked and does not see it` }
    : { why: `${host}, whose it is, ${found}: take it out there first`, sure: true };
}

/** With what the owner is asked. */
export interface AskOwner {
  readonly options: ProjectOptions & ReachOptions;
  readonly console: Console;
  readonly project: OpenProject;
}
