import { existsSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SlabError } from '../diagnostics/errors.ts';
import type { LabForm, LabHost } from './host.ts';
import { innerNumber, isWhole } from './host.ts';
import type { LabLayout } from './layout.ts';
import { vmName } from './base.ts';
import { hostLayout } from './layout.ts';
import type { Resident } from './process.ts';
import { startResident } from './process.ts';
import type { ScriptName } from './scripts.ts';
import { isInGroup } from './store.ts';

/**
 * How long a host may take: a busy machine that starts a hundred needs more than the two seconds of one, and a virtual
 * machine without KVM takes half a minute of the processor.
 */
const patienceMs: Readonly<Record<LabForm, number>> = { systemd: 120_000, light: 120_000, vm: 600_000 };

/** What a start needs besides the host. */
export interface Boot {
  readonly layout: LabLayout;
  readonly script: (name: ScriptName) => string;
}

/**
 * Switches hosts on, all at once, and waits until the sshd of each answers.
 * @throws SlabError SLAB6003 with the reason and the end of the console of every host that does not.
 */
export async function bootHosts(boot: Boot, hosts: readonly LabHost[]): Promise<void> {
  const lan = hosts.some(({ form }) => isWhole(form)) ? await ensureSwitch(boot) : '';
  const refusals: string[] = [];
  await Promise.all(
    hosts.map(async (host) => {
      const why = await bootHost(boot, host, lan);
      if (why !== undefined) refusals.push(why);
    }),
  );
  if (refusals.length === 0) return;
  throw new SlabError('SLAB6003', refusals.join('\n'), {
    fix: `consoles are in ${join(boot.layout.lab, 'hosts')}/*/log; "slab lab down" takes everything away`,
  });
}

/** @returns why the host did not start, when it did not. */
async function bootHost(boot: Boot, host: LabHost, lan: string): Promise<string | undefined> {
  const at = hostLayout(boot.layout, host.name);
  rmSync(at.failed, { force: true });
  const resident = start[host.form](boot, host, lan);
  const end = Date.now() + patienceMs[host.form];
  while (!(await greets(host.address, host.port))) {
    if (existsSync(at.failed)) return refusal(host, at.log, readFileSync(at.failed, 'utf8').trim());
    if (resident.ended) return refusal(host, at.log, 'it ended at once');
    if (Date.now() > end)
      return refusal(host, at.log, `its sshd did not answer within ${patienceMs[host.form] / 1000} s`);
    await sleep(50);
  }
  return undefined;
}

/** Whether nothing listens there yet. */
export async function isFree(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => resolve(false));
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function startLight({ layout, script }: Boot, host: LabHost): Resident {
  const at = hostLayout(layout, host.name);
  const base = join(layout.directory, host.base);
  const words = [at.directory, base, host.name, at.group, host.address, String(host.port)];
  return startResident('unshare', [...ownMounts, script('host-light.sh'), 'start', ...words], at.log);
}

const start: Readonly<Record<LabForm, (boot: Boot, host: LabHost, lan: string) => Resident>> = {
  light: startLight,
  systemd: (boot, host, lan) =>
    startWhole(boot, host, lan, { words: ['host-systemd.sh', 'supervise'], base: host.base }),
  vm: (boot, host, lan) => startWhole(boot, host, lan, { words: ['host-vm.sh'], base: vmName(host.base) }),
};

interface Start {
  /** The script, and its words before those that both scripts take. */
  readonly words: readonly [ScriptName, ...string[]];
  readonly base: string;
}

function startWhole(boot: Boot, host: LabHost, lan: string, how: Start): Resident {
  const at = hostLayout(boot.layout, host.name);
  const numbers = [String(innerNumber(host.number)), String(host.nics)];
  const base = join(boot.layout.directory, how.base);
  const [script, ...first] = how.words;
  const kept = host.diskless ? 'memory' : 'disk';
  const words = [
    at.directory,
    base,
    host.name,
    at.group,
    ...numbers,
    kept,
    lan,
    host.address,
    String(host.port),
  ];
  return startResident('unshare', [...ownMounts, boot.script(script), ...first, ...words], at.log);
}

/** Starts the network of the lab unless it is there. @returns its process. */
async function ensureSwitch({ layout, script }: Boot): Promise<string> {
  const pid = join(layout.lab, 'switch.pid');
  const log = join(layout.lab, 'switch.log');
  const group = `${layout.group}/switch`;
  if (!isInGroup(pid, group)) {
    rmSync(pid, { force: true });
    const words = [script('switch.sh'), layout.lab, layout.group];
    const resident = startResident('unshare', ['--net', ...ownMounts, ...words], log);
    while (!isInGroup(pid, group)) {
      if (resident.ended)
        throw new SlabError(
          'SLAB6003',
          `the network of the lab did not start: ${readFileSync(log, 'utf8').trim()}`,
        );
      await sleep(10);
    }
  }
  return readFileSync(pid, 'utf8').trim();
}

const ownMounts = ['--mount', '--propagation', 'private', 'sh'];

/** Whether an SSH server says hello: a proxy accepts connections before the host behind it does. */
async function greets(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: 2000 });
    const answer = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    socket.on('data', (data) => answer(data.toString('latin1').startsWith('SSH-')));
    socket.on('error', () => answer(false));
    socket.on('timeout', () => answer(false));
    socket.on('close', () => answer(false));
  });
}

function refusal(host: LabHost, log: string, reason: string): string {
  const tail = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').slice(-12).join('\n') : '';
  return `${host.name} did not start: ${reason}\n${tail}`;
}
