import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { complaint } from '../inventory/shape.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Gate, S3Keys } from '../model/rollout.ts';
import { readCredentials } from '../s3/credentials.ts';
import type { S3Credentials } from '../s3/sign.ts';

/** Keys by the names of the gates that need them. */
export type GateKeys = ReadonlyMap<string, S3Credentials>;

/**
 * Reads the keys of gates over S3, before anything is changed.
 * @param directory what the names of files are relative to.
 */
export function readGateKeys(
  gates: readonly Gate[],
  directory: string,
  environment: NodeJS.ProcessEnv,
): { readonly keys: GateKeys; readonly diagnostics: readonly Diagnostic[] } {
  const keys = new Map<string, S3Credentials>();
  const diagnostics: Diagnostic[] = [];
  for (const { name, source, check } of gates) {
    if (check.of !== 's3') continue;
    const text = textOf(check.keys, directory, environment);
    const found = text.value === undefined ? undefined : readCredentials(text.value);
    if (found !== undefined) keys.set(name, found);
    else
      diagnostics.push(
        complaint(
          'SLAB6002',
          source,
          `the gate ${name} has no keys: ${text.why ?? `${text.where} has none`}`,
          {
            fix: 'it has to hold lines aws_access_key_id = … and aws_secret_access_key = …, in [default] or without a section',
          },
        ),
      );
  }
  return { keys, diagnostics };
}

interface KeyText {
  readonly where: string;
  readonly value?: string;
  readonly why?: string;
}

function textOf({ from, name }: S3Keys, directory: string, environment: NodeJS.ProcessEnv): KeyText {
  if (from === 'env') {
    const value = environment[name];
    const where = `the variable ${name}`;
    return value === undefined ? { where, why: `${where} is not set` } : { where, value };
  }
  const path = resolve(directory, name.replace(/^~(?=\/)/, homedir()));
  try {
    return { where: name, value: readFileSync(path, 'utf8') };
  } catch (error) {
    return {
      where: name,
      why: `${name} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
    };
  }
}
