import { CommanderError } from 'commander';
import { SlabError } from '../diagnostics/errors.ts';
import { exitCodes } from '../diagnostics/exit-codes.ts';
import { createProgram } from './program.ts';

/**
 * Runs one command line.
 * @param endNow ends the process after an error, whatever is still open.
 * @returns the exit code.
 */
export async function main(
  argv: readonly string[],
  endNow: (code: number) => void = (code) => process.exit(code),
): Promise<number> {
  // A reader that went away (`slab … | head`) ends the output, not with a stack trace.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.done);
    throw error;
  });
  const ended = { code: exitCodes.done as number };
  try {
    await createProgram(ended).parseAsync([...argv], { from: 'user' });
    return ended.code;
  } catch (error) {
    // Connections that are still open would keep the process alive for as long as their hosts answer.
    const code = explainEnd(error);
    endNow(code);
    return code;
  }
}

function explainEnd(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.badInput;
  if (error instanceof SlabError) {
    process.stderr.write(`error[${error.code}]: ${error.message}\n`);
    if (error.fix !== undefined) process.stderr.write(`  fix: ${error.fix}\n`);
    return /^SLAB[126]/.test(error.code) ? exitCodes.badInput : exitCodes.refused;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `slab failed in a way it should not. This is a bug; please report it with these lines:\n${text}\n`,
  );
  return exitCodes.bug;
}
