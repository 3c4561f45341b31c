import { chmodSync, chownSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import type { Place } from './sshd.ts';

/** The password of every person here. */
export const password = 'correct horse';

/**
 * Invents users and sudo rules that exist in a mount namespace only: copies of the account files are laid over /etc
 * there, so nothing of this machine changes.
 * - anna may use sudo with her password, berta without, carla not at all;
 * - dora needs a terminal for sudo; erna's sudo records what it passes on; fred has no shell.
 * @returns what runs a command in that namespace.
 */
export function inventPeople(place: Place): (command: readonly string[]) => readonly string[] {
  const hash = execFileSync('openssl', ['passwd', '-6', password], { encoding: 'utf8' }).trim();
  const folder = place.path('etc');
  mkdirSync(folder);
  chmodSync(place.folder, 0o711);
  for (const file of ['passwd', 'shadow', 'group']) copyFileSync(`/etc/${file}`, `${folder}/${file}`);
  let passwd = readFileSync(`${folder}/passwd`, 'utf8');
  let shadow = readFileSync(`${folder}/shadow`, 'utf8');
  ['anna', 'berta', 'carla', 'dora', 'erna', 'fred'].forEach((name, index) => {
    const id = 61_000 + index;
    mkdirSync(place.path(name));
    chownSync(place.path(name), id, id);
    passwd += `${name}:x:${id}:${id}::${place.path(name)}:${name === 'fred' ? '/usr/sbin/nologin' : '/bin/sh'}\n`;
    shadow += `${name}:${hash}:19000:0:99999:7:::\n`;
  });
  writeFileSync(`${folder}/passwd`, passwd);
  writeFileSync(`${folder}/shadow`, shadow);
  writeFileSync(
    `${folder}/sudoers`,
    [
      'Defaults !fqdn, timestamp_timeout=0, passwd_tries=3',
      'Defaults:dora requiretty',
      `Defaults:erna use_pty, log_output, log_input, iolog_dir=${place.path('iolog')}`,
      'anna ALL=(ALL) ALL',
      'berta ALL=(ALL) NOPASSWD: ALL',
      'dora ALL=(ALL) NOPASSWD: ALL',
      'erna ALL=(ALL) NOPASSWD: ALL',
      '',
    ].join('\n'),
    { mode: 0o440 },
  );
  const mounts = ['passwd', 'shadow', 'group', 'sudoers'].map(
    (file) => `mount --bind ${folder}/${file} /etc/${file}`,
  );
  const script = [
    'set -e',
    'mount --make-rprivate /',
    ...mounts,
    'mount -t tmpfs none /run/sudo',
    'exec "$@"',
  ].join('\n');
  return (command) => ['unshare', '-m', 'sh', '-c', script, 'sh', ...command];
}
