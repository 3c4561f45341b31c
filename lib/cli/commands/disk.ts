import { userInfo, hostname } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { SlabError } from '../../diagnostics/errors.ts';
import type { Console } from '../console.ts';
import type { SaidOfDisk } from '../disk-words.ts';
import type { Ended } from '../ended.ts';
import type { OpenProject } from '../open-project.ts';
import { withProject, withReach, withShow } from '../options.ts';
import type { RetireCase } from '../retire-disk.ts';
import { withDisks, type DiskOptions } from '../with-disks.ts';

interface WordOptions extends DiskOptions {
  readonly fingerprint: string;
  readonly reason: string;
  readonly hours: number;
}

interface RetireOptions extends DiskOptions {
  readonly reason: string;
}

/** `slab disk`: the data disks of hosts, and what a person has to say about them. */
export function diskCommand(ended: Ended): Command {
  const command = new Command('disk').description('data disks: what is there, and what may be destroyed');
  const add = (name: string, description: string): Command =>
    withShow(withReach(withProject(command.command(name).description(description))));
  const addForOne = (name: string, description: string): Command =>
    add(name, description).argument('<host>').argument('<serial>');
  const addWord = (
    name: string,
    description: string,
    { fingerprint, hours }: { readonly fingerprint: string; readonly hours: string },
  ): Command =>
    addForOne(name, description)
      .requiredOption('--fingerprint <digits>', fingerprint, parseFingerprint)
      .requiredOption('--reason <text>', 'why; it is kept')
      .option('--hours <n>', hours, parseHours, 24);

  add('list', 'every disk of the hosts, and what the states make of it; only reads').action(
    async (options: DiskOptions) => {
      ended.code = await list(options);
    },
  );
  addForOne('show', 'everything about one disk, and its fingerprint; only reads').action(
    async (host: string, serial: string, options: DiskOptions) => {
      ended.code = await show(host, serial, options);
    },
  );
  addWord(
    'approve',
    'agree that the content of one disk is destroyed: once, and only what its fingerprint names',
    {
      fingerprint: 'what is on it, as "slab disk show" prints it',
      hours: 'how long the approval holds',
    },
  ).action(async (host: string, serial: string, options: WordOptions) => {
    ended.code = await approve(host, serial, options);
  });
  addWord(
    'adopt',
    'take over a ready disk of another host, cluster or role, with everything that is on it: once',
    {
      fingerprint: 'whose it is and what it is, as "slab disk show" prints it for an adoption',
      hours: 'how long the adoption may wait for an apply',
    },
  )
    .option('--owner-gone', 'the host whose it was cannot be asked, and no longer reaches the disk')
    .action(async (host: string, serial: string, options: WordOptions & { readonly ownerGone?: true }) => {
      ended.code = await adopt(host, serial, options);
    });
  addForOne(
    'retire',
    'take a disk out of service: slab neither mounts nor formats it again; of one that is gone by its record',
  )
    .requiredOption('--reason <text>', 'why; it is kept')
    .action(async (host: string, serial: string, options: RetireOptions) => {
      ended.code = await retire(host, serial, options);
    });
  return command;
}

async function list(options: DiskOptions): Promise<number> {
  const { diskTable, diskJson } = await import('../disk-text.ts');
  const { compareNames } = await import('../../diagnostics/fold.ts');
  const tables: { readonly host: string; readonly print: () => void }[] = [];
  const code = await withDisks(options, (_read, seen, console) => {
    const print = (): void => {
      if (options.json === true) console.printJson(diskJson(seen));
      else console.print(diskTable(seen, console.style));
    };
    tables.push({ host: seen.host, print });
    return Promise.resolve();
  });
  // Not as they come: the same hosts stand in the same order each time.
  for (const { print } of tables.sort((a, b) => compareNames(a.host, b.host))) print();
  return code;
}

async function show(host: string, serial: string, options: DiskOptions): Promise<number> {
  const { diskDetails } = await import('../disk-text.ts');
  const { findDisk, shortOf } = await import('../disk-words.ts');
  const { takeFingerprint, whyNever } = await import('../approve-disk.ts');
  const { lookForAdoption } = await import('../adopt-disk.ts');
  return withDisks({ ...options, target: host }, async (read, seen, console, project) => {
    const disk = findDisk(seen, serial);
    const fingerprint = await takeFingerprint(read, seen, disk).catch((error: unknown) => {
      if (error instanceof SlabError) return `none: ${error.message}`;
      throw error;
    });
    const never = whyNever(seen, disk);
    const isForeign = seen.views.some((view) => view.serial === disk.serial && view.state === 'FOREIGN');
    const found = isForeign ? await lookForAdoption(read, seen, disk) : undefined;
    const adoption =
      found === undefined
        ? []
        : 'why' in found
          ? [`it cannot be adopted: ${found.why}`]
          : [
              `to keep what is on it: slab disk adopt ${host} ${serial} --fingerprint ${shortOf(found.fingerprint)} --reason …`,
            ];
    console.print(
      diskDetails(seen, disk, {
        fingerprint,
        file: project.ledger.get(serial),
        advice: [
          ...adoption,
          never === undefined
            ? `to destroy it: slab disk approve ${host} ${serial} --fingerprint ${shortOf(fingerprint)} --reason …`
            : `it cannot be approved for destruction: ${never}`,
        ],
      }),
    );
  });
}

async function approve(host: string, serial: string, options: WordOptions): Promise<number> {
  const { approveDisk } = await import('../approve-disk.ts');
  return withDisks({ ...options, target: host }, async (read, seen, console, project) => {
    const done = await approveDisk(read, { seen, project }, saidOf(serial, options));
    console.print(
      [
        `approved: the content of disk ${serial} of ${host} may be destroyed once, until ${done.approval.expires}`,
        `  on record in ${done.ledger}; both ends of it are kept in ${done.undo}`,
        `  the next apply of ${host} formats it`,
      ].join('\n'),
    );
  });
}

async function adopt(
  host: string,
  serial: string,
  options: WordOptions & { readonly ownerGone?: true },
): Promise<number> {
  const { adoptDisk } = await import('../adopt-disk.ts');
  return withDisks({ ...options, target: host }, async (read, seen, console, project) => {
    const said = { ...saidOf(serial, options), ownerGone: options.ownerGone === true };
    const { adoption, marker, ledger } = await adoptDisk(
      read,
      { seen, ask: { options, console, project } },
      said,
    );
    console.print(
      [
        `adopted: disk ${serial} of ${host} may be taken over once, until ${adoption.expires}, with everything that is on it`,
        `  it was ${marker.role}-${marker.n} of ${marker.host}, cluster "${marker.cluster}": no other host may reach it any more`,
        ...(adoption.owner === undefined ? [] : [`  ${adoption.owner}`]),
        `  on record in ${ledger}; the next apply of ${host} writes its marker and mounts it`,
      ].join('\n'),
    );
  });
}

function saidOf(serial: string, { fingerprint, reason, hours }: WordOptions): SaidOfDisk {
  return { serial, fingerprint, reason, by: `${userInfo().username}@${hostname()}`, hours };
}

async function retire(host: string, serial: string, options: RetireOptions): Promise<number> {
  const { whyMissing } = await import('../disk-words.ts');
  const { recordToRetire } = await import('../retire-disk.ts');
  const { withRetiredDisk } = await import('../../project/disk-changes.ts');
  const { updateDiskFile } = await import('../../project/disk-ledger.ts');
  const { ledgerFolder } = await import('../open-project.ts');
  const record = (name: string, seen: RetireCase['seen'], console: Console, project: OpenProject): void => {
    const at = new Date().toISOString();
    const { path } = updateDiskFile(ledgerFolder(project.files), serial, (file) => {
      const known = recordToRetire({ host: name, serial, known: file.disk, seen, at });
      return withRetiredDisk(file, known, { at, why: options.reason });
    });
    console.print(
      [
        `retired: disk ${serial} of ${name}, on record in ${path}`,
        ...('why' in seen ? [`  by its record alone: ${seen.why}`] : []),
        '  what is mounted stays mounted until somebody unmounts it',
      ].join('\n'),
    );
  };
  return withDisks(
    { ...options, target: host },
    (_read, seen, console, project) => {
      const disk = seen.disks.find((each) => each.serial === serial);
      record(seen.host, disk ?? whyMissing(seen, serial), console, project);
      return Promise.resolve();
    },
    (name, why, console, project) => {
      record(name, { why }, console, project);
    },
  );
}

function parseFingerprint(text: string): string {
  if (!/^(sha256:)?[0-9a-f]{8,64}$/.test(text))
    throw new InvalidArgumentError('It is 8 to 64 hexadecimal digits, as "slab disk show" prints them.');
  return text;
}

function parseHours(text: string): number {
  const hours = Number(text);
  if (!Number.isSafeInteger(hours) || hours < 1 || hours > 24 * 30)
    throw new InvalidArgumentError('It is a whole number of hours, 1 to 720.');
  return hours;
}
