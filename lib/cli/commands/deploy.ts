import { Command, Option } from 'commander';
import { ProjectError } from '../../diagnostics/errors.ts';
import { exitCodes } from '../../diagnostics/exit-codes.ts';
import type { DeployOptions } from '../deploy-options.ts';
import type { Ended } from '../ended.ts';
import { withChange } from '../options.ts';

/** `slab deploy`: the roll-out of an environment, stage by stage. */
export function deployCommand(ended: Ended): Command {
  const command = new Command('deploy')
    .description('roll out in stages and batches, with gates in between (inventories/<env>/rollout.yaml)')
    .option('--explain', 'print stages, batches, budgets and how long it took before, and connect to nothing')
    .addOption(
      new Option(
        '--from <stage>',
        'begin with this stage; this very content must have passed what it needs (its own word, or the stage before)',
      ).conflicts(['stage', 'resume']),
    )
    .addOption(
      new Option(
        '--stage <stage...>',
        'only these stages; this very content must have passed what they need',
      ).conflicts('resume'),
    )
    .option(
      '--resume [run]',
      'go on with the last roll-out, or the one named, at the first stage that was not passed; when states, pillar, files, inventory or rollout.yaml changed since, it begins anew and says so',
    );
  return withChange(command).action(async (options: DeployOptions) => {
    ended.code = await deploy(options);
  });
}

async function deploy(options: DeployOptions): Promise<number> {
  const { openConsole } = await import('../console.ts');
  const { openRollout } = await import('../open-rollout.ts');
  const console = await openConsole(options.explain === true ? { ...options, progress: 'none' } : options);
  if (options.target !== undefined)
    throw new ProjectError('SLAB6001', 'a roll-out takes its hosts from rollout.yaml', {
      fix: 'leave out -t',
    });
  const from = options.from === undefined ? {} : { from: options.from };
  const only = options.stage === undefined ? {} : { only: options.stage };
  const resume = options.resume === undefined ? {} : { resume: options.resume };
  const opening = openRollout(options, { ...from, ...only, ...resume });
  if (!('open' in opening)) {
    console.quiet();
    console.complain(opening.diagnostics, opening.source);
    return exitCodes.badInput;
  }
  const { open } = opening;
  if (open.changedSince !== undefined)
    console.say(`What run ${open.changedSince} rolled out has changed since: this begins anew.`);
  const { renderRollout } = await import('../../reporters/rollout-text.ts');
  const text = renderRollout(
    {
      environment: open.own.files.name,
      stages: open.stages,
      skipped: open.skipped,
      passed: open.passed,
      allowed: open.allowed,
      gates: open.rollout.gates,
    },
    console.style,
  );
  if (options.json !== true || options.explain === true) console.print(text);
  if (options.explain === true && open.stages.length > 0) {
    const { expectedTime } = await import('../expected-time.ts');
    const place = { directory: open.own.directory, environment: open.own.files.name };
    console.print(expectedTime(open.stages, place));
  }
  if (open.unmet.length > 0)
    throw new ProjectError('SLAB6009', open.unmet.join('; '), {
      fix: 'slab deploy --resume  begins with the first stage that this content has not passed',
    });
  if (options.explain === true || open.stages.length === 0) return exitCodes.done;
  const { readGateKeys } = await import('../gate-keys.ts');
  const used = new Set(open.stages.flatMap(({ stage }) => stage.gates));
  const gates = [...open.rollout.gates.values()].filter(({ name }) => used.has(name));
  const { keys, diagnostics } = readGateKeys(gates, open.own.directory, process.env);
  for (const { secretKey, sessionToken = '' } of keys.values()) console.redactor.add(secretKey, sessionToken);
  if (diagnostics.length > 0) {
    console.complain(diagnostics, open.source);
    return exitCodes.badInput;
  }
  const { askToGoOn } = await import('../ask.ts');
  const hosts = open.stages.reduce((sum, { batches }) => sum + batches.flat().length, 0);
  const question = `Roll out to ${hosts} hosts in ${open.stages.length} stages?`;
  const say = (words: string): void => console.say(words);
  if (!(await askToGoOn(question, options, { say, otherwise: 'say -y to deploy without being asked' }))) {
    say('Nothing was changed.');
    return exitCodes.refused;
  }
  const { runDeploy } = await import('../run-deploy.ts');
  return runDeploy(open, { ...options, keys }, console);
}
