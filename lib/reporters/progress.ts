import type { Event } from '../model/event.ts';
import { noOther } from './reporter.ts';
import { RolloutProgress } from './rollout-progress.ts';
import { sizeText } from './style.ts';

/** What a host is at. */
type At = 'waiting' | 'connect' | 'read' | 'planned' | 'apply' | 'verify' | 'finished' | 'unread';

interface HostProgress {
  at: At;
  /** What it does just now, in words. */
  step: string;
  /** When it began that, in milliseconds. */
  since: number;
  changes: boolean;
  failed: boolean;
}

/** One phase of a run, counted over all hosts. */
export interface Stage {
  readonly name: 'connect' | 'read' | 'apply' | 'verify';
  readonly done: number;
  readonly running: number;
  readonly failed: number;
  readonly total: number;
}

/** A host that has been at one thing for long. */
export interface SlowHost {
  readonly host: string;
  readonly step: string;
  readonly ms: number;
}

const READING: readonly Stage['name'][] = ['connect', 'read'];
const APPLYING: readonly Stage['name'][] = [...READING, 'apply', 'verify'];
const BUSY: readonly At[] = ['connect', 'read', 'apply', 'verify'];
/** How far a host has come, to say which stages it has behind it. */
const ORDER: Readonly<Record<At, number>> = {
  waiting: 0,
  connect: 1,
  read: 2,
  planned: 3,
  apply: 4,
  verify: 5,
  finished: 6,
  unread: 1,
};

/** Follows a run: where each host is. An event costs constant time; questions are asked a few times a second at most. */
export class Progress {
  readonly #hosts = new Map<string, HostProgress>();
  #command = '';
  #applies = false;
  /** The stages of a roll-out, where this is one. */
  rollout: RolloutProgress | undefined;
  /** Why the run is being stopped. */
  stopping: string | undefined;

  event(event: Event, now: number): void {
    this.rollout?.event(event, now);
    switch (event.type) {
      case 'run.started':
        this.#command = event.command;
        this.#applies = event.command === 'apply';
        if (event.stages !== undefined) this.rollout = new RolloutProgress(event.stages);
        for (const host of event.hosts) this.#host(host);
        break;
      case 'host.connecting':
        this.#move(event.host, 'connect', 'connect', now);
        break;
      case 'host.connected':
        this.#move(event.host, 'read', 'read', now);
        break;
      case 'host.unread':
        this.#move(event.host, 'unread', 'not read', now).failed = true;
        break;
      case 'host.looking':
        this.#move(
          event.host,
          this.#host(event.host).at === 'verify' ? 'verify' : 'read',
          `${event.what} (${event.done + 1} of ${event.total})`,
          now,
        );
        break;
      case 'host.progress':
        // It goes on with what it was at: the time it has been at that goes on, too.
        this.#host(event.host).step = progressWords(event);
        break;
      case 'host.planned':
        this.#move(event.host, 'planned', 'planned', now).changes = event.changes > 0;
        break;
      case 'chunk.started':
        this.#applies = true;
        this.#move(event.host, 'apply', `${event.chunk.function} ${event.chunk.name}`, now).changes = true;
        break;
      case 'chunk.finished':
        if (event.outcome.status === 'failed' || event.outcome.status === 'unknown')
          this.#host(event.host).failed = true;
        break;
      case 'trial':
        this.#applies = true;
        this.#move(event.host, 'apply', `trial ${event.phase}`, now).changes = true;
        break;
      case 'host.verifying':
        this.#applies = true;
        this.#move(event.host, 'verify', 'verify', now).changes = true;
        break;
      case 'host.finished':
        this.#move(event.host, 'finished', 'finished', now).failed ||= event.result.status !== 'converged';
        break;
      case 'lock.waiting':
        this.#move(
          event.host,
          this.#host(event.host).at === 'planned' ? 'apply' : 'read',
          `waits: ${event.reason}`,
          now,
        );
        break;
      case 'run.stopping':
        this.stopping = event.reason;
        break;
      case 'plan.ready':
      case 'lock.taken':
      case 'host.applying':
      case 'lock.released':
      case 'notice':
      case 'rollout':
      case 'run.finished':
        break;
      default:
        noOther(event);
    }
  }

  get command(): string {
    return this.#command;
  }

  /** The stages of this command with their counters. */
  stages(): readonly Stage[] {
    const hosts = [...this.#hosts.values()];
    const changing = hosts.filter((host) => host.changes);
    return (this.#applies ? APPLYING : READING).map((name) => {
      const late = name === 'apply' || name === 'verify';
      const concerned = late ? changing : hosts;
      const order = ORDER[name];
      const lost = concerned.filter((host) => (late ? host.failed : host.at === 'unread'));
      return {
        name,
        done: concerned.filter(
          (host) => ORDER[host.at] > order && !(name !== 'connect' && host.at === 'unread'),
        ).length,
        running: concerned.filter((host) => host.at === name).length,
        failed: name === 'read' || name === 'verify' ? 0 : lost.length,
        total: name === 'read' ? hosts.length - lost.length : concerned.length,
      };
    });
  }

  /** The hosts that have been at one thing the longest, longest first. */
  slowest(now: number, count: number): readonly SlowHost[] {
    const busy: SlowHost[] = [];
    for (const [host, { at, step, since }] of this.#hosts)
      if (BUSY.includes(at)) busy.push({ host, step, ms: now - since });
    return busy.sort((a, b) => b.ms - a.ms).slice(0, count);
  }

  /** How many hosts are at work, have been read, and are done; whether any has got as far as being changed. */
  counts(): {
    readonly running: number;
    readonly read: number;
    readonly finished: number;
    readonly failed: number;
    readonly total: number;
    readonly changing: boolean;
  } {
    const hosts = [...this.#hosts.values()];
    return {
      running: hosts.filter((host) => BUSY.includes(host.at)).length,
      read: hosts.filter((host) => ORDER[host.at] > ORDER.read).length,
      finished: hosts.filter((host) => host.at === 'finished').length,
      failed: hosts.filter((host) => host.failed).length,
      total: hosts.length,
      changing: hosts.some((host) => ORDER[host.at] > ORDER.planned),
    };
  }

  #host(name: string): HostProgress {
    const known = this.#hosts.get(name);
    if (known) return known;
    const fresh: HostProgress = { at: 'waiting', step: '', since: 0, changes: false, failed: false };
    this.#hosts.set(name, fresh);
    return fresh;
  }

  #move(name: string, at: At, step: string, now: number): HostProgress {
    const host = this.#host(name);
    host.at = at;
    host.step = step;
    host.since = now;
    return host;
  }
}

/** `format disk S1 as xfs: proving it blank, 40 % of 8.0 TB`. */
export function progressWords({
  what,
  phase,
  done,
  total,
}: Extract<Event, { type: 'host.progress' }>): string {
  const doing = PHASES[phase] ?? phase;
  if (total === 0) return `${what}: ${doing}`;
  const of = phase === 'proof' ? sizeText(total) : `${total} places`;
  return `${what}: ${doing}, ${Math.floor((100 * done) / total)} % of ${of}`;
}

const PHASES: Readonly<Record<string, string>> = {
  proof: 'proving it blank',
  samples: 'proving it blank',
  mkfs: 'making the file system',
  verify: 'reading it back',
};
