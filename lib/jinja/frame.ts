import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Rendered } from './api.ts';
import { Failures } from './failures.ts';
import { callHost } from './host-call.ts';
import { Output } from './output.ts';
import { PyError } from './python/error.ts';
import { DEPTH_LIMIT, spend } from './python/meter.ts';
import { BoundMethod, Native } from './python/native.ts';
import type { Environment } from './python/native.ts';
import { isTruthy } from './python/truth.ts';
import { Undefined } from './python/undefined.ts';
import { isHostFunction, typeName } from './python/value.ts';
import type { Kwargs, PyObject, Val } from './python/value.ts';
import type { Site, Via } from './site.ts';
import { Writer } from './writer.ts';

/** One activation of a function of a template. */
export class Frame {
  readonly slots: (Val | undefined)[];
  readonly up: Frame | null;
  readonly context: Context;
  readonly runtime: Runtime;
  out: Output;
  /** The parent that an `extends` named; from then on the template itself prints nothing. */
  parent: Code | null = null;

  constructor(slots: number, up: Frame | null, place: { context: Context; runtime: Runtime; out: Output }) {
    this.slots = new Array<Val | undefined>(slots);
    this.up = up;
    this.context = place.context;
    this.runtime = place.runtime;
    this.out = place.out;
  }
}

/** A compiled expression. */
export type Evaluate = (frame: Frame) => Val;

/** How a statement ended; the loop around it heeds it. */
export type Signal = typeof NORMAL | typeof BREAK | typeof CONTINUE;
export const NORMAL = 0;
export const BREAK = 1;
export const CONTINUE = 2;

/** A compiled statement. */
export type Execute = (frame: Frame) => Signal;

/** A compiled block of a template that others may extend. */
export interface BlockBody {
  readonly name: string;
  readonly slots: () => number;
  readonly body: Execute;
  readonly required: boolean;
  readonly site: Site;
}

/** A compiled template. */
export interface Code {
  readonly file: string;
  readonly whole: Site;
  readonly slots: () => number;
  readonly body: Execute;
  readonly blocks: ReadonlyMap<string, BlockBody>;
}

/** What a template sees by name: what it set at its top, what the caller gave it, the globals. */
export class Context {
  readonly globals: ReadonlyMap<string, Val>;
  readonly variables: ReadonlyMap<string, Val>;
  /** Names set at the top of the template, or handed over by the template that includes or imports this one. */
  readonly vars: Map<string, Val>;
  readonly exported = new Set<string>();
  /** Blocks by name, the innermost child's first. */
  readonly blocks: Map<string, BlockBody[]>;

  constructor(
    globals: ReadonlyMap<string, Val>,
    variables: ReadonlyMap<string, Val>,
    own: { readonly vars?: Map<string, Val>; readonly blocks?: Map<string, BlockBody[]> } = {},
  ) {
    this.globals = globals;
    this.variables = variables;
    this.vars = own.vars ?? new Map<string, Val>();
    this.blocks = own.blocks ?? new Map<string, BlockBody[]>();
  }

  get(name: string): Val | undefined {
    let value = this.vars.get(name);
    if (value === undefined) value = this.variables.get(name);
    return value === undefined ? this.globals.get(name) : value;
  }

  /** Sets a name at the top of the template. What was imported is not exported, nor are names with an underscore in front. */
  set(name: string, value: Val, from: 'here' | 'import'): void {
    this.vars.set(name, value);
    if (from === 'import') this.exported.delete(name);
    else if (!name.startsWith('_')) this.exported.add(name);
  }

  /** Every name that can be written here, for "did you mean". */
  *names(): Iterable<string> {
    yield* this.vars.keys();
    yield* this.variables.keys();
    yield* this.globals.keys();
  }
}

/** What a rendering can do beyond computing: find templates, filters and tests. */
export interface Services {
  /**
   * `from`: the files that a relative name may begin at, the likeliest first.
   * @throws PyError when there is no such template, SyntaxFailures when it cannot be compiled.
   */
  readonly load: (name: string, asked: Site, from: readonly string[]) => Code;
  readonly importVariables: (name: string) => ReadonlyMap<string, Val>;
  /** Whether templates imported without context see the variables of the rendering, as in Salt. */
  readonly importsSeeVariables: boolean;
  readonly filters: ReadonlyMap<string, Native>;
  readonly tests: ReadonlyMap<string, Native>;
  readonly globals: ReadonlyMap<string, Val>;
  /** Called when a failure was noted and the rendering goes on. */
  readonly onFailure: () => void;
  readonly parseYaml: (text: string, file: string, at?: Rendered['at']) => Val;
}

/** The state of one rendering. */
export class Runtime implements Environment {
  readonly services: Services;
  /** The operation in progress: where an error happened. */
  at: Site;
  via: Via | null = null;
  /** Where the rendering itself writes; null before it begins. */
  out: Output | null = null;
  readonly failures = new Failures();
  private depth = 0;
  /** The names asked for so far, and the file of the last one that was not relative. */
  private readonly loadedNames = new Set<string>();
  private lastLoaded: string | undefined;
  /** What templates imported without context see in place of the rendering's variables. */
  importVariables: ReadonlyMap<string, Val> = new Map<string, Val>();
  /** Modules imported without context, by file: each is run once in a rendering. */
  readonly modules = new Map<string, PyObject>();

  constructor(services: Services, at: Site) {
    this.services = services;
    this.at = at;
  }

  /**
   * Finds a template. A relative name begins at the template that was loaded last, as in Salt, or else at the one that
   * asks.
   */
  load(name: string, asked: Site): Code {
    const own = asked.source.file;
    const code = this.services.load(
      name,
      asked,
      this.lastLoaded === undefined ? [own] : [this.lastLoaded, own],
    );
    if (this.loadedNames.has(name)) return code;
    this.loadedNames.add(name);
    if (!/^\.\.?\//.test(name)) this.lastLoaded = code.file;
    this.importVariables = new Map([...this.importVariables, ...this.services.importVariables(name)]);
    return code;
  }

  /** Goes into a macro, include or import that stands at a place; `leave` with what this returns. */
  enter(site: Site): Via | null {
    spend(1);
    if (++this.depth > DEPTH_LIMIT) {
      this.at = site;
      throw new PyError('RuntimeError', 'macros and includes call each other without end', {
        fix: `at most ${DEPTH_LIMIT} may be open at once`,
      });
    }
    const outer = this.via;
    this.via = { site, outer };
    return outer;
  }

  leave(outer: Via | null): void {
    this.depth--;
    this.via = outer;
  }

  /** Notes a failure and goes on where this was the chain of macros and includes. */
  resume(failure: Diagnostic, via: Via | null): void {
    if (this.failures.note(failure)) this.services.onFailure();
    this.via = via;
    this.depth = 0;
    for (let link = via; link !== null; link = link.outer) this.depth++;
  }

  get site(): Site {
    return this.at;
  }

  call(callee: Val, args: Val[], kwargs: Kwargs): Val {
    if (callee instanceof Writer) {
      const out = new Output();
      callee.write(args, kwargs, out);
      return out.text;
    }
    if (callee instanceof BoundMethod) return callee.method.invoke([callee.self, ...args], kwargs, this);
    if (callee instanceof Native) return callee.invoke(args, kwargs, this);
    if (isHostFunction(callee)) return callHost(callee, { args, kwargs, site: this.at, via: this.via });
    if (callee instanceof Undefined) callee.fail();
    throw new PyError('TypeError', `'${typeName(callee)}' object is not callable`);
  }

  applyFilter(name: string, args: Val[], kwargs: Kwargs): Val {
    const filter = this.services.filters.get(name);
    if (filter === undefined) throw new PyError('TemplateRuntimeError', `No filter named '${name}'.`);
    return filter.invoke(args, kwargs, this);
  }

  applyTest(name: string, args: Val[], kwargs: Kwargs): boolean {
    const test = this.services.tests.get(name);
    if (test === undefined) throw new PyError('TemplateRuntimeError', `No test named '${name}'.`);
    return isTruthy(test.invoke(args, kwargs, this));
  }

  hasFilter(name: string): boolean {
    return this.services.filters.has(name);
  }

  hasTest(name: string): boolean {
    return this.services.tests.has(name);
  }

  loadYaml(text: string): Val {
    return this.services.parseYaml(text, this.at.source.file);
  }
}
