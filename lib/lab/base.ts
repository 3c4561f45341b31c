import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SlabError } from '../diagnostics/errors.ts';
import { run } from './process.ts';
import { baseRecipe, vmRecipe } from './scripts.ts';
import type { ScriptName } from './scripts.ts';

/** What the root file system of lab hosts is made from. */
export interface BaseSettings {
  /** A release of Debian: `bookworm`. */
  readonly suite: string;
  /** Where packages come from; undefined: wherever this machine's own come from. */
  readonly mirror?: string;
  /** More packages than those every base has. */
  readonly packages: readonly string[];
}

/** In every base: what the state modules need to be tried on a real system, and little else. */
const basePackages: readonly string[] = [
  ...[
    'systemd-sysv',
    'dbus',
    'libpam-systemd',
    'udev',
    'openssh-server',
    'sudo',
    'procps',
    'cron',
    'logrotate',
  ],
  ...[
    'iproute2',
    'nftables',
    'iputils-ping',
    'kmod',
    'e2fsprogs',
    'xfsprogs',
    'parted',
    'gdisk',
    'fdisk',
    'less',
  ],
];

/** What virtual machines have besides: what a container's kernel would not give them anyway. */
export const vmPackages: readonly string[] = [
  ...[
    'busybox',
    'mdadm',
    'lvm2',
    'cryptsetup-bin',
    'btrfs-progs',
    'multipath-tools',
    'ethtool',
    'thin-provisioning-tools',
  ],
];

/** The Debian package of the kernel that virtual machines run. */
const vmKernel = 'linux-image-cloud-amd64';

/** The folder of what virtual machines of a base start from: another recipe is another folder. */
export function vmName(base: string): string {
  return `${base}.vm-${createHash('sha256').update(vmRecipe).digest('hex').slice(0, 8)}`;
}

/** The folder a base lives in: another release, list of packages or recipe is another base. */
export function baseName(settings: BaseSettings): string {
  const recipe = JSON.stringify([settings.suite, packagesOf(settings), baseRecipe]);
  return `base-${settings.suite}-${createHash('sha256').update(recipe).digest('hex').slice(0, 12)}`;
}

/** Whether a base is there and complete, with the key to log in to its hosts. */
export function isBuilt(directory: string, name: string): boolean {
  return existsSync(join(directory, name, '.slab-lab')) && existsSync(join(directory, 'id_ed25519'));
}

/**
 * Builds the base unless it is there.
 * @throws SlabError SLAB6003 when it cannot be built.
 */
export async function buildBase(
  directory: string,
  settings: BaseSettings,
  tools: { readonly script: (name: ScriptName) => string; readonly say: (line: string) => void },
): Promise<void> {
  const { script, say } = tools;
  const name = baseName(settings);
  if (isBuilt(directory, name)) return;
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  const mirror = settings.mirror ?? (await findMirror(settings.suite));
  const tool = (await run('mmdebstrap', ['--version'])).code === 0 ? 'mmdebstrap' : 'debootstrap';
  say(`building the base once, from ${mirror}: about a minute, 300 MB in ${join(directory, name)}`);
  const words = [directory, name, tool, settings.suite, mirror, packagesOf(settings).join(',')];
  const ended = await run(
    'unshare',
    [
      ...['--mount', '--propagation', 'private', 'sh', script('build-base.sh')],
      ...words,
      script('build-repository.sh'),
    ],
    (line) => say(line.replace(/^I: /, '')),
  );
  if (ended.code === 0) return;
  throw new SlabError('SLAB6003', `the base could not be built:\n${lastLines(ended.output)}`, {
    fix: 'see above; SLAB_LAB_MIRROR names another mirror of Debian',
  });
}

/**
 * Makes kernel, initrd and image of virtual machines out of a base, unless they are there.
 * @throws SlabError SLAB6003 when they cannot be made.
 */
export async function buildVm(
  directory: string,
  base: string,
  { script, say }: { readonly script: (name: ScriptName) => string; readonly say: (line: string) => void },
): Promise<void> {
  if (isVmBuilt(directory, base)) return;
  say('building what virtual machines start from, once: about a minute, 500 MB');
  const ended = await run('sh', [script('build-vm.sh'), directory, base, vmName(base), vmKernel], say);
  if (ended.code === 0) return;
  throw new SlabError('SLAB6003', `it could not be built:\n${lastLines(ended.output)}`, {
    fix: `this machine's apt has to know Debian's ${vmKernel}: apt-cache policy ${vmKernel}`,
  });
}

/** Whether virtual machines of a base can be started. */
function isVmBuilt(directory: string, base: string): boolean {
  return existsSync(join(directory, vmName(base), '.slab-lab'));
}

/**
 * The mirror to take a release from, out of `apt-get indextargets` lines `CODENAME URI ORIGIN`: the one for that release,
 * else one of Debian's for another release, as mirrors carry them all.
 */
export function mirrorFrom(targets: string, suite: string): string | undefined {
  const rows = targets.split('\n').map((line) => line.trim().split(' '));
  const same = rows.find(([codename]) => codename === suite);
  const other = rows.find(
    ([codename, , ...origin]) => origin.join(' ') === 'Debian' && /^[a-z]+$/.test(codename ?? ''),
  );
  return (same ?? other)?.[1];
}

async function findMirror(suite: string): Promise<string> {
  const targets = await run('apt-get', ['indextargets', '--format', '$(CODENAME) $(REPO_URI) $(ORIGIN)']);
  const mirror = targets.code === 0 ? mirrorFrom(targets.output, suite) : undefined;
  if (mirror !== undefined) return mirror;
  throw new SlabError('SLAB6003', `apt's sources on this machine name no mirror of Debian ${suite}`, {
    fix: 'set SLAB_LAB_MIRROR to the address of one',
  });
}

function packagesOf(settings: BaseSettings): readonly string[] {
  return [...new Set([...basePackages, ...settings.packages])];
}

function lastLines(output: string): string {
  return output.split('\n').slice(-15).join('\n');
}
