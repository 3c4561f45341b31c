import { PyError } from './error.ts';

/** Raised when a rendering uses up its steps. */
export class StepLimitError extends Error {}

/** Longest text, in UTF-16 units, that a template may build. */
const TEXT_LIMIT = 8 * 1024 * 1024;

/** Deepest nesting of macros, includes and recursive loops; Python's own limit lies near it. */
export const DEPTH_LIMIT = 200;

/** What the rendering in progress has left. Rendering is synchronous, so there is one. */
const meter = { left: Infinity };

/** Takes steps from the rendering in progress. */
export function spend(steps: number): void {
  meter.left -= steps;
  if (meter.left < 0) throw new StepLimitError();
}

/** Runs one rendering with so many steps; a rendering that starts another gets its own rest back afterwards. */
export function withSteps<T>(steps: number, run: () => T): T {
  const outer = meter.left;
  meter.left = steps;
  try {
    return run();
  } finally {
    meter.left = outer;
  }
}

/** Pays for a text that is made or gone through: so many characters are one step. */
export function spendText(length: number): void {
  if (length >= TEXT_STEP) spend(length / TEXT_STEP);
}

const TEXT_STEP = 32;

/** Refuses texts longer than any configuration file. */
export function checkLength(length: number): void {
  if (length > TEXT_LIMIT) throw new PyError('OverflowError', 'a text of this template grows beyond 8 MiB');
}
