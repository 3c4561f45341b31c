import { trialOfFile, wayInFile, type WayInFile } from '../../confirm/files.ts';
import type { Change, ObjectKey } from '../../model/change.ts';
import type { Diff, Parsed, ParseInput, Prospect } from '../../model/resource.ts';
import type { Step } from '../../model/step.ts';
import { defineKind } from '../define-kind.ts';
import { diffDirectory } from './diff-directory.ts';
import { diffManaged } from './diff-managed.ts';
import { diffAbsent, diffPresence, diffSymlink, diffTransferred } from './diff-other.ts';
import { diffEdited } from './diff-edited.ts';
import { editFunctions } from './functions-edits.ts';
import { diffRecursed } from './diff-recurse.ts';
import { parseRecursed } from './parse-recurse.ts';
import { parseSerialized } from './parse-serialize.ts';
import { parseEdited } from './parse-edits.ts';
import { placedFunctions } from './functions-placed.ts';
import { probeScript } from './looks.ts';
import { fileKey, neededKeys } from './names.ts';
import { observeAll } from './observe.ts';
import {
  parseAbsent,
  parseDirectory,
  parseManaged,
  parseTouched,
  parsePresence,
  parseSymlink,
  parseTransferred,
} from './parse-placed.ts';
import {
  stepsForAbsent,
  stepsForDirectory,
  stepsForFile,
  stepsForRecursed,
  stepsForSymlink,
  stepsForTransferred,
} from './steps.ts';
import type { Attributes, FileDeclared, Observed } from './types.ts';
import { viewOf } from './view.ts';

const PARSERS: ReadonlyMap<string, (input: ParseInput) => Parsed<FileDeclared>> = new Map<
  string,
  (input: ParseInput) => Parsed<FileDeclared>
>([
  ['managed', parseManaged],
  ['touch', parseTouched],
  ['directory', parseDirectory],
  ['symlink', parseSymlink],
  ['absent', parseAbsent],
  ['exists', parsePresence],
  ['missing', parsePresence],
  ['copy', parseTransferred],
  ['rename', parseTransferred],
  ['recurse', parseRecursed],
  ['serialize', parseSerialized],
]);

/** Files, directories and symlinks. */
export const file = defineKind<FileDeclared, Observed>({
  name: 'file',
  summary: 'Files, directories and symlinks: what is in them, whose they are, who may read them.',
  functions: { ...placedFunctions, ...editFunctions },
  parse: (input) => (PARSERS.get(input.fun) ?? parseEdited)(input),
  identify,
  needs,
  probe: probeScript,
  observe: observeAll,
  diff(declared, observed, prospect) {
    const diff = compare(declared, observed, prospect);
    const way = wayInOf(declared);
    return way === undefined || diff.changes.length === 0 ? diff : { ...diff, access: way.access };
  },
  steps(declared, changes, observed) {
    const way = wayInOf(declared);
    const steps = stepsFor(declared, changes, observed);
    return way === undefined ? steps : trialOfFile(declared.path, way, steps);
  },
});

/** Files that decide whether slab gets in are tried before they are kept. */
function wayInOf(declared: FileDeclared): WayInFile | undefined {
  switch (declared.is) {
    case 'managed':
    case 'edited':
    case 'symlink':
    case 'absent':
      return wayInFile(declared.path);
    default:
      return undefined;
  }
}

function identify(declared: FileDeclared): readonly ObjectKey[] {
  switch (declared.is) {
    case 'presence':
      return [];
    case 'edited':
      return [`${fileKey(declared.path)}#${declared.part}`];
    case 'recursed':
      return declared.files.map(({ path }) => fileKey(path));
    case 'managed':
    case 'directory':
    case 'symlink':
    case 'absent':
    case 'transferred':
      return [fileKey(declared.path)];
  }
}

function needs(declared: FileDeclared): readonly ObjectKey[] {
  const owners: Attributes = 'makedirs' in declared ? declared : {};
  const paths = declared.is === 'transferred' ? [declared.path, declared.source] : [declared.path];
  const from = declared.is === 'transferred' ? [fileKey(declared.source)] : [];
  return [...neededKeys(paths, owners), ...from];
}

function compare(declared: FileDeclared, observed: Observed, prospect: Prospect): Diff {
  const view = viewOf(observed, prospect);
  switch (declared.is) {
    case 'managed':
      return diffManaged(declared, view);
    case 'directory':
      return diffDirectory(declared, view);
    case 'symlink':
      return diffSymlink(declared, view);
    case 'absent':
      return diffAbsent(declared, view);
    case 'presence':
      return diffPresence(declared, view);
    case 'transferred':
      return diffTransferred(declared, view);
    case 'edited':
      return diffEdited(declared, view);
    case 'recursed':
      return diffRecursed(declared, view);
  }
}

function stepsFor(declared: FileDeclared, changes: readonly Change[], observed: Observed): readonly Step[] {
  switch (declared.is) {
    case 'managed':
    case 'edited':
      return stepsForFile(declared, changes, observed);
    case 'directory':
      return stepsForDirectory(declared, changes);
    case 'symlink':
      return stepsForSymlink(declared, changes, observed);
    case 'absent':
      return stepsForAbsent(declared.path, changes, observed);
    case 'transferred':
      return stepsForTransferred(declared, changes);
    case 'recursed':
      return stepsForRecursed(declared, changes, observed);
    case 'presence':
      return [];
  }
}
