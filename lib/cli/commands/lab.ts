import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { removeInventory, writeInventory } from '../../lab/inventory-file.ts';
import type { LabForm } from '../../lab/host.ts';
import type { Lab } from '../../lab/lab.ts';
import { SlabError } from '../../diagnostics/errors.ts';
import { createLab } from '../../lab/lab.ts';
import { defaultLabDirectory } from '../../lab/layout.ts';
import { fixFor } from '../../lab/requirements.ts';
import { parseSize } from '../../lab/size.ts';

interface FormOptions {
  readonly light?: boolean;
  readonly vm?: boolean;
}

interface UpOptions extends FormOptions {
  readonly disks?: number;
  readonly diskSize: number;
  readonly diskless?: boolean;
  readonly nics?: number;
  readonly names?: string;
  readonly write?: string;
}

const say = (line: string) => process.stdout.write(`${line}\n`);

/** The command `slab lab`: throw-away hosts on this machine. The program above it must enable positional options. */
export function labCommand(): Command {
  const command = new Command('lab')
    .description('real throw-away hosts on this machine, to try slab on: no network, nothing left behind')
    .option('--prefix <name>', 'which lab, and how its hosts are called', 'lab')
    .enablePositionalOptions();
  const open = () => openLab(prefix());
  const prefix = () => command.opts<{ prefix: string }>().prefix;

  command
    .command('up')
    .description('make hosts, or switch on those that are there, and write an inventory for them')
    .argument('[count]', 'how many', parseNumber, 1)
    .option('--light', 'an sshd in namespaces instead of a whole system: no services, no network, no reboot')
    .option('--vm', 'virtual machines with a kernel of their own (QEMU, no KVM): half a minute to start')
    .option('--disks <count>', 'data disks for each host', parseNumber)
    .addOption(
      new Option('--disk-size <size>', 'size of each disk')
        .argParser(parseBytes)
        .default(320 * 2 ** 20, '320M'),
    )
    .option('--diskless', 'forget every change when the host boots')
    .option('--nics <count>', 'network interfaces of each host', parseNumber)
    .option('--names <names>', 'names separated by commas, instead of a count')
    .option('--write <folder>', 'where inventory.yaml goes (default: inventories/<prefix>)')
    .action(async (count: number, options: UpOptions) => {
      const lab = open();
      const hosts = await lab.up(upRequest(count, options));
      for (const host of hosts) say(`${host.name}\t${host.address}:${host.port}\tup`);
      say(writeInventory(folderOf(prefix(), options), lab.inventory()));
    });

  command
    .command('list')
    .description('hosts, their addresses, and whether they are on')
    .option('--json', 'as JSON')
    .action((options: { json?: boolean }) => {
      const hosts = open().list();
      if (options.json === true) return void say(JSON.stringify(hosts, undefined, 2));
      for (const host of hosts)
        say([host.name, `${host.address}:${host.port}`, host.form, host.running ? 'on' : 'off'].join('\t'));
    });

  command
    .command('ssh')
    .description('a shell on a host, or one command')
    .argument('<name>')
    .argument('[command...]')
    .passThroughOptions()
    .action((name: string, words: readonly string[]) => {
      const ended = spawnSync('ssh', [...open().sshArguments(name), ...words], { stdio: 'inherit' });
      process.exitCode = ended.status ?? 255;
    });

  command
    .command('power')
    .description('pull the plug of a host, put it back, or both: nothing is shut down first')
    .argument('<name>')
    .argument('<how>', 'on, off or cycle', parsePower)
    .action(async (name: string, how: 'on' | 'off' | 'cycle') => {
      await open().power(name, how);
      say(`${name}\t${how === 'off' ? 'off' : 'on'}`);
    });

  command
    .command('down')
    .description('end hosts and remove all that is theirs; without names the whole lab')
    .argument('[names...]')
    .option('--write <folder>', 'where inventory.yaml is (default: inventories/<prefix>)')
    .action(async (names: readonly string[], options: { write?: string }) => {
      const lab = open();
      const before = lab.list();
      await lab.down(names.length === 0 ? undefined : names);
      const folder = folderOf(prefix(), options);
      const left = lab.list().map(({ name }) => name);
      for (const { name } of before) if (!left.includes(name)) say(`${name}\tended`);
      if (before.length === 0) say('the lab has no hosts');
      if (left.length === 0) removeInventory(folder);
      else say(writeInventory(folder, lab.inventory()));
    });

  command
    .command('purge')
    .description('take the lab down and remove the root file system that hosts start from')
    .action(async () => {
      const lab = open();
      await lab.purge();
      removeInventory(folderOf(prefix(), {}));
    });

  command
    .command('build')
    .description('build the root file system that hosts start from; "up" does it when needed')
    .option('--vm', 'for virtual machines')
    .action(async (options: FormOptions) => open().build(formOf(options)));

  command
    .command('doctor')
    .description('what this machine lacks to run a lab')
    .option('--light', 'for light hosts')
    .option('--vm', 'for virtual machines')
    .action(async (options: FormOptions) => {
      const missing = await open().doctor(formOf(options));
      for (const { what } of missing) say(what);
      say(missing.length === 0 ? 'nothing is missing' : fixFor(missing));
      process.exitCode = missing.length === 0 ? 0 : 3;
    });

  return command;
}

function openLab(prefix: string): Lab {
  const env = process.env;
  const cacheHome = env['XDG_CACHE_HOME'];
  const person = { root: process.getuid?.() === 0, home: homedir(), ...(cacheHome ? { cacheHome } : {}) };
  const [suite, mirror] = [env['SLAB_LAB_SUITE'], env['SLAB_LAB_MIRROR']];
  return createLab({
    prefix,
    directory: env['SLAB_LAB_DIR'] ?? defaultLabDirectory(person),
    base: {
      ...(suite ? { suite } : {}),
      ...(mirror ? { mirror } : {}),
      packages: (env['SLAB_LAB_PACKAGES'] ?? '').split(/[\s,]+/).filter((word) => word !== ''),
    },
    say,
  });
}

function upRequest(count: number, options: UpOptions): Parameters<Lab['up']>[0] {
  return {
    count,
    ...(options.names === undefined ? {} : { names: options.names.split(',') }),
    form: formOf(options),
    ...(options.disks === undefined ? {} : { disks: { count: options.disks, sizeBytes: options.diskSize } }),
    diskless: options.diskless === true,
    ...(options.nics === undefined ? {} : { nics: options.nics }),
  };
}

function formOf({ light, vm }: FormOptions): LabForm {
  if (light === true && vm === true)
    throw new SlabError('SLAB6003', 'a host is light or a virtual machine, not both');
  if (vm === true) return 'vm';
  return light === true ? 'light' : 'systemd';
}

function folderOf(prefix: string, options: { readonly write?: string }): string {
  return options.write ?? join('inventories', prefix);
}

function parseNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is not a number.');
  return Number(text);
}

function parseBytes(text: string): number {
  const bytes = parseSize(text);
  if (bytes === undefined) throw new InvalidArgumentError('It is not a size: write 300M or 2G.');
  return bytes;
}

function parsePower(text: string): 'on' | 'off' | 'cycle' {
  if (text !== 'on' && text !== 'off' && text !== 'cycle')
    throw new InvalidArgumentError('It is on, off or cycle.');
  return text;
}
