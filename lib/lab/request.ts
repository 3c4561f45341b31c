import { SlabError } from '../diagnostics/errors.ts';
import type { AddressBlock } from './address.ts';
import { addressIn, blockOf, candidateBlocks } from './address.ts';
import { isFree } from './boot.ts';
import type { LabForm, LabHost, LabHostStatus } from './host.ts';
import { freeNumbers, isLabName, isWhole, mostHosts } from './host.ts';
import type { LabLayout } from './layout.ts';
import { seedHost } from './seed.ts';
import { readHosts, writeHost } from './store.ts';

/** Hosts that should be there. Those that exist keep the hardware they were made with. */
export interface HostRequest {
  /** How many, named `<prefix>1`, `<prefix>2` …; 1 unless names are given. */
  readonly count?: number;
  readonly names?: readonly string[];
  /** `systemd` unless said otherwise. */
  readonly form?: LabForm;
  /** Data disks for each; not for light hosts. */
  readonly disks?: { readonly count: number; readonly sizeBytes: number };
  /** Forget all changes at every boot; light hosts always do. */
  readonly diskless?: boolean;
  /** Network interfaces of hosts that are not light, 1 to 4; 1 unless said otherwise. */
  readonly nics?: number;
}

/** @throws SlabError SLAB6003 when a lab or host cannot be called so. */
export function checkLabName(name: string): void {
  if (isLabName(name)) return;
  throw new SlabError('SLAB6003', `"${name}" is no name for a lab or its hosts`, {
    fix: 'use at most 16 small letters, digits and hyphens, a letter first',
  });
}

/** The names of the hosts asked for. @throws SlabError SLAB6003 when the request makes no sense. */
export function wantedNames(prefix: string, request: HostRequest): readonly string[] {
  const count = request.names?.length ?? request.count ?? 1;
  const names = request.names ?? Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
  const refuse = (message: string) => {
    throw new SlabError('SLAB6003', message);
  };
  if (!Number.isInteger(count) || count < 1 || count > mostHosts)
    refuse(`a lab has 1 to ${mostHosts} hosts, not ${count}`);
  if (new Set(names).size !== names.length) refuse('two hosts of a lab cannot have the same name');
  names.forEach(checkLabName);
  const { disks, nics = 1, form } = request;
  if (!(nics >= 1 && nics <= 4)) refuse(`a host has 1 to 4 network interfaces, not ${nics}`);
  if (disks !== undefined && !(disks.count >= 0 && disks.count <= 9))
    refuse(`a host has 0 to 9 disks, not ${disks.count}`);
  if (disks !== undefined && !(disks.sizeBytes >= 1 << 20)) refuse('a disk holds 1 MiB at least');
  if (form !== undefined && !isWhole(form) && (disks !== undefined || nics > 1))
    refuse('light hosts have no disks and no network of their own');
  return names;
}

/** Makes those of the named hosts that are not there yet, without starting them. */
export async function addHosts(
  layout: LabLayout,
  request: HostRequest,
  { names, base }: { readonly names: readonly string[]; readonly base: string },
): Promise<readonly LabHostStatus[]> {
  const form = request.form ?? 'systemd';
  const present = readHosts(layout);
  const kept = present.filter(({ name }) => names.includes(name));
  const other = kept.find((host) => host.form !== form);
  if (other !== undefined)
    throw new SlabError('SLAB6003', `${other.name} is there in the ${other.form} form`, {
      fix: `slab lab down ${other.name}`,
    });
  const absent = names.filter((name) => !kept.some((host) => host.name === name));
  if (present.length + absent.length > mostHosts)
    throw new SlabError('SLAB6003', `a lab has at most ${mostHosts} hosts, and ${present.length} are there`);

  const numbers = freeNumbers(present.map(({ number }) => number), absent.length); // prettier-ignore
  const block = await findBlock(layout, form, present, numbers);
  const planned = absent.map((name, index) =>
    plan(request, { form, base, name, number: numbers[index] ?? 0 }, block),
  );
  const made: LabHost[] = [];
  await inTurns(8, planned, async (host) => {
    const whole = { ...host, hostKey: await seedHost(layout, host, [...present, ...planned]) };
    writeHost(layout, whole);
    made.push(whole);
  });
  const all = [...kept, ...made.map((host) => ({ ...host, running: false }))];
  return all.sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
}

function plan(
  request: HostRequest,
  host: Pick<LabHost, 'name' | 'form' | 'base' | 'number'>,
  block: AddressBlock,
): Omit<LabHost, 'hostKey'> {
  const { count = 0, sizeBytes = 0 } = request.disks ?? {};
  return {
    ...{ ...host, address: addressIn(block, host.number), port: block.port },
    diskless: !isWhole(host.form) || request.diskless === true,
    disks: Array.from({ length: count }, (_, index) => ({ serial: `${host.name}-d${index + 1}`, sizeBytes })),
    nics: !isWhole(host.form) ? 0 : (request.nics ?? 1),
  };
}

/** Addresses beside those the lab has already, else the first block where nobody listens. */
async function findBlock(
  layout: LabLayout,
  form: LabForm,
  present: readonly LabHost[],
  numbers: readonly number[],
): Promise<AddressBlock> {
  const sibling = present.find((host) => host.form === form);
  if (sibling !== undefined) return blockOf(sibling.address, sibling.port);
  for (const block of candidateBlocks(form, layout.seed)) {
    const free = await Promise.all(numbers.map((number) => isFree(addressIn(block, number), block.port)));
    if (free.every(Boolean)) return block;
  }
  throw new SlabError('SLAB6003', 'no loopback addresses are free', {
    fix: '"slab lab down" in labs you do not need',
  });
}

/** Does something for every item, a few at a time. */
async function inTurns<T>(
  atOnce: number,
  items: readonly T[],
  action: (item: T) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await action(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
