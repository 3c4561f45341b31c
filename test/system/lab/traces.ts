import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { answerOf } from '../../support/lab.ts';

/** Everything on this machine that belongs to a lab, each as a line that says what it is. */
export async function tracesOf(
  prefix: string,
  folder: string,
  networks: ReadonlySet<string>,
): Promise<readonly string[]> {
  const traces: string[] = [];
  const group = `slab-lab.${prefix}.`;
  for (const pid of pids()) {
    if (read(`/proc/${pid}/cgroup`).includes(group) || read(`/proc/${pid}/cmdline`).includes(folder))
      traces.push(`process ${pid}: ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').slice(0, 80)}`);
    if (networks.has(networkOf(pid))) traces.push(`process ${pid} in a network of the lab`);
  }
  for (const line of read('/proc/self/mountinfo').split('\n'))
    if (line.includes(folder) || line.includes(' nsfs ')) traces.push(`mount ${line}`);
  for (const line of (await answerOf('losetup', ['--list', '--noheadings'])).stdout.split('\n'))
    if (line.includes(folder)) traces.push(`loop device ${line}`);
  for (const mounted of read('/proc/mounts')
    .split('\n')
    .filter((line) => line.includes(' cgroup2 '))) {
    const point = mounted.split(' ')[1] ?? '';
    for (const name of readdirSync(point)) if (name.startsWith(group)) traces.push(`control group ${name}`);
  }
  return traces;
}

/** The network namespaces that processes of a lab stand in, this machine's own apart. */
export function networksOf(prefix: string): ReadonlySet<string> {
  const own = networkOf('self');
  const inLab = pids().filter((pid) => read(`/proc/${pid}/cgroup`).includes(`slab-lab.${prefix}.`));
  return new Set(inLab.map(networkOf).filter((network) => network !== own && network !== ''));
}

/** The interfaces of this machine, by name. */
export async function interfaces(): Promise<readonly string[]> {
  const { stdout } = await answerOf('ip', ['-o', 'link']);
  return stdout.split('\n').map((line) => line.split(': ')[1] ?? '');
}

/** Processes that live: one that has ended stays listed until its parent, here this machine's init, asks how. */
function pids(): readonly string[] {
  return readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && !/^State:\sZ/m.test(read(`/proc/${name}/status`)),
  );
}

function networkOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return ''; // ended meanwhile
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // ended meanwhile
  }
}
