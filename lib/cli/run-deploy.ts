import { randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { exitCodes, worstExitCode } from '../diagnostics/exit-codes.ts';
import { applyHosts } from '../engine/apply-hosts.ts';
import { planHosts, type PlanResult } from '../engine/plan-hosts.ts';
import { runRollout } from '../engine/run-rollout.ts';
import type { HostResult } from '../model/event.ts';
import type { Host } from '../model/inventory.ts';
import type { Ports } from '../model/ports.ts';
import { isActive } from '../plan/group.ts';
import { planToJson } from '../plan/plan-json.ts';
import { reportPlan } from '../plan/report.ts';
import { openJournal } from '../project/journal.ts';
import { notePassed } from '../project/rollout-file.ts';
import { createJsonLines } from '../reporters/json-lines.ts';
import { renderPlanText } from '../reporters/plan-text.ts';
import { renderResultText } from '../reporters/result-text.ts';
import { collectRun } from '../reporters/run-view.ts';
import type { ArrangedStage } from '../rollout/arrange.ts';
import { beginRollout, untouched } from '../rollout/machine.ts';
import type { Console } from './console.ts';
import type { DeployOptions } from './deploy-options.ts';
import { askGate } from './gates.ts';
import { watchInterrupts, type Interrupts } from './interrupts.ts';
import { planRequest } from './make-plan.ts';
import { noteDisks } from './note-disks.ts';
import type { OpenProject } from './open-project.ts';
import type { OpenRollout } from './open-rollout.ts';
import { reachHosts, readingPorts } from './reach.ts';

/** Runs an opened roll-out: plans and applies batch by batch, asks its gates, and says how every host ended. @returns the exit code. */
export async function runDeploy(
  open: OpenRollout,
  options: DeployOptions,
  console: Console,
): Promise<number> {
  const began = Date.now();
  const run = randomBytes(4).toString('hex');
  const collected = collectRun();
  console.record((event) => collected.event(event));
  const journal = openJournal(open.own.directory, run);
  const lines = createJsonLines(journal.write, { plan: planToJson });
  console.record((event) => lines.event(event));
  if (options.json === true) {
    const events = createJsonLines((text) => void process.stdout.write(text), { plan: planToJson });
    console.record((event) => events.event(event));
  }
  // Whatever has to be asked is asked before anything is changed.
  const sites = new Map<string, Site>();
  const connectors = new Map<string, Awaited<ReturnType<typeof reachHosts>>>();
  for (const { stage } of open.stages) {
    const project = open.projects.get(stage.name);
    if (project === undefined) continue;
    const { name } = project.files;
    const connector =
      connectors.get(name) ??
      (await reachHosts({ ...project, hosts: [...project.inventory.hosts.values()] }, options, console));
    connectors.set(name, connector);
    sites.set(stage.name, { project, ports: readingPorts(connector, console) });
  }
  const interrupts = watchInterrupts(() =>
    console.emit({
      type: 'run.stopping',
      reason: 'running steps finish, no new ones begin; Ctrl-C again cancels them',
    }),
  );
  const hosts = open.stages.flatMap(({ batches }) => batches.flat());
  console.emit({
    type: 'run.started',
    command: 'deploy',
    run,
    environment: open.own.files.name,
    hosts: hosts.map(plainName),
  });
  const context: DeployContext = { options, console, interrupts, run };
  const codes: number[] = [];
  const state = await runRollout(beginRollout(open.stages, open.allowed), open.rollout, {
    apply: async (stage, names) => {
      const results = await applyBatch(siteOf(sites, stage), names, {
        ...context,
        first: names === stage.batches[0],
      });
      codes.push(
        ...results.map(({ status }) => (status === 'converged' ? exitCodes.done : exitCodes.applyFailed)),
      );
      const good = (name: string) =>
        results.some((each) => each.host === plainName(name) && each.status === 'converged');
      return { done: names.filter(good), failed: names.filter((name) => !good(name)) };
    },
    ask: (gate, stage, names) => {
      const site = siteOf(sites, stage);
      return askGate(gate, hostsOf(site, names), {
        ports: site.ports,
        signal: interrupts.stop,
        parallel: options.parallel,
        unconverged: (asked) => unconverged(site, asked, context),
      });
    },
    passed: ({ stage }) => notePassed(open.place, stage.name),
    emit: (event) => console.emit(event),
    clock: readingClock(sites),
    stop: interrupts.stop,
  });
  const halted = state.phase === 'halted';
  const code = deployCode({ halted, stopped: interrupts.exitCode(), codes });
  console.emit({ type: 'run.finished', exitCode: code, durationMs: Date.now() - began });
  interrupts.unwatch();
  console.quiet();
  for (const connector of connectors.values()) await connector.close();
  if (options.json === true) return code;
  console.print(renderResultText(collected.view(), console.style));
  const left = untouched(state);
  if (left.length > 0) console.print(`Not begun: ${left.join(', ')}`);
  if (halted)
    console.print(
      `Next: mend the cause, then  slab deploy${options.inventory === undefined ? '' : ` -i ${options.inventory}`} --resume`,
    );
  return code;
}

/** The hosts of a stage, and the way to them. */
interface Site {
  readonly project: OpenProject;
  readonly ports: Ports;
}

interface DeployContext {
  readonly options: DeployOptions;
  readonly console: Console;
  readonly interrupts: Interrupts;
  readonly run: string;
}

function siteOf(sites: ReadonlyMap<string, Site>, { stage }: ArrangedStage): Site {
  const site = sites.get(stage.name);
  if (site === undefined) throw new Error(`the stage ${stage.name} was not opened`);
  return site;
}

function readingClock(sites: ReadonlyMap<string, Site>): Ports['clock'] {
  const [site] = sites.values();
  if (site === undefined) throw new Error('a roll-out without stages does not run');
  return site.ports.clock;
}

/** A host's name without the environment before it. */
function plainName(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}

function hostsOf({ project }: Site, names: readonly string[]): readonly Host[] {
  return names.flatMap((name) => project.inventory.hosts.get(plainName(name)) ?? []);
}

/** Plans and applies one batch. What does not compile, is not reached or fails is a result with a name. */
async function applyBatch(
  site: Site,
  names: readonly string[],
  context: DeployContext & { readonly first: boolean },
): Promise<readonly HostResult[]> {
  const { options, console, interrupts, run, first } = context;
  const { project, ports } = site;
  const result = await planHosts(
    {
      ...planRequest(project, options, { console, signal: interrupts.stop }),
      hosts: hostsOf(site, names),
      keepSessions: true,
    },
    ports,
  );
  if (result.diagnostics.length > 0 || result.warnings.length > 0) {
    console.pause();
    console.complain([...result.diagnostics, ...result.warnings], project.source);
    console.resume();
  }
  const report = reportPlan(result.plan, console.redactor);
  console.emit({ type: 'plan.ready', report });
  if (first && options.json !== true && report.summary.hostsChanged > 0) {
    console.pause();
    console.print(renderPlanText(report, { ...console.style, command: 'apply' }));
    console.resume();
  }
  const changing = result.plan.hosts.filter(({ chunks }) => chunks.some(isActive));
  const applied = await applyHosts(
    {
      hosts: changing.flatMap(({ host }) => result.hosts.get(host) ?? []),
      run,
      who: `${userInfo().username}@${hostname()}, run ${run}, since ${new Date().toISOString()}`,
      parallel: options.parallel,
      stop: interrupts.stop,
      cancel: interrupts.cancel,
      redact: (text) => console.redactor.text(text),
    },
    ports,
  );
  const others = names.map(plainName).filter((name) => !applied.some(({ host }) => host === name));
  const rest = others.map((name) => unplanned(name, result));
  for (const each of rest) console.emit({ type: 'host.finished', host: each.host, result: each });
  await noteDisks({ project, result }, applied, console);
  return [...applied, ...rest];
}

/** How a host ended that had nothing to do, or could not be planned. */
function unplanned(host: string, { plan, diagnostics }: PlanResult): HostResult {
  const none = { host, changed: 0, failed: 0, skipped: 0, unknown: 0, remaining: [], durationMs: 0 };
  const unread = plan.unread.find((each) => each.host === host);
  if (unread !== undefined) {
    const { reason, fix } = unread;
    return { ...none, status: 'unreachable', reason, ...(fix === undefined ? {} : { fix }) };
  }
  const mistake = diagnostics.find(({ hosts = [] }) => hosts.includes(host));
  if (mistake !== undefined)
    return { ...none, status: 'refused', reason: `it does not compile: ${mistake.summary}` };
  return { ...none, status: 'converged' };
}

/** Plans hosts once more: those where something is left to do, and those of which nothing is known. */
async function unconverged(
  site: Site,
  hosts: readonly Host[],
  { options, console, interrupts }: DeployContext,
): Promise<ReadonlyMap<string, string>> {
  const quiet = { ...site.ports, emit: () => undefined };
  const result = await planHosts(
    {
      ...planRequest(site.project, options, { console, signal: interrupts.stop }),
      hosts,
      keepSessions: false,
    },
    quiet,
  );
  const red = new Map<string, string>();
  for (const { host, reason } of result.plan.unread) red.set(host, `no answer: ${reason}`);
  for (const { hosts: names = [], summary } of result.diagnostics)
    for (const name of names) red.set(name, summary);
  for (const { host, chunks } of result.plan.hosts) {
    const left = chunks.filter(isActive).map((chunk) => `${chunk.function} ${chunk.name}`);
    if (left.length > 0)
      red.set(
        host,
        `still to do: ${left.slice(0, 3).join(', ')}${left.length > 3 ? ` and ${left.length - 3} more` : ''}`,
      );
  }
  return red;
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
