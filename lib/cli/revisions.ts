import { ProjectError } from '../diagnostics/errors.ts';
import {
  checkOutRevision,
  findRevision,
  isDirty,
  mergeBase,
  type CheckedOut,
  type Revision,
} from '../project/revision.ts';
import { openProject, type Opening } from './open-project.ts';
import type { ProjectOptions } from './options.ts';

/** Which two revisions of a project. */
export interface LaidRequest {
  readonly options: ProjectOptions;
  readonly base: string;
  /** Left out: the files as they are now; with `untrusted`, the last commit. */
  readonly head?: string;
  readonly untrusted: boolean;
}

/** Two revisions in folders of their own, unless the newer one is the project as it is. */
interface LaidOut {
  readonly names: { readonly from: string; readonly to: string };
  readonly older: Pick<ProjectOptions, 'project' | 'untrusted'>;
  readonly newer: Pick<ProjectOptions, 'project' | 'untrusted'>;
  readonly notices: string[];
  readonly close: () => void;
}

/** @throws ProjectError when a revision cannot be found or laid out. */
export function layOut({ options, base, head: named, untrusted }: LaidRequest): LaidOut {
  const directory = options.project;
  const notices: string[] = [];
  const name = named ?? (untrusted ? 'HEAD' : undefined);
  const head = findRevision(directory, name ?? 'HEAD');
  const from = baseOf(directory, base, head, notices);
  const folders: CheckedOut[] = [];
  const close = (): void => {
    for (const folder of folders) folder.remove();
  };
  const checkOut = (revision: Revision): string => {
    const folder = checkOutRevision(directory, revision);
    folders.push(folder);
    for (const path of folder.leftOut)
      notices.push(`${path} of ${revision.name} leads out of the project: left out`);
    return folder.directory;
  };
  try {
    const older = { project: checkOut(from), untrusted };
    const newer = { project: name === undefined ? directory : checkOut(head), untrusted };
    const asTheyAre = name === undefined && isDirty(directory);
    const names = { from: title(from), to: asTheyAre ? 'the files as they are' : title(head) };
    return { names, older, newer, notices, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** @throws ProjectError that says in which revision the environment is missing: the files of today may well have it. */
export function openRevision(options: ProjectOptions, place: LaidOut['older'], revision: string): Opening {
  try {
    return openProject({ ...options, ...place });
  } catch (error) {
    if (!(error instanceof ProjectError) || error.code !== 'SLAB6002' || place.project === options.project)
      throw error;
    throw new ProjectError('SLAB6002', `${error.message} at ${revision}`, {
      fix: 'commit its inventory, or name with -i an environment that is committed',
    });
  }
}

/** Where the newer revision left the base: what came to the base since is not a change of ours. */
function baseOf(directory: string, name: string, head: Revision, notices: string[]): Revision {
  const base = findRevision(directory, name);
  const common = mergeBase(directory, base, head);
  if (common === undefined) {
    notices.push(`${name} and ${head.name} have no common commit here: ${name} itself is the base`);
    return base;
  }
  if (common.commit !== base.commit)
    notices.push(`${name} has gone on since: the base is where they part, ${short(common)}`);
  return common;
}

function title(revision: Revision): string {
  return revision.name === revision.commit ? short(revision) : `${revision.name} ${short(revision)}`;
}

function short({ commit }: Revision): string {
  return commit.slice(0, 9);
}
