import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../../lib/model/json.ts';
import type { HostRecords } from '../../lib/model/records.ts';
import type { SectionResult } from '../../lib/model/script.ts';
import type { Step } from '../../lib/model/step.ts';
import { kinds } from '../../lib/resources/index.ts';
import { declareStates, examine, type Examined } from './observe-case.ts';
import { runSmall } from './small-process.ts';
import { attachLoop, type LoopDevice } from './storage/loop-device.ts';
import { MIB } from './storage/disk-size.ts';
import { makeMemoryFolder, removeMemoryFolder } from './storage/memory-folder.ts';
import { sparseFile } from './storage/write-log.ts';

/** A disk of a pretended host: a loop device with a serial number. */
export interface HostDisk {
  readonly serial: string;
  readonly device: LoopDevice;
  readonly file: string;
}

/** What a disk is like, where it matters; a file is one that was taken out before. */
interface DiskLook {
  readonly sizeBytes?: number;
  readonly sectorSize?: 512 | 4096;
  readonly file?: string;
}

type Arguments = Readonly<Record<string, Json>>;

/** How a state is planned. */
interface Planning {
  readonly args?: Arguments;
  readonly shell?: readonly string[];
  /** What earlier states promise. */
  readonly prospect?: Readonly<Record<string, Json>>;
}

/**
 * A host for disks on this machine: a mount namespace with a /run, a /srv and a udev database of its own, whose /sys/block
 * has this machine's own disks and of the loop devices those that are its disks. Everything that slab sends is sent; what
 * it knows of its disks is what they say.
 */
export class DiskHost {
  #folder = '';
  readonly #disks: HostDisk[] = [];
  /** Closer looks that plans have taken. */
  looks = 0;
  /** It sees no processes but its own: what is started on it, and who enters it (`entering`). */
  ownProcesses = false;
  #holder: ChildProcess | undefined;
  records: HostRecords = { environment: 'prod', host: 'storage-07', disks: [], approvals: [] };

  /** Switches it on. After a reboot nothing is left but what its disks hold. */
  boot(): void {
    this.#holder?.kill('SIGKILL');
    this.#folder ||= makeMemoryFolder('host');
    const script = `mount -t tmpfs run /run && mkdir -p /run/udev/data /run/slab /run/block
for disk in /sys/block/*; do
  case $disk in */loop*) ;; *) cp -P "$disk" /run/block ;; esac
done
mount --bind /run/block /sys/block && mount -t tmpfs srv /srv && ${this.ownProcesses ? '' : 'exec '}sleep infinity`;
    const processes = this.ownProcesses ? ['--pid', '--fork', '--kill-child', '--mount-proc'] : [];
    this.#holder = spawn('unshare', ['-m', ...processes, '--propagation', 'private', 'sh', '-c', script], {
      stdio: 'ignore',
    });
    for (
      let tries = 0;
      !this.mounts().some(({ type, point }) => type === 'tmpfs' && point === '/srv');
      tries++
    ) {
      assert.ok(tries < 2000, 'the namespace is made');
      pause(5);
    }
    for (const disk of this.#disks) this.#describe(disk);
  }

  /** The disks that are in it. */
  get disks(): readonly HostDisk[] {
    return [...this.#disks];
  }

  /** Puts a disk in. */
  insert(serial: string, { sizeBytes = 320 * MIB, sectorSize = 512, file = '' }: DiskLook = {}): HostDisk {
    const path = file === '' ? join(this.#folder, `${serial}-${this.#disks.length}.img`) : file;
    if (file === '') sparseFile(path, sizeBytes);
    const disk = { serial, file: path, device: attachLoop(path, { sectorSize }) };
    this.#disks.push(disk);
    this.#describe(disk);
    return disk;
  }

  /** Takes a disk out. */
  remove(disk: HostDisk): void {
    rmSync(this.#inside(`/run/udev/data/b${disk.device.number}`), { force: true });
    rmSync(this.#inside(`/run/block/${disk.device.path.slice(5)}`), { force: true });
    this.#disks.splice(this.#disks.indexOf(disk), 1);
    disk.device.detach();
  }

  /** Lets the host have a loop device that is no disk with a serial number. */
  see({ path }: Pick<LoopDevice, 'path'>): void {
    const name = path.slice('/dev/'.length);
    const link = this.#inside(`/run/block/${name}`);
    rmSync(link, { force: true });
    symlinkSync(`../devices/virtual/block/${name}`, link);
  }

  #describe({ serial, device }: HostDisk): void {
    this.see(device);
    writeFileSync(this.#inside(`/run/udev/data/b${device.number}`), `E:ID_SERIAL_SHORT=${serial}\n`);
  }

  /** A path of its, as this process reaches it: without starting one that enters it. */
  #inside(path: string): string {
    return `/proc/${this.pid}/root${path}`;
  }

  /** What is mounted in it, by the kernel's own table; of several at one point each. */
  mounts(): readonly { readonly point: string; readonly type: string; readonly source: string }[] {
    const lines = readFileSync(`/proc/${this.pid}/mountinfo`, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => {
      const [before = '', after = ''] = line.split(' - ');
      const [type = '', source = ''] = after.split(' ');
      return { point: before.split(' ')[4] ?? '', type, source };
    });
  }

  /** The process that holds its mount namespace. */
  get pid(): number {
    return this.#holder?.pid ?? 0;
  }

  /** Runs shell text on it, in a session of its own. */
  run(text: string, shell: readonly string[] = ['sh']): SectionResult {
    return askHost(this.pid, text, shell);
  }

  /** What it writes, of a command that must not fail. */
  output(text: string): string {
    const { code, stdout, stderr } = this.run(`set -eu\n${text}`);
    assert.equal(code, 0, `${text}\n${stderr}`);
    return Buffer.from(stdout).toString();
  }

  /** Plans one `disk.data`. */
  plan(args: Arguments, shell: readonly string[] = ['sh']): Examined {
    return this.planState('disk.data', 'object', { args, shell });
  }

  /** Plans one state of any kind: `blockdev.formatted`. */
  planState(
    state: string,
    name: string,
    { args = {}, shell = ['sh'], prospect = {} }: Planning = {},
  ): Examined {
    const [module = '', fun = ''] = state.split('.');
    const kind = kinds.get(module);
    assert.ok(kind);
    const states = [{ function: fun, name, args }];
    const { declared, diagnostics } = declareStates(kind, { states, records: this.records });
    assert.deepEqual(diagnostics, []);
    const ask = (text: string): SectionResult => this.run(`{\n${text}\n} </dev/null`, shell);
    const probe = ask(kind.probe(declared, new Map()).text);
    const [examined] = examine(kind, declared, probe, prospect, (script) => {
      this.looks += 1;
      return ask(script.text);
    });
    assert.ok(examined);
    return examined;
  }

  /**
   * Plans several `disk.data` in one go: the facts are asked for once.
   * @param hear what reaches the controller of an answer.
   */
  planAll(
    many: readonly Arguments[],
    shell: readonly string[] = ['sh'],
    hear: (script: string, answer: () => SectionResult) => SectionResult = (_, answer) => answer(),
  ): readonly Examined[] {
    return planDisks(many, this.records, (text) =>
      hear(text, () => {
        if (text.includes('slab-look 1')) this.looks += 1;
        return this.run(`{\n${text}\n} </dev/null`, shell);
      }),
    );
  }

  /** Runs steps as the runner does, until one fails. */
  runSteps(
    steps: readonly Step[],
    shell: readonly string[] = ['sh'],
  ): { readonly codes: readonly number[]; readonly said: string } {
    const codes: number[] = [];
    let said = '';
    let over: string | undefined;
    for (const { script, title, part } of steps) {
      if (part !== undefined && part === over) continue;
      const result = this.run(stepText(script.text), shell);
      codes.push(result.code);
      said += `${title}\n${Buffer.from(result.stdout).toString()}${result.stderr}`;
      if (result.code === 0 || result.code === 117) continue;
      if (part === undefined) break;
      over = part;
    }
    return { codes, said };
  }

  /**
   * Lets everything that runs be killed right before a tool is called for the nth time, or in the middle of it. An empty
   * plan of death only writes down what is called.
   */
  killAt(point?: { readonly tool: string; readonly nth: number; readonly during?: boolean }): void {
    const tools = [
      'sfdisk',
      'partx',
      'wipefs',
      'mkfs.xfs',
      'mkfs.ext4',
      'mkfs.btrfs',
      'sync',
      'mv',
      'umount',
    ];
    const wrapper = `#!/bin/sh
tool=\${0##*/}
echo "$tool" >>/run/called
echo "$tool $*" >>/run/calls
real=$(PATH=/usr/sbin:/usr/bin:/sbin:/bin command -v "$tool")
if [ "$tool" = '${point?.tool ?? ''}' ] && [ "$(grep -cx "$tool" /run/called)" = ${point?.nth ?? 0} ]; then
  ${point?.during === true ? 'timeout -s KILL 0.01 "$real" "$@"' : ':'}
  kill -9 0
fi
exec "$real" "$@"`;
    this.output(`rm -f /run/called
mountpoint -q /usr/local/sbin || mount -t tmpfs tools /usr/local/sbin
cat >/usr/local/sbin/wrapper <<'END'
${wrapper}
END
chmod +x /usr/local/sbin/wrapper
for tool in ${[...tools, 'blockdev', 'mount'].join(' ')}; do ln -sf wrapper /usr/local/sbin/$tool; done`);
  }

  /** Nothing dies any more. @returns what was called meanwhile, with its arguments. */
  killNoMore(): readonly string[] {
    const calls = this.output(
      'touch /run/calls; /usr/bin/umount /usr/local/sbin; cat /run/calls; rm /run/calls',
    );
    return calls.split('\n').slice(0, -1);
  }

  /** Plans and applies. */
  apply(args: Arguments): {
    readonly codes: readonly number[];
    readonly said: string;
    readonly plan: Examined;
  } {
    const plan = this.plan(args);
    return { ...this.runSteps(plan.steps), plan };
  }

  /** Plans and applies one state of any kind. */
  applyState(state: string, name: string, planning: Planning = {}): ReturnType<DiskHost['apply']> {
    const plan = this.planState(state, name, planning);
    return { ...this.runSteps(plan.steps, planning.shell), plan };
  }

  /** Switches it off for good. */
  end(): void {
    this.#holder?.kill('SIGKILL');
    this.#holder = undefined;
    for (const disk of this.#disks) {
      for (let tries = 0; tries < 100; tries++)
        try {
          disk.device.detach();
          break;
        } catch (error) {
          if (tries === 99) throw error;
          pause(50);
        }
    }
    if (this.#folder !== '') removeMemoryFolder(this.#folder);
    this.#folder = '';
  }
}

/** Runs shell text on a host, in a session of its own. @param pid the process that holds its mount namespace. */
export function askHost(pid: number, text: string, shell: readonly string[] = ['sh']): SectionResult {
  const [command = '', ...args] = shell;
  const input = `export LC_ALL=C\n${text}\n`;
  const { status, stdout, stderr } = runSmall(command, [...args, '-s'], { input, mountsOf: pid });
  return { name: 'x', code: status ?? 137, stdout, stderr, durationMs: 1 };
}

/** The words of a command that enters a host. @param pid the process that holds its mount namespace. */
export function entering(pid: number): readonly string[] {
  return ['nsenter', `--mount=/proc/${pid}/ns/mnt`, '--', 'sh', '-s'];
}

/** The words before a command that is a process of a host, with the mounts of this machine. @param pid what holds it. */
export function among(pid: number): readonly string[] {
  return ['nsenter', `--pid=/proc/${pid}/ns/pid_for_children`, '--'];
}

/** What a host is given of a step. */
export function stepText(script: string): string {
  return `{\nset -eu\numask 022\n${script}\n} </dev/null`;
}

/** Plans several `disk.data` in one go. @param ask sends a script and brings its answer. */
export function planDisks(
  many: readonly Arguments[],
  records: HostRecords,
  ask: (script: string) => SectionResult,
): readonly Examined[] {
  const kind = kinds.get('disk');
  assert.ok(kind);
  const states = many.map((args, i) => ({ function: 'data', name: `object${i || ''}`, args }));
  const { declared, diagnostics } = declareStates(kind, { states, records });
  assert.deepEqual(diagnostics, []);
  const probe = ask(kind.probe(declared, new Map()).text);
  return examine(kind, declared, probe, {}, (script) => ask(script.text));
}

/** Waits, and lets nothing else run meanwhile. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
