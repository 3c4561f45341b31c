import { observeStorage, type StorageObserved } from '../../disks/device-looks.ts';
import type { HostFacts, Mount } from '../../disks/facts.ts';
import { nameDevice } from '../../disks/named.ts';
import { contentKeys, deviceKeys, promisedDevice } from '../../disks/prospects.ts';
import { deviceScript, factsScript } from '../../disks/scripts.ts';
import type { Diff, FunctionSpec, Prospect } from '../../model/resource.ts';
import type { Script, SectionResult } from '../../model/script.ts';
import type { Look } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { joinScripts } from '../../shell/sh.ts';
import { defineKind } from '../define-kind.ts';

const grow = scriptFile(import.meta.url, './grow.sh');

/** What is left behind the last whole group of blocks is not worth a change: ext4 may leave up to 7 MiB. */
const LEAST = 8 << 20;

interface GrowDeclared {
  /** A mount point, or a device that is mounted. */
  readonly name: string;
}

type GrowObserved = StorageObserved & {
  /** Of the file system and of its device, in bytes; or why that is not known. */
  readonly size?:
    { readonly type: string; readonly size: number; readonly device: number } | { readonly why: string };
};

const functions: Readonly<Record<string, FunctionSpec>> = {
  grow: {
    summary: 'a mounted file system is as large as its device; never made smaller; not in Salt',
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: {
        name: {
          type: 'string',
          pattern: '^(/|(UUID|LABEL|PARTUUID|PARTLABEL)=)',
          title: 'a mount point, or a device',
          description: 'where the file system is mounted, or its device',
        },
      },
    },
    examples: ['/srv/data:\n  filesystem.grow\n'],
  },
};

/** `filesystem.grow`: slab's own. */
export const filesystem = defineKind<GrowDeclared, GrowObserved>({
  name: 'filesystem',
  summary: 'file systems that grow with their devices',
  functions,
  parse: ({ name }) => ({ declared: { name: name === '/' ? name : name.replace(/\/+$/, '') } }),
  identify: ({ name }) => [`filesystem:${name}`],
  needs: ({ name }) =>
    isDevice(name) ? [...deviceKeys(name), ...contentKeys(name)] : [`mount:${name}#live`],
  probe: () => factsScript,
  observe: observeStorage,
  deepen: looks,
  observeDeeper: (results, declared, observed) => {
    const order = declared
      .map((each, at) => ({ at, mount: mountOf(each, observed[at]) }))
      .filter(({ mount }) => mount !== undefined);
    return observed.map((seen, at) => {
      const index = order.findIndex((each) => each.at === at);
      return index < 0 ? seen : { ...seen, size: readSize(results[index]) };
    });
  },
  diff: diffGrow,
  steps: (declared, [change], observed) => {
    const point = mountOf(declared, observed)?.point ?? (isDevice(declared.name) ? undefined : declared.name);
    return change === undefined || point === undefined
      ? []
      : [{ title: `grow the file system on ${point}`, risk: 'change', script: script('grow', point) }];
  },
});

function isDevice(name: string): boolean {
  return name.startsWith('/dev/') || !name.startsWith('/');
}

function script(mode: 'look' | 'grow', point: string): Script {
  return joinScripts([deviceScript, grow([mode, point, String(LEAST)])]);
}

/** The mount that is meant. */
function mountOf({ name }: GrowDeclared, observed: GrowObserved | undefined): Mount | undefined {
  if (observed?.facts.read !== true || !observed.facts.value.mounts.read) return undefined;
  const mounts = observed.facts.value.mounts.value;
  if (!isDevice(name))
    return mounts.findLast(({ point, source }) => point === name && source !== 'slab-blocked');
  const named = nameDevice(observed.facts.value, name);
  if (named.is !== 'device') return undefined;
  const { number, node } = named.device.block;
  return mounts.find((mount) => (mount.number === number || mount.source === node) && mount.root === '/');
}

function looks(declared: readonly GrowDeclared[], observed: readonly GrowObserved[]): readonly Look[] {
  return declared.flatMap((each, at) => {
    const mount = mountOf(each, observed[at]);
    return mount === undefined
      ? []
      : [{ title: `${mount.point}: how large is it?`, script: script('look', mount.point) }];
  });
}

function readSize(result: SectionResult | undefined): NonNullable<GrowObserved['size']> {
  const text = Buffer.from(result?.stdout ?? []).toString('utf8');
  const [, type, size, device] = /^type (\S+)\nsize ([0-9]+)\ndevice ([0-9]+)\nend\n$/.exec(text) ?? [];
  if (result?.code !== 0 || type === undefined)
    return { why: result?.stderr.trim() ?? 'the closer look was not answered' };
  return { type, size: Number(size), device: Number(device) };
}

function diffGrow({ name }: GrowDeclared, observed: GrowObserved, prospect: Prospect): Diff {
  const none = { changes: [], predicted: {} };
  const { facts, size } = observed;
  if (!facts.read) return { ...none, problems: [`its size cannot be judged: ${facts.why}`] };
  const mount = mountOf({ name }, observed);
  const change = { object: `filesystem:${name}`, field: 'size', action: 'update', risk: 'change' } as const;
  const foreseen = foreseenSize(name, { mount, facts: facts.value, prospect });
  if (mount === undefined) {
    if (foreseen === undefined)
      return { ...none, problems: [`${name} is not mounted: a file system grows while it is`] };
    const why = 'what an earlier state mounts may be smaller than its device';
    return isDevice(name)
      ? { ...none, notes: [`${name} will be mounted by then: it grows with the next apply`] }
      : {
          ...none,
          changes: [
            { ...change, before: null, after: 'the size of its device', certainty: 'provisional', why },
          ],
        };
  }
  if (size === undefined || 'why' in size)
    return { ...none, problems: [`${mount.point}: ${size?.why ?? 'its size was not asked for'}`] };
  const after = typeof foreseen === 'number' ? foreseen : size.device;
  if (size.size + LEAST > after && foreseen !== 'unknown')
    return size.size > size.device
      ? {
          ...none,
          problems: [
            `${mount.point} has ${size.size} bytes on a device of ${size.device}: nothing is done to it`,
          ],
        }
      : none;
  return {
    ...none,
    changes: [
      {
        ...{ ...change, before: size.size, after: foreseen === 'unknown' ? 'the size of its device' : after },
        certainty: foreseen === undefined ? 'exact' : 'provisional',
      },
    ],
  };
}

/** What earlier states make of the device or of the mount; undefined when none touches it. */
function foreseenSize(
  name: string,
  {
    mount,
    facts,
    prospect,
  }: { readonly mount: Mount | undefined; readonly facts: HostFacts; readonly prospect: Prospect },
): number | 'unknown' | undefined {
  const block = facts.blocks.find((each) => each.number === mount?.number || each.node === mount?.source);
  const promised = promisedDevice(
    prospect,
    isDevice(name) ? name : (block?.node ?? name),
    block === undefined ? undefined : { facts, block },
  );
  if (promised?.exists === true) return promised.size ?? 'unknown';
  return mount === undefined && prospect.predicted(`mount:${name}`) !== undefined ? 'unknown' : undefined;
}
