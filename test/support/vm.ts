import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'mocha';
import type { Lab } from '../../lib/lab/lab.ts';
import { createLab } from '../../lib/lab/lab.ts';
import { hostLayout, labLayout } from '../../lib/lab/layout.ts';
import { answerOf, eventually, freshPrefix, labDirectory } from './lab.ts';
import { buildSlab, newProject, type Project, type ProjectText } from './slab.ts';
import { MIB } from './storage/disk-size.ts';

/** A disk to plug into the virtual machine. */
interface Plug {
  readonly serial: string;
  readonly sizeBytes?: number;
  /** SCSI disks stay plugged in when the power is cut; others do not. */
  readonly bus?: 'scsi' | 'virtio' | 'nvme';
  /** A second path to the disk with this serial number: the same file, serial number and WWN. */
  readonly pathOf?: string;
}

/** The one virtual machine of a run: diskless, so that what a boot leaves behind is on its data disks. */
export interface Vm {
  readonly name: () => string;
  /** Runs shell text on it as root. @throws when it fails: it is how a test arranges and looks. */
  readonly on: (command: string) => Promise<string>;
  /** Says something to QEMU's monitor. */
  readonly monitor: (command: string) => Promise<string>;
  /** Plugs a disk in and waits until the kernel and udev know it. @returns its file. */
  readonly plug: (disk: Plug) => Promise<string>;
  /** Pulls a disk out, by its serial number, or by `SERIAL.2` for a second path. */
  readonly unplug: (id: string) => Promise<void>;
  /** Pulls out everything that was plugged in. */
  readonly clear: () => Promise<void>;
  /** Cuts the power, and waits until the host is back. */
  readonly cutPower: () => Promise<void>;
  readonly project: (text?: ProjectText) => Project;
}

interface Running {
  readonly lab: Lab;
  readonly prefix: string;
  readonly name: string;
  /** Files of this run. */
  readonly folder: string;
  readonly plugged: Map<string, string>;
}

let running: Running | undefined;

/** What has begun and is to be ended, though it never came to run: a hook that runs out of time goes on behind mocha's back. */
let begun: (Pick<Running, 'lab' | 'folder'> & { readonly up: Promise<unknown> }) | undefined;

after(async function () {
  // A machine that still boots is waited for: until it is up, or given up, its lab is locked.
  this.timeout(600_000);
  if (begun === undefined) return;
  await begun.up.catch(() => undefined);
  if (running !== undefined) await hangUp(running);
  if (kept === undefined) await begun.lab.down();
  rmSync(begun.folder, { recursive: true, force: true });
});

/** The virtual machine, started before the tests of the first `describe` that asks for it. */
export function withVm(): Vm {
  before(async function () {
    this.timeout(600_000);
    running ??= await start();
  });
  const vm = (): Running => {
    if (running === undefined) throw new Error('the virtual machine is not on yet');
    return running;
  };
  const on = (command: string): Promise<string> => runOn(vm(), command);
  const monitor = (command: string): Promise<string> => tell(monitorOf(vm()), command);
  const unplug = async (id: string): Promise<void> => {
    const file = vm().plugged.get(id);
    if (file === undefined) return;
    const before = await on(DISKS);
    await monitor(`device_del ${id}`);
    await eventually(`disk ${id} is gone`, async () => count(await on(DISKS)) < count(before), 60_000);
    vm().plugged.delete(id);
    if (![...vm().plugged.values()].includes(file)) rmSync(file, { force: true });
  };
  return {
    name: () => vm().name,
    on,
    monitor,
    unplug,
    plug: async ({ serial, sizeBytes = 320 * MIB, bus = 'scsi', pathOf }) => {
      const id = pathOf === undefined ? serial : `${pathOf}.2`;
      const file = fileOf(vm(), { serial, bus, ...(pathOf === undefined ? {} : { pathOf }) });
      if (pathOf === undefined) {
        writeFileSync(file, '');
        truncateSync(file, sizeBytes);
      }
      const before = await on(DISKS);
      const shared = pathOf === undefined && bus !== 'scsi' ? '' : ',file.locking=off';
      await monitor(`drive_add 0 if=none,id=disk-${id},file=${file},format=raw,discard=unmap${shared}`);
      const device = {
        scsi: () =>
          `scsi-hd,bus=scsi.0,serial=${pathOf ?? serial},wwn=${wwnOf(pathOf ?? serial)},share-rw=on`,
        virtio: () => `virtio-blk-pci,serial=${serial},bus=${freePort(vm())}`,
        nvme: () => `nvme,serial=${serial},bus=${freePort(vm())}`,
      }[bus];
      const answer = await monitor(`device_add ${device()},drive=disk-${id},id=${id}`);
      if (/error/i.test(answer)) throw new Error(`${id}: ${answer}`);
      vm().plugged.set(id, file);
      await eventually(`disk ${id} is there`, async () => count(await on(DISKS)) > count(before), 60_000);
      await on('udevadm settle');
      return file;
    },
    clear: async () => {
      for (const id of [...vm().plugged.keys()].reverse()) await unplug(id);
    },
    cutPower: async () => {
      const { lab, name, plugged } = vm();
      await hangUp(vm());
      await lab.power(name, 'cycle');
      for (const [id, file] of plugged) if (!file.includes(`/${name}/disks/`)) plugged.delete(id);
      await pickUp(vm());
    },
    project: (text) => newProject(vm().folder, vm().lab.inventory(), text),
  };
}

/** One line for each disk. */
const DISKS = 'ls -d /sys/block/sd* /sys/block/vd* /sys/block/nvme* 2>/dev/null || true';

function count(lines: string): number {
  return lines.split('\n').filter((line) => line !== '').length;
}

/** A WWN of its own: NAA 5, then 60 bits that the serial number decides. */
function wwnOf(serial: string): string {
  let bits = 0n;
  for (const byte of Buffer.from(serial)) bits = (bits * 257n + BigInt(byte)) & ((1n << 60n) - 1n);
  return `0x5${bits.toString(16).padStart(15, '0')}`;
}

function fileOf({ lab: _, prefix, name, folder, plugged }: Running, { serial, bus, pathOf }: Plug): string {
  if (pathOf !== undefined) return plugged.get(pathOf) ?? '';
  const disks = hostLayout(labLayout(labDirectory, prefix), name).disks;
  return bus !== 'scsi' ? join(folder, `${serial}.img`) : join(disks, `${serial}.img`);
}

function freePort({ plugged, folder }: Running): string {
  const used = [...plugged.values()].filter((file) => file.startsWith(folder)).length;
  return `port${used + 1}`;
}

function monitorOf({ prefix, name }: Running): string {
  return join(hostLayout(labLayout(labDirectory, prefix), name).directory, 'monitor');
}

/** The lab whose machine is taken and left on, for whoever runs these tests again and again: `slab lab --prefix`. */
const kept = process.env['SLAB_TEST_VM'];

async function start(): Promise<Running> {
  await buildSlab();
  const prefix = kept ?? freshPrefix();
  const lab = createLab({ directory: labDirectory, prefix });
  const folder = mkdtempSync(join(tmpdir(), 'slab-vm-'));
  const up = lab.up({ form: 'vm', diskless: true, count: 1, nics: 3 });
  begun = { lab, folder, up };
  const [host] = await up;
  const started = { lab, prefix, folder, name: host?.name ?? '', plugged: new Map<string, string>() };
  await pickUp(started);
  return started;
}

/** One connection for everything that tests ask: a login costs the emulated processor seconds. */
async function pickUp({ lab, name, folder }: Running): Promise<void> {
  const words = ['-f', '-N', '-M', '-S', join(folder, 'ssh'), '-o', 'User=root', ...lab.sshArguments(name)];
  await new Promise<void>((resolve, reject) => {
    const child = spawn('ssh', words, { stdio: 'ignore' });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`ssh ended with ${code}`))));
  });
}

async function hangUp({ folder, lab, name }: Running): Promise<void> {
  await answerOf('ssh', ['-S', join(folder, 'ssh'), '-O', 'exit', ...lab.sshArguments(name)]);
}

async function runOn({ lab, name, folder }: Running, command: string): Promise<string> {
  const words = ['-S', join(folder, 'ssh'), '-o', 'User=root', ...lab.sshArguments(name), command];
  const { code, stdout, stderr } = await answerOf('ssh', words);
  if (code !== 0) throw new Error(`${command}: exit code ${code}: ${stdout}${stderr}`);
  return stdout;
}

/** Says one line to a monitor, and answers with what it says to that. */
async function tell(socket: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const connection = connect(socket);
    let text = '';
    let asked = false;
    connection.setEncoding('utf8').on('data', (data: string) => {
      text += data;
      if (!text.endsWith('(qemu) ')) return;
      if (asked) {
        connection.end();
        resolve(text.split('\n').slice(1, -1).join('\n'));
        return;
      }
      asked = true;
      text = '';
      connection.write(`${command}\n`);
    });
    connection.on('error', reject);
  });
}
