import type { Change, Risk } from './change.ts';
import type { GivenUp } from './records.ts';
import type { Script } from './script.ts';

/** One more look at something that a probe left open. */
export interface Look {
  /** What is looked at, for whoever waits: `disk WFK1A2B3: is it blank?`. */
  readonly title: string;
  /** Reads only. */
  readonly script: Script;
}

/** One thing to run on the host. */
export interface Step {
  readonly title: string;
  /**
   * Run by a fresh `sh` with `set -eu`, stdin empty. Exit 0: done; `exitUnchanged` (117): it was already so;
   * `exitConflict` (118): the host no longer is what the plan saw; anything else: failed.
   */
  readonly script: Script;
  readonly risk: Risk;
  /** After this it is ended, with all its processes, and has failed; left out: never. Rounded up to seconds. */
  readonly timeoutMs?: number;
  /** It may take long and says how far it is, in a line of the file `$slab_progress`: `PHASE DONE TOTAL`. */
  readonly reports?: boolean;
  /**
   * What it is a part of, where a state does several things that do not need each other (each of its disks): steps of one part
   * stand together, and a failure ends its part; the others go on, and the state has failed in the end. Without a name
   * it is needed by all that follows.
   */
  readonly part?: string;
  /** What it destroys because a person agreed to that: it counts as destroyed once the step has begun with it, however it ends. */
  readonly destroys?: readonly GivenUp[];
  /** It only asks for a reboot: whoever applies does it, before anything else is begun, and then plans the host again. */
  readonly reboots?: boolean;
  /**
   * It may end our own way to the host, and so is only tried: `script` then changes the kernel, running services and
   * /run, never what the next boot reads. All such steps of a host are one trial, confirmed or taken back together.
   */
  readonly trial?: Trial;
}

/**
 * How a step is judged, taken back and made to stay by the host itself, without anybody logged in. Each script is run
 * by a fresh `sh` with `set -eu`, stdin empty, umask 022 and a plain PATH. `$slab_trial` is a folder of the step's own
 * under /run, where it keeps what it needs later. What a script that fails has printed last is the reason shown.
 */
export interface Trial {
  /** What is at stake: `network`, `firewall`, `sshd`, `sudo`, `login`. */
  readonly about: string;
  /** Before anything is armed, and changing nothing: whether it can work at all (`nft -c`, `sshd -t`). */
  readonly check?: Script;
  /** Before anything is armed: keeps in `$slab_trial` what `rollback` needs. */
  readonly save?: Script;
  /**
   * Takes back what `script` did, however much of that was done, and what `persist` did. The last step is taken back
   * first. It is rehearsed before anything is armed, with `slab_rehearsal=yes`: it then must change nothing, and fail
   * if it could not work.
   */
  readonly rollback: Script;
  /** After all steps are taken back or made to stay, in order: lets running services read what is stored again. */
  readonly resume?: Script;
  /** Asked over a new connection: whether all is well (the gateway answers, names resolve). Asked again until time is up. */
  readonly confirm?: Script;
  /** Makes it stay over a reboot: written beside, synced, renamed. Only once it is confirmed. */
  readonly persist?: Script;
  /** Files that `script` and `persist` write: a restart before all is decided and done finds all of them as before. */
  readonly stores: readonly string[];
  /** Prints what must be the same after a rollback as it was before; a difference is reported. */
  readonly compare?: Script;
  /** Where the host is to be reached from now on, when that changes: the only place where it may be confirmed. */
  readonly address?: string;
}

/** What a watched change triggers. */
export interface Refresh {
  readonly change: Change;
  readonly steps: readonly Step[];
  /** As `Diff.access`: why it may end our own way to the host; its steps are then on trial. */
  readonly access?: string;
}
