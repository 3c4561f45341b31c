import { Command, Option } from 'commander';
import { ProjectError } from '../../diagnostics/errors.ts';
import { exitCodes } from '../../diagnostics/exit-codes.ts';
import type { Ended } from '../ended.ts';

interface InitOptions {
  readonly ci?: 'github' | 'gitlab';
  readonly inventory: string;
}

/** `slab init`: a project to begin with, or a pipeline for one. */
export function initCommand(ended: Ended): Command {
  return new Command('init')
    .description('write a small project that works, or with --ci a pipeline for one; writes over nothing')
    .argument('[dir]', 'the folder', '.')
    .addOption(
      new Option(
        '--ci <service>',
        'write only a pipeline: diff and plan for pull requests, apply after',
      ).choices(['github', 'gitlab']),
    )
    .option('-i, --inventory <name>', 'the environment that the pipeline is for', 'prod')
    .addHelpText(
      'after',
      `
Example: slab init site && cd site && slab lab up 2 && slab apply -i lab`,
    )
    .action(async (directory: string, options: InitOptions) => {
      const { writeNewFiles } = await import('../../project/new-files.ts');
      const files = await filesOf(options);
      writeNewFiles(directory, files);
      for (const path of Object.keys(files).sort()) process.stdout.write(`${path}\n`);
      process.stdout.write(`\n${nextOf(options, directory)}\n`);
      ended.code = exitCodes.done;
    });
}

async function filesOf({ ci, inventory }: InitOptions): Promise<Readonly<Record<string, string>>> {
  if (ci === undefined) return (await import('../starter/project.ts')).starterProject;
  if (!/^\w[\w.-]*$/.test(inventory))
    throw new ProjectError('SLAB6001', `"${inventory}" is no name of an environment`, {
      fix: 'name a folder under inventories/: -i prod',
    });
  if (ci === 'github') return (await import('../starter/github.ts')).githubPipeline(inventory);
  return (await import('../starter/gitlab.ts')).gitlabPipeline(inventory);
}

function nextOf({ ci }: InitOptions, directory: string): string {
  if (ci !== undefined)
    return 'What it needs besides (keys, variables, approval) stands at its top; none of that was set up.';
  const go = directory === '.' ? '' : `cd ${directory} && `;
  return `Next: ${go}slab lab up 2 && slab apply -i lab   (throw-away hosts of this machine; README.md goes on from there)`;
}
