import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/near.ts';
import type { JsonObject } from '../model/json.ts';
import type { Complaint, Declared, FileSource, FunctionSpec, Kind } from '../model/resource.ts';
import type { HostRecords } from '../model/records.ts';
import type { Chunk } from '../model/state.ts';
import type { Grains } from '../model/value.ts';
import { asMeant, type Meant } from './as-meant.ts';
import type { Fault } from './check-arguments.ts';
import { faultDiagnostic, placeOfName } from './fault-diagnostic.ts';
import { placeOfValue, withoutPath } from './node-json.ts';
import { faultsOf, readArguments, type Reading } from './read-arguments.ts';

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

  const reading = readArguments(chunk, spec);
  const { errors, warnings, meant, variables } = judge(chunk, spec, reading, context.lax === true);
  if (meant === undefined) return { diagnostics: [...errors, ...warnings].sort(byPlace) };

  const { grains, records = nothingOnRecord } = context;
  const files = context.files.of?.(saltenvOf(chunk)) ?? context.files;
  const parsed = kind.parse({
    chunk: meant.name === chunk.name ? chunk : renamed(chunk, meant.name),
    fun: chunk.fun,
    name: meant.name,
    args: meant.args,
    unknown: reading.unknown,
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

/** What is wrong with a state's arguments, and how they are meant. */
interface Judgement {
  readonly errors: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
  /** Undefined where the state cannot be read any further. */
  readonly meant: Meant | undefined;
  /** Unknown arguments that may be variables of the state's template. */
  readonly variables: readonly string[];
}

function judge(chunk: Chunk, spec: FunctionSpec, reading: Reading, lax: boolean): Judgement {
  const { own, written, faults, slots } = reading;
  if (faults.length + slots.length === 0)
    return { errors: [], warnings: [], meant: { name: chunk.name, args: written, writtenAs }, variables: [] };
  const named = { name: chunk.name, ...written };
  const toTemplate = lax ? [] : variablesFor(spec, written, faults);
  const passedOver = lax
    ? faults.filter((fault) => fault.kind === 'unknown' && !toTemplate.includes(fault))
    : [];
  const describe = (fault: Fault): Diagnostic => faultDiagnostic(fault, { chunk, own, named, spec });
  const wrong = faults.filter((fault) => !passedOver.includes(fault) && !toTemplate.includes(fault));
  const errors = [...wrong.map(describe), ...slots.map((name) => slotDiagnostic(chunk, own, name))];
  const args = [...passedOver, ...toTemplate].reduce((rest, { at }) => withoutPath(rest, at), written);
  const unread = wrong.filter(({ kind }) => kind === 'unknown');
  // What is unknown hides nothing: the rest is checked as it was meant.
  const meant = asMeant({ name: chunk.name, args }, unread, spec.schema);
  const isReadable =
    slots.length === 0 && (errors.length === 0 || faultsOf(spec, meant.name, meant.args).length === 0);
  return {
    errors,
    warnings: passedOver.map((fault) => passingOver(describe(fault))),
    meant: isReadable ? meant : undefined,
    variables: toTemplate.flatMap(({ at: [name] }) => (typeof name === 'string' ? [name] : [])),
  };
}

/** Nothing is read as something else. */
const writtenAs: Meant['writtenAs'] = new Map();

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

/** Places are named, as a chunk finds them when it is asked. */
function renamed(chunk: Chunk, name: string): Chunk {
  const { source, named = source } = chunk;
  return { ...chunk, source, named, name };
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

function complaintDiagnostic(chunk: Chunk, complaint: Complaint): Diagnostic {
  return {
    severity: 'error',
    code: complaint.code ?? 'SLAB2105',
    summary: complaint.summary,
    source: placeOfValue(chunk.args, complaint.at) ?? placeOfName(chunk, complaint.at) ?? chunk.source,
    ...(complaint.why === undefined ? {} : { why: complaint.why }),
    ...(complaint.fix === undefined ? {} : { fix: complaint.fix }),
  };
}

function slotDiagnostic(chunk: Chunk, own: Reading['own'], name: string): Diagnostic {
  return {
    severity: 'error',
    code: 'SLAB2105',
    summary: `"${name}" is a slot; slab knows every value before anything runs`,
    source: placeOfValue(own, [name]) ?? chunk.source,
    fix: 'use a template expression instead',
  };
}
