import type { Event } from '../model/event.ts';
import type { Host } from '../model/inventory.ts';
import type { Ports } from '../model/ports.ts';
import type { CommandOn, RolloutStage } from '../model/rollout.ts';
import type { DrainedHosts } from '../project/drained-file.ts';
import { ownShell } from '../shell/input.ts';
import { quoteWord } from '../shell/quote.ts';
import { runHere, runThere } from './run-command.ts';

/** What draining needs. */
export interface DrainContext {
  readonly stage: RolloutStage;
  readonly ports: Pick<Ports, 'connect'>;
  readonly signal: AbortSignal;
  /** A host of the stage's environment by its name, which the roll-out has checked. */
  readonly hostOf: (name: string) => Host | undefined;
  readonly drained: DrainedHosts;
  readonly emit: (event: Event) => void;
}

/** A host with the name that the roll-out has for it. */
export interface NamedHost {
  readonly name: string;
  readonly host: Host;
}

/** The host where draining ended early, and why. */
interface Stuck {
  readonly at: string;
  readonly why: string;
}

/**
 * Takes hosts out of service one after the other, before they are changed; the first that cannot be ends it.
 * @returns why it ended early; undefined when all are drained.
 */
export async function drainHosts(
  hosts: readonly NamedHost[],
  context: DrainContext,
): Promise<Stuck | undefined> {
  const { stage, drained } = context;
  if (stage.drain === undefined) return undefined;
  for (const each of hosts) {
    // On record first: what a command that was cut short has done is not known.
    drained.add(each.name);
    const wrong = await runAbout(each.host, stage.drain, context);
    say(context, each, wrong === undefined ? 'drained' : `not drained: ${wrong}`, wrong !== undefined);
    if (wrong !== undefined) return { at: each.name, why: `${each.name} cannot be drained: ${wrong}` };
  }
  return undefined;
}

/**
 * Takes hosts back into service, those of them that are drained; the first that cannot be ends it.
 * @returns why it ended early.
 */
export async function undrainHosts(
  hosts: readonly NamedHost[],
  context: DrainContext,
): Promise<string | undefined> {
  const { stage, drained } = context;
  if (stage.undrain === undefined) return undefined;
  for (const each of hosts.filter(({ name }) => drained.all().includes(name))) {
    const wrong = await runAbout(each.host, stage.undrain, context);
    say(
      context,
      each,
      wrong === undefined ? 'back in service' : `still drained: ${wrong}`,
      wrong !== undefined,
    );
    if (wrong !== undefined) return `${each.name} cannot be taken back into service: ${wrong}`;
    drained.remove(each.name);
  }
  return undefined;
}

function runAbout(
  host: Host,
  { command, on }: CommandOn,
  { hostOf, ports, signal }: DrainContext,
): Promise<string | undefined> {
  const text = command
    .replaceAll('{host}', quoteWord(host.name))
    .replaceAll('{address}', quoteWord(host.address ?? host.name));
  if (on === 'controller') return runHere(text, signal);
  const where = on === 'host' ? host : hostOf(on);
  if (where === undefined) return Promise.resolve(`there is no host ${on}`);
  return runThere(where, ownShell(text), { ports, signal });
}

function say({ stage, emit }: DrainContext, { name }: NamedHost, what: string, bad: boolean): void {
  emit({
    ...{ type: 'rollout', step: 'drain', stage: stage.name, level: bad ? 'warning' : 'info' },
    ...{ message: `${name} ${what}`, hosts: [name] },
  });
}
