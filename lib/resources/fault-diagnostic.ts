import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/near.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { FunctionSpec } from '../model/resource.ts';
import type { SourceRange } from '../model/source.ts';
import type { Chunk, ChunkArgument } from '../model/state.ts';
import type { Fault } from './check-arguments.ts';
import { describeValue } from './expected.ts';
import { globalArguments } from './global-arguments.ts';
import { type ArgumentPath, placeOfKey, placeOfValue } from './node-json.ts';

/** What a fault is told about. */
interface FaultContext {
  readonly chunk: Chunk;
  readonly own: ReadonlyMap<string, ChunkArgument>;
  readonly named: JsonObject;
  readonly spec: FunctionSpec;
}

/** What is wrong with one argument, at its place. */
export function faultDiagnostic(fault: Fault, { chunk, own, named, spec }: FaultContext): Diagnostic {
  const path = pathText(fault.at);
  const { code, summary, why, fix } = describeFault(fault, {
    chunk,
    path,
    value: valueAt(named, fault.at),
    spec,
  });
  const place = fault.kind === 'unknown' ? placeOfKey(own, fault.at) : placeOfValue(own, fault.at);
  const source = place ?? placeOfName(chunk, fault.at) ?? chunk.source;
  return {
    severity: 'error',
    code,
    summary,
    source,
    ...(why === undefined ? {} : { why }),
    ...(fix === undefined ? {} : { fix }),
  };
}

/** Where the name of a chunk was written, if that is what a path leads to; it is not among the arguments. */
export function placeOfName({ named }: Chunk, at: ArgumentPath): SourceRange | undefined {
  return at.length === 1 && at[0] === 'name' ? named : undefined;
}

interface Described {
  readonly code: 'SLAB2104' | 'SLAB2105';
  readonly summary: string;
  readonly why?: string;
  readonly fix?: string | undefined;
}

function describeFault(
  fault: Fault,
  { chunk, path, value, spec }: { chunk: Chunk; path: string; value: Json; spec: FunctionSpec },
): Described {
  const state = `${chunk.module}.${chunk.fun}`;
  switch (fault.kind) {
    case 'unknown': {
      const own = fault.at.length > 1 ? fault.known : [...fault.known, ...globalArguments];
      const key = String(fault.at.at(-1));
      const about = { code: 'SLAB2104', summary: `${state} has no argument "${path}"` } as const;
      if (key.startsWith('-') && own.includes(key.slice(1)))
        return { ...about, why: 'a space is missing behind the dash', fix: `write "- ${key.slice(1)}: …"` };
      const near = didYouMean(key, own);
      if (near !== undefined) return { ...about, fix: near };
      const why = 'Salt passes over it in silence; with --lax slab warns of it and goes on';
      const others = fault.known.length === 0 ? 'it has none of its own' : `it has ${fault.known.join(', ')}`;
      return { ...about, why, fix: `remove it; ${others}` };
    }
    case 'missing': {
      const [example] = spec.examples;
      const fix = `add "${String(fault.at.at(-1))}": ${fault.expected}`;
      return {
        code: 'SLAB2105',
        summary: `${state} needs the argument "${path}"`,
        fix: example === undefined ? fix : `${fix}, as in:\n${example.trimEnd()}`,
      };
    }
    case 'value': {
      const summary = `"${path}" must be ${fault.expected}, not ${describeValue(value)}`;
      return { code: 'SLAB2105', summary, fix: quotingFix(fault.expected, value) };
    }
  }
}

/** The two slips of YAML: text that reads as something else, and something else that quotes made text. */
function quotingFix(expected: string, value: Json): string | undefined {
  if (expected.includes('text') && (typeof value === 'number' || typeof value === 'boolean'))
    return `put it in quotes: "${String(value)}"`;
  const plain = /^(true|false|-?[0-9]+)$/i.exec(typeof value === 'string' ? value : '');
  return plain !== null && /true or false|number/.test(expected)
    ? `write it without quotes: ${plain[0]}`
    : undefined;
}

function pathText(at: ArgumentPath): string {
  return at
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index ? '.' : ''}${step}`))
    .join('');
}

function valueAt(value: Json, at: ArgumentPath): Json {
  return at.reduce<Json>((inside, step) => {
    if (typeof inside !== 'object' || inside === null) return null;
    return (inside as Readonly<Record<string | number, Json>>)[step] ?? null;
  }, value);
}
