import type { CommandEnd } from '../support/command-line.ts';

/** How much more than usual is tried, and where the random numbers begin. */
export const SCALE = Math.max(1, Number(process.env['SLAB_FUZZ'] ?? '1'));
export const SEED = Number(process.env['SLAB_FUZZ_SEED'] ?? '20261128');

/** What no input may ever bring about, and mistakes that do not say where they are. @param placeless those that need not. */
export function faultsIn({ code, stdout, stderr }: CommandEnd, placeless: RegExp): readonly string[] {
  const blocks = stderr.split(/\n\n/).filter((block) => block.startsWith('error['));
  return [
    ...([0, 2, 3].includes(code) ? [] : [`exit code ${code}`]),
    ...(/This is a bug|^\s+at .*[:(]\d+:\d+\)?$/m.test(stderr + stdout) ? ['a stack trace'] : []),
    ...(code === 3 && stderr === '' ? ['nothing said'] : []),
    ...blocks
      .filter((block) => !placeless.test(block) && !/^ {2}--> \S+:\d+:\d+/m.test(block))
      .map((block) => `no place: ${block}`),
    ...(stderr.includes('[object ') ? ['a value of JavaScript'] : []),
  ];
}
