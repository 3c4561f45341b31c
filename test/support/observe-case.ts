import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Diagnostic } from '../../lib/diagnostics/diagnostic.ts';
import type { Json } from '../../lib/model/json.ts';
import type { Declared, Diff, Kind, Prospect } from '../../lib/model/resource.ts';
import type { HostRecords } from '../../lib/model/records.ts';
import type { Script, SectionResult } from '../../lib/model/script.ts';
import type { Step } from '../../lib/model/step.ts';
import type { Grains, Value } from '../../lib/model/value.ts';
import { declareChunk } from '../../lib/resources/index.ts';
import type { CaseAnswer, CaseState } from './cases.ts';
import { chunkOf } from './chunk.ts';
import { fileSourceOf } from './file-source.ts';

/** The states of a case, declared, and what is wrong with them. */
export function declareStates(
  kind: Kind,
  { grains, files, states, records }: Pick<CaseContext, 'grains' | 'files' | 'states' | 'records'>,
): { readonly declared: readonly Declared[]; readonly diagnostics: readonly Diagnostic[] } {
  const context = {
    grains: grainsOf(grains),
    files: fileSourceOf(files ?? {}),
    kinds: new Map([[kind.name, kind]]),
    ...(records === undefined ? {} : { records }),
  };
  const all = states.map((state) => {
    const { function: fun, name, id = name, args = {} } = state;
    return declareChunk(chunkOf({ module: kind.name, fun, name, id, args }), context);
  });
  return {
    declared: all.flatMap(({ value }) => (value === undefined ? [] : [deepFreeze(value)])),
    diagnostics: all.flatMap(({ diagnostics }) => diagnostics),
  };
}

/** What a case is made of. */
export interface CaseContext {
  readonly grains?: Readonly<Record<string, Json>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly states: readonly CaseState[];
  readonly prospect?: Readonly<Record<string, Json>>;
  readonly records?: HostRecords;
}

/** What the engine would find out of one state. */
export interface Examined {
  readonly declared: Declared;
  readonly observed: Json;
  readonly diff: Diff;
  readonly steps: readonly Step[];
}

/**
 * A plan as the engine makes it: in order, each state seeing what the ones before it will have done.
 * @param look answers what a kind looks at more closely; without it nothing is.
 */
export function examine(
  kind: Kind,
  declared: readonly Declared[],
  result: SectionResult,
  foreseen: Readonly<Record<string, Json>> = {},
  look?: (script: Script) => SectionResult,
): readonly Examined[] {
  const first = kind.observe(result, declared);
  assert.equal(first.length, declared.length, 'one observation for each declared state');
  const looks = look === undefined ? [] : (kind.deepen?.(declared, first, grainsOf()) ?? []);
  const observations =
    look === undefined || looks.length === 0
      ? first
      : (kind.observeDeeper?.(
          looks.map(({ script }) => look(script)),
          declared,
          first,
        ) ?? first);
  assert.equal(
    observations.length,
    declared.length,
    'one observation for each declared state, looked at twice',
  );
  const predicted = new Map(Object.entries(foreseen));
  const earlier: Prospect['earlier'][number][] = [...predicted.keys()].map((object) => ({
    object,
    action: 'update',
  }));
  return declared.map((each, index) => {
    const observed = deepFreeze(observations[index] ?? null);
    const prospect = { predicted: (key: string) => predicted.get(key), earlier: [...earlier] };
    const diff = deepFreeze(kind.diff(each, observed, prospect));
    const failed = (diff.problems ?? []).length > 0;
    const steps = failed ? [] : kind.steps(each, diff.changes, observed);
    if (diff.changes.length > 0 && !failed) {
      for (const [key, value] of Object.entries(diff.predicted)) predicted.set(key, value);
      earlier.push(...diff.changes.map(({ object, action }) => ({ object, action })));
    }
    return { declared: each, observed, diff, steps };
  });
}

/** A recorded answer as the transport would hand it over. */
export function answerOf({
  code = 0,
  stdout = '',
  stdout64,
  stdoutFile,
  stderr = '',
}: CaseAnswer): SectionResult {
  const bytes =
    stdoutFile !== undefined
      ? readFileSync(new URL(`../${stdoutFile}`, import.meta.url))
      : stdout64 === undefined
        ? Buffer.from(stdout)
        : Buffer.from(stdout64, 'base64');
  return { name: 'probe', code, stdout: bytes, stderr, durationMs: 1 };
}

/** Grains from plain data. */
export function grainsOf(grains: Readonly<Record<string, Json>> = {}): Grains {
  const value = (json: Json): Value => {
    if (Array.isArray(json)) return (json as Json[]).map(value);
    return typeof json === 'object' && json !== null ? grainsOf(json as Record<string, Json>) : json;
  };
  return new Map(Object.entries(grains).map(([key, json]) => [key, value(json)]));
}

/** Every script a plan would send. */
export function scriptsOf(probe: Script, examined: readonly Examined[]): readonly Script[] {
  return [probe, ...examined.flatMap(({ steps }) => steps.map(({ script }) => script))];
}

/** Freezes plain data all the way down, so that changing it throws. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value))
    return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
