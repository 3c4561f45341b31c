import { Command } from 'commander';
import { exitCodes, worstExitCode } from '../../diagnostics/exit-codes.ts';
import type { Ended } from '../ended.ts';
import {
  withProject,
  withReach,
  withShow,
  type ProjectOptions,
  type ReachOptions,
  type ShowOptions,
} from '../options.ts';

/** `slab run -- CMD`: one command on many hosts, equal answers shown once. */
export function runCommand(ended: Ended): Command {
  const command = new Command('run')
    .description('run a command on hosts; equal output of many hosts is shown once')
    .argument('<command...>', "the command, after --; one word is shell text: -- 'uptime | wc'")
    .addHelpText(
      'after',
      "\nExamples:\n  slab run -t web* -- uptime\n  slab run -- sh -c 'df -h / | tail -1'",
    );
  withShow(withReach(withProject(command)));
  return command.action(async (words: string[], options: ProjectOptions & ReachOptions & ShowOptions) => {
    ended.code = await runEverywhere(words, options);
  });
}

async function runEverywhere(
  words: readonly string[],
  options: ProjectOptions & ReachOptions & ShowOptions,
): Promise<number> {
  const { openResultConsole } = await import('../console.ts');
  const { withHosts } = await import('../read-hosts.ts');
  const { sh } = await import('../../shell/sh.ts');
  const { ownShell } = await import('../../shell/input.ts');
  const [first = ''] = words;
  const script = words.length === 1 ? ownShell(first) : sh`${words}`;
  const console = await openResultConsole(options);
  const result = await withHosts(options, console, async (read) => {
    const [answer] = await read.session.exchange([{ name: 'run', script }]);
    const text = (bytes: Uint8Array | undefined) =>
      Buffer.from(bytes ?? [])
        .toString('utf8')
        .trimEnd();
    return {
      host: read.host.name,
      code: answer?.code ?? 1,
      stdout: text(answer?.stdout),
      stderr: answer?.stderr.trimEnd() ?? '',
    };
  });
  if (!('answers' in result)) return result.code;
  if (options.json === true) console.printJson(result.answers);
  else {
    const { renderOutputs } = await import('../../reporters/table.ts');
    const outputs = result.answers.map(({ host, code, stdout, stderr }) => ({
      host,
      code,
      output: [stdout, stderr].filter((text) => text !== '').join('\n'),
    }));
    console.print(renderOutputs(outputs, console.style));
  }
  const failed = result.answers.some((answer) => answer.code !== 0);
  return worstExitCode([result.code, failed ? exitCodes.applyFailed : exitCodes.done]);
}
