import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scriptFile } from '../shell/script-file.ts';

const buildBase = scriptFile(import.meta.url, './build-base.sh');
const buildRepository = scriptFile(import.meta.url, './build-repository.sh');
const buildVm = scriptFile(import.meta.url, './build-vm.sh');
const describeDisks = scriptFile(import.meta.url, './describe-disks.sh');
const detachDisks = scriptFile(import.meta.url, './detach-disks.sh');
const endHosts = scriptFile(import.meta.url, './end-hosts.sh');
const hostLight = scriptFile(import.meta.url, './host-light.sh');
const hostSystemd = scriptFile(import.meta.url, './host-systemd.sh');
const hostVm = scriptFile(import.meta.url, './host-vm.sh');
const lanSwitch = scriptFile(import.meta.url, './switch.sh');

const texts = {
  'build-base.sh': buildBase.text.text,
  'build-repository.sh': buildRepository.text.text,
  'build-vm.sh': buildVm.text.text,
  'describe-disks.sh': describeDisks.text.text,
  'detach-disks.sh': detachDisks.text.text,
  'end-hosts.sh': endHosts.text.text,
  'host-light.sh': hostLight.text.text,
  'host-systemd.sh': hostSystemd.text.text,
  'host-vm.sh': hostVm.text.text,
  'switch.sh': lanSwitch.text.text,
} as const;

/** A script of the lab. */
export type ScriptName = keyof typeof texts;

/** What decides whether a base is still the one these scripts make. */
export const baseRecipe: string = texts['build-base.sh'] + texts['build-repository.sh'];

/** What decides whether what virtual machines start from is still what these scripts make of a base. */
export const vmRecipe: string = texts['build-vm.sh'];

/**
 * Puts the scripts where processes that outlive this one can run them, and answers where a script is. The folder is
 * named for their contents: another version of slab beside this one has a folder of its own.
 */
export function installScripts(directory: string): (name: ScriptName) => string {
  const digest = createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 12);
  const folder = join(directory, `scripts-${digest}`);
  if (!existsSync(folder)) {
    const beside = `${folder}.${process.pid}`;
    mkdirSync(beside, { recursive: true, mode: 0o755 });
    for (const [name, text] of Object.entries(texts))
      writeFileSync(join(beside, name), text, { mode: 0o755 });
    try {
      renameSync(beside, folder);
    } catch (error) {
      rmSync(beside, { recursive: true });
      if (!existsSync(folder)) throw error;
    }
  }
  return (name) => join(folder, name);
}
