import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { exitCodes } from '../../diagnostics/exit-codes.ts';
import type { Formatted } from '../../yaml/format.ts';
import type { Console } from '../console.ts';
import type { Ended } from '../ended.ts';
import { withShow, type ShowOptions } from '../options.ts';

interface FmtOptions extends ShowOptions {
  readonly project: string;
  readonly check?: boolean;
}

/** `slab fmt`: one layout for YAML files, whose meaning, comments and scalars stay as they are. */
export function fmtCommand(ended: Ended): Command {
  const command = new Command('fmt')
    .description(
      'lay out SLS, pillar, top and inventory files; meaning and comments stay, files with Jinja are left alone',
    )
    .argument('[files...]', 'files or folders; - for stdin; without any, those of the project')
    .addOption(new Option('-C, --project <dir>', 'the project folder').env('SLAB_PROJECT').default('.'))
    .option('--check', 'write nothing; exit with 2 when a file would change')
    .addHelpText(
      'after',
      '\nExamples:\n  slab fmt\n  slab fmt --check states/web.sls\n  slab fmt - < states/web.sls',
    );
  withShow(command);
  return command.action(async (files: string[], options: FmtOptions) => {
    ended.code = await format(files, options);
  });
}

/** What became of the files. */
interface Outcome {
  readonly formatted: string[];
  readonly unchanged: string[];
  readonly leftAlone: { readonly file: string; readonly reason: string }[];
  /** Files in which something is wrong: nothing is written to them. */
  readonly broken: string[];
  readonly diagnostics: Diagnostic[];
}

async function format(names: readonly string[], options: FmtOptions): Promise<number> {
  const { openResultConsole } = await import('../console.ts');
  const { namedYamlFiles, projectYamlFiles, readBytes, replaceText } =
    await import('../../project/format-files.ts');
  const { formatText } = await import('../format-text.ts');
  const console = await openResultConsole(options);
  if (names.includes('-')) return formatStdin(names, options, console);
  const directory = resolve(options.project);
  const files = names.length === 0 ? projectYamlFiles(directory) : namedYamlFiles(directory, names);
  const outcome: Outcome = { formatted: [], unchanged: [], leftAlone: [], broken: [], diagnostics: [] };
  const texts = new Map<string, string>();
  for (const file of files) {
    const { text, result } = formatText(file, readBytes(directory, file));
    texts.set(file, text);
    note(outcome, file, { text, result });
    if ('text' in result && result.text !== text && options.check !== true)
      replaceText(directory, file, result.text);
  }
  console.complain(outcome.diagnostics, (file) => texts.get(file));
  report(outcome, options, console);
  if (outcome.diagnostics.length > 0) return exitCodes.badInput;
  return options.check === true && outcome.formatted.length > 0 ? exitCodes.differences : exitCodes.done;
}

/** What stdin is called; it is laid out as an SLS, whose first line counts. */
const STDIN = 'stdin.sls';

/**
 * For editors: stdin laid out on stdout. A text that is left alone is written as it came; of one that is broken nothing is
 * written, so that nobody's file becomes half of what it was.
 */
async function formatStdin(names: readonly string[], options: FmtOptions, console: Console): Promise<number> {
  const { ProjectError } = await import('../../diagnostics/errors.ts');
  if (names.length > 1 || options.json === true)
    throw new ProjectError('SLAB6001', '- stands alone: it is stdin, and stdout is the text', {
      fix: 'leave out the other files and --json',
    });
  const { formatText } = await import('../format-text.ts');
  const { text, result } = formatText(STDIN, readFileSync(0));
  if ('diagnostics' in result) {
    console.complain(result.diagnostics, () => text);
    return exitCodes.badInput;
  }
  if ('leftAlone' in result) console.say(`left alone, ${result.leftAlone}`);
  const after = 'text' in result ? result.text : text;
  if (options.check !== true) process.stdout.write(after);
  return options.check === true && after !== text ? exitCodes.differences : exitCodes.done;
}

function note(
  outcome: Outcome,
  file: string,
  { text, result }: { readonly text: string; readonly result: Formatted },
): void {
  if ('diagnostics' in result) {
    outcome.broken.push(file);
    for (const each of result.diagnostics) outcome.diagnostics.push(each);
  } else if ('leftAlone' in result) outcome.leftAlone.push({ file, reason: result.leftAlone });
  else if (result.text === text) outcome.unchanged.push(file);
  else outcome.formatted.push(file);
}

/** So many files that were left alone are named for each reason. */
const NAMED = 5;

function report(outcome: Outcome, options: FmtOptions, console: Console): void {
  const { formatted, unchanged, leftAlone, broken } = outcome;
  if (options.json === true) {
    console.printJson(outcome);
    return;
  }
  const verb = options.check === true ? 'would format' : 'formatted';
  for (const file of formatted) console.print(`${verb} ${file}`);
  for (const reason of new Set(leftAlone.map((each) => each.reason))) {
    const files = leftAlone.filter((each) => each.reason === reason).map((each) => each.file);
    const more = files.length > NAMED ? ` and ${files.length - NAMED} more` : '';
    console.say(`left alone, ${reason}: ${files.slice(0, NAMED).join(', ')}${more}`);
  }
  const wrong = broken.length === 0 ? '' : `, ${broken.length} broken`;
  console.print(
    `${formatted.length} ${verb}, ${unchanged.length} in order, ${leftAlone.length} left alone${wrong}`,
  );
}
