import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SlabError } from '../diagnostics/errors.ts';
import { didYouMean } from '../diagnostics/near.ts';
import type { BaseSettings } from './base.ts';
import { baseName, buildBase, buildVm, isBuilt, vmPackages } from './base.ts';
import type { Boot } from './boot.ts';
import { bootHosts } from './boot.ts';
import { endGroups } from './end.ts';
import type { LabForm, LabHost, LabHostStatus } from './host.ts';
import { inventoryText, sshArguments } from './inventory-text.ts';
import { hostLayout, labLayout } from './layout.ts';
import type { HostRequest } from './request.ts';
import { addHosts, checkLabName, wantedNames } from './request.ts';
import type { Missing } from './requirements.ts';
import { missingFor, readMachine, refuseIfMissing } from './requirements.ts';
import { installScripts } from './scripts.ts';
import { labsIn, readHosts, whileLocked, writeKnownHosts } from './store.ts';

/** Which lab, and what its hosts are made from. */
interface LabSettings {
  /** Where the base, shared by all labs of the directory, and the hosts are kept. */
  readonly directory: string;
  /** The lab's name and the beginning of its hosts' names. */
  readonly prefix: string;
  readonly base?: Partial<BaseSettings>;
  /** Told what goes on while something takes long. */
  readonly say?: (line: string) => void;
}

/** Throw-away hosts on this machine. Everything that cannot be done is a SlabError SLAB6003. */
export interface Lab {
  /** What this machine lacks for hosts of a form; empty when it lacks nothing. Starts nothing. */
  doctor(form?: LabForm): Promise<readonly Missing[]>;
  /** Builds what hosts of a form start from, unless it is there. */
  build(form?: LabForm): Promise<void>;
  /** Makes the hosts that are not there yet, switches on those that are off; answers with the ones asked for. */
  up(request: HostRequest): Promise<readonly LabHost[]>;
  list(): readonly LabHostStatus[];
  /** Cuts or restores the power: nothing is shut down, nothing unwritten is saved. */
  power(name: string, how: 'on' | 'off' | 'cycle'): Promise<void>;
  /** Ends hosts and removes everything of them; without names the whole lab, in whatever state it is. */
  down(names?: readonly string[]): Promise<void>;
  /** Takes the lab down and removes the bases too; refuses while another lab of the directory has hosts that are on. */
  purge(): Promise<void>;
  /** Text for `inventories/<environment>/inventory.yaml`. */
  inventory(): string;
  /** Arguments for ssh(1), up to and with the address. */
  sshArguments(name: string): readonly string[];
}

/** @throws SlabError SLAB6003 when the prefix cannot begin a host name. */
export function createLab(settings: LabSettings): Lab {
  checkLabName(settings.prefix);
  const directory = resolve(settings.directory);
  const layout = labLayout(directory, settings.prefix);
  const base: BaseSettings = { suite: 'bookworm', packages: [], ...settings.base };
  const say = settings.say ?? (() => undefined);
  const access = { identityFile: layout.identityFile, knownHosts: layout.knownHosts };

  const settingsOf = (form: LabForm): BaseSettings =>
    form === 'vm' ? { ...base, packages: [...vmPackages, ...base.packages] } : base;
  const doctor = async (form: LabForm = 'systemd') =>
    missingFor(form, !isBuilt(directory, baseName(settingsOf(form))), await readMachine());
  const boot = (): Boot => ({ layout, script: installScripts(directory) });
  const build = async (form: LabForm) => {
    const tools = { script: installScripts(directory), say };
    await buildBase(directory, settingsOf(form), tools);
    if (form === 'vm') await buildVm(directory, baseName(settingsOf(form)), tools);
  };

  const find = (name: string): LabHostStatus => {
    const hosts = readHosts(layout);
    const host = hosts.find((each) => each.name === name);
    if (host !== undefined) return host;
    const near = didYouMean(name, hosts.map((each) => each.name)); // prettier-ignore
    throw new SlabError('SLAB6003', `the lab has no host "${name}"`, {
      fix: near ?? '"slab lab list" shows them',
    });
  };

  const down = async (names?: readonly string[]): Promise<void> => {
    const going = names?.map((name) => find(name).name);
    const whole = going === undefined || readHosts(layout).every(({ name }) => going.includes(name));
    const script = installScripts(directory);
    if (whole) {
      await endGroups(script, layout.group, [], layout.lab);
      rmSync(layout.lab, { recursive: true, force: true });
      return;
    }
    for (const name of going) {
      const at = hostLayout(layout, name);
      await endGroups(script, layout.group, [at.groupInLab], at.directory);
      rmSync(at.directory, { recursive: true, force: true });
    }
    writeKnownHosts(layout);
  };

  const guarded = async <T>(form: LabForm, action: () => Promise<T>): Promise<T> => {
    refuseIfMissing(await doctor(form));
    return whileLocked(layout, action);
  };

  return {
    doctor,
    build: async (form = 'light') => {
      refuseIfMissing(await doctor(form));
      await build(form);
    },
    up: async (request) => {
      const names = wantedNames(settings.prefix, request);
      const form = request.form ?? 'systemd';
      return guarded(form, async () => {
        await build(form);
        const hosts = await addHosts(layout, request, { names, base: baseName(settingsOf(form)) });
        writeKnownHosts(layout);
        await bootHosts(boot(), hosts.filter(({ running }) => !running)); // prettier-ignore
        return hosts;
      });
    },
    list: () => readHosts(layout),
    power: async (name, how) => {
      const { form } = find(name);
      await guarded(form, async () => {
        if (how !== 'on') await endGroups(installScripts(directory), layout.group, [`hosts/${name}`]);
        const host = find(name);
        if (how !== 'off' && !host.running) await bootHosts(boot(), [host]);
      });
    },
    down: async (names) => {
      if (labsIn(directory).includes(settings.prefix)) await whileLocked(layout, () => down(names));
      else if (names !== undefined) names.forEach(find);
    },
    purge: async () => {
      const others = labsIn(directory).filter((prefix) => prefix !== settings.prefix);
      const busy = others.filter((prefix) =>
        readHosts(labLayout(directory, prefix)).some(({ running }) => running),
      );
      if (busy.length > 0)
        throw new SlabError('SLAB6003', `other labs stand on the same base: ${busy.join(', ')}`, {
          fix: busy.map((prefix) => `slab lab --prefix ${prefix} down`).join('; '),
        });
      for (const prefix of [...others, settings.prefix])
        await endGroups(
          installScripts(directory),
          labLayout(directory, prefix).group,
          [],
          join(directory, 'labs', prefix),
        );
      rmSync(directory, { recursive: true, force: true });
    },
    inventory: () => inventoryText(readHosts(layout), access),
    sshArguments: (name) => sshArguments(find(name), access),
  };
}
