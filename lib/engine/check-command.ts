import type { Script, SectionResult } from '../model/script.ts';
import { withInput } from '../shell/input.ts';
import { joinScripts, sh } from '../shell/sh.ts';

/** Runs the commands of a `check_cmd` one after the other: ends with 1 at the first that fails, and says which. */
export function checkScript(commands: readonly string[]): Script {
  return joinScripts(
    commands.map(
      (command) => sh`if
${withInput(sh`sh -s`, `{\n${command}\n} </dev/null\n`)}
then :; else echo ${`check_cmd fails: ${command}`}; exit 1; fi`,
    ),
  );
}

/** One script that asks the `check_cmd` of many states: of each, the number of the first command that fails, or `-`. */
export function checksProbe(all: readonly (readonly string[])[]): Script {
  return joinScripts(
    all.flatMap((commands) => [
      sh`slab_bad=-`,
      ...commands.map(
        (command, number) => sh`[ "$slab_bad" != - ] || if
${withInput(sh`sh -s >/dev/null 2>&1`, `{\n${command}\n} </dev/null\n`)}
then :; else slab_bad=${number}; fi`,
      ),
      sh`echo "$slab_bad"`,
    ]),
  );
}

/** The first failing command of each state, in the order asked. */
export function readFailingChecks(
  result: SectionResult,
  all: readonly (readonly string[])[],
): readonly (string | undefined)[] {
  const lines = Buffer.from(result.stdout).toString('utf8').split('\n');
  return all.map((commands, index) => (lines[index] === '-' ? undefined : commands[Number(lines[index])]));
}
