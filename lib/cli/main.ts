import { CommanderError } from 'commander';
import { SlabError } from '../diagnostics/errors.ts';
import { exitCodes } from '../diagnostics/exit-codes.ts';
import { createProgram } from './program.ts';

/** Runs one command line. @returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  // A reader that went away (`slab … | head`) ends the output, not with a stack trace.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.done);
    throw error;
  });
  const code = await run(argv);
  // The process ends with this: what a slow reader has not taken yet would be lost.
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  return code;
}

async function run(argv: readonly string[]): Promise<number> {
  const ended = { code: exitCodes.done as number };
  try {
    await createProgram(ended).parseAsync([...argv], { from: 'user' });
    return ended.code;
  } catch (error) {
    return explainEnd(error);
  }
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writableLength === 0) resolve();
    else stream.write('', () => resolve());
  });
}

function explainEnd(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.badInput;
  if (error instanceof SlabError) {
    process.stderr.write(`error[${error.code}]: ${error.message}\n`);
    if (error.fix !== undefined) process.stderr.write(`  fix: ${error.fix}\n`);
    return /^SLAB[126]/.test(error.code) && !['SLAB6008', 'SLAB6009'].includes(error.code)
      ? exitCodes.badInput
      : exitCodes.refused;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `slab failed in a way it should not. This is a bug; please report it with these lines:\n${text}\n`,
  );
  return exitCodes.bug;
}
