import { nameHosts } from '../diagnostics/fold.ts';
import type { Clock } from '../model/ports.ts';
import type { Event } from '../model/event.ts';
import type { Gate, GateMoment, Rollout } from '../model/rollout.ts';
import type { ArrangedStage } from '../rollout/arrange.ts';
import {
  happened,
  next,
  type RolloutAction,
  type RolloutEvent,
  type RolloutState,
} from '../rollout/machine.ts';

/** How a roll-out reaches the world. */
export interface RolloutPorts {
  /** Plans and applies the states of some hosts of a stage. */
  readonly apply: (
    stage: ArrangedStage,
    hosts: readonly string[],
  ) => Promise<{
    readonly done: readonly string[];
    readonly failed: readonly string[];
    /** Why nothing more may be begun. */
    readonly stop?: string;
  }>;
  /** Asks a gate once. @returns why it is red; undefined when it is green. No answer is red. */
  readonly ask: (gate: Gate, stage: ArrangedStage, hosts: readonly string[]) => Promise<string | undefined>;
  /** A stage is done. */
  readonly passed: (stage: ArrangedStage) => void;
  readonly emit: (event: Event) => void;
  readonly clock: Clock;
  /** Nothing new is begun. */
  readonly stop: AbortSignal;
  /** Resolves when a person lets the next batch begin; undefined: nobody holds it. It has to resolve when `stop` aborts. */
  readonly hold?: () => Promise<void> | undefined;
}

/** While a stage soaks its gates are asked this often, or once where they say less often. */
const SOAK_EVERY_MS = 10_000;

/** Runs a roll-out to its end, or until it halts; every step of it is an event. */
export async function runRollout(
  begun: RolloutState,
  rollout: Pick<Rollout, 'gates'>,
  ports: RolloutPorts,
): Promise<RolloutState> {
  let state = begun;
  for (let stage = -1; ;) {
    const action = next(state);
    if (state.stage !== stage && action.do !== 'end') {
      stage = state.stage;
      sayStage(state, ports);
    }
    if (action.do === 'end') break;
    const event: RolloutEvent = ports.stop.aborted
      ? { is: 'stopped', reason: 'it was stopped' }
      : await perform(action, { rollout, ports, state });
    const after = happened(state, event);
    if (after.phase !== 'halted' && (after.stage !== state.stage || after.phase === 'done')) {
      const done = state.stages[state.stage];
      if (done !== undefined) {
        ports.passed(done);
        say(ports, { step: 'end', stage: done, message: `stage ${done.stage.name} is done` });
      }
    }
    state = after;
  }
  const at = state.stages[state.stage];
  if (state.phase === 'halted' && at !== undefined)
    say(ports, {
      step: 'halt',
      stage: at,
      message: `in stage ${at.stage.name}: ${state.reason ?? ''}`,
      bad: true,
    });
  return state;
}

interface Context {
  readonly rollout: Pick<Rollout, 'gates'>;
  readonly ports: RolloutPorts;
  readonly state: RolloutState;
}

async function perform(
  action: Exclude<RolloutAction, { readonly do: 'end' }>,
  context: Context,
): Promise<RolloutEvent> {
  const { ports } = context;
  switch (action.do) {
    case 'apply': {
      const { stage, batch, hosts } = action;
      const which = stage.batches.length === 1 ? '' : `, batch ${batch + 1} of ${stage.batches.length}`;
      const held = ports.hold?.();
      if (held !== undefined) {
        say(ports, { step: 'wait', stage, message: `paused before ${stage.stage.name}${which}` });
        await held;
        if (ports.stop.aborted) return { is: 'stopped', reason: 'it was stopped' };
        say(ports, { step: 'wait', stage, message: 'goes on' });
      }
      say(ports, {
        step: 'batch',
        stage,
        hosts,
        message: `${stage.stage.name}${which}: ${nameHosts(hosts)}`,
      });
      return { is: 'applied', ...(await ports.apply(stage, hosts)) };
    }
    case 'pass':
      return { is: 'waited' };
    case 'gates':
      return { is: 'gates', red: await askGates(action.when, action, context) };
    case 'pause':
      say(ports, { step: 'wait', stage: stageOf(context), message: `pause of ${action.ms / 1000} s` });
      await ports.clock.sleep(action.ms, ports.stop);
      return { is: 'waited' };
    case 'soak':
      return soak(action, context);
  }
}

function stageOf({ state }: Context): ArrangedStage {
  const stage = state.stages[state.stage];
  if (stage === undefined) throw new Error('a roll-out acts in no stage');
  return stage;
}

/** Watches a stage for its time; the first red answer ends it. */
async function soak(
  action: Extract<RolloutAction, { readonly do: 'soak' }>,
  context: Context,
): Promise<RolloutEvent> {
  const { ports } = context;
  const { stage, ms } = action;
  say(ports, { step: 'wait', stage, message: `${stage.stage.name} soaks for ${ms / 1000} s` });
  const until = ports.clock.now() + ms;
  for (;;) {
    const red = await askGates('soak', action, context);
    if (red.length > 0) return { is: 'gates', red };
    const left = until - ports.clock.now();
    if (left <= 0 || ports.stop.aborted) return { is: 'waited' };
    await ports.clock.sleep(Math.min(left, SOAK_EVERY_MS), ports.stop);
  }
}

/** Asks a stage's gates of a moment, each until it says yes or its tries are used up. @returns those that are red. */
async function askGates(
  when: GateMoment,
  { stage, hosts }: { readonly stage: ArrangedStage; readonly hosts: readonly string[] },
  { rollout, ports }: Context,
): Promise<readonly string[]> {
  const red: string[] = [];
  const gates = stage.stage.gates.flatMap((name) => rollout.gates.get(name) ?? []);
  if (hosts.length === 0) return red;
  for (const gate of gates.filter((each) => each.when.includes(when))) {
    const answer = await askUntilGreen(gate, stage, { hosts, ports });
    if (answer === undefined)
      say(ports, {
        step: 'gate',
        stage,
        hosts,
        message: `gate ${gate.name} is green: ${hosts.length} of ${hosts.length}`,
      });
    else {
      red.push(`gate ${gate.name}: ${answer}`);
      say(ports, { step: 'gate', stage, hosts, message: `gate ${gate.name} is RED: ${answer}`, bad: true });
    }
  }
  return red;
}

async function askUntilGreen(
  gate: Gate,
  stage: ArrangedStage,
  { hosts, ports }: { readonly hosts: readonly string[]; readonly ports: RolloutPorts },
): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    const answer = await ports.ask(gate, stage, hosts);
    if (answer === undefined || attempt >= gate.tries || ports.stop.aborted) return answer;
    const again = `asked again in ${gate.everyMs / 1000} s (${attempt} of ${gate.tries})`;
    say(ports, {
      step: 'gate',
      stage,
      hosts,
      message: `gate ${gate.name} is not green yet: ${answer}; ${again}`,
    });
    await ports.clock.sleep(gate.everyMs, ports.stop);
  }
}

function sayStage(state: RolloutState, ports: RolloutPorts): void {
  const stage = state.stages[state.stage];
  if (stage === undefined) return;
  const hosts = stage.batches.flat();
  const batches = stage.batches.length === 1 ? 'in one batch' : `in ${stage.batches.length} batches`;
  say(ports, {
    step: 'stage',
    stage,
    hosts,
    message:
      hosts.length === 0
        ? `stage ${stage.stage.name}: no hosts`
        : `stage ${stage.stage.name}: ${hosts.length} ${hosts.length === 1 ? 'host' : 'hosts'} ${batches}, ${stage.allowed} may fail`,
  });
}

function say(
  ports: Pick<RolloutPorts, 'emit'>,
  about: {
    readonly step: Extract<Event, { readonly type: 'rollout' }>['step'];
    readonly stage: ArrangedStage;
    readonly message: string;
    readonly hosts?: readonly string[];
    readonly bad?: boolean;
  },
): void {
  const { step, stage, message, hosts = [], bad = false } = about;
  ports.emit({
    type: 'rollout',
    step,
    stage: stage.stage.name,
    level: bad ? 'warning' : 'info',
    message,
    hosts,
  });
}
