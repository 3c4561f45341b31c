import type { Evaluate, Execute } from './frame.ts';
import { Frame } from './frame.ts';
import type { Output } from './output.ts';
import { didYouMean } from '../diagnostics/near.ts';
import { PyError, typeError } from './python/error.ts';
import { Undefined } from './python/undefined.ts';
import { orElse, PlainDict, tuple } from './python/value.ts';
import type { Kwargs, Val } from './python/value.ts';
import { Writer } from './writer.ts';
import type { Site } from './site.ts';

/** A macro as it was compiled; slots that it does not use are undefined. */
export interface MacroCode {
  /** Null for the body of a call block. */
  readonly name: string | null;
  readonly parameters: readonly {
    readonly name: string;
    readonly slot: number;
    readonly otherwise: Evaluate | null;
    readonly site: Site;
  }[];
  readonly slots: () => number;
  readonly caller: () => number | undefined;
  readonly varargs: () => number | undefined;
  readonly kwargs: () => number | undefined;
  readonly body: Execute;
}

/** A macro together with the frame it was defined in. */
export class Macro extends Writer {
  readonly type = 'Macro';
  private readonly code: MacroCode;
  private readonly home: Frame;

  constructor(code: MacroCode, home: Frame) {
    super();
    this.code = code;
    this.home = home;
  }

  write(args: Val[], kwargs: Kwargs, out: Output): void {
    const { runtime, context } = this.home;
    const frame = new Frame(this.code.slots(), this.home, { context, runtime, out });
    this.bind(frame, args, kwargs);
    const outer = runtime.enter(runtime.at);
    this.defaults(frame);
    this.code.body(frame);
    runtime.leave(outer);
  }

  private bind(frame: Frame, args: readonly Val[], kwargs: Kwargs): void {
    const { parameters } = this.code;
    const rest = new Map<Val, Val>(kwargs ?? []);
    for (const [i, { name, slot }] of parameters.entries()) {
      const given = args[i];
      const value = given === undefined ? rest.get(name) : given;
      if (given === undefined) rest.delete(name);
      if (value !== undefined) frame.slots[slot] = value;
    }
    const callerSlot = this.code.caller();
    if (callerSlot !== undefined && !parameters.some(({ name }) => name === 'caller')) {
      frame.slots[callerSlot] = orElse(rest.get('caller'), () => new Undefined('No caller defined'));
      rest.delete('caller');
    }
    this.bindRest(frame, args, rest);
  }

  private bindRest(frame: Frame, args: readonly Val[], rest: ReadonlyMap<Val, Val>): void {
    const { parameters } = this.code;
    const kwargsSlot = this.code.kwargs();
    const varargsSlot = this.code.varargs();
    const [extra] = rest.keys();
    const names = parameters.map(({ name }) => name);
    if (kwargsSlot !== undefined) frame.slots[kwargsSlot] = new PlainDict(rest);
    else if (typeof extra === 'string')
      throw new PyError('TypeError', `macro ${this.shown()} takes no keyword argument '${extra}'`, {
        keyword: extra,
        fix: didYouMean(extra, names) ?? `it takes ${names.join(', ') || 'none'}`,
      });
    if (varargsSlot !== undefined) frame.slots[varargsSlot] = tuple(args.slice(parameters.length));
    else if (args.length > parameters.length)
      typeError(`macro ${this.shown()} takes not more than ${parameters.length} argument(s)`);
  }

  private defaults(frame: Frame): void {
    for (const { name, slot, otherwise, site } of this.code.parameters) {
      if (frame.slots[slot] !== undefined) continue;
      frame.slots[slot] = orElse(
        otherwise?.(frame),
        () => new Undefined(`parameter '${name}' was not provided`, { site }),
      );
    }
  }

  private shown(): string {
    return this.code.name === null ? 'None' : `'${this.code.name}'`;
  }

  override attribute(name: string): Val | undefined {
    switch (name) {
      case 'name':
        return this.code.name;
      case 'arguments':
        return tuple(this.code.parameters.map((parameter) => parameter.name));
      case 'caller':
        return this.code.caller() !== undefined;
      case 'catch_kwargs':
        return this.code.kwargs() !== undefined;
      case 'catch_varargs':
        return this.code.varargs() !== undefined;
      default:
        return undefined;
    }
  }

  override repr(): string {
    return this.code.name === null ? '<Macro anonymous>' : `<Macro '${this.code.name}'>`;
  }
}
