import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Host } from '../model/inventory.ts';
import type { Grains } from '../model/value.ts';
import type { Answers } from '../questions/index.ts';
import type { Compiler } from '../sls/api.ts';
import { nobody, type Others } from '../sls/others.ts';
import { declareHost, noRecords, type Strictness } from './declare-host.ts';
import { unsharedOf, type UnsharedOf } from './find-shared.ts';

/** What compiling one host gave: plain data, which can be sent from thread to thread. */
export interface CheckedHost {
  /** Texts that must not be shown. */
  readonly secrets: readonly string[];
  readonly states: number;
  /** Errors and warnings, each naming the host. */
  readonly diagnostics: readonly Diagnostic[];
  /** What no other host may declare too. */
  readonly unshared: readonly UnsharedOf[];
}

/** What is known of a host that is not asked anything, and of the others. */
export interface KnownHost {
  readonly grains: Grains;
  readonly answers: Answers;
  readonly others?: Others;
}

/** Compiles one host as a plan would, without asking it anything, the templates of its files included. What is on record of it changes no verdict here. */
export function checkHost(
  host: Host,
  compiler: Compiler,
  { grains, answers, others = nobody, lax = false }: KnownHost & Strictness,
): CheckedHost {
  const compilation = compiler.compile(host, grains, { answers, others });
  const chunks = compilation.found;
  const records = noRecords('', host.name);
  const declared = declareHost(chunks, { grains, files: compilation.files, records, lax });
  const found = [
    ...compilation.diagnostics,
    ...declared.diagnostics.map((each) => compilation.includedFrom(each)),
    ...compilation.lateDiagnostics(),
  ];
  return {
    secrets: compilation.secrets,
    states: chunks.length,
    diagnostics: found.map((each) => ({ ...asWarning(each), hosts: [host.name] })),
    unshared: unsharedOf(host.name, declared.chunks),
  };
}

/** What only the host can answer is no mistake: what hangs on it is not checked, and that is said. */
export function asWarning(diagnostic: Diagnostic): Diagnostic {
  return diagnostic.code === 'SLAB2007' ? { ...diagnostic, severity: 'warning' } : diagnostic;
}
