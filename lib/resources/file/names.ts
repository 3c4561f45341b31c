import { normalize } from 'node:path/posix';
import type { ObjectKey } from '../../model/change.ts';

/** The object a path is; `#` begins a part of an object, so one in a path is written `%23`. */
export function fileKey(path: string): ObjectKey {
  return `file:${path.replaceAll('#', '%23')}`;
}

/** Every folder above a path, outermost first, without the root. */
export function foldersAbove(path: string): readonly string[] {
  const folders: string[] = [];
  for (let end = path.indexOf('/', 1); end > 0; end = path.indexOf('/', end + 1))
    folders.push(path.slice(0, end));
  return folders;
}

/** What a path and its owner silently depend on: folders and mounts above it, its user and group. */
export function neededKeys(
  paths: readonly string[],
  owners: { user?: string; group?: string },
): readonly ObjectKey[] {
  const keys: ObjectKey[] = [];
  for (const folder of new Set(paths.flatMap(foldersAbove))) keys.push(fileKey(folder), `mount:${folder}`);
  if (owners.user !== undefined) keys.push(`user:${owners.user}`);
  if (owners.group !== undefined) keys.push(`group:${owners.group}`);
  return keys;
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
