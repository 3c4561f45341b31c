import assert from 'node:assert/strict';
import type { Project } from '../support/slab.ts';
import type { Random } from './random.ts';

/** What a round is played on: one host of a lab, and a project that is about it alone. */
export interface Stage {
  readonly name: string;
  readonly random: Random;
  /** Runs shell text on the host as root. @throws when it fails. */
  readonly on: (command: string) => Promise<string>;
  readonly power: () => Promise<void>;
  readonly project: (site: string, user?: string) => Project;
}

/** Things that may cut slab off; a round tries some of them together. */
export const PARTS = ['sshd', 'sudo', 'pam', 'keys', 'firewall'] as const;
export type Part = (typeof PARTS)[number];

const files: Readonly<Record<Exclude<Part, 'firewall'>, readonly [path: string, text: string]>> = {
  sshd: ['/etc/ssh/sshd_config.d/10-campaign.conf', 'MaxAuthTries '],
  sudo: ['/etc/sudoers.d/10-campaign', '# '],
  pam: ['/etc/pam.d/campaign', '# '],
  keys: ['/home/asker/.ssh/authorized_keys2', '# '],
};

/** States that set these parts to a value. @param more rules for the firewall, before it accepts everything */
export function siteOf(parts: readonly Part[], value: number, more = ''): string {
  const states = parts.map((part) =>
    part === 'firewall'
      ? `firewall:
  nftables.ruleset:
    - keep_ssh: False
    - contents: |
        table inet slab {
          chain input {
            type filter hook input priority 0; policy accept;
            ${more}
            tcp dport ${value} accept
          }
        }
`
      : `${files[part][0]}:\n  file.managed:\n    - mode: '0440'\n    - contents: '${files[part][1]}${value}'\n`,
  );
  return states.join('');
}

/** What a host has of all parts, running and stored. */
export type Looks = Readonly<Record<string, string>>;

/** Looks over a new login, which is the first thing that must hold. */
export async function look({ on }: Pick<Stage, 'on'>): Promise<Looks> {
  const lines = Object.entries(files).map(
    ([part, [path]]) => `echo "${part} $(sed 's/.* //' ${path} 2>/dev/null)"`,
  );
  const port = "sed -n 's/.*dport \\([0-9]*\\) accept.*/\\1/p'";
  const said = await on(`${lines.join('; ')}
echo "firewall $(nft -s list table inet slab 2>/dev/null | ${port})"
echo "boot $(${port} /etc/slab/nftables/inet-slab.nft 2>/dev/null)"
echo "sshd-reads $(sshd -T | sed -n 's/^maxauthtries //p')"
echo "left $(grep -c slab/trial /proc/self/mountinfo) $(systemctl list-timers --all --no-legend 'slab-*' | wc -l)"`);
  return Object.fromEntries(
    said
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
  );
}

/** What a host looks like once these parts have a value. */
export function afterwards(before: Looks, parts: readonly Part[], value: number): Looks {
  const names = parts.flatMap((part) =>
    part === 'firewall' ? ['firewall', 'boot'] : part === 'sshd' ? ['sshd', 'sshd-reads'] : [part],
  );
  return { ...before, ...Object.fromEntries(names.map((name) => [name, String(value)])) };
}

/** Whether a host is wholly as before or wholly as wanted. @throws when it is neither, or when something is left of a trial. */
export function judge(now: Looks, before: Looks, after: Looks): 'old' | 'new' {
  assert.equal(now['left'], '0 0', `mounts or timers of a trial are left: ${JSON.stringify(now)}`);
  const is = (looks: Looks) => Object.entries(looks).every(([name, value]) => now[name] === value);
  if (is(before)) return 'old';
  if (is(after)) return 'new';
  return assert.fail(
    `neither old nor new: ${JSON.stringify(now)}\nold: ${JSON.stringify(before)}\nnew: ${JSON.stringify(after)}`,
  );
}
