import { Command } from 'commander';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { InvariantError } from '../../diagnostics/errors.ts';
import { exitCodes } from '../../diagnostics/exit-codes.ts';
import type { Ended } from '../ended.ts';
import { withProject, withShow, type ProjectOptions, type ShowOptions } from '../options.ts';

/** `slab explain`: where a pillar value or a state of a host came from. */
export function explainCommand(ended: Ended): Command {
  const command = new Command('explain')
    .description(
      'where a pillar value or a state of a host came from: every file and line that had a part in it; asks no host',
    )
    .argument('<host>', 'a host of the inventory')
    .argument('<what>', 'a pillar key (web:listen), a state ID, or an object (file:/etc/motd)')
    .addHelpText(
      'after',
      '\nExamples:\n  slab explain web1 web:listen\n  slab explain web1 nginx\n  slab explain web1 file:/etc/motd',
    );
  withShow(withProject(command));
  return command.action(async (host: string, what: string, options: ProjectOptions & ShowOptions) => {
    ended.code = await explain(host, what, options);
  });
}

async function explain(name: string, what: string, options: ProjectOptions & ShowOptions): Promise<number> {
  const { openResultConsole } = await import('../console.ts');
  const { openProject } = await import('../open-project.ts');
  const { offlineGrains } = await import('../offline-grains.ts');
  const { saltDefaults } = await import('../../inventory/salt-options.ts');
  const { explainOnHost } = await import('../../engine/explain-host.ts');
  const console = await openResultConsole(options);
  const opening = openProject({ ...options, target: `L@${name}` });
  if (opening.project === undefined) {
    console.complain(opening.diagnostics, opening.source);
    return exitCodes.badInput;
  }
  const { project } = opening;
  const [host] = project.hosts;
  if (host === undefined) throw new InvariantError(`a target that names ${name} picked no host`);
  const grains = offlineGrains(project);
  const found = explainOnHost(what, host, {
    compiler: project.compiler,
    known: grains.known(host),
    secrets: project.inventory.secrets,
    options: project.inventory.salt ?? saltDefaults,
  });
  console.redactor.add(...found.secrets);
  console.complain(withHost(found.diagnostics, name), project.source);
  if (options.json === true) console.printJson(found.explanations);
  else if (found.explanations.length > 0) {
    const { renderExplanations } = await import('../../reporters/explain-text.ts');
    console.print(renderExplanations(found.explanations, console.style));
  }
  if (grains.assumed() > 0) console.say(`${name} was taken for a plain Debian 12: slab snapshot asks it`);
  return found.diagnostics.some((each) => each.severity === 'error') ? exitCodes.badInput : exitCodes.done;
}

function withHost(diagnostics: readonly Diagnostic[], name: string): readonly Diagnostic[] {
  return diagnostics.map((each) => ({ ...each, hosts: [name] }));
}
