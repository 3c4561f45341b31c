import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How a command ended, and what it wrote. */
export interface SmallEnd {
  /** Null when a signal ended it. */
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** A forker's ends of two pipes. */
interface Forker {
  readonly orders: number;
  readonly answers: number;
}

/** What a command is given. */
interface SmallOptions {
  readonly input?: string;
  readonly timeoutSeconds?: number;
  /** A process whose mount namespace it enters; 0: none. */
  readonly mountsOf?: number;
}

/**
 * Runs a command in a session of its own and waits for its end, and for the end of all that holds its output: what
 * `spawnSync` does, but forked by a small process. To fork this one costs 20 ms for the pages of its heap, and tests of
 * disks start hundreds of commands each.
 */
export function runSmall(
  command: string,
  args: readonly string[],
  { input = '', timeoutSeconds = 600, mountsOf = 0 }: SmallOptions = {},
): SmallEnd {
  forker ??= startForker();
  const [words, given] = [Buffer.from([command, ...args].join('\0')), Buffer.from(input)];
  const order = Buffer.from(`${words.length} ${given.length} ${timeoutSeconds} ${mountsOf}\n`);
  writeAll(forker.orders, Buffer.concat([order, words, given]));
  const head = readExactly(forker.answers, HEAD).toString();
  const [wait = 0, out = 0, err = 0] = head.trim().split(/\s+/).map(Number);
  const stdout = readExactly(forker.answers, out);
  const stderr = readExactly(forker.answers, err).toString();
  return { status: (wait & 127) === 0 ? wait >> 8 : null, stdout, stderr };
}

/** What a command writes that must not fail. @throws with its complaint when it does. */
export function outputOf(command: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = runSmall(command, args, { input });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${status ?? 'killed'}: ${stderr}`);
  return stdout.toString();
}

let forker: Forker | undefined;

function startForker(): Forker {
  const folder = mkdtempSync(join(tmpdir(), 'slab-forker-'));
  const [orders, answers] = ['orders', 'answers'].map((name) => join(folder, name)) as [string, string];
  execFileSync('mkfifo', [orders, answers]);
  const { O_RDWR, O_RDONLY, O_WRONLY } = constants;
  // An end alone can only be opened while somebody has the other; who has both never sees an end.
  const both = [orders, answers].map((path) => openSync(path, O_RDWR));
  const theirs = [openSync(orders, O_RDONLY), openSync(answers, O_WRONLY)];
  const ours = { orders: openSync(orders, O_WRONLY), answers: openSync(answers, O_RDONLY) };
  spawn('perl', ['-e', PROGRAM], { stdio: [...theirs, 'inherit'] }).unref();
  for (const end of [...both, ...theirs]) closeSync(end);
  rmSync(folder, { recursive: true });
  return ours;
}

/** Length of the line that an answer begins with. */
const HEAD = 36;

/** Obeys one order after the other, until there is nobody who gives any. */
const PROGRAM = `use strict; use POSIX ();
my ($setns) = grep { $_ } { x86_64 => 308, aarch64 => 268 }->{(POSIX::uname())[4]};
my ($new_mounts, $new_processes) = (0x20000, 0x20000000);
my $ours = readlink '/proc/self/ns/pid';
# Children are processes of that host, or of this machine again.
sub among {
  my ($space) = @_; my $file;
  open($file, '<', $space) and syscall($setns, fileno $file, $new_processes) == 0 or die "$space: $!";
}
binmode STDIN; binmode STDOUT; $| = 1;
while (defined(my $head = <STDIN>)) {
  my ($words, $given, $seconds, $mounts) = split ' ', $head;
  read(STDIN, my $command, $words) == $words or die; my @command = split /\\0/, $command, -1;
  my $input = ''; $given == 0 or read(STDIN, $input, $given) == $given or die;
  open(my $in, '+>', undef) or die $!; print $in $input; seek($in, 0, 0) or die $!;
  pipe(my $out, my $out_end) or die $!; pipe(my $err, my $err_end) or die $!;
  my $theirs = $setns && $mounts ? readlink "/proc/$mounts/ns/pid_for_children" : $ours;
  among("/proc/$mounts/ns/pid_for_children") if ($theirs // $ours) ne $ours;
  my $child = fork // die $!;
  among('/proc/self/ns/pid') if ($theirs // $ours) ne $ours && $child != 0;
  if ($child == 0) {
    POSIX::setsid();
    # What nsenter does, without it.
    if ($mounts) {
      if (!$setns) { unshift @command, 'nsenter', "--mount=/proc/$mounts/ns/mnt", '--' }
      else {
        my $space;
        open($space, '<', "/proc/$mounts/ns/mnt") and syscall($setns, fileno $space, $new_mounts) == 0
          or do { print $err_end "the mounts of process $mounts: $!\\n"; close $err_end; POSIX::_exit(1) };
      }
    }
    open(STDIN, '<&', $in); open(STDOUT, '>&', $out_end); open(STDERR, '>&', $err_end);
    { no warnings; exec { $command[0] } @command; }
    print STDERR "$command[0]: $!\\n"; POSIX::_exit(127);
  }
  close $in; close $out_end; close $err_end;
  my %got = (fileno $out, '', fileno $err, ''); my %open = (fileno $out, $out, fileno $err, $err);
  my $until = time + $seconds;
  while (%open) {
    my $ready = ''; vec($ready, $_, 1) = 1 for keys %open;
    if (select($ready, undef, undef, $until > time ? $until - time : 1) < 1) { kill 'KILL', $child if time >= $until; next }
    for my $n (grep { vec($ready, $_, 1) } keys %open) { sysread($open{$n}, $got{$n}, 1 << 20, length $got{$n}) or delete $open{$n} }
  }
  waitpid $child, 0;
  my ($one, $other) = @got{fileno $out, fileno $err};
  printf "%-${HEAD - 1}s\\n%s%s", join(' ', $?, length $one, length $other), $one, $other;
}`;

function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

function readExactly(file: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length;) {
    const read = readSync(file, bytes, at, length - at, null);
    if (read === 0) throw new Error('the process that forks has ended');
    at += read;
  }
  return bytes;
}
