import { isDeepStrictEqual } from 'node:util';
import type { Code } from '../diagnostics/codes.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { SourceRange } from '../model/source.ts';

/** What a mistake says beside its summary and place; undefined members are left out. */
export interface MistakeDetails {
  readonly why?: string | undefined;
  readonly fix?: string | undefined;
  readonly related?: Diagnostic['related'] | undefined;
}

/** An error at a place; the place is undefined when it came from the command line. */
export function mistake(
  code: Code,
  summary: string,
  source: SourceRange | undefined,
  details: MistakeDetails = {},
): Diagnostic {
  return { severity: 'error', code, summary, ...defined({ source, ...details }) };
}

/** A warning at a place. */
export function warning(
  code: Code,
  summary: string,
  source: SourceRange | undefined,
  details: MistakeDetails = {},
): Diagnostic {
  return { ...mistake(code, summary, source, details), severity: 'warning' };
}

/** Whether an error is among findings. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [K in keyof T]?: Exclude<T[K], undefined> }; // undefined was just filtered out
}

/** Keeps diagnostics; a template may be rendered whenever it is asked for, and its mistake is one mistake. */
export function noteIn(all: Diagnostic[]): (diagnostic: Diagnostic) => void {
  return (diagnostic) => {
    if (!all.some((known) => isDeepStrictEqual(known, diagnostic))) all.push(diagnostic);
  };
}
