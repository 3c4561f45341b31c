import type { Paint } from '../diagnostics/paint.ts';
import { plainPaint } from '../diagnostics/paint.ts';

/** The environment variables of a process. */
export type Env = Readonly<Record<string, string | undefined>>;

/** What a stream's colour depends on. */
export interface ColourQuestion {
  readonly flag: 'auto' | 'always' | 'never';
  readonly env: Env;
  /** Whether this stream is a terminal; stdout and stderr are asked about separately. */
  readonly isTTY: boolean;
}

/** Whether to write colour: --color, then NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, TERM=dumb, and at last the terminal. */
export function wantsColour({ flag, env, isTTY }: ColourQuestion): boolean {
  if (flag !== 'auto') return flag === 'always';
  if (env['NO_COLOR']) return false;
  const force = env['FORCE_COLOR'];
  if (force) return force !== '0' && force !== 'false';
  if (env['CLICOLOR_FORCE'] && env['CLICOLOR_FORCE'] !== '0') return true;
  if (env['TERM'] === 'dumb') return false;
  return isTTY;
}

/** Whether to keep to ASCII: asked for, or the locale is not UTF-8. Without any locale setting UTF-8 is assumed. */
export function wantsAscii({ flag, env }: { readonly flag: boolean; readonly env: Env }): boolean {
  if (flag) return true;
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find(Boolean);
  return locale !== undefined && !/utf-?8/i.test(locale);
}

/** How progress is shown: a live area on a terminal, lines in a log. */
export function progressMode(
  flag: 'auto' | 'live' | 'lines' | 'none',
  { env, isTTY }: { readonly env: Env; readonly isTTY: boolean },
): 'live' | 'lines' | 'none' {
  if (flag !== 'auto') return flag;
  return isTTY && !env['CI'] && env['TERM'] !== 'dumb' ? 'live' : 'lines';
}

/** Paint for a stream. Chalk is loaded only when there is something to colour; only the 16 colours of every terminal. */
export async function loadPaint(colour: boolean): Promise<Paint> {
  if (!colour) return plainPaint;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return {
    red: (text) => chalk.red(text),
    yellow: (text) => chalk.yellow(text),
    green: (text) => chalk.green(text),
    cyan: (text) => chalk.cyan(text),
    dim: (text) => chalk.dim(text),
    bold: (text) => chalk.bold(text),
    underline: (text) => chalk.underline(text),
  };
}
