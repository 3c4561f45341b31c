import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { exitCodes } from '../../diagnostics/exit-codes.ts';
import type { Console } from '../console.ts';
import type { Ended } from '../ended.ts';
import {
  withProject,
  withReach,
  withShow,
  type ProjectOptions,
  type ReachOptions,
  type ShowOptions,
} from '../options.ts';

/** `slab doctor`: what stands in the way, on this machine and on the hosts. */
export function doctorCommand(ended: Ended): Command {
  const command = new Command('doctor')
    .description(
      'look at this machine, the way to the hosts, and what they offer; each cross says what to do',
    )
    .argument('[host...]', 'only these hosts');
  withShow(withReach(withProject(command)));
  return command.action(async (hosts: string[], options: ProjectOptions & ReachOptions & ShowOptions) => {
    ended.code = await examine(hosts, options);
  });
}

async function examine(
  names: readonly string[],
  options: ProjectOptions & ReachOptions & ShowOptions,
): Promise<number> {
  const { openResultConsole } = await import('../console.ts');
  const { withHosts } = await import('../read-hosts.ts');
  const { hostChecks, readHostChecks } = await import('../../engine/host-checks.ts');
  const console = await openResultConsole(options);
  let crosses = examineThisMachine(console);
  const target = names.length === 0 ? options.target : `L@${names.join(',')}`;
  const chosen = target === undefined ? options : { ...options, target };
  const result = await withHosts(chosen, console, async (read) => {
    const began = Date.now();
    const [answer] = await read.session.exchange([{ name: 'doctor', script: hostChecks }]);
    const middle = (began + Date.now()) / 2;
    return {
      host: read.host.name,
      checks: readHostChecks(answer?.stdout ?? new Uint8Array(), middle / 1000),
    };
  });
  if (!('answers' in result)) return result.code;
  for (const { host, checks } of result.answers) {
    for (const check of checks) {
      if (!check.ok) crosses += 1;
      if (!check.ok || options.verbose === true) tick(console, check.ok, `${host}: ${check.what}`, check.fix);
    }
    if (checks.every((check) => check.ok))
      tick(console, true, `${host}: login, root, tools, clock and space`);
  }
  crosses += result.unread.length;
  return crosses > 0 ? Math.max(result.code, exitCodes.incomplete) : exitCodes.done;
}

function examineThisMachine(console: Console): number {
  const agent = process.env['SSH_AUTH_SOCK'];
  const checks = [
    {
      ok: Number(process.versions.node.split('.')[0]) >= 20,
      what: `this machine: Node ${process.versions.node}`,
      fix: 'slab needs Node 20.19 or newer',
    },
    {
      ok: agent === undefined || existsSync(agent),
      what:
        agent === undefined ? 'this machine: no ssh agent (key files are used)' : 'this machine: ssh agent',
      fix: 'SSH_AUTH_SOCK names a socket that is not there: start an agent, or unset it',
    },
  ];
  for (const check of checks) tick(console, check.ok, check.what, check.ok ? undefined : check.fix);
  return checks.filter((check) => !check.ok).length;
}

function tick(console: Console, ok: boolean, what: string, fix?: string): void {
  const { paint } = console.style;
  const mark = ok ? (paint?.green('ok') ?? 'ok') : (paint?.red('x ') ?? 'x ');
  console.print(`${mark}  ${what}${fix === undefined ? '' : `\n      fix: ${fix}`}`);
}
