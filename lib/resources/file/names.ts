import { normalize } from 'node:path/posix';
import type { ObjectKey } from '../../model/change.ts';

/** The object a path is; `#` begins a part of an object, so one in a path is written `%23`. */
export function fileKey(path: string): ObjectKey {
  return `file:${path.replaceAll('#', '%23')}`;
}

/** Every folder above a path, outermost first, without the root. */
export function foldersAbove(path: string): readonly string[] {
  const names = path.split('/').slice(1, -1);
  return names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`);
}

/** What a path and its owner silently depend on: folders and mounts above it, its user and group. */
export function neededKeys(
  paths: readonly string[],
  owners: { user?: string; group?: string },
): readonly ObjectKey[] {
  const above = new Set(paths.flatMap(foldersAbove));
  return [
    ...[...above].flatMap((folder) => [fileKey(folder), `mount:${folder}`]),
    ...(owners.user === undefined ? [] : [`user:${owners.user}`]),
    ...(owners.group === undefined ? [] : [`group:${owners.group}`]),
  ];
}

/** Whether a path is this folder or below it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

/** Four octal digits: `0644`. */
export function modeText(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

/** Where a symlink at this path leads, without asking what is on the way. */
export function leadsTo(path: string, target: string): string {
  return normalize(
    target.startsWith('/') ? target : `${path.slice(0, path.lastIndexOf('/'))}/${target}`,
  ).replace(/(?<=.)\/$/, '');
}
