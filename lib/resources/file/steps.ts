import { InvariantError } from '../../diagnostics/errors.ts';
import type { Change, Risk } from '../../model/change.ts';
import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { attributeSteps, belowStep, ownerOf } from './attribute-steps.ts';
import { removalsOf } from './clean.ts';
import { writingOf } from './contents.ts';
import { foldersFor } from './draft.ts';
import { absentEntry } from './entry.ts';
import { fileKey, foldersAbove } from './names.ts';
import { putStep } from './put-step.ts';
import type {
  Directory,
  Edited,
  Entry,
  Managed,
  Observed,
  Placed,
  Recursed,
  Symlink,
  Transferred,
} from './types.ts';

const folderScript = scriptFile(import.meta.url, './folder.sh');
const linkScript = scriptFile(import.meta.url, './link.sh');
const removeScript = scriptFile(import.meta.url, './remove.sh');
const transferScript = scriptFile(import.meta.url, './transfer.sh');

/** Steps that bring a file about: its folders, its contents with owner and mode, or only owner and mode. */
export function stepsForFile(
  declared: Managed | Edited,
  changes: readonly Change[],
  observed: Observed,
): readonly Step[] {
  const follow = declared.is === 'edited' || declared.follow;
  const itself = observed.entries[declared.path] ?? absentEntry;
  const entry = itself.type === 'symlink' && follow ? (itself.beyond ?? absentEntry) : itself;
  const writing = writingOf(changes);
  const folders = folderSteps(declared, changes);
  if (writing === undefined) {
    if (changes.some(({ field }) => field === 'contents'))
      throw new InvariantError(
        `the contents of ${declared.path} are lost: steps are made of the changes of the comparison`,
      );
    return [...folders, ...attributeSteps(declared, changes)];
  }
  return [
    ...folders,
    putStep(declared, { writing, entry: entry.type === 'file' ? entry : absentEntry, follow }),
  ];
}

/** Steps that bring a directory about, and what is below it. */
export function stepsForDirectory(declared: Directory, changes: readonly Change[]): readonly Step[] {
  const { path } = declared;
  const replaced = changes.find(({ field }) => field === 'type');
  const steps: Step[] = [...folderSteps(declared, changes)];
  if (replaced !== undefined)
    steps.push({
      title: `remove the ${replaced.before as string} ${path}`,
      script: removeScript(['file', path]),
      risk: replaced.risk,
    });
  if (replaced !== undefined || changes.some(({ field }) => field === 'exists')) {
    const mode = (declared.mode ?? 0o755).toString(8);
    steps.push({
      title: `make the folder ${path}`,
      script: folderScript([mode, ownerOf(declared, '0:0'), path]),
      risk: 'change',
    });
  } else {
    steps.push(...attributeSteps(declared, changes));
  }
  steps.push(...removalSteps(path, changes));
  if (changes.some(({ field }) => field.endsWith(' below'))) steps.push(belowStep(declared));
  return steps;
}

/** Removes what `clean` does not keep. */
function removalSteps(path: string, changes: readonly Change[]): readonly Step[] {
  const { files, trees } = removalsOf(changes);
  const step = (seen: 'file' | 'tree', paths: readonly string[]): readonly Step[] =>
    paths.length === 0
      ? []
      : [
          {
            title: `remove ${paths.length} unmanaged ${seen === 'tree' ? 'folders' : 'files'} in ${path}`,
            script: removeScript([seen, ...paths]),
            risk: 'destroy',
          },
        ];
  return [...step('file', files), ...step('tree', trees)];
}

/** Steps that bring a symlink about. */
export function stepsForSymlink(
  declared: Symlink,
  changes: readonly Change[],
  observed: Observed,
): readonly Step[] {
  const { path, target, user, group, backupName } = declared;
  const entry = observed.entries[path] ?? absentEntry;
  const owner = user === undefined && group === undefined ? '' : ownerOf(declared, '');
  const script = linkScript([path, target, seenForLink(entry), owner, backupName ?? '']);
  return [
    ...folderSteps(declared, changes),
    { title: `link ${path} to ${target}`, script, risk: worst(changes) },
  ];
}

/** Steps that remove what is at a path. */
export function stepsForAbsent(
  path: string,
  changes: readonly Change[],
  observed: Observed,
): readonly Step[] {
  const directory = observed.entries[path]?.type === 'directory';
  const full = (observed.trees[path]?.count ?? 0) > 0;
  const seen = directory ? (full ? 'tree' : 'empty') : 'file';
  return [{ title: `remove ${path}`, script: removeScript([seen, path]), risk: worst(changes) }];
}

/** Steps that copy or rename. */
export function stepsForTransferred(declared: Transferred, changes: readonly Change[]): readonly Step[] {
  const { fun, source, path, force } = declared;
  const moves = changes.some(({ field }) => field === 'renamed from' || field === 'copied from');
  const script = transferScript([fun, source, path, force ? 'force' : '']);
  return [
    ...folderSteps(declared, changes),
    ...(moves ? [{ title: `${fun} ${source} to ${path}`, script, risk: worst(changes) }] : []),
    ...attributeSteps(declared, changes),
  ];
}

/** Steps that bring a tree of files about. */
export function stepsForRecursed(
  declared: Recursed,
  changes: readonly Change[],
  observed: Observed,
): readonly Step[] {
  const { path, folders, files } = declared;
  const of = (each: string): readonly Change[] => changes.filter(({ object }) => object === fileKey(each));
  const made = [path, ...folders].filter((folder) => of(folder).some(({ field }) => field === 'exists'));
  const mode = (declared.mode ?? 0o755).toString(8);
  const make: Step = {
    title: `make the folders ${made.join(', ')}`,
    script: folderScript([mode, ownerOf(declared, '0:0'), ...made]),
    risk: 'change',
  };
  return [
    ...folderSteps(declared, changes),
    ...(made.length === 0 ? [] : [make]),
    ...[path, ...folders]
      .filter((folder) => !made.includes(folder))
      .flatMap((folder) => attributeSteps({ ...declared, path: folder }, of(folder))),
    ...files.flatMap((file) =>
      of(file.path).length === 0 ? [] : stepsForFile(file, of(file.path), observed),
    ),
    ...removalSteps(path, changes),
  ];
}

/** Makes the folders above; those that are there cost nothing. */
function folderSteps(declared: Placed, changes: readonly Change[]): readonly Step[] {
  const folders = changes.find(({ field }) => field === 'folders');
  if (folders === undefined) return [];
  const made = foldersFor(declared);
  const script = folderScript([
    (made.mode ?? 0o755).toString(8),
    ownerOf(made, '0:0'),
    ...foldersAbove(declared.path),
  ]);
  return [{ title: `make the folders ${folders.after as string}`, script, risk: 'change' }];
}

function seenForLink({ exists, type }: Entry): string {
  if (!exists || type === 'symlink') return 'free';
  return type === 'directory' ? 'directory' : 'file';
}

const RISKS: readonly Risk[] = ['read', 'change', 'disrupt', 'reboot', 'destroy'];

function worst(changes: readonly Change[]): Risk {
  return RISKS[Math.max(...changes.map(({ risk }) => RISKS.indexOf(risk)))] ?? 'change';
}
