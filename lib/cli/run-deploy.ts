import { randomBytes } from 'node:crypto';
import { InvariantError } from '../diagnostics/errors.ts';
import { exitCodes, worstExitCode } from '../diagnostics/exit-codes.ts';
import { nameHosts } from '../diagnostics/fold.ts';
import { runRollout } from '../engine/run-rollout.ts';
import type { Host } from '../model/inventory.ts';
import { openDrained } from '../project/drained-file.ts';
import { notePassed } from '../project/rollout-file.ts';
import type { ArrangedStage } from '../rollout/arrange.ts';
import { beginRollout, untouched } from '../rollout/machine.ts';
import type { Connector } from '../transport/connect.ts';
import type { Console } from './console.ts';
import {
  applyBatch,
  hostsOf,
  plainName,
  unconverged,
  type DeployContext,
  type Site,
} from './deploy-batch.ts';
import { deployKeys } from './deploy-keys.ts';
import type { DeployOptions } from './deploy-options.ts';
import { followRun } from './follow-run.ts';
import type { GateKeys } from './gate-keys.ts';
import { askGate } from './gates.ts';
import { sayStopping, watchInterrupts } from './interrupts.ts';
import type { OpenProject } from './open-project.ts';
import type { OpenRollout } from './open-rollout.ts';
import { runFacts, watchAbort } from './run-facts.ts';
import { reachHosts, readingPorts, systemTime } from './reach.ts';

/** Runs an opened roll-out: plans and applies batch by batch, asks its gates, and says how every host ended. @returns the exit code. */
export async function runDeploy(
  open: OpenRollout,
  options: DeployOptions & { readonly keys: GateKeys },
  console: Console,
): Promise<number> {
  const began = Date.now();
  const run = randomBytes(4).toString('hex');
  const followed = followRun(console, options);
  followed.keep(open.own.directory, run);
  // Whatever has to be asked is asked before anything is changed.
  const connectors = new Map<string, Connector>();
  const sites = new Map<string, Site>();
  for (const [environment, { project, hosts }] of hostsByEnvironment(open)) {
    const connector = await reachHosts({ ...project, hosts }, options, console);
    connectors.set(environment, connector);
    sites.set(environment, { project, ports: readingPorts(connector, console) });
  }
  const interrupts = watchInterrupts(() => sayStopping(console));
  followed.lost.addEventListener('abort', () => interrupts.halt());
  const hosts = open.stages.flatMap(({ batches }) => batches.flat());
  const typed = deployKeys(options, console);
  console.emit({
    type: 'run.started',
    command: 'deploy',
    run,
    environment: open.own.files.name,
    hosts: hosts.map(plainName),
    ...runFacts(open.own.directory),
    content: open.content,
    stages: open.stages.map(({ stage: { name }, batches, allowed }) => ({
      ...{ name, hosts: batches.flat().length, batches: batches.length, allowed },
    })),
    ...(open.goesOn === undefined ? {} : { resumes: open.goesOn.run }),
  });
  const unwatchKeys = typed.watch(interrupts);
  const unwatchAbort = watchAbort({ directory: open.own.directory, run }, interrupts, console);
  const siteOf = ({ stage }: ArrangedStage): Site => {
    const site = sites.get(open.projectOf(stage).files.name);
    if (site === undefined) throw new InvariantError(`the stage ${stage.name} was not opened`);
    return site;
  };
  const context: DeployContext = { options, console, interrupts, run, origin: open.goesOn?.origin ?? run };
  const codes: number[] = [];
  const drained = openDrained(open.own.directory, open.own.files.name);
  const state = await runRollout(beginRollout(open.stages, open.allowed), open.rollout, {
    apply: async (stage, names) => {
      const { results, stop } = await applyBatch(siteOf(stage), names, {
        ...context,
        ...{ stage: stage.stage, drained },
        first: names === stage.batches[0],
      });
      codes.push(
        ...results.map(({ status }) => (status === 'converged' ? exitCodes.done : exitCodes.applyFailed)),
      );
      const good = (name: string) =>
        results.some((each) => each.host === plainName(name) && each.status === 'converged');
      return {
        done: names.filter(good),
        failed: names.filter((name) => !good(name)),
        ...(stop === undefined ? {} : { stop }),
      };
    },
    ask: (gate, stage, names) => {
      const site = siteOf(stage);
      return askGate(gate, hostsOf(site.project, names), {
        ports: site.ports,
        signal: interrupts.stop,
        parallel: options.parallel,
        keys: options.keys,
        unconverged: (asked) => unconverged(site, asked, context),
      });
    },
    passed: ({ stage }) =>
      notePassed(open.own.directory, open.own.files.name, {
        ...{ stage: stage.name, content: open.content, run },
        at: new Date().toISOString(),
      }),
    emit: (event) => console.emit(event),
    clock: systemTime,
    stop: interrupts.stop,
    hold: typed.hold,
  });
  unwatchKeys();
  const halted = state.phase === 'halted';
  const code = deployCode({ halted, stopped: interrupts.exitCode(), codes });
  console.emit({ type: 'run.finished', exitCode: code, durationMs: Date.now() - began });
  unwatchAbort();
  interrupts.unwatch();
  console.quiet();
  for (const connector of connectors.values()) await connector.close();
  if (options.json === true) return code;
  followed.show();
  const left = untouched(state);
  const out = drained.all();
  if (out.length > 0)
    console.print(
      `Still drained: ${nameHosts(out)}. The next deploy takes each back when it has converged.\n`,
    );
  if (left.length > 0) console.print(`Not begun: ${nameHosts(left)}`);
  if (halted)
    console.print(
      `Next: mend the cause, then  slab deploy${options.inventory === undefined ? '' : ` -i ${options.inventory}`} --resume ${run}`,
    );
  return code;
}

/** The hosts of all stages, by their environment. */
function hostsByEnvironment({ stages, projectOf }: OpenRollout): ReadonlyMap<string, Reached> {
  const found = new Map<string, Reached>();
  for (const stage of stages) {
    const project = projectOf(stage.stage);
    const { name } = project.files;
    const { drain, undrain } = stage.stage;
    const helpers = [drain?.on, undrain?.on].flatMap((on) => (on === undefined ? [] : [on]));
    const hosts = hostsOf(project, [...stage.batches.flat(), ...helpers]);
    found.set(name, { project, hosts: [...(found.get(name)?.hosts ?? []), ...hosts] });
  }
  return found;
}

interface Reached {
  readonly project: OpenProject;
  readonly hosts: readonly Host[];
}

/** What a deploy ends with: that it halted says more than which hosts failed. */
function deployCode(found: {
  readonly halted: boolean;
  readonly stopped: number | undefined;
  readonly codes: readonly number[];
}): number {
  if (found.stopped !== undefined) return found.stopped;
  return found.halted ? exitCodes.halted : worstExitCode(found.codes);
}
