import { Command } from 'commander';
import type { Ended } from '../ended.ts';
import {
  withProject,
  withReach,
  withShow,
  type ProjectOptions,
  type ReachOptions,
  type ShowOptions,
} from '../options.ts';

type SnapshotOptions = ProjectOptions & ReachOptions & ShowOptions;

/** `slab snapshot`: what hosts say of themselves, in files of the project. */
export function snapshotCommand(ended: Ended): Command {
  const command = new Command('snapshot')
    .description(
      'keep what hosts say of themselves in inventories/<env>/snapshots, for diff and check without any host',
    )
    .addHelpText(
      'after',
      `
One file a host: its grains, and its answers to what templates ask; no secrets. Made to be committed: a file changes only
where its host has, and .taken.json says when each was taken and by which slab.`,
    );
  withShow(withReach(withProject(command)));
  return command.action(async (options: SnapshotOptions) => {
    ended.code = await snapshot(options);
  });
}

async function snapshot(options: SnapshotOptions): Promise<number> {
  const { openResultConsole } = await import('../console.ts');
  const { withHosts } = await import('../read-hosts.ts');
  const { gatherRecord } = await import('../record-host.ts');
  const { dropSnapshots, noteTaken, writeSnapshot } = await import('../../project/snapshot-file.ts');
  const { version } = await import('../version.ts');
  const console = await openResultConsole(options);
  const result = await withHosts(options, console, async (read, project, fleet) => {
    const { host } = read;
    const said = await gatherRecord(read, project, { console, fleet });
    return { host: host.name, became: writeSnapshot(project.files.folder, host.name, said) };
  });
  if (!('answers' in result)) return result.code;
  const { answers, project } = result;
  const { folder } = project.files;
  const gone =
    options.target === undefined ? dropSnapshots(folder, (host) => project.inventory.hosts.has(host)) : [];
  const taken = { at: new Date().toISOString().replace(/\.\d+Z$/, 'Z'), slab: version };
  noteTaken(
    folder,
    answers.map(({ host }) => host),
    taken,
  );
  const those = (what: 'new' | 'changed') =>
    answers.filter(({ became }) => became === what).map(({ host }) => host);
  const [fresh, changed] = [those('new'), those('changed')];
  if (options.json === true)
    console.printJson({
      taken: answers.map(({ host }) => host),
      changed: [...fresh, ...changed],
      removed: [...gone],
    });
  else {
    const { foldHosts } = await import('../../diagnostics/fold.ts');
    const others = gone.length === 0 ? '' : `; removed, as the inventory lacks them: ${foldHosts(gone)}`;
    const which = [
      ...(fresh.length === 0 ? [] : [`the first of ${foldHosts(fresh)}`]),
      ...(changed.length === 0 ? [] : [`they differ for ${foldHosts(changed)}`]),
      ...(fresh.length + changed.length === 0 ? ['none differs'] : []),
    ].join(', ');
    console.print(
      `Snapshots of ${answers.length} ${answers.length === 1 ? 'host' : 'hosts'} taken, ${which}${others}\n`,
    );
  }
  return result.code;
}
