import type { Step } from '../model/step.ts';
import { scriptFile } from '../shell/script-file.ts';
import { joinScripts } from '../shell/sh.ts';
import { tolerant } from './tolerant.ts';

const accounts = scriptFile(import.meta.url, './accounts.sh');

/** Why a change of accounts is tried first. */
export function ownAccount(user: string): string {
  return `slab logs in as ${user}, and may not get in, or become root, with it`;
}

/**
 * Puts steps on trial that change the account slab logs in as, or its groups. They write at once, and only what they have
 * changed is put back: what others do to accounts in the meantime stays.
 */
export function trialOfAccount(user: string, steps: readonly Step[]): readonly Step[] {
  return steps.map((step): Step => ({
    ...step,
    script: joinScripts([tolerant(step.script), accounts(['tried', user])]),
    trial: {
      about: 'login',
      stores: ['/etc/passwd', '/etc/shadow', '/etc/group', '/etc/gshadow'],
      save: accounts(['save', user]),
      rollback: accounts(['rollback', user]),
      compare: accounts(['compare', user]),
    },
  }));
}
