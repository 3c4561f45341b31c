import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { inventoryMark } from './inventory-text.ts';

/** Writes `inventory.yaml` into a folder, unless somebody else's is there. @returns what was done, to be said. */
export function writeInventory(folder: string, text: string): string {
  const path = join(folder, 'inventory.yaml');
  if (existsSync(path) && !isOurs(path)) return `${path} is not slab lab's: left as it is`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
  return `wrote ${path}`;
}

/** Takes away an inventory that slab lab wrote, and its folder when nothing else is in it. */
export function removeInventory(folder: string): void {
  const path = join(folder, 'inventory.yaml');
  if (!existsSync(path) || !isOurs(path)) return;
  rmSync(path);
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

function isOurs(path: string): boolean {
  return readFileSync(path, 'utf8').startsWith(inventoryMark);
}
