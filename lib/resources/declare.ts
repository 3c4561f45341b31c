import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/near.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Complaint, Declared, FileSource, FunctionSpec, Kind } from '../model/resource.ts';
import type { HostRecords } from '../model/records.ts';
import type { SourceRange } from '../model/source.ts';
import type { Chunk, ChunkArgument } from '../model/state.ts';
import type { Grains } from '../model/value.ts';
import { asMeant } from './as-meant.ts';
import { checkArguments, type Fault } from './check-arguments.ts';
import { faultDiagnostic } from './fault-diagnostic.ts';
import { commandOptions, globalArguments } from './global-arguments.ts';
import { argumentsToJson, placeOfValue, withoutPath } from './node-json.ts';
import { unknownArguments } from './unknown-arguments.ts';

/** What a chunk is read against. */
export interface DeclareContext {
  readonly grains: Grains;
  readonly files: FileSource;
  /** Left out: nothing is on record. */
  readonly records?: HostRecords;
  readonly kinds: ReadonlyMap<string, Kind>;
  /** Arguments that a function does not know are warnings, and left out. */
  readonly lax?: boolean;
}

/**
 * Reads one chunk into what its kind makes of it. Everything wrong with its arguments comes at once. There is no
 * value without an error, except where the file source has reported a template's error in the template itself.
 */
export function declareChunk(chunk: Chunk, context: DeclareContext): Checked<Declared> {
  // A state that names no function was refused where it was read.
  if (chunk.fun === '') return { diagnostics: [] };
  const kind = context.kinds.get(chunk.module);
  if (kind === undefined) return unknownModule(chunk, context);
  const spec = Object.hasOwn(kind.functions, chunk.fun) ? kind.functions[chunk.fun] : undefined;
  if (spec === undefined) return unknownFunction(chunk, kind);

  const own = ownArguments(chunk, spec);
  const written = argumentsToJson(own);
  const named = { name: chunk.name, ...written };
  const faults = faultsOf(spec, chunk.name, written);
  const toTemplate = context.lax === true ? [] : variablesFor(spec, written, faults);
  const passedOver =
    context.lax === true
      ? faults.filter((fault) => fault.kind === 'unknown' && !toTemplate.includes(fault))
      : [];
  const describe = (fault: Fault): Diagnostic => faultDiagnostic(fault, { chunk, own, named, spec });
  const warnings = passedOver.map((fault) => passingOver(describe(fault)));
  const wrong = faults.filter((fault) => !passedOver.includes(fault) && !toTemplate.includes(fault));
  const slotted = slots(chunk, own, written);
  const errors = [...wrong.map(describe), ...slotted];
  const args = [...passedOver, ...toTemplate].reduce((rest, { at }) => withoutPath(rest, at), written);
  const unread = wrong.filter(({ kind }) => kind === 'unknown');
  // What is unknown hides nothing: the rest is checked as it was meant.
  const meant = asMeant({ name: chunk.name, args }, unread, spec.schema);
  if (slotted.length > 0 || (errors.length > 0 && faultsOf(spec, meant.name, meant.args).length > 0))
    return { diagnostics: [...errors, ...warnings].sort(byPlace) };

  const { grains, records = nothingOnRecord } = context;
  const files = context.files.of?.(saltenvOf(chunk)) ?? context.files;
  const unknown = unknownArguments(chunk, spec);
  const variables = toTemplate.flatMap(({ at: [name] }) => (typeof name === 'string' ? [name] : []));
  const parsed = kind.parse({
    chunk: meant.name === chunk.name ? chunk : { ...chunk, name: meant.name },
    fun: chunk.fun,
    name: meant.name,
    args: meant.args,
    unknown,
    variables,
    grains,
    files,
    records,
  });
  if (errors.length === 0 && 'declared' in parsed) return { value: parsed.declared, diagnostics: warnings };
  const complaints = ('declared' in parsed ? [] : parsed.complaints).map((complaint) =>
    complaintDiagnostic(chunk, { ...complaint, at: asWritten(complaint.at, meant.writtenAs) }),
  );
  return {
    diagnostics:
      errors.length === 0
        ? [...complaints, ...warnings]
        : [...errors, ...complaints, ...warnings].sort(byPlace),
  };
}

/** What is wrong with the arguments of a function, which may count the name among them. */
function faultsOf(spec: FunctionSpec, name: string, args: JsonObject): readonly Fault[] {
  const listsName = Object.hasOwn(propertiesOf(spec), 'name');
  return checkArguments(spec.schema, listsName ? { name, ...args } : args).filter(
    (fault) => fault.kind !== 'missing' || fault.at[0] !== 'name',
  );
}

function asWritten(
  [first, ...rest]: Complaint['at'],
  writtenAs: ReadonlyMap<string, string>,
): Complaint['at'] {
  if (typeof first !== 'string') return [];
  return [writtenAs.get(first) ?? first, ...rest];
}

function passingOver(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, severity: 'warning', why: '--lax passes over it, as Salt does' };
}

const nothingOnRecord: HostRecords = { environment: '', host: '', disks: [], approvals: [] };

/** The saltenv whose files a state means: its argument `saltenv`, or that of its SLS. */
function saltenvOf(chunk: Chunk): string {
  const written = chunk.args.get('saltenv')?.value;
  return written?.type === 'scalar' && typeof written.value === 'string' ? written.value : chunk.env;
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  const [one, other] = [a.source, b.source];
  return (one?.line ?? 0) - (other?.line ?? 0) || (one?.column ?? 0) - (other?.column ?? 0);
}

function unknownModule(chunk: Chunk, context: DeclareContext): Checked<Declared> {
  const having = [...context.kinds.values()].filter(({ functions }) =>
    Object.hasOwn(functions, chunk.module),
  );
  const near =
    didYouMean(chunk.module, context.kinds.keys()) ??
    (having.length === 0 ? undefined : `it is a function of ${having.map(({ name }) => name).join(', ')}`);
  return {
    diagnostics: [
      {
        severity: 'error',
        code: 'SLAB2101',
        summary: `there is no state module "${chunk.module}"`,
        source: chunk.source,
        fix: near ?? 'slab doc lists the modules there are',
      },
    ],
  };
}

function unknownFunction(chunk: Chunk, kind: Kind): Checked<Declared> {
  const names = Object.keys(kind.functions);
  return {
    diagnostics: [
      {
        severity: 'error',
        code: 'SLAB2102',
        summary: `the state module "${kind.name}" has no function "${chunk.fun}"`,
        source: chunk.source,
        fix: didYouMean(chunk.fun, names) ?? `it has ${names.join(', ')}`,
      },
    ],
  };
}

/** Unknown arguments that may be variables of the state's template; the kind looks whether that uses them. */
function variablesFor(spec: FunctionSpec, written: JsonObject, faults: readonly Fault[]): readonly Fault[] {
  if (spec.takesVariables !== true || typeof written['template'] !== 'string') return [];
  return faults.filter(({ kind, at }) => kind === 'unknown' && at.length === 1);
}

/** A function that lists a global argument in its own schema keeps it. */
function ownArguments(chunk: Chunk, spec: FunctionSpec): ReadonlyMap<string, ChunkArgument> {
  const properties = propertiesOf(spec);
  const asks = chunk.args.has('unless') || chunk.args.has('onlyif');
  const own = new Map<string, ChunkArgument>();
  for (const [name, argument] of chunk.args) {
    const taken = globalArguments.has(name) || (asks && commandOptions.has(name));
    if (!taken || Object.hasOwn(properties, name)) own.set(name, argument);
  }
  return own;
}

function complaintDiagnostic(chunk: Chunk, complaint: Complaint): Diagnostic {
  return {
    severity: 'error',
    code: complaint.code ?? 'SLAB2105',
    summary: complaint.summary,
    source: placeOfValue(chunk.args, complaint.at) ?? placeOfName(chunk, complaint) ?? chunk.source,
    ...(complaint.why === undefined ? {} : { why: complaint.why }),
    ...(complaint.fix === undefined ? {} : { fix: complaint.fix }),
  };
}

function placeOfName(chunk: Chunk, { at }: Complaint): SourceRange | undefined {
  return at.length === 1 && at[0] === 'name' ? chunk.named : undefined;
}

/** Salt replaces `__slot__:` text just before a state runs; kept as it is, it would end up in files. */
function slots(
  chunk: Chunk,
  own: ReadonlyMap<string, ChunkArgument>,
  args: JsonObject,
): readonly Diagnostic[] {
  const slotted = Object.keys(args).filter((name) => {
    const value = args[name] ?? null;
    const near: readonly Json[] =
      typeof value === 'object' && value !== null ? Object.values(value) : [value];
    return near.some((each: Json) => typeof each === 'string' && each.startsWith('__slot__:'));
  });
  return slotted.map((name) => ({
    severity: 'error',
    code: 'SLAB2105',
    summary: `"${name}" is a slot; slab knows every value before anything runs`,
    source: placeOfValue(own, [name]) ?? chunk.source,
    fix: 'use a template expression instead',
  }));
}

/** Schemas of a function's own arguments. */
function propertiesOf(spec: FunctionSpec): JsonObject {
  return (spec.schema['properties'] ?? {}) as JsonObject;
}
