import type { Script } from '../model/script.ts';
import type { Step } from '../model/step.ts';
import { scriptFile } from '../shell/script-file.ts';
import { joinScripts, sh } from '../shell/sh.ts';
import { tolerant } from './tolerant.ts';

const cover = scriptFile(import.meta.url, './cover.sh');
const daemon = scriptFile(import.meta.url, './sshd.sh');

/** A file that decides who gets in. */
export interface WayInFile {
  readonly about: string;
  /** Why it matters, for a person. */
  readonly access: string;
  /** The folder that is covered by a copy while the file is tried; without one it is written, and put back if need be. */
  readonly folder?: string;
  /** Whether what was written can be used at all; run while it is tried. */
  readonly check?: Script;
  /** Keeps what `reload` needs, before anything is tried. */
  readonly save?: Script;
  /** Lets what runs read it, in the trial and whenever it was put back or stored. */
  readonly reload?: Script;
}

const sshd: Pick<WayInFile, 'about' | 'access' | 'check' | 'save' | 'reload'> = {
  about: 'sshd',
  access: 'sshd reads it, and lets slab in',
  check: daemon(['check']),
  save: daemon(['save']),
  reload: daemon(['reload']),
};

const sudo: Pick<WayInFile, 'about' | 'access' | 'check'> = {
  about: 'sudo',
  access: 'sudo reads it, and makes slab root',
  // Quiet it would not say why; mostly the mode of a file has to be 0440.
  check: sh`visudo=$(command -v visudo)
said=$("$visudo" -c 2>&1) || { printf '%s\n' "$said" | grep -v 'parsed OK$' | head -n 1; exit 1; }`,
};

const login: Pick<WayInFile, 'about' | 'access'> = {
  about: 'login',
  access: 'logins are judged by it, those of slab too',
};

/** What a file means for our own way to its host; undefined for all the files that mean nothing to it. */
export function wayInFile(path: string): WayInFile | undefined {
  const folder = path.slice(0, path.lastIndexOf('/'));
  if (/^\/etc\/ssh\/(sshd_config$|sshd_config\.d\/|ssh_host_)/.test(path)) return { ...sshd, folder };
  if (/^\/etc\/sudoers\.d\/[^/]+$/.test(path)) return { ...sudo, folder };
  if (path === '/etc/sudoers') return sudo;
  if (/^\/etc\/(pam\.d|security)\/[^/]+$/.test(path)) return { ...login, folder };
  if (/\/\.ssh\/authorized_keys2?$/.test(path)) return { ...login, folder };
  if (/^\/etc\/(hosts\.(allow|deny)|nologin|shells)$/.test(path)) return login;
  return undefined;
}

/**
 * Puts steps that write one such file on trial. While it is tried, a copy of its folder lies over the folder, so that a
 * power cut leaves the old file; once it is confirmed the same steps write the file itself. Files whose folder is too
 * large for that are written at once and put back when nobody confirms them: a power cut in between leaves the new one.
 */
export function trialOfFile(path: string, way: WayInFile, steps: readonly Step[]): readonly Step[] {
  const { about, folder = '', check, save, reload } = way;
  return steps.map((step): Step => {
    const write = tolerant(step.script);
    const script = joinScripts([
      cover(['cover', path, folder]),
      ...[write, ...(check === undefined ? [] : [check]), ...(reload === undefined ? [] : [reload])],
    ]);
    return {
      ...step,
      script,
      trial: {
        about,
        stores: [path],
        save: joinScripts([cover(['save', path, folder]), ...(save === undefined ? [] : [save])]),
        rollback: cover(['uncover', path, folder]),
        persist: joinScripts([cover(['store', path, folder]), write]),
        compare: sh`sha256sum -- ${path} 2>&1 || :`,
        ...(reload === undefined ? {} : { resume: reload }),
      },
    };
  });
}
